"""Whom a resource is for: its own record first, else what holds for its category."""

from collections.abc import Collection
from functools import lru_cache

from graph.errors import NotFoundError
from graph.vocabulary.concept import Concept, Family
from graph.vocabulary.protocol import Vocabulary
from matching.card import ResourceCard


def eligible_of(card: ResourceCard) -> frozenset[str] | None:
    """Situations it is meant for; ``None`` = not known."""
    if card.resource.eligible is not None:
        return _set_of(card.resource.eligible)
    usual = card.fact("eligible")
    return _listed(usual) if usual else None


# 同じ対象の組は、たくさんの資源に出てくる。
@lru_cache(maxsize=65536)
def _set_of(keys: tuple[str, ...]) -> frozenset[str]:
    return frozenset(keys)


@lru_cache(maxsize=1024)
def _listed(text: str) -> frozenset[str]:
    return frozenset(key.strip() for key in text.split(";") if key.strip())


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


_KEPT_BY = (tuple, frozenset)


def labels_of(
    keys: Collection[str], vocabulary: Vocabulary, family: Family = Family.SITUATION
) -> str | None:
    """The labels of concepts in the order of their keys, 「・」 between; ``None`` for none."""
    if not keys:
        return None
    found = keys if isinstance(keys, _KEPT_BY) else frozenset(keys)
    # 語彙は変わらない一つの物なので、その物ごとに覚えてよい。
    return _labels(found, vocabulary, family)  # type: ignore[arg-type]


# 同じ見出しの組は、たくさんの資源と問いに出てくる。
@lru_cache(maxsize=65536)
def _labels(
    keys: tuple[str, ...] | frozenset[str], vocabulary: Vocabulary, family: Family
) -> str | None:
    labels: list[str] = []
    for key in sorted(keys):
        try:
            labels.append(vocabulary.get(family, key).label)
        except NotFoundError:
            labels.append(key)
    return "・".join(labels) or None
