"""How far each kind of resource (category and named needs) answers a need."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.errors import NotFoundError
from graph.vocabulary.protocol import Vocabulary
from matching.index.rows import Bools, Floats, Ints, LabelData
from matching.index.segment import Segment

#: Below this a kind does not answer a need and is not looked at.
SUGGEST_FROM = 0.25
#: A need the office named for the place itself counts almost like the best kind for it.
NAMED_WORTH = 0.95
#: … and for the needs near it this share: 「学びたい」 says little about a nursery place.
NEAR_WORTH = 0.6


def kind_fit(kind: tuple[Any, ...], need: str, vocabulary: Vocabulary) -> float:
    """Fit of one kind: the better of what its category answers and what it names itself."""
    category, named = kind
    best = vocabulary.answering(need).get(category, 0.0) if category else 0.0
    best = max([best, *(_named_fit(other, need, vocabulary) for other in named)])
    return best if best >= SUGGEST_FROM else 0.0


@dataclass(frozen=True, slots=True)
class Answering:
    """What answers one need in one segment: worked out once, whoever asks.

    ``fits`` of each kind, NaN for the kind of which nothing is known.
    """

    fits: Floats
    kinds: Bools
    groups: npt.NDArray[np.int64]
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
    fits = known_fits(segment.labels["kind"], need, vocabulary)
    answering = fits > 0
    everywhere, free = segment.kind_counts
    loose = int(free[answering].sum())
    return Answering(
        fits=fits,
        kinds=answering,
        groups=np.flatnonzero(np.bincount(segment.kind_group[answering])),
        free=loose,
        listed=int(everywhere[answering].sum()) - loose,
    )


@dataclass(frozen=True, slots=True)
class _Kinds:
    """Kinds as numbers: category of each, and which set of needs each names (0 = none)."""

    categories: list[str | None]
    category: Ints
    needs: list[str]
    naming: Ints
    #: the sets of needs but for the empty one: where each begins, one behind the other
    starts: Ints
    lists: Ints
    #: the kind of which neither category nor need is known, where there is one
    unknown: int | None


def kind_fits(kinds: LabelData, need: str, vocabulary: Vocabulary) -> Floats:
    """:func:`kind_fit` of every kind of a column at once: there are tens of thousands."""
    table = _table(kinds)
    by_category = vocabulary.answering(need)
    fits = np.array([by_category.get(key or "", 0.0) for key in table.categories])[table.category]
    if len(table.starts):
        worth = np.array([_named_fit(other, need, vocabulary) for other in table.needs])
        best = np.maximum.reduceat(worth[table.lists], table.starts)
        fits = np.maximum(fits, np.concatenate(((0.0,), best))[table.naming])
    return np.where(fits >= SUGGEST_FROM, fits, 0.0)


def known_fits(kinds: LabelData, need: str, vocabulary: Vocabulary) -> Floats:
    """As :func:`kind_fits`, NaN for the kind of which nothing is known; kept for who asks next."""
    key = ("need_fit", need, vocabulary.version)
    fits: Floats | None = kinds.kept.get(key)
    if fits is None:
        fits = kinds.kept[key] = kind_fits(kinds, need, vocabulary)
        unknown = _table(kinds).unknown
        if unknown is not None:
            fits[unknown] = np.nan
    return fits


def _table(kinds: LabelData) -> _Kinds:
    known: _Kinds | None = kinds.kept.get(_TABLE)
    if known is None:
        known = kinds.kept[_TABLE] = _kinds(kinds.values)
    return known


_TABLE = "kinds"


def _kinds(values: Sequence[Any]) -> _Kinds:
    categories: dict[str | None, int] = {}
    sets: dict[tuple[str, ...], int] = {(): 0}
    category = [categories.setdefault(key, len(categories)) for key, _ in values]
    naming = [sets.setdefault(tuple(needs), len(sets)) for _, needs in values]
    needs: dict[str, int] = {}
    lists = [[needs.setdefault(need, len(needs)) for need in own] for own in sets if own]
    starts = np.cumsum([0, *(len(own) for own in lists)])[:-1]
    return _Kinds(
        categories=list(categories),
        category=np.array(category, dtype=np.int64),
        needs=list(needs),
        naming=np.array(naming, dtype=np.int64),
        starts=starts.astype(np.int64),
        lists=np.array([number for own in lists for number in own], dtype=np.int64),
        unknown=next((number for number, kind in enumerate(values) if kind == (None, ())), None),
    )


def _named_fit(other: str, need: str, vocabulary: Vocabulary) -> float:
    """What naming one need is worth for another; 0 for a key the vocabulary does not have."""
    try:
        near = 1.0 if other == need else NEAR_WORTH
        return NAMED_WORTH * near * vocabulary.need_similarity(other, need)
    except NotFoundError:
        return 0.0
