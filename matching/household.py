"""The household's merged order: by marginal worth, so that ten salons don't crowd out the food.

Greedy choice of the place that adds most (Nemhauser, Wolsey and Fisher 1978): each further place
for a need already served, or of a category already shown, is worth less. Emergencies come first.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from matching.outcome import answers
from matching.result import MemberResult, Outcome, Ranked, Suggestion

#: What the second, third … place for one need, or of one category, is still worth.
NEED_DECAY = 0.72
CATEGORY_DECAY = 0.6
#: What a place adds by answering further needs of the house as well.
ALSO_WORTH = 0.25


@dataclass(slots=True)
class _Place:
    """A resource with every (member, need) of the house it was suggested for."""

    suggestion: Suggestion
    worth: dict[tuple[str, str], float] = field(default_factory=dict)
    urgent: set[tuple[str, str]] = field(default_factory=set)


def merge(members: Sequence[MemberResult], top: int) -> tuple[Ranked, ...]:
    """Merge all suggestions, each resource once, best first, at most ``top``.

    Urgent needs take the first places, one answering place each before any second one.
    """
    places = _places(members)
    ranked: list[Ranked] = []
    served: Counter[tuple[str, str]] = Counter()
    shown: Counter[str] = Counter()
    open_urgent = {ask for place in places.values() for ask in place.urgent}
    while places and len(ranked) < top:
        pool = {k: p for k, p in places.items() if p.urgent & open_urgent} or places
        key, ask = _best(pool, served, shown, open_urgent)
        place = places.pop(key)
        ranked.append(_ranked(place, ask))
        served.update(place.worth)
        shown[place.suggestion.category or key] += 1
        open_urgent -= {ask}
    return tuple(ranked)


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


def _best(
    places: dict[str, _Place],
    served: Counter[tuple[str, str]],
    shown: Counter[str],
    urgent: set[tuple[str, str]],
) -> tuple[str, tuple[str, str]]:
    """The place that adds most now, and the need it adds it for."""
    options: list[tuple[float, str, tuple[str, str]]] = []
    for key, place in places.items():
        asks = {ask: worth * NEED_DECAY ** served[ask] for ask, worth in place.worth.items()}
        pressing = place.urgent & urgent
        ask = max(pressing or asks, key=lambda a: (asks[a], a))
        others = sum(value for other, value in asks.items() if other != ask)
        category = place.suggestion.category or key
        total = (asks[ask] + ALSO_WORTH * others) * CATEGORY_DECAY ** shown[category]
        options.append((-total, key, ask))
    _, key, ask = min(options)
    return key, ask


def _ranked(place: _Place, ask: tuple[str, str]) -> Ranked:
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
