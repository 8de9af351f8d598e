"""What is missing, where, for how many, and what single change would help most.

A report counts only people who asked (Ontario 211: those told there is nothing stop calling), and
says so.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from graph.areas import AreaTree
from graph.errors import InputError
from graph.model.place import AreaKind
from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary
from matching.gaps.cells import AXES, Cell, Count, count_cells, spoken
from matching.gaps.unmet import Asked, Needs
from matching.gaps.widen import Widening, widenings
from matching.owners import Owners
from matching.result import Outcome

CAVEAT = (
    "数えているのは相談に来た人の困りごとだけです。相談に来ていない人、"
    "「ない」と言われて相談をやめた人は入っていません。件数が少ないことは、困っている人が少ないことを意味しません。"
)
_MANY = 0.5
_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedLine:
    """One need: how often asked, how it ended, and who would have to act."""

    need: str
    label: str
    head: str
    asked: Count
    available: Count
    widen: Count
    create: Count
    not_now: Count
    quadrant: str
    department: str | None
    program: str | None
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Creation:
    """つくる: a need nothing answers, where it is asked, and the kinds of place that would answer."""

    need: str
    label: str
    people: Count
    areas: tuple[str, ...]
    categories: tuple[str, ...]
    department: str | None
    program: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentLine:
    """所管課ごとの不足の件数."""

    department: str | None
    unmet: Count
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GapReport:
    """A whole report; numbers under ``threshold`` are ``None`` in ``cells``."""

    as_of: date
    months: tuple[str, ...]
    cases: int
    asked: int
    available: int
    widen: int
    create: int
    not_now: int
    threshold: int
    by: tuple[str, ...]
    cells: tuple[Cell, ...]
    needs: tuple[NeedLine, ...]
    widenings: tuple[Widening, ...]
    creations: tuple[Creation, ...]
    departments: tuple[DepartmentLine, ...]
    reasons: Mapping[str, Count]
    sentences: tuple[str, ...]
    labels: Mapping[str, Mapping[str, str]]
    caveat: str
    data_version: str
    rules_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GapContext:
    """What a report reads besides the cases."""

    vocabulary: Vocabulary
    areas: AreaTree
    owners: Owners
    level: AreaKind = AreaKind.SPHERE


def parse_axes(text: str) -> tuple[str, ...]:
    """Read ``--by area,need``. Raises InputError naming the axes there are."""
    axes = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    unknown = [axis for axis in axes if axis not in AXES]
    if unknown or not axes:
        raise InputError(
            f"集計の軸「{'、'.join(unknown) or text}」は使えません。",
            hint=f"--by には {'、'.join(AXES)} をコンマでつないで指定してください。",
        )
    return axes


def gap_report(
    needs: Needs,
    context: GapContext,
    *,
    on: date,
    by: Sequence[str] = ("need", "area", "reason"),
    threshold: int = 5,
) -> GapReport:
    """Build the report of needs, from matched cases or from what people recorded."""
    asked, base = needs.asked, needs.base
    outcomes = Counter(item.outcome for item in asked)
    lifted = {key: lift(context.areas, key, context.level) for key in {i.area_id for i in asked}}
    changes = widenings(asked, context.owners)
    lines = _need_lines(asked, context, lifted)
    creations = _creations(asked, context, lifted)
    return GapReport(
        as_of=on,
        months=tuple(sorted({item.month for item in asked})),
        cases=base.cases,
        asked=len(asked),
        available=outcomes[Outcome.AVAILABLE],
        widen=outcomes[Outcome.WIDEN],
        create=outcomes[Outcome.CREATE],
        not_now=outcomes[Outcome.NOT_NOW],
        threshold=threshold,
        by=tuple(by),
        cells=count_cells(asked, by, threshold, lifted.get),
        needs=lines,
        widenings=changes[:_SHOWN],
        creations=creations,
        departments=_departments(asked, context),
        reasons=dict(sorted(Counter(str(i.reason) for i in asked if i.is_unmet).items())),
        sentences=_sentences(asked, changes, creations, base.cases, threshold),
        labels=_labels(asked, context, lifted),
        caveat=CAVEAT,
        data_version=base.data_version,
        rules_version=base.rules_version,
    )


def lift(areas: AreaTree, area_id: str | None, level: AreaKind) -> str | None:
    """The area of the reported level that holds ``area_id``; a wider area stays as it is."""
    if area_id is None or area_id not in areas.areas:
        return area_id
    for key in areas.ancestors(area_id):
        if areas.areas[key].kind is level:
            return key
    return area_id


def _need_lines(
    asked: Iterable[Asked], context: GapContext, lifted: Mapping[str | None, str | None]
) -> tuple[NeedLine, ...]:
    rows: dict[str, list[Asked]] = defaultdict(list)
    for item in asked:
        rows[item.need].append(item)
    middle = sorted(len(items) for items in rows.values())[len(rows) // 2] if rows else 0
    lines = [_need_line(key, items, context, lifted, middle) for key, items in rows.items()]
    return tuple(sorted(lines, key=lambda x: (-(x.widen + x.create), -x.asked, x.need)))


def _need_line(
    key: str,
    items: Sequence[Asked],
    context: GapContext,
    lifted: Mapping[str | None, str | None],
    middle: int,
) -> NeedLine:
    outcomes = Counter(item.outcome for item in items)
    chain = context.vocabulary.ancestors(Family.NEED, key)
    head = context.vocabulary.get(Family.NEED, chain[-1] if chain else key).label
    owner = context.owners.of(key)
    return NeedLine(
        need=key,
        label=items[0].label,
        head=head,
        asked=len(items),
        available=outcomes[Outcome.AVAILABLE],
        widen=outcomes[Outcome.WIDEN],
        create=outcomes[Outcome.CREATE],
        not_now=outcomes[Outcome.NOT_NOW],
        quadrant=_quadrant(len(items) >= middle, outcomes[Outcome.AVAILABLE] / len(items)),
        department=owner.department if owner else None,
        program=owner.program if owner else None,
        areas=_area_names(items, context, lifted),
    )


def _quadrant(often: bool, available: float) -> str:  # noqa: FBT001 - two plain facts
    """The 2×2 of prevalence and capacity (211 study of seven states)."""
    asked = "多い" if often else "少ない"
    return f"相談が{asked}・応える資源が{'ある' if available >= _MANY else '足りない'}"


def _creations(
    asked: Iterable[Asked], context: GapContext, lifted: Mapping[str | None, str | None]
) -> tuple[Creation, ...]:
    rows: dict[str, list[Asked]] = defaultdict(list)
    for item in asked:
        if item.outcome is Outcome.CREATE:
            rows[item.need].append(item)
    found = []
    for key, items in rows.items():
        owner = context.owners.of(key)
        answering = context.vocabulary.answering(key)
        kinds = sorted(answering, key=lambda c: (-answering[c], c))[:3]
        found.append(
            Creation(
                need=key,
                label=items[0].label,
                people=len({item.who for item in items}),
                areas=_area_names(items, context, lifted),
                categories=tuple(context.vocabulary.get(Family.CATEGORY, c).label for c in kinds),
                department=owner.department if owner else None,
                program=owner.program if owner else None,
            )
        )
    return tuple(sorted(found, key=lambda c: (-c.people, c.need)))


def _departments(asked: Iterable[Asked], context: GapContext) -> tuple[DepartmentLine, ...]:
    rows: dict[str | None, list[Asked]] = defaultdict(list)
    for item in asked:
        if item.is_unmet:
            resource = item.almost[0].resource_id if item.almost else None
            owner = context.owners.of(item.need, resource)
            rows[owner.department if owner else None].append(item)
    lines = [
        DepartmentLine(
            department=department,
            unmet=len(items),
            needs=tuple(label for label, _ in Counter(i.label for i in items).most_common(5)),
        )
        for department, items in rows.items()
    ]
    return tuple(sorted(lines, key=lambda d: (d.department is None, -d.unmet, d.department or "")))


def _area_names(
    items: Iterable[Asked], context: GapContext, lifted: Mapping[str | None, str | None]
) -> tuple[str, ...]:
    counts = Counter(lifted.get(item.area_id) for item in items if item.is_unmet)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0] or ""))
    return tuple(_area_name(key, context.areas) for key, _ in ordered[:5])


def _area_name(key: str | None, areas: AreaTree) -> str:
    area = areas.areas.get(key) if key else None
    return area.name if area else "区域不明"


def _sentences(
    asked: Sequence[Asked],
    changes: Sequence[Widening],
    creations: Sequence[Creation],
    cases: int,
    threshold: int,
) -> tuple[str, ...]:
    """Three sentences that can be read aloud at the start of a meeting; small numbers withheld."""
    unmet = [item for item in asked if item.is_unmet]
    if not unmet:
        return (f"{cases}件の相談で、行き先の見つからない困りごとはありませんでした。",)
    need, count = Counter(i.label for i in unmet).most_common(1)[0]
    first = (
        f"{cases}件の相談にあった{len(asked)}の困りごとのうち、{len(unmet)}に行き先がありません。"
        f"最も多いのは「{need}」（{spoken(count, threshold, '件')}）です。"
    )
    sentences = [first]
    if changes:
        best = changes[0]
        sentences.append(
            f"いまある資源では、「{best.name}」で{best.change}、"
            f"{spoken(best.serves, threshold, '人')}が使えるようになります。"
        )
    if creations:
        new = creations[0]
        kinds = "・".join(new.categories[:2]) or "新しい資源"
        where = "・".join(new.areas[:2])
        sentences.append(
            f"広げても届かないのは「{new.label}」の{spoken(new.people, threshold, '人')}（{where}）で、"
            f"{kinds}をつくる検討が要ります。"
        )
    return tuple(sentences)


def _labels(
    asked: Iterable[Asked], context: GapContext, lifted: Mapping[str | None, str | None]
) -> Mapping[str, Mapping[str, str]]:
    return {
        "need": {item.need: item.label for item in sorted(asked, key=lambda i: i.need)},
        "area": {
            key: _area_name(key, context.areas) for key in sorted(filter(None, lifted.values()))
        },
    }
