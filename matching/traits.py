"""Whether any of some concepts carries a trait."""

from collections.abc import Collection

from graph.errors import NotFoundError
from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary


def with_trait(
    keys: Collection[str], family: Family, trait: str, vocabulary: Vocabulary
) -> tuple[str, ...]:
    """Those of ``keys`` that carry the trait, in their order."""
    found: list[str] = []
    for key in sorted(keys):
        try:
            if trait in vocabulary.get(family, key).traits:
                found.append(key)
        except NotFoundError:
            continue
    return tuple(found)


def has_trait(keys: Collection[str], family: Family, trait: str, vocabulary: Vocabulary) -> bool:
    """Whether one of ``keys`` carries the trait."""
    return bool(with_trait(keys, family, trait, vocabulary))
