"""Some rows of the index, as a criterion sees them: columns by name, and nothing else."""

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
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

    kept: dict[Hashable, Any]

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

    def coded(self, name: str) -> npt.NDArray[Any] | None:
        """The codes of a Label or Bits column; ``None`` for a Number."""

    def places(self) -> Floats:
        """Where each row is, as a unit vector (matching.distance)."""


class Rows:
    """Columns of chosen rows. Whatever two criteria both need is worked out once (``once``).

    ``columns``: where plain columns of these same rows are kept from question to question.
    """

    __slots__ = ("_cache", "_columns", "_kept", "_source", "index", "n")

    def __init__(
        self, source: Source, index: Ints, columns: dict[Hashable, Any] | None = None
    ) -> None:
        self._source = source
        self.index = index
        self.n = len(index)
        self._cache: dict[Hashable, Any] = {}
        self._kept = columns is not None
        self._columns: dict[Hashable, Any] = {} if columns is None else columns

    def once(self, key: Hashable, work: Callable[[], T]) -> T:
        """The value of ``work``, remembered for these rows."""
        if key not in self._cache:
            self._cache[key] = work()
        return cast("T", self._cache[key])

    def number(self, name: str) -> Floats:
        """A Number column; NaN = unknown. Not to be written to."""
        known: Floats | None = self._columns.get(name)
        if known is None:
            column = self._source.number(name)[self.index]
            known = self._columns[name] = _fixed(column.astype(np.float64))
        return known

    def alike(self, *names: str) -> "tuple[Rows, npt.NDArray[Any] | None]":
        """One row for each distinct combination of some columns, and which of them each row has.

        ``None`` instead where finding them would cost more than it saves: the rows as they are.
        """
        if not self._kept:
            return self, None
        known: tuple[Ints, dict[Hashable, Any], npt.NDArray[Any]] | None = self._columns.get(names)
        if known is None:
            codes = np.zeros(self.n, dtype=np.int64)
            for name in names:
                distinct, own = np.unique(self._values(name), return_inverse=True)
                codes = codes * len(distinct) + own
            _, first, again = np.unique(codes, return_index=True, return_inverse=True)
            known = self._columns[names] = (self.index[first], {}, again)
        index, columns, codes_of = known
        return Rows(self._source, index, columns), codes_of

    def _values(self, name: str) -> npt.NDArray[Any]:
        codes = self._source.coded(name)
        return self.number(name) if codes is None else codes[self.index]

    def places(self) -> Floats:
        """Where each row is, as a unit vector; NaN = unknown."""
        return self.once("places", lambda: self._source.places()[self.index])

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
        return self._spread(name, looked(self._source.label(name), key, look))

    def table(self, name: str, key: Hashable, make: Callable[[LabelData], Floats]) -> Floats:
        """As :meth:`lookup`, with the value of every distinct value made at once.

        Not to be written to.
        """
        return self._spread(name, table_of(self._source.label(name), key, make))

    def _spread(self, name: str, table: Floats) -> Floats:
        # 値ごとに一行ずつの集まりなら、表がそのまま答えになる。
        one_of_each = self._one_of_each(name, len(table))
        return table if one_of_each else cast("Floats", table[self._codes(name)])

    def coded(self, name: str) -> tuple[LabelData, npt.NDArray[Any]]:
        """A Label column and the code of each row in it."""
        return self._source.label(name), self._codes(name)

    def _one_of_each(self, name: str, distinct: int) -> bool:
        """Whether the rows are one for each distinct value of a column, in the same order."""
        key = (name, "one of each")
        known: bool | None = self._columns.get(key)
        if known is None:
            same = self.n == distinct and bool((self._codes(name) == np.arange(distinct)).all())
            known = self._columns[key] = same
        return known

    def matrix(
        self,
        name: str,
        key: Hashable,
        make: Callable[[list[Plain]], Floats],
        lines: Sequence[int],
    ) -> Floats:
        """The greatest of some lines of a matrix that has a column for each value of a Label column.

        ``make`` builds it from the values, once; ``key`` names everything it depends on.
        """
        data = self._source.label(name)
        kept = data.kept.get(key)
        if kept is None:
            kept = data.kept[key] = make(data.values)
        codes = self._codes(name)
        return cast("Floats", np.maximum.reduce(kept[lines], axis=0)[codes])

    def holding(self, name: str, keys: Collection[Hashable]) -> Bools:
        """Where the tuple of a Label column holds one of ``keys``."""
        return cast("Bools", holding_any(self._source.label(name), keys)[self._codes(name)])

    def _codes(self, name: str) -> npt.NDArray[Any]:
        key = (name, "codes")
        known: npt.NDArray[Any] | None = self._columns.get(key)
        if known is None:
            known = self._columns[key] = self._source.label(name).codes[self.index]
        return known

    def any(self, name: str, keys: Collection[Hashable]) -> Floats:
        """1 where the set of a Bits column shares a key with ``keys``, 0 where not, NaN unknown."""
        data = self._source.bits(name)
        if self.n < len(data.table):
            shared = self.count_mask(name, mask_of(data, keys))
            return cast("Floats", np.minimum(shared, 1.0))
        told = _unknown(data)
        holding = [_holding(data, key) for key in keys if key in data.universe]
        if holding:
            told = told + (holding[0] if len(holding) == 1 else np.logical_or.reduce(holding))
        return cast("Floats", told[self._set_codes(name)])

    def count(self, name: str, keys: Collection[Hashable]) -> Floats:
        """How many of ``keys`` the set of a Bits column holds; NaN = unknown."""
        data = self._source.bits(name)
        return self.count_mask(name, mask_of(data, keys))

    def count_mask(self, name: str, mask: Words) -> Floats:
        """As :meth:`count`, with the keys already as words."""
        data = self._source.bits(name)
        codes = self._set_codes(name)
        small = self.n < len(data.table)
        table = data.table[codes] if small else data.table
        total = (_unknown(data)[codes] if small else _unknown(data)).copy()
        for word in np.flatnonzero(mask):
            total += np.bitwise_count(table[:, word] & mask[word])
        return cast("Floats", total if small else total[codes])

    def size(self, name: str) -> Floats:
        """How many keys the set of a Bits column holds; NaN = unknown. Not to be written to."""
        key = (name, "size")
        known: Floats | None = self._columns.get(key)
        if known is None:
            words = self._source.bits(name).table.shape[1]
            counted = self.count_mask(name, np.full(words, ~np.uint64(0)))
            known = self._columns[key] = _fixed(counted)
        return known

    def _set_codes(self, name: str) -> npt.NDArray[Any]:
        key = (name, "codes")
        known: npt.NDArray[Any] | None = self._columns.get(key)
        if known is None:
            known = self._columns[key] = self._source.bits(name).codes[self.index]
        return known


def _fixed(values: Floats) -> Floats:
    """Kept for others, so nobody may write into it."""
    values.flags.writeable = False
    return values


def table_of(data: LabelData, key: Hashable, make: Callable[[LabelData], Floats]) -> Floats:
    """What ``make`` gives for the distinct values of a Label column, kept. Not to be written to."""
    table: Floats | None = data.kept.get(key)
    if table is None:
        table = data.kept[key] = _fixed(make(data))
    return table


def looked(data: LabelData, key: Hashable, look: Callable[[Any], float | None]) -> Floats:
    """``look`` of each distinct value of a Label column, kept; ``None`` becomes NaN."""

    def make(of: LabelData) -> Floats:
        found = (look(value) for value in of.values)
        return np.array([np.nan if v is None else v for v in found], dtype=np.float64)

    return table_of(data, key, make)


def _unknown(data: BitData) -> Floats:
    """0 for each distinct set, NaN for the one that stands for unknown."""
    known: Floats | None = data.kept.get("unknown")
    if known is None:
        known = data.kept["unknown"] = np.where(data.known, 0.0, np.nan)
    return known


def _holding(data: BitData, key: Hashable) -> Bools:
    """Which distinct sets hold a key."""
    known: Bools | None = data.kept.get(("holding", key))
    if known is None:
        place = data.universe[key]
        bit = np.uint64(1 << (place & 63))
        known = data.kept["holding", key] = (data.table[:, place >> 6] & bit) != 0
    return known


def mask_of(data: BitData, keys: Iterable[Hashable]) -> Words:
    """Words with a bit for each key the universe knows."""
    bits, universe = 0, data.universe
    for key in keys:
        if key in universe:
            bits |= 1 << universe[key]
    return np.frombuffer(bits.to_bytes(8 * data.table.shape[1], "little"), dtype="<u8")


def holding_any(data: LabelData, keys: Iterable[Hashable]) -> Bools:
    """Which distinct values of a Label column are a tuple that holds one of ``keys``."""
    holders = data.kept.get(_HOLDERS)
    if holders is None:
        holders = data.kept[_HOLDERS] = _holders(data.values)
    held = np.zeros(len(data.values), dtype=bool)
    for key in keys:
        if key in holders:
            held[holders[key]] = True
    return held


_HOLDERS = "holders"


def _holders(values: list[Plain]) -> dict[Hashable, Ints]:
    """Codes by what their tuple holds."""
    found: dict[Hashable, list[int]] = {}
    for code, value in enumerate(values):
        for key in value if isinstance(value, tuple) else ():
            found.setdefault(key, []).append(code)
    return {key: np.array(codes, dtype=np.int64) for key, codes in found.items()}


def _occurring(codes: npt.NDArray[Any], size: int) -> list[int]:
    seen = np.zeros(size, dtype=bool)
    seen[codes] = True
    return np.flatnonzero(seen).tolist()
