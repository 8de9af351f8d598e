"""A gap report as plain tables that every format shares, so that no format tells another story."""

from collections.abc import Iterator
from dataclasses import dataclass

from matching.gaps.cells import few
from matching.gaps.report import GapReport
from matching.gaps.words import AXIS_LABELS, REASONS, word

NO_OWNER = "担当する所管課が計画にありません"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A titled table; cells are text or whole numbers, ``None`` = withheld."""

    key: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str | int | None, ...], ...]
    note: str = ""


def tables(report: GapReport) -> tuple[Table, ...]:
    """Every table of the report, in the order a planner reads them."""
    return (
        _cells(report),
        _needs(report),
        _widenings(report),
        _creations(report),
        _departments(report),
        _reasons(report),
    )


def summary(report: GapReport) -> Iterator[tuple[str, str | int]]:
    """Heading figures."""
    months = f"{report.months[0]} 〜 {report.months[-1]}" if report.months else "なし"
    yield "対象の月", months
    yield "作成日", report.as_of.isoformat()
    yield "相談（件）", report.cases
    yield "困りごと（件）", report.asked
    yield "ある", report.available
    yield "広げればある", report.widen
    yield "ない（つくる）", report.create
    yield "今は場につながない（不足に数えない）", report.not_now
    yield "データの版", report.data_version
    yield "規則の版", report.rules_version


def _cells(report: GapReport) -> Table:
    rows = tuple(
        (*(word(axis, cell.values[axis], report.labels) for axis in report.by), cell.count)
        for cell in report.cells
    )
    return Table(
        key="cells",
        title="×".join(AXIS_LABELS[axis] for axis in report.by) + " の件数",
        head=(*(AXIS_LABELS[axis] for axis in report.by), "件数"),
        rows=rows,
        note=f"{report.threshold}件未満の欄と、そこから逆算できる欄は伏せています。"
        if report.threshold > 1
        else "",
    )


def _needs(report: GapReport) -> Table:
    return Table(
        key="needs",
        title="困りごとごとの結果と所管課",
        head=(
            "分野",
            "困りごと",
            "相談",
            "ある",
            "広げればある",
            "ない",
            "今は場につながない",
            "位置",
            "区域",
            "所管課",
            "取組",
        ),
        rows=tuple(
            (
                n.head,
                n.label,
                few(n.asked, report.threshold),
                few(n.available, report.threshold),
                few(n.widen, report.threshold),
                few(n.create, report.threshold),
                few(n.not_now, report.threshold),
                n.quadrant,
                "・".join(n.areas),
                n.department or NO_OWNER,
                n.program or "",
            )
            for n in report.needs
        ),
    )


def _widenings(report: GapReport) -> Table:
    return Table(
        key="widen",
        title="広げる：一つ変えると最も多くの人が使える資源",
        head=(
            "資源",
            "条件",
            "いま",
            "変えること",
            "使えるようになる人",
            "困りごと",
            "所管課",
            "取組",
        ),
        rows=tuple(
            (
                w.name,
                w.label,
                w.offered,
                w.change,
                few(w.serves, report.threshold),
                "・".join(word("need", need, report.labels) for need in w.needs),
                w.department or NO_OWNER,
                w.program or "",
            )
            for w in report.widenings
        ),
    )


def _creations(report: GapReport) -> Table:
    return Table(
        key="create",
        title="つくる：広げても届かない困りごと",
        head=("困りごと", "人数", "区域", "応えられる種類", "所管課", "取組"),
        rows=tuple(
            (
                c.label,
                few(c.people, report.threshold),
                "・".join(c.areas),
                "・".join(c.categories),
                c.department or NO_OWNER,
                c.program or "",
            )
            for c in report.creations
        ),
    )


def _departments(report: GapReport) -> Table:
    return Table(
        key="departments",
        title="所管課ごとの不足",
        head=("所管課", "件数", "主な困りごと"),
        rows=tuple(
            (d.department or NO_OWNER, d.unmet, "・".join(d.needs)) for d in report.departments
        ),
    )


def _reasons(report: GapReport) -> Table:
    return Table(
        key="reasons",
        title="理由ごとの件数",
        head=("理由", "件数"),
        rows=tuple(
            (REASONS.get(key, key), few(count, report.threshold))
            for key, count in report.reasons.items()
        ),
    )
