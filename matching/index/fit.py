"""How far each kind of resource (category and named needs) answers a need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.vocabulary.protocol import Vocabulary
from matching.index import kernel
from matching.index.facet import narrow
from matching.index.rows import Bools, Floats, Ints, LabelData
from matching.index.segment import Segment

#: Below this a kind does not answer a need and is not looked at.
SUGGEST_FROM = 0.25
#: Bytes of the widest codes the loops take.
_WIDEST = 4
#: A need the office named for the place itself counts almost like the best kind for it.
NAMED_WORTH = 0.95
#: … and for the needs near it this share: 「学びたい」 says little about a nursery place.
NEAR_WORTH = 0.6


def kind_fit(kind: tuple[Any, ...], need: str, vocabulary: Vocabulary) -> float:
    """Fit of one kind: the better of what its category answers and what it names itself."""
    category, named = kind
    best = vocabulary.answering(need).get(category, 0.0) if category else 0.0
    worth = _named_worth(need, vocabulary)
    best = max([best, *(worth.get(other, 0.0) for other in named)])
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
    fit, (everywhere, free) = fit_of(segment.labels["kind"], need, vocabulary), _held(segment).rows
    loose = fit.count(free, SUGGEST_FROM)
    return Answering(
        fit=fit,
        kinds=fit.from_(SUGGEST_FROM),
        groups=groups_of(segment, fit, SUGGEST_FROM),
        free=loose,
        listed=fit.count(everywhere, SUGGEST_FROM) - loose,
    )


def groups_of(segment: Segment, fit: "Fit", least: float) -> npt.NDArray[np.int64]:
    """Groups of rows that may answer so well: those of the categories, and of what names needs."""
    found = np.sort(_held(segment).groups[fit.category >= least])
    # 名指しの組は、名指すものが応えるか、応える種類のものが名指しているかで見る。
    return np.append(found, segment.groups - 1)


@dataclass(frozen=True, slots=True)
class _Kinds:
    """Kinds as numbers: category of each, and which set of needs each names (0 = none).

    ``pair``: the two in one number, a line of sets for each category.
    """

    categories: dict[Any, int]
    category: npt.NDArray[Any]
    needs: dict[str, int]
    naming: npt.NDArray[Any]
    pair: Ints
    #: the sets of needs but for the empty one: where each begins, one behind the other
    starts: Ints
    lists: Ints
    #: the kind of which neither category nor need is known; -1 where there is none
    unknown: int


@dataclass(frozen=True, slots=True)
class Fit:
    """How far categories, and sets of named needs, answer one need.

    There are tens of thousands of kinds, and few of either; a kind is worth the better of its two.
    """

    kinds: _Kinds
    category: Floats
    naming: Floats

    def at(self, codes: npt.NDArray[Any]) -> Floats:
        """Fit of some kinds; NaN for the kind of which nothing is known."""
        best, kinds = np.empty(len(codes)), self.kinds
        if codes.dtype.itemsize > _WIDEST:
            codes = codes.astype(np.uint32)
        kernel.loops.better(
            codes, kinds.category, self.category, kinds.naming, self.naming,
            kinds.unknown, best,
        )  # fmt: skip
        return best

    def from_(self, least: float) -> Bools:
        """Which of all kinds answer at least so well."""
        good = (self.category >= least)[:, np.newaxis] | (self.naming >= least)
        found: Bools = good.ravel().take(self.kinds.pair)
        return found

    def count(self, rows: "_Rows", least: float) -> int:
        """How many of some rows do so."""
        one, other = np.flatnonzero(self.category >= least), np.flatnonzero(self.naming >= least)
        both = rows.both[one[:, np.newaxis], other].sum()
        return int(rows.category[one].sum() + rows.naming[other].sum() - both)


def fit_of(kinds: LabelData, need: str, vocabulary: Vocabulary) -> Fit:
    """:func:`kind_fit` of a column of kinds, in parts; kept for who asks next."""
    key = ("need_fit", need, vocabulary.version)
    known: Fit | None = kinds.kept.get(key)
    if known is None:
        known = kinds.kept[key] = _fit(_table(kinds), need, vocabulary)
    return known


def _fit(table: _Kinds, need: str, vocabulary: Vocabulary) -> Fit:
    category = _placed(vocabulary.answering(need), table.categories)
    naming = np.zeros(1)
    if len(table.starts):
        worth = _placed(_named_worth(need, vocabulary), table.needs)
        best = np.maximum.reduceat(worth[table.lists], table.starts)
        naming = np.concatenate((naming, best))
    return Fit(table, _worth(category), _worth(naming))


def _placed(values: Mapping[str, float], places: Mapping[str, int]) -> Floats:
    """Values at the places of their keys, 0 elsewhere."""
    found = np.zeros(len(places))
    for key, value in values.items():
        if key in places:
            found[places[key]] = value
    return found


def _worth(fits: Floats) -> Floats:
    return np.where(fits >= SUGGEST_FROM, fits, 0.0)


def _table(kinds: LabelData) -> _Kinds:
    known: _Kinds | None = kinds.kept.get(_TABLE)
    if known is None:
        known = kinds.kept[_TABLE] = _kinds(kinds.values)
    return known


_TABLE = "kinds"


def _kinds(values: Sequence[Any]) -> _Kinds:
    categories: dict[Any, int] = {}
    sets: dict[tuple[str, ...], int] = {(): 0}
    category = [categories.setdefault(key, len(categories)) for key, _ in values]
    naming = [sets.setdefault(tuple(needs), len(sets)) for _, needs in values]
    needs: dict[str, int] = {}
    lists = [[needs.setdefault(need, len(needs)) for need in own] for own in sets if own]
    starts = np.cumsum([0, *(len(own) for own in lists)])[:-1]
    return _Kinds(
        categories=categories,
        category=np.array(category, dtype=narrow(len(categories))),
        needs=needs,
        naming=np.array(naming, dtype=narrow(len(sets))),
        pair=np.array(category, dtype=np.int64) * len(sets) + np.array(naming, dtype=np.int64),
        starts=starts.astype(np.int64),
        lists=np.array([number for own in lists for number in own], dtype=np.int64),
        unknown=next((number for number, kind in enumerate(values) if kind == (None, ())), -1),
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """How many rows there are of each category, of each set of named needs, and of each pair."""

    category: Ints
    naming: Ints
    both: Ints


@dataclass(frozen=True, slots=True)
class _Held:
    """What a segment holds: the group of each category; rows in all, and those in zone 0."""

    groups: Ints
    rows: tuple[_Rows, _Rows]


def _held(segment: Segment) -> _Held:
    kinds = segment.labels["kind"]
    known: _Held | None = kinds.kept.get("held")
    if known is None:
        known = kinds.kept["held"] = _look_over(segment, kinds, _table(kinds))
    return known


def _look_over(segment: Segment, kinds: LabelData, table: _Kinds) -> _Held:
    codes = {key: code for code, key in enumerate(segment.labels["category"].values)}
    groups = np.array([codes[key] for key in table.categories], dtype=np.int64)
    rows, free = kinds.codes, int(segment.zone_starts[1])
    return _Held(groups, (_rows(rows, table), _rows(rows[:free], table)))


def _rows(kinds: npt.NDArray[Any], table: _Kinds) -> _Rows:
    width = len(table.starts) + 1
    pairs = np.bincount(table.pair[kinds], minlength=len(table.categories) * width)
    both = pairs.reshape(-1, width)
    return _Rows(both.sum(axis=1), both.sum(axis=0), both)


def _named_worth(need: str, vocabulary: Vocabulary) -> Mapping[str, float]:
    """What naming another need is worth for this one; what is left out is worth nothing."""
    near = vocabulary.similar_needs(need)
    return {
        other: NAMED_WORTH * (1.0 if other == need else NEAR_WORTH) * alike
        for other, alike in near.items()
    }
