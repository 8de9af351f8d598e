"""Top of the list for one question: the one path for speed, quality and explanation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np

from matching.ask import Ask
from matching.criterion import Criterion, gates, preferences
from matching.index.candidates import candidates
from matching.index.rows import Bools, Floats, Ints, Rows
from matching.index.segment import Segment

#: Scores are compared, and given out, to this many decimals: the same on every machine.
DECIMALS = 9
#: Of one list at most this share goes to one category while others answer too.
SHARE_OF_CATEGORY = 0.25
LEAST_OF_CATEGORY = 3


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


@dataclass(slots=True, kw_only=True)
class Hits:
    """A list for one question. ``eligible`` = how many pass every gate."""

    hits: tuple[Hit, ...]
    eligible: int
    excluded: Mapping[str, int]


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


def search(
    segments: Sequence[tuple[Segment, Bools | None]], ask: Ask, weights: Weights, top: int
) -> Hits:
    """The best ``top`` over all segments. A segment may come with rows that no longer hold."""
    excluded: dict[str, int] = {}
    scored: list[Scored] = []
    heard = weights.heard(ask)
    for segment, gone in segments:
        found = candidates(segment, ask, gone)
        _count(excluded, "area", found.outside_area)
        _count(excluded, "reach", found.outside_reach)
        scored.append(score_rows(segment, found.rows, ask, heard, excluded))
    hits = _top(scored, heard, top)
    return Hits(
        hits=hits,
        eligible=sum(len(s.total) for s in scored),
        excluded={gate.key: excluded[gate.key] for gate in gates() if excluded.get(gate.key)},
    )


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


def _top(scored: Sequence[Scored], heard: Heard, top: int) -> tuple[Hit, ...]:
    """Best first; ties by id; one category does not take the whole list while others answer."""
    total = np.concatenate([s.total for s in scored]) if scored else np.zeros(0)
    if not len(total) or top <= 0:
        return ()
    share = max(LEAST_OF_CATEGORY, int(top * SHARE_OF_CATEGORY))
    window = top * 4
    while True:
        order = _best(total, scored, window)
        picked = _spread(order, share, top)
        if len(picked) == top or window >= len(total):
            break
        window *= 8
    if len(picked) < top:
        chosen = set(picked)
        rest = [number for number in range(len(order)) if number not in chosen]
        picked = sorted(picked + rest[: top - len(picked)])
    return _hits([order[number] for number in picked], scored, heard)


@dataclass(frozen=True, slots=True)
class Place:
    """A row among all scored rows: its score, category, and where it is."""

    score: float
    category: object
    segment: int
    inner: int


def _best(total: Floats, scored: Sequence[Scored], window: int) -> list[Place]:
    """The best ``window`` and all ties of the last, best first, ties by id."""
    if len(total) > window:
        edge = np.partition(total, len(total) - window)[len(total) - window]
        chosen = np.flatnonzero(total >= edge)
    else:
        chosen = np.arange(len(total))
    chosen = chosen[np.argsort(-total[chosen], kind="stable")]
    bounds = np.cumsum([0, *(len(s.total) for s in scored)])
    numbers = np.searchsorted(bounds, chosen, side="right") - 1
    inner = chosen - bounds[numbers]
    places: list[Place] = [Place(0.0, None, 0, 0)] * len(chosen)
    for number, part in enumerate(scored):
        own = np.flatnonzero(numbers == number)
        label = part.segment.labels["category"]
        codes = label.codes[part.rows.index[inner[own]]].tolist()
        scores = part.total[inner[own]].tolist()
        for place, code, score, at in zip(
            own.tolist(), codes, scores, inner[own].tolist(), strict=True
        ):
            places[place] = Place(score, label.values[code], number, at)
    return _settled(places, scored)


def _settled(places: list[Place], scored: Sequence[Scored]) -> list[Place]:
    """Equal scores in the order of their ids."""
    settled: list[Place] = []
    for _, ties in groupby(places, key=lambda place: place.score):
        group = list(ties)
        if len(group) > 1:
            group.sort(key=lambda place: _id(place, scored))
        settled.extend(group)
    return settled


def _id(place: Place, scored: Sequence[Scored]) -> str:
    part = scored[place.segment]
    return part.segment.id_of(int(part.rows.index[place.inner]))


def _spread(order: Sequence[Place], share: int, top: int) -> list[int]:
    """The first ``top`` with at most ``share`` a category; fewer when there are no more."""
    taken: dict[object, int] = {}
    picked: list[int] = []
    for number, place in enumerate(order):
        if taken.get(place.category, 0) < share:
            taken[place.category] = taken.get(place.category, 0) + 1
            picked.append(number)
            if len(picked) == top:
                break
    return picked


def _hits(places: Sequence[Place], scored: Sequence[Scored], heard: Heard) -> tuple[Hit, ...]:
    found: list[Hit | None] = [None] * len(places)
    for number, part in enumerate(scored):
        own = [i for i, place in enumerate(places) if place.segment == number]
        hits = part.take([places[i].inner for i in own], heard)
        for i, hit in zip(own, hits, strict=True):
            found[i] = hit
    return tuple(hit for hit in found if hit is not None)
