"""How far each kind of resource (category and named needs) answers a need."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.errors import NotFoundError
from graph.vocabulary.protocol import Vocabulary
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


def fits_of(segment: Segment, need: str, vocabulary: Vocabulary) -> npt.NDArray[np.float32]:
    """Fit of every kind of the segment, kept for the next person with this need."""
    table = segment.fits.get(need)
    if table is None:
        answering = vocabulary.answering(need)
        kinds: list[Any] = segment.labels["kind"].values
        table = np.array(
            [_fit(kind, need, answering, vocabulary) for kind in kinds], dtype=np.float32
        )
        segment.fits[need] = table
    return table


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
