"""The household's merged order: by marginal worth, so that ten salons don't crowd out the food.

Greedy choice of the place that adds most (Nemhauser, Wolsey and Fisher 1978): each further place
for a need already served, or of a category already shown, is worth less. Emergencies come first.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

#: What the second, third … place for one need, or of one category, is still worth.
NEED_DECAY = 0.72
CATEGORY_DECAY = 0.6
#: What a place for a need is worth that nobody has said (it only sounds like it).
POSSIBLE_SHARE = 0.7
#: What a place adds by answering further needs of the house as well.
ALSO_WORTH = 0.25
#: How far a place serves a need it was not chosen for: a desk for everything leaves room for the
#: one that is there for just this.
SERVED_BESIDE = 0.4

Ask = tuple[str, str]
_Bid = tuple[float, str, Ask]


@dataclass(slots=True)
class Offer:
    """A resource suggested for a need of a member, and whether it answers an emergency.

    ``share``: what its score counts here; a need that nobody has said counts less.
    """

    resource_id: str
    category: str | None
    ask: Ask
    score: float
    urgent: bool
    share: float = 1.0


@dataclass(slots=True)
class Place:
    """A resource with every (member, need) of the house it was offered for.

    ``bid``: the negated worth of it while nothing is chosen.
    """

    category: str
    best: float
    worth: dict[Ask, float]
    urgent: frozenset[Ask] = frozenset()
    bid: float = 0.0


Places = Mapping[str, Place]
_NOWHERE: Places = MappingProxyType({})


class Merged(NamedTuple):
    """A place of the merged order, the need it stands there for, and the others it was offered for."""

    resource_id: str
    ask: Ask
    also: tuple[Ask, ...]
    urgent: bool


def merge(offers: Iterable[Offer], top: int) -> tuple[Merged, ...]:
    """Merge the lists of a house, each resource once, best first, at most ``top``.

    Urgent needs take the first places, one answering place each before any second one.
    """
    return tuple(
        Merged(
            key,
            ask,
            tuple(other for other in sorted(place.worth) if other != ask),
            ask in place.urgent,
        )
        for key, place, ask in _ordered(offered(offers), top)
    )


def first_places(places: Places, top: int) -> list[str]:
    """As :func:`merge`, only the ids: for trying out many answers."""
    return [key for key, _, _ in _ordered(places, top)]


def offered(offers: Iterable[Offer], beside: Places = _NOWHERE) -> Places:
    """The places of some offers, with those ``beside`` (which stay as they are)."""
    anew: dict[str, Place] = {}
    for offer in offers:
        key = offer.resource_id
        place = anew.get(key)
        if place is None:
            known = beside.get(key)
            place = anew[key] = (
                Place(offer.category or key, offer.score, {})
                if known is None
                else Place(known.category, known.best, dict(known.worth), known.urgent)
            )
        if offer.score > place.best:
            place.category, place.best = offer.category or key, offer.score
        place.worth[offer.ask] = offer.score * offer.share
        if offer.urgent:
            place.urgent |= {offer.ask}
    house = _House()
    for place in anew.values():
        if len(place.worth) == 1:
            # ほとんどの場所は一つの困りごとにだけ挙がり、まだ何も選ばれていなければ点がそのまま値打ちになる。
            (own,) = place.worth.values()
            place.bid = -own
        else:
            place.bid = house.bid("", place, place.worth.keys())[0]
    return {**beside, **anew}


def _ordered(offers: Places, top: int) -> Iterator[tuple[str, Place, Ask]]:
    places = dict(offers)
    house = _House()
    room = top
    open_urgent = {ask for place in places.values() for ask in place.urgent}
    while open_urgent and room > 0:
        pressing = {k: p for k, p in places.items() if p.urgent & open_urgent}
        if not pressing:
            # 二つの緊急に一つの場所だけが応えるとき、その場所はもう先に出ている。
            break
        _, key, ask = min(
            house.bid(k, p, p.urgent & open_urgent, beside=p.urgent & open_urgent)
            for k, p in pressing.items()
        )
        yield key, house.take(places.pop(key), ask), ask
        open_urgent -= {ask}
        room -= 1
    yield from _calm(house, places, room)


def _calm(house: "_House", places: dict[str, Place], room: int) -> Iterator[tuple[str, Place, Ask]]:
    """Lazy greedy (Minoux 1978): a place's worth only falls, so a stale bound is checked on top.

    The first bounds are what each is worth while nothing is chosen; most are never checked.
    """
    heap = [(place.bid, key) for key, place in places.items()]
    heapq.heapify(heap)
    while heap and room > 0:
        stale, key = heap[0]
        fresh, _, ask = house.bid(key, places[key], places[key].worth.keys())
        if fresh > stale:
            heapq.heapreplace(heap, (fresh, key))
            continue
        heapq.heappop(heap)
        yield key, house.take(places[key], ask), ask
        room -= 1


class _House:
    """What has been chosen so far, and what one more place would add."""

    def __init__(self) -> None:
        self._served: dict[Ask, float] = {}
        self._shown: dict[str, int] = {}

    def bid(
        self,
        key: str,
        place: Place,
        among: AbstractSet[Ask],
        *,
        beside: AbstractSet[Ask] | None = None,
    ) -> _Bid:
        """The negated worth of a place now, its key, and the need among ``among`` it adds most for.

        ``beside``: the only further needs that count (in an emergency, only other emergencies).
        """
        served, worn = self._served, CATEGORY_DECAY ** self._shown.get(place.category, 0)
        if len(place.worth) == 1:
            ((ask, own),) = place.worth.items()
            return (-(own * NEED_DECAY ** served.get(ask, 0.0) * worn), key, ask)
        asks = {a: own * NEED_DECAY ** served.get(a, 0.0) for a, own in place.worth.items()}
        ask = max(among, key=lambda a: (asks[a], a))
        others = sum(
            value
            for other, value in sorted(asks.items())
            if other != ask and (beside is None or other in beside)
        )
        return (-((asks[ask] + ALSO_WORTH * others) * worn), key, ask)

    def take(self, place: Place, ask: Ask) -> Place:
        """Choose a place for a need; what it serves is worth less from now on."""
        for served in place.worth:
            more = 1.0 if served == ask else SERVED_BESIDE
            self._served[served] = self._served.get(served, 0.0) + more
        self._shown[place.category] = self._shown.get(place.category, 0) + 1
        return place
