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

    ``groups``: the groups of rows (matching.index.segment) that may hold some of it.
    """

    fit: "Fit"
    kinds: Bools
    groups: npt.NDArray[np.int64]
    #: rows that answer: in zone 0, and in all other zones
    free: int
    listed: int


def answering_of(segment: Segment, need: str, vocabulary: Vocabulary) -> Answering:
    """Which kinds of the segment answer, and what follows from it, kept for the next person."""
    known = segment.answering.get(need)
    if known is None:
        known = segment.answering[need] = _answering(segment, need, vocabulary)
    return known


def _answering(segment: Segment, need: str, vocabulary: Vocabulary) -> Answering:
    fit = fit_of(segment.labels["kind"], need, vocabulary)
    kinds = fit.from_(SUGGEST_FROM)
    everywhere, free = segment.kind_counts
    loose = int(free @ kinds)
    return Answering(
        fit=fit,
        kinds=kinds,
        groups=groups_of(segment, fit, SUGGEST_FROM),
        free=loose,
        listed=int(everywhere @ kinds) - loose,
    )


def groups_of(segment: Segment, fit: "Fit", least: float) -> npt.NDArray[np.int64]:
    """Groups of rows that may answer so well: those of the categories, and of what names needs."""
    codes = {key: code for code, key in enumerate(segment.labels["category"].values)}
    good = [key for key, worth in zip(fit.categories, fit.category, strict=True) if worth >= least]
    found = sorted(codes[key] for key in good)
    # 名指しの組は、名指すものが応えるか、応える種類のものが名指しているかで見る。
    return np.array([*found, segment.groups - 1], dtype=np.int64)


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


@dataclass(frozen=True, slots=True)
class Fit:
    """How far categories, and sets of named needs, answer one need.

    There are tens of thousands of kinds, and few of either; a kind is worth the better of its two.
    """

    kinds: _Kinds
    category: Floats
    naming: Floats

    @property
    def categories(self) -> list[str | None]:
        """The categories, in the order of their fits."""
        return self.kinds.categories

    def at(self, codes: npt.NDArray[Any]) -> Floats:
        """Fit of some kinds; NaN for the kind of which nothing is known."""
        of_category = self.category.take(self.kinds.category.take(codes))
        best: Floats = np.maximum(of_category, self.naming.take(self.kinds.naming.take(codes)))
        if self.kinds.unknown is not None:
            best = np.where(codes == self.kinds.unknown, np.nan, best)
        return best

    def from_(self, least: float) -> Bools:
        """Which of all kinds answer at least so well."""
        good: Bools = (self.category >= least).take(self.kinds.category)
        good |= (self.naming >= least).take(self.kinds.naming)
        return good


def fit_of(kinds: LabelData, need: str, vocabulary: Vocabulary) -> Fit:
    """:func:`kind_fit` of a column of kinds, in parts; kept for who asks next."""
    key = ("need_fit", need, vocabulary.version)
    known: Fit | None = kinds.kept.get(key)
    if known is None:
        known = kinds.kept[key] = _fit(_table(kinds), need, vocabulary)
    return known


def _fit(table: _Kinds, need: str, vocabulary: Vocabulary) -> Fit:
    by_category = vocabulary.answering(need)
    category = np.array([by_category.get(key or "", 0.0) for key in table.categories])
    naming = np.zeros(1)
    if len(table.starts):
        worth = np.array([_named_fit(other, need, vocabulary) for other in table.needs])
        best = np.maximum.reduceat(worth[table.lists], table.starts)
        naming = np.concatenate((naming, best))
    return Fit(table, _worth(category), _worth(naming))


def _worth(fits: Floats) -> Floats:
    return np.where(fits >= SUGGEST_FROM, fits, 0.0)


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
