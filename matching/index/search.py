"""Top of the list for one question: the one path for speed, quality and explanation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from matching.ask import Ask
from matching.criterion import Criterion, gates, preferences
from matching.index import kernel
from matching.index.candidates import Int32s, around_of, spans_around
from matching.index.choose import (
    LEAST_OF_CATEGORY,
    SHARE_OF_CATEGORY,
    Chosen,
    Listing,
    choose,
)
from matching.index.fit import answering_of
from matching.index.live import Part
from matching.index.plan import Plan, plan_of
from matching.index.rows import Floats
from matching.index.scan import Scanned, answering_rows, excluded, scan
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
    "measure",
    "search",
    "search_for",
    "totals_of",
]

#: Scores are compared, and given out, to this many decimals: the same on every machine.
DECIMALS = 9
_SCALE = float(10**DECIMALS)


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


@dataclass(frozen=True, slots=True)
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


def search_for(parts: Sequence[Part], ask: Ask, heard: Heard, top: int) -> Hits:
    """As :func:`search`, for the preferences that are heard."""
    listed = [_listed(part, ask, heard) for part in parts]
    chosen = choose([each.listing for each in listed], top)
    counts: dict[str, int] = {}
    for part, each in zip(parts, listed, strict=True):
        answering = answering_of(part[0], ask.need.key, ask.vocabulary)
        for key, number in excluded(part, ask, each.found, answering).items():
            counts[key] = counts.get(key, 0) + number
    return Hits(
        hits=_hits(chosen, listed, heard),
        eligible=sum(len(each.found.rows) for each in listed),
        excluded={gate.key: counts[gate.key] for gate in gates() if gate.key in counts},
    )


def brief(parts: Sequence[Part], ask: Ask, heard: Heard, top: int) -> list[Brief]:
    """:meth:`Hits.brief` of the same search, without the rest."""
    listed = [_listed(part, ask, heard) for part in parts]
    weighed = any(criterion.key == "need_fit" for criterion, _ in heard)
    found: list[Brief] = []
    for number, place in choose([each.listing for each in listed], top):
        listing = listed[number].listing
        segment, row = listing.segment, int(listing.rows[place])
        fits = answering_of(segment, ask.need.key, ask.vocabulary).fits
        found.append(
            Brief(
                segment.id_of(row),
                segment.category_of(row),
                float(listing.total[place]),
                float(fits[int(segment.labels["kind"].codes[row])]) if weighed else 0.0,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Listed:
    """What passes every gate for a question in one segment, with the scores."""

    plan: Plan
    found: Scanned
    listing: Listing


def _listed(part: Part, ask: Ask, heard: Heard) -> Listed:
    segment, _ = part
    answering = answering_of(segment, ask.need.key, ask.vocabulary)
    spans = spans_around(segment, answering.groups, around_of(ask))
    found = scan(part, ask, spans, (answering_rows(segment, answering.kinds),))
    plan = plan_of(segment, ask)
    total = totals_of(plan, found.rows, found.far, heard)
    return Listed(plan, found, Listing(segment, found.rows, total))


def totals_of(plan: Plan, rows: Int32s, far: Floats, heard: Heard) -> Floats:
    """Weighted mean of each row, unknown at its neutral value, to fixed decimals."""
    total = np.empty(len(rows))
    parts = tuple([plan.points(c, weight, c.neutral, rows, far) for c, weight in heard])
    kernel.loops.totals(rows, parts, _whole(heard), _SCALE, total)
    return total


def _whole(heard: Heard) -> float:
    return float(sum([weight for _, weight in heard]))


def _hits(chosen: Sequence[Chosen], listed: Sequence[Listed], heard: Heard) -> tuple[Hit, ...]:
    found: dict[Chosen, Hit] = {}
    for number, each in enumerate(listed):
        own = [place for at, place in chosen if at == number]
        if own:
            rows, far = each.found.rows[own], each.found.far[own]
            hits = hits_of(each.plan, rows, far, each.listing.total[own], heard)
            found.update(zip(((number, place) for place in own), hits, strict=True))
    return tuple(found[at] for at in chosen)


def hits_of(plan: Plan, rows: Int32s, far: Floats, total: Floats, heard: Heard) -> list[Hit]:
    """Hits of some rows: what every gate and every preference that is heard gives them."""
    segment, keys = plan.segment, [criterion.key for criterion, _ in heard]
    verdicts = _values(plan, rows, far, gates()).tolist()
    parts = _values(plan, rows, far, [criterion for criterion, _ in heard])
    low, high = np.empty((2, len(rows)))
    weights = np.array([weight for _, weight in heard])
    kernel.loops.bounds(parts, weights, _whole(heard), _SCALE, low, high)
    gate_keys = [gate.key for gate in gates()]
    columns = (rows.tolist(), total.tolist(), low.tolist(), high.tolist(), verdicts, parts.tolist())
    return [
        Hit(
            resource_id=segment.id_of(row),
            category=segment.category_of(row),
            score=score,
            score_low=least,
            score_high=most,
            gates=dict(zip(gate_keys, passed, strict=True)),
            parts=dict(zip(keys, said, strict=True)),
        )
        for row, score, least, most, passed, said in zip(*columns, strict=True)
    ]


def _values(plan: Plan, rows: Int32s, far: Floats, criteria: Sequence[Criterion]) -> Floats:
    values = np.empty((len(rows), len(criteria)))
    kernel.loops.values(rows, tuple([plan.values(c, rows, far) for c in criteria]), values)
    return values


def measure(segment: Segment, row: int, ask: Ask, heard: Heard) -> Hit:
    """Every gate and preference of one row, whether it passes or not."""
    plan = plan_of(segment, ask)
    rows = np.array([row], dtype=np.int32)
    far = plan.chords(rows)
    return hits_of(plan, rows, far, totals_of(plan, rows, far, heard), heard)[0]
