"""Which rows questions have to look at: ranges of the sorted rows around a home."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from graph.model.values import Point
from matching.ask import Ask
from matching.index import kernel
from matching.index.grid import CELLS, Marks, ranges
from matching.index.kernel_numpy import expand
from matching.index.segment import Segment

Ints = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]

#: A zone with more rows than this is read category by category.
BIG_ZONE = 512
_NONE = np.zeros(0, dtype=np.int64)
_WHOLE = (np.zeros(1, dtype=np.int64), np.full(1, CELLS, dtype=np.int64))


@dataclass(frozen=True)
class Around:
    """Where a house is: what it lives in, and how far its people would go."""

    areas: tuple[str, ...]
    inside: frozenset[str]
    point: Point | None
    radius_m: float

    @cached_property
    def cells(self) -> tuple[Ints, Ints]:
        """Ranges of grid cells in reach of the point, which must be known."""
        assert self.point is not None  # noqa: S101 - see above
        return ranges(self.point, self.radius_m)


@dataclass(frozen=True, slots=True)
class Spans:
    """Row ranges; of ``order`` where that is given, else of the rows themselves."""

    starts: Ints
    ends: Ints
    order: Int32s | None = None

    @property
    def size(self) -> int:
        """Number of rows."""
        return int((self.ends - self.starts).sum())


def around_of(ask: Ask) -> Around:
    """Where a question sets out from."""
    house, radius = ask.household, ask.travelling.radius_m
    return ask.once("around", lambda: Around(house.areas, house.inside, ask.point, radius))


def spans_around(
    segment: Segment, groups: Ints, around: Around, *, unbound: bool = True
) -> tuple[Spans, ...]:
    """Ranges that hold every row of some groups in area and reach, and some more.

    Not ``unbound``: without the rows that neither area nor reach rules out for anybody.
    """
    free = free_spans if unbound else reached_spans
    beside = listed_spans if around.areas else near_spans
    return free(segment, groups, around), beside(segment, groups, around)


def free_spans(segment: Segment, groups: Ints, around: Around) -> Spans:
    """Rows that are bound to no area: those in reach, and those without a place."""
    starts, ends = _in_reach(segment.place_key, segment.marks, groups, around)
    return Spans(starts, ends)


def reached_spans(segment: Segment, groups: Ints, around: Around) -> Spans:
    """Rows that are bound to no area, but to their place, and in reach."""
    if around.point is None:
        return Spans(_NONE, _NONE)
    return _reached(segment.place_key, segment.marks, groups, around)


def near_spans(segment: Segment, groups: Ints, around: Around) -> Spans:
    """Rows of all zones in reach, whatever areas they serve."""
    keys, marks = segment.by_place_key, segment.marks_by_place
    starts, ends = _in_reach(keys, marks, groups, around)
    return Spans(starts, ends, segment.by_place)


def _in_reach(keys: Int32s, marks: Marks, groups: Ints, around: Around) -> tuple[Ints, Ints]:
    """Row ranges of some groups: without a place, and in reach; all if home is not known."""
    starts, placed = marks.starts[groups], marks.bands[0][groups]
    if around.point is None:
        return starts, marks.bands[-1][groups]
    found = _reached(keys, marks, groups, around)
    return np.concatenate((starts, found.starts)), np.concatenate((placed, found.ends))


def _reached(keys: Int32s, marks: Marks, groups: Ints, around: Around) -> Spans:
    """Row ranges of some groups with a place in the cells around a home that is known."""
    assert around.point is not None  # noqa: S101 - see above
    begins, pasts_of = (line[groups] for line in marks.around(around.point, around.radius_m))
    return _spans(keys, begins, pasts_of, groups, around.cells)


def listed_spans(segment: Segment, groups: Ints, around: Around) -> Spans:
    """Rows of the zones that serve the areas of a house."""
    zones = zones_of(segment, around)
    if not len(zones):
        return Spans(_NONE, _NONE)
    starts, ends = segment.zone_starts[zones], segment.zone_starts[zones + 1]
    big = ends - starts > BIG_ZONE
    parts = [(starts[~big], ends[~big])]
    for start, end in zip(starts[big].tolist(), ends[big].tolist(), strict=True):
        begins, pasts_of = np.full((2, len(groups)), ((start,), (end,)))
        found = _spans(segment.place_key, begins, pasts_of, groups, _WHOLE)
        parts.append((found.starts, found.ends))
    return Spans(*(np.concatenate(side) for side in zip(*parts, strict=True)))


def zones_of(segment: Segment, around: Around) -> Ints:
    """Zones that serve an area of a house."""
    zones: set[int] = set()
    for area in (*around.areas, *around.inside):
        zones.update(segment.zones_of.get(area, ()))
    return np.array(sorted(zones), dtype=np.int64)


def with_named(segment: Segment, categories: Ints) -> Ints:
    """The groups that hold all rows of some categories."""
    return np.append(categories, segment.groups - 1)


def only_categories(segment: Segment, categories: Ints, rows: Sequence[Ints]) -> Ints:
    """Those of some rows that are of the categories."""
    wanted = np.zeros(segment.groups, dtype=bool)
    wanted[categories] = True
    found = np.concatenate(list(rows))
    kept: Ints = found[wanted[segment.labels["category"].codes[found]]]
    return kept


def rows_in(spans: Spans) -> Ints:
    """All rows of some spans."""
    places = expand(spans.starts, spans.ends)
    return places if spans.order is None else spans.order[places].astype(np.int64)


def _spans(
    keys: Int32s, begins: Ints, pasts_of: Ints, groups: Ints, cells: tuple[Ints, Ints]
) -> Spans:
    firsts, pasts = cells
    many = len(groups) * len(firsts)
    starts, ends = np.empty(many, dtype=np.int64), np.empty(many, dtype=np.int64)
    used = kernel.loops.spans(keys, begins, pasts_of, groups * CELLS, firsts, pasts, starts, ends)
    return Spans(starts[:used], ends[:used])
