"""Open places of some kinds that neither an area nor the way to them rules out for anybody.

What is bound to no area and comes to people, or has no known place, is a candidate whoever asks.
Among a million resources tens of thousands of agencies are such. Which they are is worked out once
for a segment; a question then only measures how far each is.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from matching.criteria.area import CRITERION as AREA
from matching.criteria.status import CRITERION as STATUS
from matching.index.candidates import Int32s
from matching.index.grid import CELLS
from matching.index.kernel_numpy import chords
from matching.index.plan import Plan, origin_of
from matching.index.rows import Bools, Floats, Ints
from matching.index.segment import Segment

#: Where a place that is not known is put: off the sphere, and equally far from all homes on it.
_NOWHERE = 10.0
_ON_THE_SPHERE = 4.0


class Unbound(NamedTuple):
    """Some rows, the codes of their categories, whether their area is not sure, squared chords.

    A chord is NaN where the place or the home is not known.
    """

    rows: Int32s
    codes: Ints
    unsure: Bools
    far: Floats


@dataclass(frozen=True, slots=True)
class _Groups:
    """Rows by category and by whether their area is sure; those of a group are ordered by id."""

    rows: Int32s
    places: Floats
    starts: Ints
    sizes: Ints
    codes: Ints
    unsure: Bools


def nearest_unbound(plan: Plan, gone: Bools | None, kinds: frozenset[str], number: int) -> Unbound:
    """The nearest few of each category, of the sure and of the others; ties by id."""
    groups = _groups_of(plan, kinds)
    origin = origin_of(plan.ask)
    if origin is None:
        far = np.full(len(groups.rows), _NOWHERE)
    else:
        far = chords(groups.places, origin.x, origin.y, origin.z)
    left = far.copy()
    if gone is not None:
        left[gone[groups.rows]] = np.inf
    places = np.concatenate([_take_nearest(groups, left) for _ in range(number)])
    of = np.searchsorted(groups.starts, places, side="right") - 1
    away = far[places]
    return Unbound(
        groups.rows[places],
        groups.codes[of],
        groups.unsure[of],
        np.where(away <= _ON_THE_SPHERE, away, np.nan),
    )


def _take_nearest(groups: _Groups, left: Floats) -> Ints:
    """The nearest of each group, taken out of what is ``left`` (infinite = not there any more)."""
    if not len(left):
        return np.zeros(0, dtype=np.int64)
    least = np.minimum.reduceat(left, groups.starts)
    found = np.flatnonzero(left == np.repeat(least, groups.sizes))
    of = np.searchsorted(groups.starts, found, side="right")
    places: Ints = found[np.diff(of, prepend=0) != 0]
    places = places[np.isfinite(left[places])]
    left[places] = np.inf
    return places


def _groups_of(plan: Plan, kinds: frozenset[str]) -> _Groups:
    """The groups of a segment; where the home is not known, the way rules out nothing at all."""
    placed = plan.ask.point is None
    kept, key = plan.segment.labels["category"].kept, ("unbound", kinds, placed)
    found: _Groups | None = kept.get(key)
    if found is None:
        # 区域に縛られない行の当落は、だれが尋ねても同じになる。
        found = kept[key] = _grouped(plan, _rows(plan.segment, kinds, placed=placed))
    return found


def _rows(segment: Segment, kinds: frozenset[str], *, placed: bool) -> Ints:
    label, end = segment.labels["category"], int(segment.zone_starts[1])
    wanted = np.array([value in kinds for value in label.values], dtype=bool)
    within = wanted[label.codes[:end]]
    if not placed:
        within &= segment.place_key[:end] % CELLS == 0
    return np.flatnonzero(within)


def _grouped(plan: Plan, rows: Ints) -> _Groups:
    nowhere = np.full(len(rows), np.nan)
    area = plan.each(AREA, rows, nowhere)
    kept = (area != 0) & (plan.each(STATUS, rows, nowhere) != 0)
    rows, unsure = rows[kept], np.isnan(area[kept])
    segment = plan.segment
    keys = segment.labels["category"].codes[rows].astype(np.int32) * 2 + unsure
    # 小さな整数にすると、並べ替えが数えるだけで済む。
    keys = keys.astype(np.min_scalar_type(keys.max(initial=0)))
    by_id = np.argsort(segment.rank[rows])
    order = by_id[np.argsort(keys[by_id], kind="stable")]
    rows, keys = rows[order], keys[order]
    starts = np.flatnonzero(np.diff(keys.astype(np.int64), prepend=-1))
    # 住まいの位置が分からなければ、遠さは比べない。
    places = segment.places()[rows if plan.ask.point is not None else rows[:0]]
    places[np.isnan(places[:, 0])] = _NOWHERE
    return _Groups(
        rows=rows.astype(np.int32),
        places=places,
        starts=starts,
        sizes=np.diff(starts, append=len(rows)),
        codes=keys[starts].astype(np.int64) // 2,
        unsure=keys[starts] % 2 == 1,
    )
