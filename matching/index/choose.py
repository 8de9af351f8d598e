"""Which rows make the list: the best, ties by id, no category taking it all while others answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.criterion import Criterion
from matching.index import kernel
from matching.index.candidates import Int32s
from matching.index.kernel_numpy import Lookup
from matching.index.plan import Plan
from matching.index.rows import Floats
from matching.index.segment import Segment

#: Of one list at most this share goes to one category while others answer too.
SHARE_OF_CATEGORY = 0.25
LEAST_OF_CATEGORY = 3
#: Scores are compared, and given out, to this many decimals: the same on every machine.
DECIMALS = 9
SCALE = float(10**DECIMALS)
#: Up to so many rows it does not pay to find out first which may make the list.
FEW = 200

Heard = Sequence[tuple[Criterion, float]]


@dataclass(frozen=True, slots=True)
class Picked:
    """Rows of one segment that were chosen, with the squared chords to them and their scores."""

    segment: Segment
    rows: Int32s
    far: Floats
    total: Floats


@dataclass(frozen=True, slots=True)
class Grouping:
    """A group for each row of a segment (or for each place), of which none takes it all.

    ``filled``: when every group has had its share, the best of the rest follow.
    """

    codes: npt.NDArray[Any]
    number: int
    share: int
    by_place: bool = False
    filled: bool = False

    def among(self, places: npt.NDArray[np.int64]) -> "Grouping":
        """The same for some of the places."""
        if not self.by_place:
            return self
        return Grouping(
            self.codes[places], self.number, self.share, by_place=True, filled=self.filled
        )


#: List and place in it.
Chosen = tuple[int, int]
_Offer = tuple[float, str, str | None, Chosen]


def share_of(top: int) -> int:
    """How many of a list of ``top`` may be of one category."""
    return max(LEAST_OF_CATEGORY, int(top * SHARE_OF_CATEGORY))


def by_category(segment: Segment, share: int, *, filled: bool = True) -> Grouping:
    """The categories of a segment as groups."""
    facet, label = segment.facet(("category",)), segment.labels["category"]
    codes = label.codes if facet is None else facet.codes
    return Grouping(codes, len(label.values), share, filled=filled)


def pick(
    plan: Plan, rows: Int32s, far: Floats, heard: Heard, grouping: Grouping, top: int
) -> Picked:
    """The best ``top`` of some rows: weighted means of the preferences that are heard."""
    places, total = best_places(plan, rows, far, heard, grouping, top)
    return Picked(plan.segment, rows[places], far[places], total)


def best_places(
    plan: Plan, rows: Int32s, far: Floats, heard: Heard, grouping: Grouping, top: int
) -> tuple[npt.NDArray[np.int64], Floats]:
    """As :func:`pick`: places among the rows, and scores.

    How near a place is takes longest to work out; it is left to those that may make the list.
    """
    late = [c.by_metres is not None for c, _ in heard]
    if not any(late) or len(rows) <= max(FEW, top) or top <= 0:
        return _best(plan, rows, far, heard, grouping, top)
    counted = [
        None if is_late else plan.points(criterion, weight, rows, far)
        for (criterion, weight), is_late in zip(heard, late, strict=True)
    ]
    able = _able_places(plan, rows, heard, counted, grouping, top)
    rows, far = rows[able], far[able]
    parts = tuple(
        [
            plan.points(criterion, weight, rows, far) if part is None else _at(part, able)
            for (criterion, weight), part in zip(heard, counted, strict=True)
        ]
    )
    places, totals = _of_parts(plan, rows, parts, heard, grouping.among(able), top)
    return able[places], totals


def _at(part: Lookup, places: npt.NDArray[np.int64]) -> Lookup:
    codes, values = part
    return part if codes is not None else (None, values[places])


def _able_places(
    plan: Plan,
    rows: Int32s,
    heard: Heard,
    counted: Sequence[Lookup | None],
    grouping: Grouping,
    top: int,
) -> npt.NDArray[np.int64]:
    """Places of what may make the list, however near or far it is."""
    weights = [weight for (_, weight), part in zip(heard, counted, strict=True) if part is not None]
    parts = tuple([part for part in counted if part is not None])
    slack = whole_of(heard) - float(sum(weights))
    places = np.empty(len(rows), dtype=np.int64)
    used = kernel.loops.hopeful(
        rows, parts, slack, plan.segment.size, grouping.codes,
        grouping.by_place, grouping.number, grouping.share, min(top, len(rows)),
        grouping.filled, places,
    )  # fmt: skip
    return places[:used]


def _best(
    plan: Plan, rows: Int32s, far: Floats, heard: Heard, grouping: Grouping, top: int
) -> tuple[npt.NDArray[np.int64], Floats]:
    parts = tuple([plan.points(criterion, weight, rows, far) for criterion, weight in heard])
    return _of_parts(plan, rows, parts, heard, grouping, top)


def _of_parts(
    plan: Plan,
    rows: Int32s,
    parts: tuple[Lookup, ...],
    heard: Heard,
    grouping: Grouping,
    top: int,
) -> tuple[npt.NDArray[np.int64], Floats]:
    # 評価は1を超えないので、重みがそのまま足せる限りになる。
    most = np.array([weight for _, weight in heard])
    return picked_places(plan.segment, rows, parts, most, whole_of(heard), grouping, top)


def whole_of(heard: Heard) -> float:
    """The sum of the weights."""
    return float(sum([weight for _, weight in heard]))


def picked_places(  # noqa: PLR0913, PLR0917 - one list, all it needs
    segment: Segment,
    rows: Int32s,
    parts: tuple[Lookup, ...],
    most: Floats,
    whole: float,
    grouping: Grouping,
    top: int,
) -> tuple[npt.NDArray[np.int64], Floats]:
    """Places and sums of the best ``top`` rows by some parts (see kernel_numpy.pick)."""
    count = min(top, len(rows))
    if count <= 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    places, total = np.empty(count, dtype=np.int64), np.empty(count)
    used = kernel.loops.pick(
        rows, parts, most, whole, SCALE, segment.rank, grouping.codes, grouping.by_place,
        grouping.number, grouping.share, count, grouping.filled, places, total,
    )  # fmt: skip
    return places[:used], total[:used]


def choose(lists: Sequence[Picked], top: int) -> list[Chosen]:
    """The best ``top`` of the lists of all segments, best first; ties by id."""
    every = [
        (number, place) for number, each in enumerate(lists) for place in range(len(each.rows))
    ]
    if sum(1 for each in lists if len(each.rows)) <= 1:
        return every
    # どの区分でも選ばれなかったものは、合わせても選ばれない。
    return _spread(sorted(_offer(lists[at[0]], at) for at in every), share_of(top), top)


def _offer(of: Picked, at: Chosen) -> _Offer:
    row = int(of.rows[at[1]])
    # 分類の無いものと比べても、並びは点とIDで決まる。
    return -float(of.total[at[1]]), of.segment.id_of(row), of.segment.category_of(row), at


def _spread(offers: Sequence[_Offer], share: int, top: int) -> list[Chosen]:
    """The first ``top`` with at most ``share`` a category; filled up when there are no more."""
    taken: dict[object, int] = {}
    picked: list[int] = []
    rest: list[int] = []
    for number, (_, _, category, _) in enumerate(offers):
        taken[category] = taken.get(category, 0) + 1
        (picked if taken[category] <= share else rest).append(number)
        if len(picked) == top:
            break
    return [offers[number][3] for number in sorted(picked + rest[: top - len(picked)])]
