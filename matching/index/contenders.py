"""Which rows can still make a list when a few answers change: what 次に聞くこと tries out.

A full list stands. Whatever the answers that change, each of its rows keeps what the preferences
give it that don't read them; the least of these sums is a floor. A row that remains below the
floor with all that changes in its favour is on none of the lists:

- Where no category holds more than its share of the standing list, its rows are as many as the
  list takes, within their share and not below the floor: the best of all categories are not either.
- Where one does, the list had to be filled up, and all rows within their category's share stand on
  it. Any other row has its category's share before it, and with all that stands a full list.

Only the rest is put in order, once for each answer. Where an answer closes a gate, rows of the
standing list may go, and the floor with them: the new list then holds when it is full, none of its
rows is below the floor and no category has more than its share.
"""

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from math import inf, isfinite, isnan

import numpy as np

from matching.ask import Ask, Fact
from matching.criterion import Criterion, gates
from matching.distance import chord_within
from matching.index import kernel
from matching.index.candidates import Int32s
from matching.index.choose import Picked, by_category, picked_places, share_of, whole_of
from matching.index.kernel_numpy import Lookup
from matching.index.plan import Plan, plan_of, points_of
from matching.index.rows import Bools, Floats, Rows
from matching.index.scan import Scanned
from matching.index.search import Brief, Heard, Hits, in_brief
from matching.index.segment import Segment

#: So few rows are put in order as soon as they are looked at more closely.
FEW = 128
#: A criterion that tells more cases apart than this is measured for the rows that are looked at.
MANY = 1024
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
        return least


@dataclass(frozen=True, slots=True)
class Contenders:
    """Rows of one segment that may be listed, and what the steady preferences give them.

    ``floor``: what each other row stays below, by the sum of its points.
    """

    segment: Segment
    rows: Int32s
    far: Floats
    points: dict[str, Lookup]
    floor: float


def contenders(
    found: Scanned, segment: Segment, standing: Standing, heard: Heard, changed: AbstractSet[Fact]
) -> Contenders:
    """Of the rows that pass, those that may be listed when parts of the question change."""
    plan = plan_of(segment, standing.ask)
    steady = standing.steady(heard, changed)
    floor = standing.floor(steady)
    rows, far = found.rows, found.far
    if len(rows) > FEW and isfinite(floor):
        # 近さは、行ごとに測るので、残った行だけで測る。
        looked_up = [(c, weight) for c, weight in steady if c.by_metres is None]
        least = floor - _MARGIN * (1.0 + abs(floor)) - (whole_of(heard) - whole_of(looked_up))
        parts = tuple([plan.points(c, weight, rows, far) for c, weight in looked_up])
        places = np.empty(len(rows), dtype=np.int64)
        used = kernel.loops.reaching(rows, parts, segment.size, least, places)
        rows, far = rows[places[:used]], far[places[:used]]
    said = {c.key: plan.points(c, weight, rows, far) for c, weight in steady}
    return Contenders(segment, rows, far, said, floor)


def brief_among(among: Sequence[Contenders], ask: Ask, heard: Heard, top: int) -> list[Brief]:
    """:func:`matching.index.search.brief` of the rows that may be listed."""
    return in_brief([_picked(each, ask, heard, top) for each in among], ask, heard, top)


def brief_of_passing(
    among: Sequence[Contenders], ask: Ask, heard: Heard, top: int, changed: AbstractSet[Fact]
) -> list[Brief] | None:
    """The same where gates read what changed, and open to nobody new; ``None`` = can't be told."""
    passing = [_passing(each, ask, changed) for each in among]
    found = brief_among(passing, ask, heard, top)
    floor, whole = max([each.floor for each in among]), whole_of(heard)
    if isfinite(floor):
        most = max(Counter([one.category for one in found]).values(), default=0)
        if len(found) < top or most > share_of(top) or found[-1].score * whole < floor:
            return None
    return found


def _passing(of: Contenders, ask: Ask, changed: AbstractSet[Fact]) -> Contenders:
    """The rows that pass the gates that read what changed."""
    segment, rows, far, plan = of.segment, of.rows, of.far, plan_of(of.segment, ask)
    kept = np.ones(len(rows), dtype=bool)
    for gate in gates():
        read = gate.all_read()
        if read is None or not read.isdisjoint(changed):
            kept &= _opens(plan, gate, rows, far)
    points = {
        key: (codes, table if codes is not None else table[kept])
        for key, (codes, table) in of.points.items()
    }
    return Contenders(segment, rows[kept], far[kept], points, of.floor)


def _opens(plan: Plan, gate: Criterion, rows: Int32s, far: Floats) -> Bools:
    """Whether rows pass a gate, as the loops judge it."""
    if _is_wide(plan, gate):
        values = gate.measure(Rows(plan.segment, rows.astype(np.int64)), plan.ask)
    elif (said := plan.said(gate)) is not None:
        values = said.table.values[said.codes[rows]]
    else:
        values = plan.each(gate, rows, far)
        return np.asarray(values != 0)
    closed: Bools = values == 0
    if gate.within_m is not None:
        # 遠さの分からないもの（NaN）は外さない。
        closed |= np.isnan(values) & (far > chord_within(gate.within_m(plan.ask)))
    return np.logical_not(closed)


def _picked(of: Contenders, ask: Ask, heard: Heard, top: int) -> Picked:
    segment, rows, far, plan = of.segment, of.rows, of.far, plan_of(of.segment, ask)
    parts = tuple(
        [of.points.get(c.key) or _changed(plan, c, weight, rows, far) for c, weight in heard]
    )
    most = np.array([weight for _, weight in heard])
    grouping = by_category(segment, share_of(top))
    places, total = picked_places(segment, rows, parts, most, whole_of(heard), grouping, top)
    return Picked(segment, rows[places], far[places], total)


def _changed(plan: Plan, criterion: Criterion, weight: float, rows: Int32s, far: Floats) -> Lookup:
    if criterion.by_metres is not None or not _is_wide(plan, criterion):
        return plan.points(criterion, weight, rows, far)
    values = criterion.measure(Rows(plan.segment, rows.astype(np.int64)), plan.ask)
    return None, points_of(values, weight, criterion.neutral)


def _is_wide(plan: Plan, criterion: Criterion) -> bool:
    """Whether a table of all that occurs is more than the rows that are looked at."""
    facet = plan.segment.facet(criterion.facet) if criterion.facet else None
    return facet is not None and len(facet.rows) > MANY
