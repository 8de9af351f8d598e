"""Compiles resource cards into a segment, one card at a time."""

import hashlib
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary
from matching.card import ResourceCard
from matching.index.column import Bits, Column, Label, Number, Plain
from matching.index.grid import CELLS, cells_of
from matching.index.segment import Labels, Segment, Sets
from matching.index.shared import ANYWHERE


class Compiler:
    """Gathers columns card by card; :meth:`finish` sorts them and gives the segment."""

    def __init__(self, columns: Mapping[str, Column], vocabulary: Vocabulary) -> None:
        self._wanted = [c for c in columns.values() if isinstance(c, Number)]
        self._values: list[list[float | None]] = [[] for _ in self._wanted]
        self._coded = {c.name: _Coded(c) for c in columns.values() if isinstance(c, Label | Bits)}
        self._vocabulary = vocabulary
        self._ids: list[bytes] = []
        self._digests: list[bytes] = []

    def add(self, card: ResourceCard) -> None:
        """Take in one card."""
        key = card.id.encode()
        self._ids.append(key)
        numbers = [column.of(card) for column in self._wanted]
        for values, value in zip(self._values, numbers, strict=True):
            values.append(value)
        parts = [coded.add(card) for coded in self._coded.values()]
        said = repr((numbers, _said(card))).encode()
        row = hashlib.blake2b(b"\0".join((key, said, *parts)), digest_size=16)
        self._digests.append(row.digest())

    def finish(self) -> Segment:
        """Sort by zone, category and cell, and pack."""
        numbers = {
            column.name: _pack(column, values)
            for column, values in zip(self._wanted, self._values, strict=True)
        }
        served = self._coded["served"]
        zones, zone_areas = _zones(served)
        category = self._coded["category"].codes()
        cells = cells_of(numbers["lat"].astype(np.float64), numbers["lon"].astype(np.float64))
        cells[numbers["remote"] > 0] = 0
        key = category.astype(np.int32) * np.int32(CELLS) + cells
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
            digests=np.frombuffer(b"".join(self._digests), dtype=np.uint64).reshape(-1, 2)[order],
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
            by_id=np.array(sorted(range(size), key=ids.__getitem__), dtype=np.int32),
        )


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


class _Coded:
    """Distinct values in order of appearance, a code a row, and a digest of each value."""

    def __init__(self, column: Label | Bits) -> None:
        self.column = column
        self._of = column.of
        self.values: list[Plain] = []
        self._known: dict[Hashable, int] = {}
        self._codes: list[int] = []
        self._digests: list[bytes] = []

    def add(self, card: ResourceCard) -> bytes:
        """Take in a card; gives the digest of its value."""
        value: Any = self._of(card)
        try:
            code = self._known.get(value)
        except TypeError:
            value = tuple(value)
            code = self._known.get(value)
        if code is None:
            code = self._new(value)
        self._codes.append(code)
        return self._digests[code]

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
        return np.array(self._codes, dtype=_narrow(len(self.values)))


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
