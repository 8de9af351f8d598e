"""Which rows make the list: the best, ties by id, no category taking it all while others answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.index.rows import Floats, Ints
from matching.index.segment import Segment

#: Of one list at most this share goes to one category while others answer too.
SHARE_OF_CATEGORY = 0.25
LEAST_OF_CATEGORY = 3
_WINDOW = 4


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows of one segment that may be listed, with their scores."""

    segment: Segment
    rows: Ints
    total: Floats


#: Listing and place in it.
Chosen = tuple[int, int]
_Offer = tuple[float, Any, object, Chosen]


def choose(listings: Sequence[Listing], top: int) -> list[Chosen]:
    """The best ``top`` of all, best first; ties by id."""
    if top <= 0:
        return []
    share = max(LEAST_OF_CATEGORY, int(top * SHARE_OF_CATEGORY))
    several = len(listings) > 1
    offers: list[_Offer] = []
    for number, listing in enumerate(listings):
        short = _shortlist(listing, share, top)
        rows = listing.rows[short]
        label = listing.segment.labels["category"]
        # 一つの区分のなかでは、番号（ID順の位置）がそのまま順になる。
        ids = map(listing.segment.id_of, rows.tolist()) if several else ()
        ranks: Iterable[str | int] = ids if several else listing.segment.rank[rows].tolist()
        offers.extend(
            zip(
                (-listing.total[short]).tolist(),
                ranks,
                map(label.values.__getitem__, label.codes[rows].tolist()),
                ((number, place) for place in short.tolist()),
                strict=True,
            )
        )
    offers.sort(key=lambda offer: offer[:2])
    return _spread(offers, share, top)


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


def _shortlist(listing: Listing, share: int, top: int) -> Ints:
    """All places that can make the list: the best, and of each category the best ``share``.

    Round by round the best of the categories that have not had their share yet.
    """
    total, window = listing.total, top * _WINDOW
    left = np.arange(len(total))
    chosen = left[:0]
    label = listing.segment.labels["category"]
    had = np.zeros(len(label.values), dtype=np.int64)
    codes: Ints | None = None
    while len(left):
        best = left[best_of(listing, left, window)]
        chosen = np.concatenate((chosen, best))
        had += np.bincount(label.codes[listing.rows[best]], minlength=len(had))
        if len(left) <= window or int(np.minimum(had, share).sum()) >= top:
            break
        if codes is None:
            codes = label.codes[listing.rows].astype(np.intp)
        listed = np.zeros(len(total), dtype=bool)
        listed[chosen] = True
        left = left[(had < share)[codes[left]] & ~listed[left]]
    return chosen


def best_of(listing: Listing, among: Ints, count: int) -> Ints:
    """The best ``count`` of some places, best first, ties by id; as positions in ``among``."""
    total = listing.total[among]
    places = np.arange(len(among))
    if len(total) > count:
        edge = np.partition(total, len(total) - count)[len(total) - count]
        places = np.flatnonzero(total >= edge)
    ranks = listing.segment.rank[listing.rows[among[places]]]
    return places[np.lexsort((ranks, -total[places]))[:count]]
