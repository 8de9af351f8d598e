"""Which rows make the list: the best, ties by id, no category taking it all while others answer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.index import kernel
from matching.index.candidates import Int32s
from matching.index.rows import Floats
from matching.index.segment import Segment

#: Of one list at most this share goes to one category while others answer too.
SHARE_OF_CATEGORY = 0.25
LEAST_OF_CATEGORY = 3


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows of one segment that may be listed, with their scores."""

    segment: Segment
    rows: Int32s
    total: Floats


#: Listing and place in it.
Chosen = tuple[int, int]
_Offer = tuple[float, str, str | None, Chosen]


def choose(listings: Sequence[Listing], top: int) -> list[Chosen]:
    """The best ``top`` of all, best first; ties by id."""
    if top <= 0:
        return []
    share = max(LEAST_OF_CATEGORY, int(top * SHARE_OF_CATEGORY))
    chosen = [
        (number, place)
        for number, listing in enumerate(listings)
        for place in best_of(listing, share, top)
    ]
    if sum(1 for listing in listings if len(listing.rows)) <= 1:
        return chosen
    # どの区分でも選ばれなかったものは、合わせても選ばれない。
    return _spread(sorted(_offer(listings[at[0]], at) for at in chosen), share, top)


def best_of(listing: Listing, share: int, top: int, *, filled: bool = True) -> list[int]:
    """Places of the best of one segment, best first.

    ``filled``: when every category has had its share, the best of the rest follow.
    """
    segment, count = listing.segment, min(top, len(listing.rows))
    if not count:
        return []
    facet, label = segment.facet(("category",)), segment.labels["category"]
    places = np.empty(count, dtype=np.int64)
    used = kernel.loops.best(
        listing.rows,
        listing.total,
        segment.rank,
        label.codes if facet is None else facet.codes,
        len(label.values),
        share,
        count,
        filled,
        places,
    )
    found: list[int] = places[:used].tolist()
    return found


def _offer(listing: Listing, at: Chosen) -> _Offer:
    row = int(listing.rows[at[1]])
    segment = listing.segment
    # 分類の無いものと比べても、並びは点とIDで決まる。
    return -float(listing.total[at[1]]), segment.id_of(row), segment.category_of(row), at


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
