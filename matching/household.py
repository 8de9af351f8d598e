"""The household's merged order: by marginal worth, so that ten salons don't crowd out the food.

Greedy choice of the place that adds most (Nemhauser, Wolsey and Fisher 1978): each further place
for a need already served, or of a category already shown, is worth less. Emergencies come first.
"""

import heapq
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from matching.outcome import answers
from matching.result import MemberResult, Outcome, Ranked, Suggestion

#: What the second, third … place for one need, or of one category, is still worth.
NEED_DECAY = 0.72
CATEGORY_DECAY = 0.6
#: What a place adds by answering further needs of the house as well.
ALSO_WORTH = 0.25


Ask = tuple[str, str]
Offer = tuple[float, str, Ask]


@dataclass(slots=True)
class _Place:
    """A resource with every (member, need) of the house it was suggested for."""

    suggestion: Suggestion
    worth: dict[Ask, float] = field(default_factory=dict)
    urgent: set[Ask] = field(default_factory=set)


def merge(members: Sequence[MemberResult], top: int) -> tuple[Ranked, ...]:
    """Merge all suggestions, each resource once, best first, at most ``top``.

    Urgent needs take the first places, one answering place each before any second one.
    """
    places = _places(members)
    house = _House()
    open_urgent = {ask for place in places.values() for ask in place.urgent}
    ranked: list[Ranked] = []
    while open_urgent and len(ranked) < top:
        pressing = {k: p for k, p in places.items() if p.urgent & open_urgent}
        _, key, ask = min(house.offer(k, p, p.urgent & open_urgent) for k, p in pressing.items())
        ranked.append(house.take(places.pop(key), ask))
        open_urgent -= {ask}
    ranked.extend(_calm(house, places, top - len(ranked)))
    return tuple(ranked)


def _calm(house: "_House", places: dict[str, _Place], room: int) -> Iterator[Ranked]:
    """Lazy greedy (Minoux 1978): a place's worth only falls, so a stale bound is checked on top."""
    heap = [house.offer(key, place, set(place.worth)) for key, place in places.items()]
    heapq.heapify(heap)
    while heap and room > 0:
        stale, key, _ = heap[0]
        fresh = house.offer(key, places[key], set(places[key].worth))
        if fresh[0] > stale:
            heapq.heapreplace(heap, fresh)
            continue
        heapq.heappop(heap)
        yield house.take(places[key], fresh[2])
        room -= 1


class _House:
    """What has been chosen so far, and what one more place would add."""

    def __init__(self) -> None:
        self._served: Counter[Ask] = Counter()
        self._shown: Counter[str] = Counter()

    def offer(self, key: str, place: "_Place", among: AbstractSet[Ask]) -> Offer:
        """The negated worth of a place now, its key, and the need among ``among`` it adds most for."""
        asks = {ask: worth * NEED_DECAY ** self._served[ask] for ask, worth in place.worth.items()}
        ask = max(among, key=lambda a: (asks[a], a))
        others = sum(value for other, value in sorted(asks.items()) if other != ask)
        category = place.suggestion.category or key
        total = (asks[ask] + ALSO_WORTH * others) * CATEGORY_DECAY ** self._shown[category]
        return (-total, key, ask)

    def take(self, place: "_Place", ask: Ask) -> Ranked:
        """Choose a place; what it serves is worth less from now on."""
        self._served.update(place.worth.keys())
        self._shown[place.suggestion.category or place.suggestion.resource_id] += 1
        return _ranked(place, ask)


def _places(members: Sequence[MemberResult]) -> dict[str, _Place]:
    places: dict[str, _Place] = {}
    for member in members:
        for need in member.needs:
            if need.outcome is Outcome.NOT_NOW:
                continue  # 段階の前に場をすすめない
            for suggestion in need.suggestions:
                place = places.setdefault(suggestion.resource_id, _Place(suggestion))
                ask = (member.id, need.need)
                place.worth[ask] = suggestion.score
                if need.urgent and answers(suggestion):
                    place.urgent.add(ask)
                if suggestion.score > place.suggestion.score:
                    place.suggestion = suggestion
    return places


def _ranked(place: _Place, ask: Ask) -> Ranked:
    suggestion = place.suggestion
    return Ranked(
        resource_id=suggestion.resource_id,
        name=suggestion.name,
        category=suggestion.category,
        score=place.worth[ask],
        member=ask[0],
        need=ask[1],
        also=tuple(f"{m}:{n}" for m, n in sorted(place.worth) if (m, n) != ask),
        urgent=ask in place.urgent,
    )
