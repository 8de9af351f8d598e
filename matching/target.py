"""Whom a resource is for: its own record first, else what holds for its category."""

from collections.abc import Collection

from graph.errors import NotFoundError
from graph.vocabulary.concept import Concept, Family
from graph.vocabulary.protocol import Vocabulary
from matching.card import ResourceCard


def eligible_of(card: ResourceCard) -> frozenset[str] | None:
    """Situations it is meant for; ``None`` = not known."""
    if card.resource.eligible is not None:
        return frozenset(card.resource.eligible)
    usual = card.fact("eligible")
    return frozenset(key.strip() for key in usual.split(";") if key.strip()) if usual else None


def is_only(card: ResourceCard) -> bool:
    """Whether it is known to be limited to them."""
    if card.resource.eligible_only is not None:
        return card.resource.eligible_only
    return card.resource.eligible is None and card.fact("eligible_only") == "true"


def situation(key: str, vocabulary: Vocabulary) -> Concept | None:
    """The situation of a key, or ``None`` when the vocabulary has none."""
    try:
        return vocabulary.get(Family.SITUATION, key)
    except NotFoundError:
        return None


def labels_of(
    keys: Collection[str], vocabulary: Vocabulary, family: Family = Family.SITUATION
) -> str | None:
    """The labels of concepts in the order of their keys, 「・」 between; ``None`` for none."""
    labels: list[str] = []
    for key in sorted(keys):
        try:
            labels.append(vocabulary.get(family, key).label)
        except NotFoundError:
            labels.append(key)
    return "・".join(labels) or None
