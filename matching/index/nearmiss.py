"""Rows that miss exactly one thing: one gate, or no gate and one decisive criterion."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from matching.ask import Ask
from matching.criterion import Criterion, gates
from matching.index.candidates import Spans, around_of, near_spans, spans_around, zones_of
from matching.index.choose import Grouping, best_places
from matching.index.fit import answering_of, groups_of
from matching.index.live import Part
from matching.index.plan import plan_of
from matching.index.rows import Ints
from matching.index.scan import Only, Scanned, answering_rows, scan_misses
from matching.index.search import Heard
from matching.index.segment import Segment

#: Only what would really answer the need is worth a change.
ANSWERS_FROM = 0.5


class NearMiss(NamedTuple):
    """A resource, the one criterion it misses, and the score it has otherwise."""

    resource_id: str
    criterion: str
    score: float


def decisive_of(heard: Heard) -> list[Criterion]:
    """The preferences that count as missed when they give nothing."""
    return [criterion for criterion, _ in heard if criterion.decisive]


def near_misses(
    parts: Sequence[Part],
    ask: Ask,
    heard: Heard,
    limit: int,
    alone: Sequence[Scanned] | None = None,
) -> tuple[NearMiss, ...]:
    """At most ``limit``, best score first; no single criterion takes more than half of them.

    ``alone``: for each part what fails just one thing around the home, where it is known.
    """
    found: list[NearMiss] = []
    for number, part in enumerate(parts):
        known = None if alone is None else alone[number]
        found.extend(_of_part(part, ask, heard, limit, known))
    found.sort(key=lambda miss: (-miss.score, miss.resource_id))
    kept: dict[str, int] = {}
    chosen: list[NearMiss] = []
    rest: list[NearMiss] = []
    for miss in found:
        kept[miss.criterion] = kept.get(miss.criterion, 0) + 1
        (chosen if kept[miss.criterion] <= (limit + 1) // 2 else rest).append(miss)
    return tuple([*chosen, *rest][:limit])


def _of_part(
    part: Part, ask: Ask, heard: Heard, limit: int, alone: Scanned | None
) -> Iterator[NearMiss]:
    """The best of each criterion that is missed alone."""
    segment, _ = part
    plan = plan_of(segment, ask)
    decisive = decisive_of(heard)
    keys = [criterion.key for criterion in (*gates(), *decisive)]
    for found in _alone(part, ask, decisive, alone):
        assert found.bits is not None  # noqa: S101 - asked for
        missed = np.bitwise_count(found.bits - np.uint64(1))
        groups = Grouping(missed, len(keys), limit, by_place=True)
        every = limit * len(keys)
        places, totals = best_places(plan, found.rows, found.far, heard, groups, every)
        names = segment.ids_of(found.rows[places])
        said = [keys[bit] for bit in missed[places].tolist()]
        yield from map(NearMiss, names, said, totals.tolist())


def _alone(
    part: Part, ask: Ask, decisive: Sequence[Criterion], known: Scanned | None
) -> Iterator[Scanned]:
    """What would answer and misses just one thing: around the home, and near but for others."""
    segment, _ = part
    around = around_of(ask)
    fit = answering_of(segment, ask.need.key, ask.vocabulary).fit
    groups = groups_of(segment, fit, ANSWERS_FROM)
    only = answering_rows(fit.from_(ANSWERS_FROM))
    if known is None:
        yield scan_misses(part, ask, spans_around(segment, groups, around), (only,), decisive)
    else:
        assert known.bits is not None  # noqa: S101 - asked for
        good = np.flatnonzero(only[1][segment.codes(only[0])[known.rows]])
        yield known.among(good, known.bits[good])
    if around.areas:
        beside: Sequence[Spans] = (near_spans(segment, groups, around),)
        others = _of_others(segment, zones_of(segment, around))
        yield scan_misses(part, ask, beside, (only, others), decisive)


def _of_others(segment: Segment, zones: Ints) -> Only:
    """Only rows of other zones than these."""
    lived_in = np.zeros(len(segment.zone_starts), dtype=bool)
    lived_in[zones] = True
    others = ~lived_in[segment.zone_codes]
    return "served", others.view(np.uint8)
