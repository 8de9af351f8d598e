"""Compiles resource cards into a segment: some cards at a time, column by column."""

import hashlib
import operator
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary
from matching.card import ResourceCard
from matching.index.column import Bits, Column, Label, Number, Plain
from matching.index.grid import CELLS, cells_of
from matching.index.segment import Labels, Segment, Sets, groups_of_kinds
from matching.index.shared import ANYWHERE

#: Cards that are taken in together.
_BATCH = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one compiler gathered, for another to take in behind its own rows.

    ``coded``: codes, distinct values and their digests, column by column.
    """

    names: tuple[str, ...]
    ids: list[bytes]
    digests: bytes
    numbers: list[npt.NDArray[Any]]
    coded: list[tuple[npt.NDArray[Any], list[Plain], list[bytes]]]


class Gatherer:
    """Gathers the columns of cards."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self._numbers = [_Numbers(c) for c in columns.values() if isinstance(c, Number)]
        self._coded = {c.name: _Coded(c) for c in columns.values() if isinstance(c, Label | Bits)}
        self._ids: list[bytes] = []
        self._digests = bytearray()

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, card: ResourceCard) -> None:
        """Take in one card."""
        self._add([card])

    def add_all(self, cards: Iterable[ResourceCard]) -> None:
        """Take in cards; few are held at a time."""
        coming = iter(cards)
        while some := list(islice(coming, _BATCH)):
            self._add(some)

    def _add(self, cards: Sequence[ResourceCard]) -> None:
        keys = [card.resource.id.encode() for card in cards]
        self._ids.extend(keys)
        numbers = [column.add(cards) for column in self._numbers]
        said = [
            repr((list(row), _said(card))).encode()
            for card, row in zip(cards, zip(*numbers, strict=True), strict=True)
        ]
        parts = [coded.add(cards) for coded in self._coded.values()]
        # 行の要約は、行ごとに（ID、数と言うこと、値ごとの要約…）をつないだものから作る。
        for row in zip(keys, said, *parts, strict=True):
            self._digests += hashlib.blake2b(b"\0".join(row), digest_size=16).digest()

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, in the order in which they are gathered."""
        return (*(column.column.name for column in self._numbers), *self._coded)

    def part(self) -> Part:
        """What was gathered so far."""
        return Part(
            names=self.names,
            ids=self._ids,
            digests=bytes(self._digests),
            numbers=[column.packed() for column in self._numbers],
            coded=[coded.part() for coded in self._coded.values()],
        )

    def take(self, part: Part) -> bool:
        """Take in what another gathered of the cards that follow; false = it doesn't fit.

        The rows, codes and digests come out as if all cards had been taken in here.
        """
        if part.names != self.names:
            return False
        columns = list(zip(self._coded.values(), part.coded, strict=True))
        if not all(coded.agrees(values, digests) for coded, (_, values, digests) in columns):
            return False
        for coded, (codes, values, _) in columns:
            coded.take(codes, values)
        for number, packed in zip(self._numbers, part.numbers, strict=True):
            number.take(packed)
        self._ids.extend(part.ids)
        self._digests += part.digests
        return True


class Compiler(Gatherer):
    """Gathers columns; :meth:`finish` sorts them and gives the segment."""

    def __init__(self, columns: Mapping[str, Column], vocabulary: Vocabulary) -> None:
        super().__init__(columns)
        self._vocabulary = vocabulary

    def finish(self) -> Segment:
        """Sort by zone, group and cell, and pack."""
        numbers = {column.column.name: column.packed() for column in self._numbers}
        served = self._coded["served"]
        zones, zone_areas = _zones(served)
        kind, category = self._coded["kind"], self._coded["category"]
        group = groups_of_kinds(kind.values, category.values)[kind.codes()]
        cells = cells_of(numbers["lat"].astype(np.float64), numbers["lon"].astype(np.float64))
        cells[numbers["remote"] > 0] = 0
        key = group.astype(np.int32) * np.int32(CELLS) + cells
        order = np.lexsort((key, zones))
        size = len(order)
        ids = [self._ids[i] for i in order.tolist()]
        bound = np.searchsorted(zones[order], np.arange(len(zone_areas) + 2))
        key = key[order]
        listed = np.arange(bound[1], size, dtype=np.int32)
        by_place = listed[np.argsort(key[listed], kind="stable")]
        return Segment(
            size=size,
            id_bytes=np.frombuffer(b"".join(ids), dtype=np.uint8),
            id_ends=np.cumsum([len(i) for i in ids], dtype=np.int64)
            if ids
            else np.zeros(0, np.int64),
            digests=np.frombuffer(self._digests, dtype=np.uint64).reshape(-1, 2)[order],
            numbers={name: array[order] for name, array in numbers.items()},
            labels={
                name: Labels(coded.codes()[order], coded.values)
                for name, coded in self._coded.items()
                if isinstance(coded.column, Label)
            },
            sets={
                name: _sets(coded, coded.column, order, self._vocabulary)
                for name, coded in self._coded.items()
                if isinstance(coded.column, Bits)
            },
            place_key=key,
            zone_starts=bound.astype(np.int64),
            zone_areas=zone_areas,
            by_place=by_place,
            by_place_key=key[by_place],
            by_id=self._by_id(order),
        )

    def _by_id(self, order: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
        """Rows in the order of their ids; cards mostly came in that order."""
        row_of = np.empty(len(order), dtype=np.int32)
        row_of[order] = np.arange(len(order), dtype=np.int32)
        ids = self._ids
        if all(map(operator.lt, ids, islice(ids, 1, None))):
            return row_of
        return row_of[sorted(range(len(ids)), key=ids.__getitem__)]


def _said(card: ResourceCard) -> tuple[object, ...]:
    """What a result tells of a resource beside its columns."""
    resource = card.resource
    return (
        resource.name,
        card.phone,
        card.organization,
        card.contacts,
        resource.category_text,
        resource.area_text,
        resource.schedule_text,
        resource.cost_text,
        resource.closed_on_holidays,
    )


class _Numbers:
    """The values of a Number column."""

    def __init__(self, column: Number) -> None:
        self.column = column
        self._packed: list[npt.NDArray[Any]] = []

    def add(self, cards: Sequence[ResourceCard]) -> list[float | None]:
        """Take in cards; gives their values."""
        values = list(map(self.column.of, cards))
        self._packed.append(_pack(self.column, values))
        return values

    def take(self, values: npt.NDArray[Any]) -> None:
        """Take in values that were packed elsewhere."""
        self._packed.append(values)

    def packed(self) -> npt.NDArray[Any]:
        """All values, one a row."""
        return np.concatenate(self._packed or [np.zeros(0, dtype=self.column.dtype)])


class _Coded:
    """Distinct values in order of appearance, a code a row, and a digest of each value."""

    def __init__(self, column: Label | Bits) -> None:
        self.column = column
        self._of: Callable[[ResourceCard], Any] = column.of
        self.values: list[Plain] = []
        self._known = _Known(self._new)
        self._codes: list[npt.NDArray[np.uint32]] = []
        self._digests: list[bytes] = []

    def add(self, cards: Sequence[ResourceCard]) -> Iterable[bytes]:
        """Take in cards; gives the digests of their values."""
        code_of = self._known.__getitem__
        values = list(map(self._of, cards))
        try:
            codes = list(map(code_of, values))
        except TypeError:
            # 並びや集合のまま来た値は、そのままでは引けない。
            codes = [code_of(v if isinstance(v, Hashable) else tuple(v)) for v in values]
        self._codes.append(np.array(codes, dtype=np.uint32))
        return map(self._digests.__getitem__, codes)

    def part(self) -> tuple[npt.NDArray[Any], list[Plain], list[bytes]]:
        """Codes, distinct values and their digests."""
        return self.codes(), self.values, self._digests

    def agrees(self, values: Sequence[Plain], digests: Sequence[bytes]) -> bool:
        """Whether values met elsewhere are written there as they are here (1 is not 1.0)."""
        known = (
            (self._known.get(value), digest) for value, digest in zip(values, digests, strict=True)
        )
        return all(code is None or self._digests[code] == digest for code, digest in known)

    def take(self, codes: npt.NDArray[Any], values: Sequence[Plain]) -> None:
        """Take in codes given elsewhere; their values are met in the order of those codes."""
        here = [self._known[value] for value in values]
        self._codes.append(np.array(here, dtype=np.uint32)[codes])

    def _new(self, raw: Hashable) -> int:
        """A code for a value met first; sets that differ only in their order share one."""
        plain: Plain = raw  # type: ignore[assignment]
        if isinstance(self.column, Bits) and raw is not None:
            plain = tuple(sorted(set(raw)))  # type: ignore[call-overload]
        code = self._known.get(plain)
        if code is None:
            code = self._known[plain] = len(self.values)
            self.values.append(plain)
            digest = hashlib.blake2b(repr(plain).encode(), digest_size=8).digest()
            self._digests.append(digest)
        self._known[raw] = code
        return code

    def codes(self) -> npt.NDArray[Any]:
        """The code of each row, as narrow as can be."""
        whole = np.concatenate(self._codes or [np.zeros(0, dtype=np.uint32)])
        return whole.astype(_narrow(len(self.values)))


class _Known(dict[Hashable, int]):
    """Codes by value; a value met first is given one."""

    def __init__(self, new: Callable[[Hashable], int]) -> None:
        super().__init__()
        self._give = new

    def __missing__(self, value: Hashable) -> int:
        return self._give(value)


def _narrow(count: int) -> npt.DTypeLike:
    if count <= 1 << 8:
        return np.uint8
    return np.uint16 if count <= 1 << 16 else np.uint32


def _pack(column: Number, values: Sequence[float | None]) -> npt.NDArray[Any]:
    if column.dtype.startswith("f"):
        return np.array([np.nan if v is None else v for v in values], dtype=column.dtype)
    return np.array([0 if v is None else v for v in values], dtype=column.dtype)


def _zones(served: _Coded) -> tuple[npt.NDArray[np.int64], list[tuple[str, ...]]]:
    """Zone of each row (0 = anywhere or not known) and the areas of each zone above 0."""
    listed = sorted(
        (value, code)
        for code, value in enumerate(served.values)
        if isinstance(value, tuple) and value != (ANYWHERE,)
    )
    zone_of = np.zeros(len(served.values) + 1, dtype=np.int64)
    for zone, (_, code) in enumerate(listed, start=1):
        zone_of[code] = zone
    areas = [tuple(str(area) for area in value) for value, _ in listed]
    return zone_of[served.codes().astype(np.int64)], areas


def _sets(
    coded: _Coded, column: Bits, order: npt.NDArray[np.int64], vocabulary: Vocabulary
) -> Sets:
    universe = universe_of(column, coded.values, vocabulary)
    words = max(1, (len(universe) + 63) // 64)
    table = np.zeros((max(1, len(coded.values)), words), dtype=np.uint64)
    known = np.zeros(max(1, len(coded.values)), dtype=bool)
    for row, value in enumerate(coded.values):
        if value is None:
            continue
        known[row] = True
        for key in _items(value):
            place = universe[key]
            table[row, place >> 6] |= np.uint64(1 << (place & 63))
    return Sets(coded.codes()[order], table, known, universe)


def universe_of(
    column: Bits, values: Iterable[Plain], vocabulary: Vocabulary
) -> dict[Hashable, int]:
    """Place of each key: those of the family, then others that occur; or the numbers up to size."""
    if column.family is None:
        return {number: number for number in range(column.size)}
    keys = {c.key: None for c in vocabulary.concepts(Family(column.family))}
    other = sorted({str(key) for value in values for key in _items(value)} - keys.keys())
    return {key: place for place, key in enumerate([*keys, *other])}


def _items(value: Plain) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else ()
