"""Rows that miss exactly one thing: one gate, or no gate and one decisive criterion."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.ask import Ask
from matching.criterion import gates
from matching.index.candidates import candidates, near_zone_rows
from matching.index.fit import answering_of
from matching.index.live import Part
from matching.index.rows import Bools, Floats, Ints, Rows
from matching.index.search import Heard, total_of
from matching.index.segment import Segment

#: Only what would really answer the need is worth a change.
ANSWERS_FROM = 0.5


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A resource, the one criterion it misses, and the score it has otherwise."""

    resource_id: str
    criterion: str
    score: float


def near_misses(parts: Sequence[Part], ask: Ask, heard: Heard, limit: int) -> tuple[NearMiss, ...]:
    """At most ``limit``, best score first; no single criterion takes more than half of them."""
    found: list[NearMiss] = []
    for segment, gone in parts:
        found.extend(_of_segment(segment, gone, ask, heard, limit))
    found.sort(key=lambda miss: (-miss.score, miss.resource_id))
    kept: dict[str, int] = {}
    chosen: list[NearMiss] = []
    rest: list[NearMiss] = []
    for miss in found:
        kept[miss.criterion] = kept.get(miss.criterion, 0) + 1
        (chosen if kept[miss.criterion] <= (limit + 1) // 2 else rest).append(miss)
    return tuple([*chosen, *rest][:limit])


def _of_segment(
    segment: Segment, gone: Bools | None, ask: Ask, heard: Heard, limit: int
) -> list[NearMiss]:
    index = _rows(segment, ask)
    if gone is not None:
        index = index[~gone[index]]
    rows = Rows(segment, index)
    failing = {gate.key: gate.measure(rows, ask) == 0 for gate in gates()}
    fails = np.sum(list(failing.values()), axis=0) if failing else np.zeros(rows.n)
    parts = [criterion.measure(rows, ask) for criterion, _ in heard]
    decisive = {c.key: part == 0 for (c, _), part in zip(heard, parts, strict=True) if c.decisive}
    misses = np.sum(list(decisive.values()), axis=0) if decisive else np.zeros(rows.n)
    total = total_of(parts, heard)
    found: list[NearMiss] = []
    for key, failed in failing.items():
        found.extend(_best(segment, rows, key, failed & (fails == 1) & (misses == 0), total, limit))
    for key, failed in decisive.items():
        found.extend(_best(segment, rows, key, failed & (fails == 0) & (misses == 1), total, limit))
    return found


def _rows(segment: Segment, ask: Ask) -> Ints:
    """Candidates, and those around the person that serve other areas, that would answer."""
    answering = answering_of(segment, ask.need.key, ask.vocabulary).fits >= ANSWERS_FROM
    categories = np.unique(segment.kind_category[answering])
    index = np.concatenate(
        (candidates(segment, ask).rows, near_zone_rows(segment, ask, categories))
    )
    index = index[answering[segment.labels["kind"].codes[index]]]
    return np.unique(index)


def _best(
    segment: Segment, rows: Rows, key: str, chosen: Bools, total: Floats, limit: int
) -> list[NearMiss]:
    places = np.flatnonzero(chosen)
    if len(places) > limit:
        edge = np.partition(total[places], len(places) - limit)[len(places) - limit]
        places = places[total[places] >= edge]
    return [
        NearMiss(segment.id_of(int(rows.index[i])), key, float(total[i])) for i in places.tolist()
    ]
