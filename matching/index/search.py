"""Top of the list for one question: the one path for speed, quality and explanation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from matching.ask import Ask
from matching.criterion import Criterion, gates, preferences
from matching.index.candidates import passed_over, places_of, pool_of
from matching.index.choose import (
    LEAST_OF_CATEGORY,
    SHARE_OF_CATEGORY,
    Chosen,
    Listing,
    choose,
)
from matching.index.fit import answering_of
from matching.index.live import Part
from matching.index.pool import Pool, first_failed, none_failed
from matching.index.rows import Floats, Ints, Rows
from matching.index.segment import Segment

__all__ = [
    "DECIMALS",
    "LEAST_OF_CATEGORY",
    "SHARE_OF_CATEGORY",
    "Brief",
    "Heard",
    "Hit",
    "Hits",
    "Scored",
    "Weights",
    "brief_in",
    "measure",
    "score_rows",
    "search",
    "search_in",
    "total_in",
    "total_of",
]

#: Scores are compared, and given out, to this many decimals: the same on every machine.
DECIMALS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(slots=True)
class Scored:
    """Rows of one segment with their totals and what every gate and preference gave."""

    segment: Segment
    rows: Rows
    total: Floats
    parts: list[Floats]
    gates: list[Floats]

    def take(self, places: Sequence[int], heard: Heard) -> list[Hit]:
        """Hits of some positions."""
        chosen = np.array(places, dtype=np.int64)
        parts = [values[chosen] for values in self.parts]
        low, high = total_of(parts, heard, 0.0), total_of(parts, heard, 1.0)
        verdicts = [values[chosen].tolist() for values in self.gates]
        scores = self.total[chosen].tolist()
        plain = [values.tolist() for values in parts]
        rows: list[int] = self.rows.index[chosen].tolist()
        label = self.segment.labels["category"]
        codes: list[int] = label.codes[rows].tolist() if rows else []
        keys = [criterion.key for criterion, _ in heard]
        names = [gate.key for gate in gates()]
        return [
            Hit(
                resource_id=self.segment.id_of(rows[i]),
                category=label.values[codes[i]],  # type: ignore[arg-type]
                score=scores[i],
                score_low=float(low[i]),
                score_high=float(high[i]),
                gates={name: values[i] for name, values in zip(names, verdicts, strict=True)},
                parts={key: values[i] for key, values in zip(keys, plain, strict=True)},
            )
            for i, place in enumerate(places)
        ]

    def hit(self, place: int, heard: Heard) -> Hit:
        """The hit of one position."""
        return self.take([place], heard)[0]


def search(parts: Sequence[Part], ask: Ask, weights: Weights, top: int) -> Hits:
    """The best ``top`` over all segments. A segment may come with rows that no longer hold."""
    return search_in([pool_of(part, (ask,)) for part in parts], ask, weights.heard(ask), top)


def search_in(pools: Sequence[Pool], ask: Ask, heard: Heard, top: int) -> Hits:
    """As :func:`search`, over the rows around one house."""
    listed = [_listed(pool, ask, heard) for pool in pools]
    chosen = choose([each.listing for each in listed], top)
    excluded: dict[str, int] = {}
    for each in listed:
        for key, number in each.excluded.items():
            _count(excluded, key, number)
    return Hits(
        hits=_hits(chosen, listed, ask, heard),
        eligible=sum(len(each.listing.rows) for each in listed),
        excluded={gate.key: excluded[gate.key] for gate in gates() if excluded.get(gate.key)},
    )


def brief_in(pools: Sequence[Pool], ask: Ask, heard: Heard, top: int) -> list[Brief]:
    """:meth:`Hits.brief` of the same search, without the rest."""
    listed = [_listed(pool, ask, heard) for pool in pools]
    weighed = any(criterion.key == "need_fit" for criterion, _ in heard)
    found: list[Brief] = []
    for number, place in choose([each.listing for each in listed], top):
        listing = listed[number].listing
        segment, row = listing.segment, int(listing.rows[place])
        fits = answering_of(segment, ask.need.key, ask.vocabulary).fits
        label = segment.labels["category"]
        found.append(
            Brief(
                segment.id_of(row),
                cast("str | None", label.values[int(label.codes[row])]),
                float(listing.total[place]),
                float(fits[int(segment.labels["kind"].codes[row])]) if weighed else 0.0,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Listed:
    """What passes every gate for a question: places in a pool, and the rows with their scores."""

    pool: Pool
    places: Ints
    listing: Listing
    excluded: Mapping[str, int]


def _listed(pool: Pool, ask: Ask, heard: Heard) -> Listed:
    answering = answering_of(pool.segment, ask.need.key, ask.vocabulary).kinds
    places = places_of(pool, ask.need.key, answering)
    first = first_failed(pool.failed(ask)[places])
    keys = [gate.key for gate in gates()]
    excluded = dict(zip(keys, np.bincount(first, minlength=len(keys)).tolist(), strict=False))
    for key, number in zip(("area", "reach"), passed_over(pool, ask, places), strict=True):
        _count(excluded, key, number)
    passing = np.flatnonzero(first == none_failed())
    places = passing if isinstance(places, slice) else places[passing]
    listing = Listing(pool.segment, pool.index[places], total_in(pool, places, ask, heard))
    return Listed(pool, places, listing, excluded)


def total_in(pool: Pool, places: Ints, ask: Ask, heard: Heard) -> Floats:
    """:func:`total_of` for some rows of a pool."""
    total = np.zeros(len(places))
    whole = 0.0
    for criterion, weight in heard:
        total += pool.measured(criterion, ask).points(criterion, weight, places)
        whole += weight
    return np.round(total / whole, DECIMALS) if whole else total


def _hits(
    chosen: Sequence[Chosen], listed: Sequence[Listed], ask: Ask, heard: Heard
) -> tuple[Hit, ...]:
    found: dict[Chosen, Hit] = {}
    for number, each in enumerate(listed):
        own = [place for at, place in chosen if at == number]
        places = each.places[own]
        scored = Scored(
            each.pool.segment,
            Rows(each.pool.segment, each.pool.index[places]),
            each.listing.total[own],
            [each.pool.measured(criterion, ask).at(places) for criterion, _ in heard],
            [each.pool.measured(gate, ask).at(places) for gate in gates()],
        )
        hits = scored.take(range(len(own)), heard) if own else []
        found.update(zip(((number, place) for place in own), hits, strict=True))
    return tuple(found[at] for at in chosen)


def score_rows(
    segment: Segment, index: Ints, ask: Ask, heard: Heard, excluded: dict[str, int]
) -> Scored:
    """Gates in their order, then every preference of what passes them all."""
    rows = Rows(segment, index)
    passed = np.ones(rows.n, dtype=bool)
    verdicts: list[Floats] = []
    for gate in gates():
        value = gate.measure(rows, ask)
        verdicts.append(value)
        failed = passed & (value == 0)
        _count(excluded, gate.key, int(np.count_nonzero(failed)))
        passed &= ~failed
    if not passed.all():
        rows = Rows(segment, index[passed])
        verdicts = [value[passed] for value in verdicts]
    parts = [criterion.measure(rows, ask) for criterion, _ in heard]
    return Scored(segment, rows, total_of(parts, heard), parts, verdicts)


def measure(segment: Segment, index: Ints, ask: Ask, heard: Heard) -> Scored:
    """Every gate and preference of chosen rows, whether they pass or not."""
    rows = Rows(segment, index)
    verdicts = [gate.measure(rows, ask) for gate in gates()]
    parts = [criterion.measure(rows, ask) for criterion, _ in heard]
    return Scored(segment, rows, total_of(parts, heard), parts, verdicts)


def total_of(parts: Sequence[Floats], heard: Heard, unknown: float | None = None) -> Floats:
    """Weighted mean, unknown at its neutral value (or at ``unknown``), to fixed decimals."""
    total = np.zeros(len(parts[0]) if parts else 0)
    whole = 0.0
    for (criterion, weight), part in zip(heard, parts, strict=True):
        stand_in = criterion.neutral if unknown is None else unknown
        total += weight * np.where(np.isnan(part), stand_in, part)
        whole += weight
    return np.round(total / whole, DECIMALS) if whole else total


def _count(excluded: dict[str, int], key: str, number: int) -> None:
    excluded[key] = excluded.get(key, 0) + number
