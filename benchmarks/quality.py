"""``tsunagu bench --quality``: how right the matches are, on labelled cases, beside plain search.

Cases are labelled by kinds of place. The kept-out part (about a third, fixed by the id of a case)
takes no part in tuning: its errors are counted, and listed only for the tuning part.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from benchmarks.bm25 import Bm25
from benchmarks.cases import INDIRECT, KEPT_OUT, TUNING, LabelledCase, read_cases
from benchmarks.quality_intake import Tally, needs_tally, situations_tally
from benchmarks.quality_labels import Labels, unknown_labels
from benchmarks.quality_rank import TEN, RankTally, Town, gates_broken, house_tally, rank_tally
from graph.backends.open import open_store
from graph.model.codec import from_node
from graph.model.element import NodeKind
from graph.model.resource import Resource
from graph.store import GraphStore
from graph.vocabulary.load import load_vocabulary
from graph.vocabulary.protocol import Vocabulary
from ingest.load import import_paths
from ingest.options import ImportOptions
from ingest.samples import sample_folder
from matching.engine import Matcher, open_matcher
from matching.intake import read_memo

#: The day the sample is looked at; results depend on no clock.
ON = date(2026, 11, 20)
_PARTS = (TUNING, KEPT_OUT)


@dataclass(slots=True)
class Part:
    """All tallies of one part, or of one group."""

    needs: Tally = field(default_factory=Tally)
    situations: Tally = field(default_factory=Tally)
    ours: RankTally = field(default_factory=RankTally)
    plain: RankTally = field(default_factory=RankTally)


@dataclass(frozen=True, slots=True)
class QualityReport:
    """The figures by part and by group, and labels that no concept answers to."""

    cases: int
    resources: int
    parts: dict[str, Part]
    groups: dict[str, Part]
    unknown: dict[str, tuple[str, ...]]

    def to_json(self) -> dict[str, Any]:
        """Rates by part, for ``--json``."""
        return {
            "cases": self.cases,
            "resources": self.resources,
            "parts": {name: _rates(part) for name, part in self.parts.items()},
            "groups": {name: _rates(part) for name, part in sorted(self.groups.items())},
            "unknown_labels": self.unknown,
        }


def run_quality(
    store_url: str | None = None,
    *,
    cases: Path | None = None,
    vocabulary: Vocabulary | None = None,
    on: date = ON,
) -> QualityReport:
    """Match every labelled case against a store, or against the shipped sample city.

    Raises InputError when the cases can't be read.
    """
    words = vocabulary or load_vocabulary()
    labelled = read_cases(cases)
    store = open_store(store_url or "memory:")
    try:
        if store_url is None:
            _load_sample(store, words, on)
        return _measure(store, words, labelled, on)
    finally:
        store.close()


def _load_sample(store: GraphStore, vocabulary: Vocabulary, on: date) -> None:
    now = datetime(on.year, on.month, on.day, tzinfo=UTC)
    import_paths(
        store,
        [sample_folder()],
        options=ImportOptions(duplicates=False),
        vocabulary=vocabulary,
        now=now,
    )


def _measure(
    store: GraphStore, vocabulary: Vocabulary, labelled: Sequence[LabelledCase], on: date
) -> QualityReport:
    with store.read() as view:
        resources = {n.ref.id: from_node(n, Resource) for n in view.nodes(NodeKind.RESOURCE)}
    matcher = open_matcher(store, vocabulary)
    plain = Bm25(list(resources.values()), vocabulary)
    parts = {name: Part() for name in _parts_of(labelled)}
    groups: dict[str, Part] = defaultdict(Part)
    for case in labelled:
        one = _one(case, matcher, plain, resources, on)
        for whole in (parts[case.part], groups[case.group]):
            _add(whole, one)
    return QualityReport(
        cases=len(labelled),
        resources=len(resources),
        parts=parts,
        groups=dict(groups),
        unknown=unknown_labels(labelled, vocabulary),
    )


def _parts_of(labelled: Sequence[LabelledCase]) -> list[str]:
    present = {case.part for case in labelled}
    return [*_PARTS, *(f"{INDIRECT}{name}" for name in _PARTS if f"{INDIRECT}{name}" in present)]


def _one(
    case: LabelledCase, matcher: Matcher, plain: Bm25, resources: dict[str, Resource], on: date
) -> Part:
    labels = Labels(matcher.vocabulary)
    memo = case.case.memo or ""
    intake = read_memo(memo, matcher.vocabulary, matcher.areas)
    household = matcher.household(case.case, on=on)
    result = matcher.match(case.case, on=on)
    town = Town(
        present=frozenset(r.category for r in resources.values() if r.category),
        involved=frozenset(household.already_categories),
    )
    ours = rank_tally(case, [r.category for r in result.ranking], labels, town)
    _add_ranks(ours, house_tally(case, result, household, matcher.vocabulary))
    broken = gates_broken(result, household, resources)
    ours.gates_broken = len(broken)
    ours.notes += broken
    found = [hit.resource.category for hit in plain.search(memo, TEN)]
    return Part(
        needs=needs_tally(case, intake, labels),
        situations=situations_tally(case, intake, labels),
        ours=ours,
        plain=rank_tally(case, found, labels, town),
    )


def _add(whole: Part, one: Part) -> None:
    whole.needs.add(one.needs)
    whole.situations.add(one.situations)
    _add_ranks(whole.ours, one.ours)
    _add_ranks(whole.plain, one.plain)


def _add_ranks(whole: RankTally, one: RankTally) -> None:
    for item in fields(RankTally):
        setattr(whole, item.name, getattr(whole, item.name) + getattr(one, item.name))


def _rates(part: Part) -> dict[str, float | int | None]:
    ours, plain = part.ours, part.plain
    recall = ours.rate(ours.at_ten, ours.wanted)
    baseline = plain.rate(plain.at_ten, plain.wanted)
    return {
        "cases": ours.cases,
        "kinds_absent": ours.absent,
        "type_recall_at_5": ours.rate(ours.at_five, ours.wanted),
        "type_recall_at_10": recall,
        "bm25_recall_at_5": plain.rate(plain.at_five, plain.wanted),
        "bm25_recall_at_10": baseline,
        "times_bm25": recall / baseline if recall is not None and baseline else None,
        "orders_held": ours.rate(ours.orders_held, ours.orders),
        "bm25_orders_held": plain.rate(plain.orders_held, plain.orders),
        "unsuitable_at_10": ours.rate(ours.unsuitable, ours.cases),
        "bm25_unsuitable_at_10": plain.rate(plain.unsuitable, plain.cases),
        "gates_broken": ours.gates_broken,
        "not_now_kept": ours.rate(ours.not_now_kept, ours.not_now),
        "urgent_first_three": ours.rate(ours.urgent_first, ours.urgent),
        "steps_right": ours.rate(ours.steps_right, ours.steps),
        "said": ours.rate(ours.said_right, ours.said),
        "needs_precision": part.needs.precision,
        "needs_recall": part.needs.recall,
        "needs_f1": part.needs.f1,
        "needs_whose": part.needs.whose,
        "situations_recall": part.situations.recall,
    }


_LINES = (
    ("相談事例", "cases", None),
    ("資源が一つもない種類（数えない）", "kinds_absent", None),
    ("種類の再現率@5", "type_recall_at_5", "bm25_recall_at_5"),
    ("種類の再現率@10", "type_recall_at_10", "bm25_recall_at_10"),
    ("  BM25の何倍か（@10）", "times_bm25", None),
    ("順序の組が守られた", "orders_held", "bm25_orders_held"),
    ("合わない種類が10位以内の事例", "unsuitable_at_10", "bm25_unsuitable_at_10"),
    ("利用条件に反した提案（件）", "gates_broken", None),
    ("今は場につながない、が守られた", "not_now_kept", None),
    ("緊急が3位以内", "urgent_first_three", None),
    ("道筋のはじめが合う", "steps_right", None),
    ("言うべきことを言う", "said", None),
    ("困りごとの読み取り 適合率", "needs_precision", None),
    ("困りごとの読み取り 再現率", "needs_recall", None),
    ("困りごとの読み取り F1", "needs_f1", None),
    ("  だれのことかが合う", "needs_whose", None),
    ("状況の読み取り 再現率", "situations_recall", None),
)


def table(report: QualityReport) -> str:
    """The figures of both parts beside the plain search, as text."""
    lines = [f"相談事例 {report.cases}件 × 資源 {report.resources}件"]
    for prefix, title in (("", "ふつうの書き方"), (INDIRECT, "遠回しな書き方（別に数える）")):
        names = [f"{prefix}{name}" for name in _PARTS]
        if all(name in report.parts for name in names):
            lines += _block(title, [_rates(report.parts[name]) for name in names])
    return "\n".join(lines)


def _block(title: str, parts: Sequence[dict[str, float | int | None]]) -> list[str]:
    lines = [
        f"【{title}】",
        f"{'':<24}{'調整に使う':>10}{'(BM25)':>9}{'取り置き':>10}{'(BM25)':>9}",
    ]
    for label, key, plain in _LINES:
        cells = [
            f"{_cell(rates[key]):>12}{_cell(rates[plain]) if plain else '':>9}" for rates in parts
        ]
        lines.append(f"{label:　<18}{''.join(cells)}")
    return lines


def groups_table(report: QualityReport) -> str:
    """Recall and F1 by group, and what was missed in the tuning part."""
    lines = ["群ごと（再現率@10／BM25／困りごとF1／事例数）"]
    for name, part in sorted(report.groups.items(), key=lambda g: _order(g[1])):
        r = _rates(part)
        lines.append(
            f"  {name:　<10} {_cell(r['type_recall_at_10'])} {_cell(r['bm25_recall_at_10'])} "
            f"{_cell(r['needs_f1'])} {r['cases']}"
        )
    for name in (TUNING, f"{INDIRECT}{TUNING}"):
        if name in report.parts:
            lines += _errors(report.parts[name])
    return "\n".join(lines)


def _errors(tuning: Part) -> list[str]:
    lines: list[str] = []
    for title, items in (
        ("出なかった種類（調整用）", tuning.ours.missing),
        ("守られなかったこと（調整用）", tuning.ours.notes),
        ("読み落とした困りごと（調整用）", tuning.needs.missing),
        ("余分に読んだ困りごと（調整用）", tuning.needs.spurious),
        ("読み落とした状況（調整用）", tuning.situations.missing),
    ):
        lines += [title, *(f"  {item}" for item in items)]
    return lines


def _order(part: Part) -> float:
    return part.ours.rate(part.ours.at_ten, part.ours.wanted) or 0.0


def _cell(value: float | None) -> str:
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def main(
    store: str | None = None,
    *,
    cases: Path | None = None,
    as_json: bool = False,
    groups: bool = False,
) -> int:
    """Print the figures; 0 when done. Wired to ``tsunagu bench --quality``."""
    report = run_quality(store, cases=cases)
    if as_json:
        print(json.dumps(report.to_json(), ensure_ascii=False, indent=1))  # noqa: T201 - a command
        return 0
    print(table(report))  # noqa: T201 - a command
    if report.unknown:
        print(f"語彙にないラベル：{report.unknown}")  # noqa: T201 - a command
    if groups:
        print(groups_table(report))  # noqa: T201 - a command
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="照合の質を、相談事例で測る")
    parser.add_argument("--store", help="保存先のURL。なければ、みほん市で測る")
    parser.add_argument("--cases", type=Path, help="相談事例のフォルダー")
    parser.add_argument("--groups", action="store_true", help="群ごとの誤りの分析も出す")
    parser.add_argument("--json", action="store_true", dest="as_json")
    given = parser.parse_args()
    raise SystemExit(
        main(given.store, cases=given.cases, as_json=given.as_json, groups=given.groups)
    )
