"""How far each kind of resource (category and named needs) answers a need."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.errors import NotFoundError
from graph.vocabulary.protocol import Vocabulary
from matching.index.rows import Floats
from matching.index.segment import Segment

#: Below this a kind does not answer a need and is not looked at.
SUGGEST_FROM = 0.25
#: A need the office named for the place itself counts almost like the best kind for it.
NAMED_WORTH = 0.95
#: … and for the needs near it this share: 「学びたい」 says little about a nursery place.
NEAR_WORTH = 0.6


def kind_fit(kind: tuple[Any, ...], need: str, vocabulary: Vocabulary) -> float:
    """Fit of one kind: the better of what its category answers and what it names itself."""
    return _fit(kind, need, vocabulary.answering(need), vocabulary)


@dataclass(frozen=True, slots=True)
class Answering:
    """What answers one need in one segment: worked out once, whoever asks."""

    fits: Floats
    kinds: npt.NDArray[np.bool_]
    categories: npt.NDArray[np.int64]
    #: rows that answer: in zone 0, and in all other zones
    free: int
    listed: int


def answering_of(segment: Segment, need: str, vocabulary: Vocabulary) -> Answering:
    """Fit of every kind of the segment and what follows from it, kept for the next person."""
    known = segment.answering.get(need)
    if known is None:
        known = segment.answering[need] = _answering(segment, need, vocabulary)
    return known


def _answering(segment: Segment, need: str, vocabulary: Vocabulary) -> Answering:
    by_category = vocabulary.answering(need)
    kinds: list[Any] = segment.labels["kind"].values
    fits = np.array([_fit(kind, need, by_category, vocabulary) for kind in kinds], dtype=float)
    answering = fits > 0
    everywhere, free = segment.kind_counts
    loose = int(free[answering].sum())
    return Answering(
        fits=fits,
        kinds=answering,
        categories=np.unique(segment.kind_category[answering]),
        free=loose,
        listed=int(everywhere[answering].sum()) - loose,
    )


def _fit(
    kind: tuple[Any, ...], need: str, answering: Mapping[str, float], vocabulary: Vocabulary
) -> float:
    category, named = kind
    best = answering.get(category, 0.0) if category else 0.0
    for other in named:
        try:
            near = 1.0 if other == need else NEAR_WORTH
            best = max(best, NAMED_WORTH * near * vocabulary.need_similarity(other, need))
        except NotFoundError:
            continue
    return best if best >= SUGGEST_FROM else 0.0
