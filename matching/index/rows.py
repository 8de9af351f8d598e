"""Some rows of the index, as a criterion sees them: columns by name, and nothing else."""

from collections.abc import Callable, Collection, Hashable, Iterable
from typing import Any, Protocol, TypeVar, cast

import numpy as np
import numpy.typing as npt

from matching.index.column import Plain

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
T = TypeVar("T")

#: Up to this many distinct values all are looked at; beyond, only those that occur.
FEW = 48


class LabelData(Protocol):
    """Codes and distinct values of a Label column."""

    codes: npt.NDArray[Any]
    values: list[Plain]
    kept: dict[Hashable, Any]


class BitData(Protocol):
    """Codes and distinct sets of a Bits column."""

    codes: npt.NDArray[Any]
    table: Words
    known: Bools
    universe: dict[Hashable, int]


class Source(Protocol):
    """What holds the columns (a segment of the index)."""

    def number(self, name: str) -> npt.NDArray[Any]:
        """A Number column."""

    def label(self, name: str) -> LabelData:
        """A Label column."""

    def bits(self, name: str) -> BitData:
        """A Bits column."""


class Rows:
    """Columns of chosen rows. Whatever two criteria both need is worked out once (``once``)."""

    __slots__ = ("_cache", "_source", "index", "n")

    def __init__(self, source: Source, index: Ints) -> None:
        self._source = source
        self.index = index
        self.n = len(index)
        self._cache: dict[Hashable, Any] = {}

    def once(self, key: Hashable, work: Callable[[], T]) -> T:
        """The value of ``work``, remembered for these rows."""
        if key not in self._cache:
            self._cache[key] = work()
        return cast("T", self._cache[key])

    def number(self, name: str) -> Floats:
        """A Number column; NaN = unknown."""
        return self.once(
            name, lambda: self._source.number(name)[self.index].astype(np.float64, copy=False)
        )

    def map(self, name: str, look: Callable[[Any], float | None]) -> Floats:
        """``look`` applied to a Label column, once per distinct value; ``None`` becomes NaN."""
        data = self._source.label(name)
        codes = self._codes(name)
        table = np.empty(len(data.values))
        if len(data.values) <= FEW:
            needed: Iterable[int] = range(len(data.values))
        else:
            needed = self.once((name, "unique"), lambda: _occurring(codes, len(data.values)))
        for code in needed:
            value = look(data.values[code])
            table[code] = np.nan if value is None else value
        return cast("Floats", table[codes])

    def lookup(self, name: str, key: Hashable, look: Callable[[Any], float | None]) -> Floats:
        """As :meth:`map`, for what does not depend on the person: kept for whoever asks next.

        ``key`` names everything ``look`` depends on.
        """
        return self.table(name, key, lambda data: _looked(data.values, look))

    def table(self, name: str, key: Hashable, make: Callable[[LabelData], Floats]) -> Floats:
        """As :meth:`lookup`, with the value of every distinct value made at once."""
        data = self._source.label(name)
        table = data.kept.get(key)
        if table is None:
            table = data.kept[key] = make(data)
        return cast("Floats", table[self._codes(name)])

    def matrix(
        self, name: str, key: Hashable, make: Callable[[list[Plain]], Floats], columns: Ints
    ) -> Floats:
        """The greatest of some columns of a matrix over the distinct values of a Label column.

        ``make`` builds it from the values, once; ``key`` names everything it depends on.
        """
        data = self._source.label(name)
        kept = data.kept.get(key)
        if kept is None:
            kept = data.kept[key] = make(data.values)
        codes = self._codes(name)
        if not len(columns):
            return cast("Floats", np.where(np.isnan(kept[:, 0]), np.nan, 0.0)[codes])
        return cast("Floats", kept[:, columns].max(axis=1)[codes])

    def holding(self, name: str, keys: Collection[Hashable]) -> Bools:
        """Where the tuple of a Label column holds one of ``keys``."""
        data = self._source.label(name)
        holders = data.kept.get(_HOLDERS)
        if holders is None:
            holders = data.kept[_HOLDERS] = _holders(data.values)
        held = np.zeros(len(data.values), dtype=bool)
        for key in keys:
            held[holders.get(key, [])] = True
        return cast("Bools", held[self._codes(name)])

    def _codes(self, name: str) -> npt.NDArray[Any]:
        return self.once((name, "codes"), lambda: self._source.label(name).codes[self.index])

    def any(self, name: str, keys: Collection[Hashable]) -> Floats:
        """1 where the set of a Bits column shares a key with ``keys``, 0 where not, NaN unknown."""
        data = self._source.bits(name)
        codes = self.once((name, "codes"), lambda: data.codes[self.index])
        mask = mask_of(data, keys)
        small = self.n < len(data.table)
        table = data.table[codes] if small else data.table
        known = data.known[codes] if small else data.known
        hit = np.zeros(len(table), dtype=bool)
        for word in np.flatnonzero(mask):
            hit |= (table[:, word] & mask[word]) != 0
        result = np.where(known, hit, np.nan)
        return cast("Floats", result if small else result[codes])

    def count(self, name: str, keys: Collection[Hashable]) -> Floats:
        """How many of ``keys`` the set of a Bits column holds; NaN = unknown."""
        data = self._source.bits(name)
        return self.count_mask(name, mask_of(data, keys))

    def count_mask(self, name: str, mask: Words) -> Floats:
        """As :meth:`count`, with the keys already as words."""
        data = self._source.bits(name)
        codes = self.once((name, "codes"), lambda: data.codes[self.index])
        small = self.n < len(data.table)
        table = data.table[codes] if small else data.table
        known = data.known[codes] if small else data.known
        total = np.zeros(len(table), dtype=np.float64)
        for word in np.flatnonzero(mask):
            total += np.bitwise_count(table[:, word] & mask[word])
        result = np.where(known, total, np.nan)
        return cast("Floats", result if small else result[codes])

    def size(self, name: str) -> Floats:
        """How many keys the set of a Bits column holds; NaN = unknown."""
        data = self._source.bits(name)
        return self.count_mask(name, np.full(data.table.shape[1], ~np.uint64(0)))


def mask_of(data: BitData, keys: Iterable[Hashable]) -> Words:
    """Words with a bit for each key the universe knows."""
    mask = np.zeros(data.table.shape[1], dtype=np.uint64)
    for key in keys:
        place = data.universe.get(key)
        if place is not None:
            mask[place >> 6] |= np.uint64(1 << (place & 63))
    return mask


_HOLDERS = "holders"


def _holders(values: list[Plain]) -> dict[Hashable, list[int]]:
    """Codes by what their tuple holds."""
    found: dict[Hashable, list[int]] = {}
    for code, value in enumerate(values):
        for key in value if isinstance(value, tuple) else ():
            found.setdefault(key, []).append(code)
    return found


def _looked(values: list[Plain], look: Callable[[Any], float | None]) -> Floats:
    found = (look(value) for value in values)
    return np.array([np.nan if v is None else v for v in found], dtype=np.float64)


def _occurring(codes: npt.NDArray[Any], size: int) -> list[int]:
    seen = np.zeros(size, dtype=bool)
    seen[codes] = True
    return np.flatnonzero(seen).tolist()
