"""Rows that miss exactly one thing: one gate, or no gate and one decisive criterion."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from matching.ask import Ask
from matching.criterion import gates
from matching.index.candidates import neighbouring, places_of, pool_of
from matching.index.choose import Listing, best_of
from matching.index.fit import answering_of
from matching.index.live import Part
from matching.index.pool import Pool, first_failed
from matching.index.rows import Ints
from matching.index.search import Heard, total_in

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
    return misses_in(around([pool_of(part, (ask,)) for part in parts], (ask,)), ask, heard, limit)


def around(pools: Sequence[Pool], asks: Sequence[Ask]) -> tuple[Pool, ...]:
    """The pools of a house, and beside them what is near but serves other areas."""
    return (*pools, *(neighbouring(pool, asks, ANSWERS_FROM) for pool in pools))


def misses_in(pools: Sequence[Pool], ask: Ask, heard: Heard, limit: int) -> tuple[NearMiss, ...]:
    """As :func:`near_misses`, over the rows around one house."""
    found = [miss for pool in pools for miss in _of_pool(pool, ask, heard, limit)]
    found.sort(key=lambda miss: (-miss.score, miss.resource_id))
    kept: dict[str, int] = {}
    chosen: list[NearMiss] = []
    rest: list[NearMiss] = []
    for miss in found:
        kept[miss.criterion] = kept.get(miss.criterion, 0) + 1
        (chosen if kept[miss.criterion] <= (limit + 1) // 2 else rest).append(miss)
    return tuple([*chosen, *rest][:limit])


def _of_pool(pool: Pool, ask: Ask, heard: Heard, limit: int) -> Iterator[NearMiss]:
    """The best of each criterion that is missed alone."""
    places, missed = _alone(pool, ask, heard)
    listing = Listing(pool.segment, pool.index[places], total_in(pool, places, ask, heard))
    keys = _keys(heard)
    for number in np.flatnonzero(np.bincount(missed)).tolist():
        among = np.flatnonzero(missed == number)
        for place in among[best_of(listing, among, limit)].tolist():
            key = pool.segment.id_of(int(listing.rows[place]))
            yield NearMiss(key, keys[number], float(listing.total[place]))


def _keys(heard: Heard) -> list[str]:
    """What may be missed alone: gates in their order, then decisive preferences."""
    return [gate.key for gate in gates()] + [c.key for c, _ in heard if c.decisive]


def _alone(pool: Pool, ask: Ask, heard: Heard) -> tuple[Ints, Ints]:
    """Places that would answer and miss just one thing, and its number among :func:`_keys`."""
    fits = answering_of(pool.segment, ask.need.key, ask.vocabulary).fits
    places = places_of(pool, f"{ask.need.key} really", fits >= ANSWERS_FROM)
    bits = pool.failed(ask)[places]
    few = np.flatnonzero(np.bitwise_count(bits) <= 1)
    places = few if isinstance(places, slice) else places[few]
    bits = bits[few]
    missed = first_failed(bits).astype(np.intp)
    misses = np.bitwise_count(bits)
    for number, criterion in enumerate((c for c, _ in heard if c.decisive), start=len(gates())):
        failed = pool.measured(criterion, ask).misses(places)
        if failed is not None:
            misses += failed
            missed[failed] = number
    alone = misses == 1
    return places[alone], missed[alone]
