"""あと一歩: resources that miss exactly one thing, with the change that would open them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from matching.ask import Ask
from matching.card import ResourceCard
from matching.criterion import Criterion, all_criteria
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
    return nearest(
        misses, (almost_by(miss, cards.get(miss.resource_id), ask) for miss in misses), limit
    )


def nearest(
    misses: Iterable[NearMiss], found: Iterable[Almost | None], limit: int
) -> tuple[Almost, ...]:
    """The order of あと一歩: ``found`` is what each miss comes to, ``None`` = no change opens it."""
    known = [
        (almost.missing[0].amount or 0.0, -miss.score, almost.resource_id, almost)
        for miss, almost in zip(misses, found, strict=True)
        if almost is not None
    ]
    return tuple(almost for *_, almost in sorted(known, key=lambda item: item[:3])[:limit])


def almost_by(miss: NearMiss, card: ResourceCard | None, ask: Ask) -> Almost | None:
    """What a near miss comes to; ``None`` where its card is gone or no change is known."""
    gap = missing(_criterion(miss.criterion), card, ask) if card else None
    if card is None or gap is None:
        return None
    return Almost(
        resource_id=card.id,
        name=card.resource.name,
        category=card.resource.category,
        category_label=card.category.label if card.category else None,
        missing=(gap,),
    )


@cache
def _criterion(key: str) -> Criterion:
    return next(criterion for criterion in all_criteria() if criterion.key == key)
