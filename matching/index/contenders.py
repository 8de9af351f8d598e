"""Which rows can still make a list when a few answers change: what 次に聞くこと tries out.

A list of ``top`` rows stands. Whatever the answers that change, each of its rows keeps what the
preferences give it that don't read them: the worst of it is a floor. A row stays off every such
list when it remains below the floor even with all that changes in its favour:

- Where no category holds more than its share of the standing list, the best of each category are
  on any list before the rest, and the standing rows alone make ``top`` such places, none below
  the floor.
- Where one does, the list was filled up: every row within its category's share stands on it, so
  that the row has its category's share before it, and with all standing rows ``top`` in all.

Only what is left is then put in order, once for each answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite, isnan
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.ask import Ask
from matching.index.candidates import Int32s
from matching.index.choose import Picked, by_category, picked_places, share_of, whole_of
from matching.index.plan import Plan, plan_of
from matching.index.rows import Floats
from matching.index.scan import Scanned
from matching.index.search import Brief, Heard, Hits, in_brief
from matching.index.segment import Segment

#: Stands for the rounding of sums and scores, as in the loops (kernel.c).
_MARGIN = 1e-6


@dataclass(frozen=True, slots=True)
class Standing:
    """A question as it was answered: the preferences that were heard, and the best ``top``."""

    ask: Ask
    heard: Heard
    top: int
    hits: Hits

    def steady(self, ask: Ask, heard: Heard) -> Heard:
        """The preferences that give every row the same for a changed question."""
        own = {criterion.key: weight for criterion, weight in self.heard}
        return tuple(
            [
                (criterion, weight)
                for criterion, weight in heard
                if own.get(criterion.key) == weight
                and (read := criterion.all_read()) is not None
                and ask.read(read) == self.ask.read(read)
            ]
        )

    def floor(self, steady: Heard) -> float:
        """What each row of the list has for sure by some preferences; none if it isn't full."""
        if len(self.hits.hits) < self.top:
            return -inf
        return min(
            [
                sum([w * _known(hit.parts[c.key], c.neutral) for c, w in steady])
                for hit in self.hits.hits
            ]
        )


def _known(value: float, neutral: float) -> float:
    return neutral if isnan(value) else value


@dataclass(frozen=True, slots=True)
class Contenders:
    """Rows of one segment that may be listed, and what each preference that stays gives them."""

    segment: Segment
    rows: Int32s
    far: Floats
    points: dict[str, Floats]


def contenders(
    found: Scanned, segment: Segment, standing: Standing, steady: Heard, whole: float
) -> Contenders:
    """Of rows that pass, those that may be listed while some preferences stay as they are.

    ``whole``: the weights of all that are heard now.
    """
    plan = plan_of(segment, standing.ask)
    floor = standing.floor(steady)
    floor -= _MARGIN * (1.0 + abs(floor)) if isfinite(floor) else 0.0
    rows, far = found.rows, found.far
    most = np.full(len(rows), whole)
    for criterion, weight in steady:
        # 評価は1を超えないので、重みがそのまま足せる限りになる。
        most += _points(plan, criterion, weight, rows, far) - weight
        kept = np.flatnonzero(most >= floor)
        if len(kept) < len(rows):
            rows, far, most = rows[kept], far[kept], most[kept]
    return Contenders(
        segment, rows, far, {c.key: _points(plan, c, w, rows, far) for c, w in steady}
    )


def _points(plan: Plan, criterion: Any, weight: float, rows: Int32s, far: Floats) -> Floats:
    codes, points = plan.points(criterion, weight, rows, far)
    return points if codes is None else points[codes[rows]]


def brief_among(
    among: Sequence[Contenders], ask: Ask, heard: Heard, top: int
) -> list[Brief]:
    """:func:`matching.index.search.brief`, from what may be listed."""
    weights: npt.NDArray[np.float64] = np.array([weight for _, weight in heard])
    whole = whole_of(heard)
    lists = []
    for each in among:
        plan = plan_of(each.segment, ask)
        parts = tuple(
            [
                (None, each.points[c.key])
                if c.key in each.points
                else plan.points(c, weight, each.rows, each.far)
                for c, weight in heard
            ]
        )
        places, total = picked_places(
            each.segment,
            each.rows,
            parts,
            weights,
            whole,
            by_category(each.segment, share_of(top)),
            top,
        )
        lists.append(Picked(each.segment, each.rows[places], each.far[places], total))
    return in_brief(lists, ask, heard, top)
