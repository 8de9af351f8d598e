"""Top of the list for one question: the one path for speed, quality and explanation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from matching.ask import Ask
from matching.criterion import Criterion, gates, preferences
from matching.index import kernel
from matching.index.candidates import Int32s, Spans, around_of, spans_around
from matching.index.choose import (
    DECIMALS,
    LEAST_OF_CATEGORY,
    SCALE,
    SHARE_OF_CATEGORY,
    Picked,
    by_category,
    choose,
    pick,
    share_of,
    whole_of,
)
from matching.index.fit import answering_of, fit_of
from matching.index.live import Part
from matching.index.plan import Plan, plan_of
from matching.index.rows import Floats
from matching.index.scan import Only, Scanned, answering_rows, excluded, scan, scan_both
from matching.index.segment import Segment

__all__ = [
    "DECIMALS",
    "LEAST_OF_CATEGORY",
    "SHARE_OF_CATEGORY",
    "Brief",
    "Heard",
    "Hit",
    "Hits",
    "Weights",
    "brief",
    "in_brief",
    "measure",
    "passing_all",
    "passing_and_alone",
    "search",
    "search_for",
]


@dataclass(slots=True, kw_only=True)
class Hit:
    """One resource of a list: its score and what each criterion gave (NaN = unknown)."""

    resource_id: str
    category: str | None
    score: float
    score_low: float
    score_high: float
    gates: Mapping[str, float]
    parts: Mapping[str, float]


@dataclass(slots=True)
class Brief:
    """A resource of a list with what an order of lists is made from."""

    resource_id: str
    category: str | None
    score: float
    need_fit: float


@dataclass(slots=True, kw_only=True)
class Hits:
    """A list for one question. ``eligible`` = how many pass every gate."""

    hits: tuple[Hit, ...]
    eligible: int
    excluded: Mapping[str, int]

    def brief(self) -> list[Brief]:
        """The list in brief."""
        return [
            Brief(hit.resource_id, hit.category, hit.score, hit.parts.get("need_fit", 0.0))
            for hit in self.hits
        ]


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the preferences, by key; taken from a profile."""

    of: Mapping[str, float] = field(default_factory=dict)

    def __getitem__(self, criterion: Criterion) -> float:
        return self.of.get(criterion.key, criterion.weight)

    def heard(self, ask: Ask) -> tuple[tuple[Criterion, float], ...]:
        """The preferences this person gives something to weigh, with their weights."""
        return tuple(
            (criterion, weight)
            for criterion in preferences()
            if (weight := self[criterion]) > 0 and not criterion.silent(ask)
        )


Heard = tuple[tuple[Criterion, float], ...]


def search(parts: Sequence[Part], ask: Ask, weights: Weights, top: int) -> Hits:
    """The best ``top`` over all segments. A segment may come with rows that no longer hold."""
    return search_for(parts, ask, weights.heard(ask), top)


def search_for(
    parts: Sequence[Part],
    ask: Ask,
    heard: Heard,
    top: int,
    passing: Sequence[Scanned] | None = None,
) -> Hits:
    """As :func:`search`, for the preferences that are heard; ``passing`` where it is known."""
    listed = _listed(parts, ask, heard, top, passing)
    counts: dict[str, int] = {}
    for part, each in zip(parts, listed, strict=True):
        answering = answering_of(part[0], ask.need.key, ask.vocabulary)
        for key, number in excluded(part, ask, each.found, answering).items():
            counts[key] = counts.get(key, 0) + number
    hits = [hits_of(plan_of(each.picked.segment, ask), each.picked, heard) for each in listed]
    chosen = choose([each.picked for each in listed], top)
    return Hits(
        hits=tuple(hits[number][place] for number, place in chosen),
        eligible=sum(len(each.found.rows) for each in listed),
        excluded={gate.key: counts[gate.key] for gate in gates() if gate.key in counts},
    )


def brief(
    parts: Sequence[Part],
    ask: Ask,
    heard: Heard,
    top: int,
    passing: Sequence[Scanned] | None = None,
) -> list[Brief]:
    """:meth:`Hits.brief` of the same search, without the rest."""
    return in_brief(
        [each.picked for each in _listed(parts, ask, heard, top, passing)], ask, heard, top
    )


def in_brief(lists: Sequence[Picked], ask: Ask, heard: Heard, top: int) -> list[Brief]:
    """The best ``top`` of the lists of all segments."""
    weighed = any(criterion.key == "need_fit" for criterion, _ in heard)
    found = [_briefs(each, ask, weighed=weighed) for each in lists]
    return [found[number][place] for number, place in choose(lists, top)]


def _briefs(of: Picked, ask: Ask, *, weighed: bool) -> list[Brief]:
    segment, rows = of.segment, of.rows
    kind = segment.labels["kind"]
    fits = fit_of(kind, ask.need.key, ask.vocabulary).at(kind.codes[rows]).tolist()
    names = (segment.ids_of(rows), segment.categories_of(rows))
    return [
        Brief(key, category, score, fit if weighed else 0.0)
        for key, category, score, fit in zip(*names, of.total.tolist(), fits, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Listed:
    """What passes every gate for a question in one segment, and the best of it."""

    found: Scanned
    picked: Picked


def passing_all(parts: Sequence[Part], ask: Ask) -> tuple[Scanned, ...]:
    """What answers a question and passes every gate, segment by segment."""
    return tuple([_passing(part, ask) for part in parts])


def passing_and_alone(
    parts: Sequence[Part], ask: Ask, decisive: Sequence[Criterion]
) -> tuple[tuple[Scanned, ...], tuple[Scanned, ...]]:
    """As :func:`passing_all`, and beside it what fails just one gate or decisive preference."""
    both = [scan_both(part, ask, *_looked_at(part, ask), decisive) for part in parts]
    return tuple([passing for passing, _ in both]), tuple([alone for _, alone in both])


def _passing(part: Part, ask: Ask) -> Scanned:
    return scan(part, ask, *_looked_at(part, ask))


def _looked_at(part: Part, ask: Ask) -> tuple[Sequence[Spans], Sequence[Only]]:
    segment, _ = part
    answering = answering_of(segment, ask.need.key, ask.vocabulary)
    spans = spans_around(segment, answering.groups, around_of(ask))
    return spans, (answering_rows(answering.kinds),)


def _listed(
    parts: Sequence[Part], ask: Ask, heard: Heard, top: int, passing: Sequence[Scanned] | None
) -> list[Listed]:
    listed = []
    for (segment, _), found in zip(parts, passing or passing_all(parts, ask), strict=True):
        grouping = by_category(segment, share_of(top))
        rows, far = (found.rows, found.far) if top > 0 else (found.rows[:0], found.far[:0])
        picked = pick(plan_of(segment, ask), rows, far, heard, grouping, top)
        listed.append(Listed(found, picked))
    return listed


def hits_of(plan: Plan, picked: Picked, heard: Heard) -> list[Hit]:
    """Hits of some rows: what every gate and every preference that is heard gives them."""
    segment, rows, far = plan.segment, picked.rows, picked.far
    said = _values(plan, rows, far, (*gates(), *[criterion for criterion, _ in heard]))
    judged = len(gates())
    verdicts, parts = said[:, :judged].tolist(), np.ascontiguousarray(said[:, judged:])
    low, high = np.empty((2, len(rows)))
    weights = np.array([weight for _, weight in heard])
    kernel.loops.bounds(parts, weights, whole_of(heard), SCALE, low, high)
    gate_keys, keys = [gate.key for gate in gates()], [criterion.key for criterion, _ in heard]
    names = (segment.ids_of(rows), segment.categories_of(rows))
    scores = (picked.total.tolist(), low.tolist(), high.tolist())
    return [
        Hit(
            resource_id=key,
            category=category,
            score=score,
            score_low=least,
            score_high=most,
            gates=dict(zip(gate_keys, passed, strict=True)),
            parts=dict(zip(keys, said, strict=True)),
        )
        for key, category, score, least, most, passed, said in zip(
            *names, *scores, verdicts, parts.tolist(), strict=True
        )
    ]


def _values(plan: Plan, rows: Int32s, far: Floats, criteria: Sequence[Criterion]) -> Floats:
    values = np.empty((len(rows), len(criteria)))
    kernel.loops.values(rows, tuple([plan.values(c, rows, far) for c in criteria]), values)
    return values


def measure(segment: Segment, row: int, ask: Ask, heard: Heard) -> Hit:
    """Every gate and preference of one row, whether it passes or not."""
    plan = plan_of(segment, ask)
    rows = np.array([row], dtype=np.int32)
    picked = pick(plan, rows, plan.chords(rows), heard, by_category(segment, 1), 1)
    return hits_of(plan, picked, heard)[0]
