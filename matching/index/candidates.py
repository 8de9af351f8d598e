"""Which rows a question has to look at: ranges of the sorted rows, and how many it passes over."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.ask import Ask
from matching.index.fit import Answering, answering_of
from matching.index.grid import CELLS, ranges
from matching.index.segment import Segment

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: A zone with more rows than this is read category by category.
BIG_ZONE = 512


@dataclass(frozen=True, slots=True)
class Candidates:
    """Rows that answer the need and may be in area and reach; how many answer but can't be."""

    rows: Ints
    outside_area: int
    outside_reach: int


def candidates(segment: Segment, ask: Ask, gone: Bools | None = None) -> Candidates:
    """Rows to look at for one question, exact: whatever is left out is out of area or reach.

    ``gone``: rows that no longer hold; they are neither looked at nor counted.
    """
    found = answering_of(segment, ask.need.key, ask.vocabulary)
    categories, answering = found.categories, found.kinds
    kinds = segment.labels["kind"].codes
    near = _free_rows(segment, categories, ask)
    zoned = _zone_rows(segment, categories, ask)
    near, zoned = near[answering[kinds[near]]], zoned[answering[kinds[zoned]]]
    in_free, in_zones = _still(segment, found, gone)
    if gone is not None:
        near, zoned = near[~gone[near]], zoned[~gone[zoned]]
    rows = np.concatenate((near, zoned)) if len(zoned) else near
    if not ask.household.areas:
        # 住まいの区域が分からないときに外れるのは、遠さだけによる。
        return Candidates(rows, 0, in_free + in_zones - len(rows))
    return Candidates(rows, in_zones - len(zoned), in_free - len(near))


def _still(segment: Segment, found: Answering, gone: Bools | None) -> tuple[int, int]:
    """How many rows answer and still hold, in zone 0 and in the other zones."""
    if gone is None:
        return found.free, found.listed
    lost = np.flatnonzero(gone)
    lost = lost[found.kinds[segment.labels["kind"].codes[lost]]]
    loose = int(np.searchsorted(lost, segment.zone_starts[1]))
    return found.free - loose, found.listed - (len(lost) - loose)


def rows_of_categories(segment: Segment, categories: Ints, ask: Ask) -> Ints:
    """Rows of some categories that may be in area and reach (a superset, as :func:`candidates`)."""
    zoned = _zone_rows(segment, categories, ask)
    wanted = np.zeros(len(segment.labels["category"].values) + 1, dtype=bool)
    wanted[categories] = True
    zoned = zoned[wanted[segment.labels["category"].codes[zoned]]]
    return np.concatenate((_free_rows(segment, categories, ask), zoned))


def near_zone_rows(segment: Segment, ask: Ask, categories: Ints) -> Ints:
    """Rows of all zones within reach of the person, whatever areas they serve."""
    if ask.point is None:
        return np.arange(int(segment.zone_starts[1]), segment.size)
    lows, highs = _keys(categories, ask)
    found = spans(segment.by_place_key, lows, highs)
    return segment.by_place[expand(*found)].astype(np.int64)


def _free_rows(segment: Segment, categories: Ints, ask: Ask) -> Ints:
    end = int(segment.zone_starts[1])
    if not end or not len(categories):
        return np.zeros(0, dtype=np.int64)
    keys = segment.place_key[:end]
    if ask.point is None:
        lows = categories * CELLS
        return expand(*spans(keys, lows, lows + CELLS))
    return expand(*spans(keys, *_keys(categories, ask)))


def _keys(categories: Ints, ask: Ask) -> tuple[Ints, Ints]:
    """Sorted spans of keys: for each category the cell without place, and the cells in reach."""
    assert ask.point is not None  # noqa: S101 - callers ask only with a point
    first, past = ranges(ask.point, ask.travelling.radius_m)
    first = np.concatenate((np.zeros(1, np.int64), first.astype(np.int64)))
    past = np.concatenate((np.ones(1, np.int64), past.astype(np.int64)))
    base = (categories * CELLS)[:, None]
    return (base + first).ravel(), (base + past).ravel()


def _zone_rows(segment: Segment, categories: Ints, ask: Ask) -> Ints:
    household = ask.household
    if not household.areas:
        return near_zone_rows(segment, ask, categories)
    zones: set[int] = set()
    for area in (*household.areas, *household.inside):
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
