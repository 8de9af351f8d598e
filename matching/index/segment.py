"""Compiled columns of a set of resources: plain arrays, sorted by place.

Rows are sorted by (zone, category, grid cell). Zone 0 holds what is not bound to an area, or of
which that is not known; every other zone is one distinct set of served areas. A question then
reads a few ranges: the zones of the person's areas, and of zone 0 the cells around them.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.index.column import Plain
from matching.index.facet import Facet, Names, facet_of
from matching.index.rows import Bools, Words

Ints = npt.NDArray[np.int64]


@dataclass(slots=True)
class Labels:
    """Codes and distinct values; ``kept`` = what criteria found for them, whoever asked."""

    codes: npt.NDArray[Any]
    values: list[Plain]
    kept: dict[Hashable, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Sets:
    """Codes, and distinct sets as bits over ``universe``; ``known`` is false for unknown."""

    codes: npt.NDArray[Any]
    table: Words
    known: Bools
    universe: dict[Hashable, int]


@dataclass(kw_only=True)
class Segment:
    """Columns by name, the order of rows, and the ids. Read only once built."""

    size: int
    id_bytes: npt.NDArray[np.uint8]
    id_ends: npt.NDArray[np.int64]
    digests: npt.NDArray[np.uint64]
    numbers: dict[str, npt.NDArray[Any]]
    labels: dict[str, Labels]
    sets: dict[str, Sets]
    #: category code and cell of each row, in one number that is sorted within a zone
    place_key: npt.NDArray[np.int32]
    #: first row of each zone, and one more at the end
    zone_starts: npt.NDArray[np.int64]
    #: the served areas of each zone above 0
    zone_areas: list[tuple[str, ...]]
    #: rows of the zones above 0 in the order of their place, and their keys in that order
    by_place: npt.NDArray[np.int32]
    by_place_key: npt.NDArray[np.int32]
    #: rows in the order of their ids
    by_id: npt.NDArray[np.int32]
    #: rows alike in the columns of a criterion; ``None`` = not worth it (matching.index.facet)
    facets: dict[Names, Facet | None] = field(default_factory=dict)
    #: what answers each need that was asked so far (matching.index.fit)
    answering: dict[str, Any] = field(default_factory=dict)

    def number(self, name: str) -> npt.NDArray[Any]:
        """A Number column."""
        return self.numbers[name]

    def label(self, name: str) -> Labels:
        """A Label column."""
        return self.labels[name]

    def bits(self, name: str) -> Sets:
        """A Bits column."""
        return self.sets[name]

    def coded(self, name: str) -> npt.NDArray[Any] | None:
        """The codes of a Label or Bits column; ``None`` for a Number."""
        found = self.labels.get(name) or self.sets.get(name)
        return found.codes if found is not None else None

    def facet(self, names: Names) -> Facet | None:
        """The facet of some columns, made when first asked for."""
        if names not in self.facets:
            self.facets[names] = facet_of(self, names)
        return self.facets[names]

    def id_of(self, row: int) -> str:
        """The id of a row."""
        start = int(self.id_ends[row - 1]) if row else 0
        return self.id_bytes[start : int(self.id_ends[row])].tobytes().decode()

    def row_of(self, resource_id: str) -> int | None:
        """The row of an id, by halving; ``None`` when it is not here."""
        low, high = 0, self.size
        while low < high:
            middle = (low + high) // 2
            if self.id_of(int(self.by_id[middle])) < resource_id:
                low = middle + 1
            else:
                high = middle
        if low < self.size and self.id_of(int(self.by_id[low])) == resource_id:
            return int(self.by_id[low])
        return None

    @cached_property
    def zones_of(self) -> dict[str, list[int]]:
        """Zones by served area."""
        found: dict[str, list[int]] = {}
        for number, areas in enumerate(self.zone_areas, start=1):
            for area in areas:
                found.setdefault(area, []).append(number)
        return found

    @cached_property
    def rank(self) -> npt.NDArray[np.int32]:
        """Place of each row in the order of ids."""
        ranks = np.empty(self.size, dtype=np.int32)
        ranks[self.by_id] = np.arange(self.size, dtype=np.int32)
        return ranks

    @cached_property
    def kind_category(self) -> npt.NDArray[np.int64]:
        """Category code of each kind (category and named needs)."""
        categories = {value: code for code, value in enumerate(self.labels["category"].values)}
        kinds: Sequence[Any] = self.labels["kind"].values
        return np.array([categories[kind[0]] for kind in kinds], dtype=np.int64)

    @cached_property
    def kind_counts(self) -> tuple[Ints, Ints]:
        """Number of rows of each kind: in all, and in zone 0."""
        codes = self.labels["kind"].codes
        width = len(self.labels["kind"].values)
        free = int(self.zone_starts[1])
        return np.bincount(codes, minlength=width), np.bincount(codes[:free], minlength=width)

    @cached_property
    def digest(self) -> npt.NDArray[np.uint64]:
        """Sum of the digests of all rows, in any order the same."""
        total: npt.NDArray[np.uint64] = np.add.reduce(self.digests, axis=0, dtype=np.uint64)
        return total

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        arrays: list[npt.NDArray[Any]] = [
            self.id_bytes,
            self.id_ends,
            self.digests,
            self.place_key,
            self.zone_starts,
            self.by_place,
            self.by_place_key,
            self.by_id,
            *self.numbers.values(),
            *(label.codes for label in self.labels.values()),
        ]
        for item in self.sets.values():
            arrays.extend((item.codes, item.table, item.known))
        own = {id(array) for array in arrays}
        arrays.extend(
            facet.codes for facet in self.facets.values() if facet and id(facet.codes) not in own
        )
        return sum(array.nbytes for array in arrays)
