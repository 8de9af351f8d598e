"""あと一歩: resources that miss exactly one thing, with the change that would open them."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from matching.ask import Ask
from matching.card import ResourceCard
from matching.criterion import all_criteria
from matching.explain import missing
from matching.index.live import Part
from matching.index.nearmiss import NearMiss, near_misses
from matching.index.search import Weights
from matching.result import Almost

Reader = Callable[[Iterable[str]], Mapping[str, ResourceCard]]
#: How many more are looked at than shown, so that the nearest change is among them.
_LOOK_AT = 2


def almost_of(
    parts: Sequence[Part], ask: Ask, weights: Weights, limit: int, reader: Reader
) -> tuple[Almost, ...]:
    """At most ``limit``, nearest change first, then the better fit, then by id."""
    misses = near_misses(parts, ask, weights.heard(ask), look_at(limit)) if limit > 0 else ()
    return almost_among(misses, ask, limit, reader)


def look_at(limit: int) -> int:
    """How many near misses to weigh, so that the nearest changes are among them."""
    return max(0, limit * _LOOK_AT)


def almost_among(
    misses: Sequence[NearMiss], ask: Ask, limit: int, reader: Reader
) -> tuple[Almost, ...]:
    """At most ``limit`` of some near misses, nearest change first, then the better fit, then by id."""
    cards = reader(miss.resource_id for miss in misses)
    criteria = {criterion.key: criterion for criterion in all_criteria()}
    found: list[tuple[float, float, str, Almost]] = []
    for miss in misses:
        card = cards.get(miss.resource_id)
        gap = missing(criteria[miss.criterion], card, ask) if card else None
        if card is None or gap is None:
            continue
        found.append(
            (
                gap.amount or 0.0,
                -miss.score,
                card.id,
                Almost(
                    resource_id=card.id,
                    name=card.resource.name,
                    category=card.resource.category,
                    category_label=card.category.label if card.category else None,
                    missing=(gap,),
                ),
            )
        )
    return tuple(almost for *_, almost in sorted(found, key=lambda item: item[:3])[:limit])
