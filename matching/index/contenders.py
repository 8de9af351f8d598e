"""Which rows can still make a list when a few answers change: what 次に聞くこと tries out.

A full list stands. Whatever the answers that change, each of its rows keeps what the preferences
give it that don't read them; the least of these sums is a floor. A row that remains below the
floor with all that changes in its favour is on none of the lists:

- Where no category holds more than its share of the standing list, its rows are as many as the
  list takes, within their share and not below the floor: the best of all categories are not either.
- Where one does, the list had to be filled up, and all rows within their category's share stand on
  it. Any other row has its category's share before it, and with all that stands a full list.

Only the rest is put in order, once for each answer.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from math import inf, isnan

import numpy as np

from matching.ask import Ask, Fact
from matching.index.candidates import Int32s
from matching.index.choose import Picked, by_category, picked_places, share_of, whole_of
from matching.index.kernel_numpy import Lookup
from matching.index.plan import plan_of
from matching.index.rows import Floats
from matching.index.scan import Scanned
from matching.index.search import Brief, Heard, Hits, in_brief
from matching.index.segment import Segment

#: So few rows are put in order as soon as they are looked at more closely.
FEW = 128
#: Stands for the rounding of sums and scores, as in the loops (kernel.c).
_MARGIN = 1e-6


@dataclass(frozen=True, slots=True)
class Standing:
    """A question as it was answered: the preferences that were heard, and the best ``top``."""

    ask: Ask
    heard: Heard
    top: int
    hits: Hits

    def steady(self, heard: Heard, changed: AbstractSet[Fact]) -> Heard:
        """The preferences that give every row as much as before when parts of the question change."""
        own = {criterion.key: weight for criterion, weight in self.heard}
        return tuple(
            [
                (criterion, weight)
                for criterion, weight in heard
                if own.get(criterion.key) == weight
                and (read := criterion.all_read()) is not None
                and read.isdisjoint(changed)
            ]
        )

    def floor(self, steady: Heard) -> float:
        """What every row of the list gets from some preferences; none where more rows would fit."""
        hits = self.hits.hits
        if len(hits) < self.top:
            return -inf
        # 知らないことの点も、並べるときと同じに数える。
        said = [(criterion.key, criterion.neutral, weight) for criterion, weight in steady]
        least = inf
        for hit in hits:
            parts = hit.parts
            own = sum([w * (n if isnan(parts[key]) else parts[key]) for key, n, w in said])
            least = min(least, own)
        return least - _MARGIN * (1.0 + abs(least))


@dataclass(frozen=True, slots=True)
class Contenders:
    """Rows of one segment that may be listed, and what the steady preferences give them."""

    segment: Segment
    rows: Int32s
    far: Floats
    points: dict[str, Lookup]


def contenders(
    found: Scanned, segment: Segment, standing: Standing, heard: Heard, changed: AbstractSet[Fact]
) -> Contenders:
    """Of the rows that pass, those that may be listed when parts of the question change."""
    plan = plan_of(segment, standing.ask)
    steady = standing.steady(heard, changed)
    floor = standing.floor(steady)
    rows, far = found.rows, found.far
    # 評価は1を超えないので、重みがそのまま足せる限りになる。
    most = np.full(len(rows), whole_of(heard))
    for criterion, weight in steady:
        if len(rows) <= FEW:
            break
        codes, points = plan.points(criterion, weight, rows, far)
        most += (points if codes is None else points[codes[rows]]) - weight
        kept = np.flatnonzero(most >= floor)
        if len(kept) < len(rows):
            rows, far, most = rows[kept], far[kept], most[kept]
    points_of = {c.key: plan.points(c, weight, rows, far) for c, weight in steady}
    return Contenders(segment, rows, far, points_of)


def brief_among(among: Sequence[Contenders], ask: Ask, heard: Heard, top: int) -> list[Brief]:
    """:func:`matching.index.search.brief` of the rows that may be listed."""
    return in_brief([_picked(each, ask, heard, top) for each in among], ask, heard, top)


def _picked(of: Contenders, ask: Ask, heard: Heard, top: int) -> Picked:
    segment, rows, far, plan = of.segment, of.rows, of.far, plan_of(of.segment, ask)
    parts = tuple(
        [of.points.get(c.key) or plan.points(c, weight, rows, far) for c, weight in heard]
    )
    most = np.array([weight for _, weight in heard])
    grouping = by_category(segment, share_of(top))
    places, total = picked_places(segment, rows, parts, most, whole_of(heard), grouping, top)
    return Picked(segment, rows[places], far[places], total)
