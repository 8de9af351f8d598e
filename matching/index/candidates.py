"""Which rows questions have to look at: ranges of the sorted rows, and how many they pass over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.model.values import Point
from matching.ask import Ask
from matching.index.fit import Answering, answering_of
from matching.index.grid import CELLS, ranges
from matching.index.live import Part
from matching.index.pool import Places, Pool
from matching.index.segment import Segment

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: A zone with more rows than this is read category by category.
BIG_ZONE = 512


@dataclass(frozen=True, slots=True)
class Around:
    """Where one house is: what it lives in, and the widest way any of its people would go."""

    areas: tuple[str, ...]
    inside: frozenset[str]
    point: Point | None
    radius_m: float


def around_of(asks: Iterable[Ask]) -> Around:
    """Where the questions of one house set out from."""
    several = list(asks)
    house = several[0].household
    radius = max(ask.travelling.radius_m for ask in several)
    return Around(house.areas, house.inside, several[0].point, radius)


def pool_of(part: Part, asks: Sequence[Ask]) -> Pool:
    """The rows that may be in area and reach and answer one of the questions of a house.

    Exact: whatever is left out is out of area or reach, or answers nothing that is asked.
    """
    segment, gone = part
    around = around_of(asks)
    found = [answering_of(segment, need, asks[0].vocabulary) for need in _needs(asks)]
    answering = np.any([each.kinds for each in found], axis=0)
    categories = np.flatnonzero(np.bincount(segment.kind_category[answering]))
    rows = np.concatenate(
        (_free_rows(segment, categories, around), _zone_rows(segment, categories, around))
    )
    return Pool(segment, _held(rows, segment, answering, gone), around.radius_m, gone)


def neighbouring(pool: Pool, asks: Sequence[Ask], least: float) -> Pool:
    """Rows near the person that serve others' areas and would answer at least so well."""
    segment = pool.segment
    around = around_of(asks)
    fits = [answering_of(segment, need, asks[0].vocabulary).fits for need in _needs(asks)]
    answering = np.any([each >= least for each in fits], axis=0)
    categories = np.flatnonzero(np.bincount(segment.kind_category[answering]))
    rows = _near_zone_rows(segment, categories, around)
    rows = _held(rows, segment, answering, pool.gone)
    known = np.zeros(segment.size, dtype=bool)
    known[pool.index] = True
    return Pool(segment, rows[~known[rows]], around.radius_m, pool.gone)


def _needs(asks: Sequence[Ask]) -> Iterable[str]:
    return dict.fromkeys(ask.need.key for ask in asks)


def _held(rows: Ints, segment: Segment, answering: Bools, gone: Bools | None) -> Ints:
    rows = rows[answering[segment.labels["kind"].codes[rows]]]
    return rows if gone is None else rows[~gone[rows]]


def places_of(pool: Pool, need: str, answering: Bools) -> Places:
    """Where a pool has rows of the kinds that answer a need."""

    def work() -> Places:
        held = answering.take(pool.kinds)
        return slice(None) if held.all() else np.flatnonzero(held)

    return pool.once(("places", need), work)


def passed_over(pool: Pool, ask: Ask, places: Places) -> tuple[int, int]:
    """How many rows answer and are out of area, and out of reach, without having been looked at."""
    found = answering_of(pool.segment, ask.need.key, ask.vocabulary)
    in_free, in_zones = _still(pool.segment, found, pool.gone)
    free = pool.free[places]
    near = int(np.count_nonzero(free))
    if not ask.household.areas:
        # 住まいの区域が分からないときに外れるのは、遠さだけによる。
        return 0, in_free + in_zones - len(free)
    return in_zones - (len(free) - near), in_free - near


def _still(segment: Segment, found: Answering, gone: Bools | None) -> tuple[int, int]:
    """How many rows answer and still hold, in zone 0 and in the other zones."""
    if gone is None:
        return found.free, found.listed
    lost = np.flatnonzero(gone)
    lost = lost[found.kinds[segment.labels["kind"].codes[lost]]]
    loose = int(np.searchsorted(lost, segment.zone_starts[1]))
    return found.free - loose, found.listed - (len(lost) - loose)


def rows_of_categories(
    segment: Segment, categories: Ints, ask: Ask, radius_m: float | None = None
) -> Ints:
    """Rows of some categories that may be in area and reach (a superset, as :func:`pool_of`).

    ``radius_m``: what is bound to no area need only be so near.
    """
    around = around_of((ask,))
    if radius_m is not None:
        around = replace(around, radius_m=min(radius_m, around.radius_m))
    zoned = _zone_rows(segment, categories, around)
    wanted = np.zeros(len(segment.labels["category"].values) + 1, dtype=bool)
    wanted[categories] = True
    zoned = zoned[wanted[segment.labels["category"].codes[zoned]]]
    return np.concatenate((_free_rows(segment, categories, around), zoned))


def _near_zone_rows(segment: Segment, categories: Ints, around: Around) -> Ints:
    """Rows of all zones within reach of the person, whatever areas they serve."""
    if around.point is None:
        return np.arange(int(segment.zone_starts[1]), segment.size)
    lows, highs = _keys(categories, around.point, around.radius_m)
    found = spans(segment.by_place_key, lows, highs)
    return segment.by_place[expand(*found)].astype(np.int64)


def _free_rows(segment: Segment, categories: Ints, around: Around) -> Ints:
    end = int(segment.zone_starts[1])
    if not end or not len(categories):
        return np.zeros(0, dtype=np.int64)
    keys = segment.place_key[:end]
    if around.point is None:
        lows = categories * CELLS
        return expand(*spans(keys, lows, lows + CELLS))
    return expand(*spans(keys, *_keys(categories, around.point, around.radius_m)))


def _keys(categories: Ints, point: Point, radius_m: float) -> tuple[Ints, Ints]:
    """Sorted spans of keys: for each category the cell without place, and the cells in reach."""
    first, past = ranges(point, radius_m)
    first = np.concatenate((np.zeros(1, np.int64), first.astype(np.int64)))
    past = np.concatenate((np.ones(1, np.int64), past.astype(np.int64)))
    base = (categories * CELLS)[:, None]
    return (base + first).ravel(), (base + past).ravel()


def _zone_rows(segment: Segment, categories: Ints, around: Around) -> Ints:
    if not around.areas:
        return _near_zone_rows(segment, categories, around)
    zones: set[int] = set()
    for area in (*around.areas, *around.inside):
        zones.update(segment.zones_of.get(area, ()))
    if not zones:
        return np.zeros(0, dtype=np.int64)
    picked = np.array(sorted(zones))
    starts, ends = segment.zone_starts[picked], segment.zone_starts[picked + 1]
    big = ends - starts > BIG_ZONE
    parts = [expand(starts[~big], ends[~big])]
    lows = categories * CELLS
    for start, end in zip(starts[big].tolist(), ends[big].tolist(), strict=True):
        low, high = spans(segment.place_key[start:end], lows, lows + CELLS)
        parts.append(expand(low + start, high + start))
    return np.concatenate(parts)


def spans(keys: npt.NDArray[Any], lows: Ints, highs: Ints) -> tuple[Ints, Ints]:
    """Row ranges of sorted keys that lie in half-open spans; empty ones left out."""
    starts = np.searchsorted(keys, lows.astype(np.int32))
    ends = np.searchsorted(keys, highs.astype(np.int32))
    used = ends > starts
    return starts[used], ends[used]


def expand(starts: Ints, ends: Ints) -> Ints:
    """All row numbers of many ranges, in their order."""
    lengths = ends - starts
    total = int(lengths.sum())
    if not total:
        return np.zeros(0, dtype=np.int64)
    steps = np.ones(total, dtype=np.int64)
    firsts = np.cumsum(lengths)[:-1]
    steps[0] = starts[0]
    steps[firsts] = starts[1:] - ends[:-1] + 1
    return np.cumsum(steps)
