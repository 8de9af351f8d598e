"""Compiled columns of a set of resources: plain arrays, sorted by place.

Rows are sorted by (zone, group, grid cell); a group is a category, or all that name needs
themselves. Zone 0 holds what is not bound to an area, or of
which that is not known; every other zone is one distinct set of served areas. A question then
reads a few ranges: the zones of the person's areas, and of zone 0 the cells around them.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from matching.distance import unit_vectors
from matching.index.column import Plain
from matching.index.facet import Facet, Names, facet_of
from matching.index.grid import Marks
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
    kept: dict[Hashable, Any] = field(default_factory=dict)


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
    #: group and cell of each row, in one number that is sorted within a zone
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
    #: codes of Label columns in the order of ``by_place``, made when first asked for
    by_place_codes: dict[str, npt.NDArray[Any]] = field(default_factory=dict)
    #: what answers each need that was asked so far (matching.index.fit)
    answering: dict[str, Any] = field(default_factory=dict)
    #: where each row is, on the unit sphere (matching.distance)
    unit: npt.NDArray[np.float64] | None = None
    #: the facet codes of a row side by side, so that a row is read in one go
    hot: npt.NDArray[np.uint16] | None = None

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

    def codes(self, name: str) -> npt.NDArray[Any]:
        """The codes of a Label column."""
        return self.labels[name].codes

    def codes_by_place(self, name: str) -> npt.NDArray[Any]:
        """The same in the order of :attr:`by_place`, so that a reach is read in one go."""
        if name not in self.by_place_codes:
            self.by_place_codes[name] = self.labels[name].codes[self.by_place]
        return self.by_place_codes[name]

    def places(self) -> npt.NDArray[np.float64]:
        """Where each row is, as a unit vector; NaN = unknown."""
        if self.unit is None:
            self.unit = unit_vectors(self.numbers["lat"], self.numbers["lon"])
        return self.unit

    def pack(self) -> None:
        """Put the codes of all facets made so far side by side (once it is compiled)."""
        self.places()
        packed = [facet for facet in self.facets.values() if facet is not None]
        # 一行を切りのよい長さにして、またがずに読めるようにする。
        width = 1 << max(0, len(packed) - 1).bit_length()
        self.hot = np.zeros((self.size, width), dtype=np.uint16)
        for place, facet in enumerate(packed):
            self.hot[:, place] = facet.codes
            facet.codes = self.hot[:, place]

    def facet(self, names: Names) -> Facet | None:
        """The facet of some columns, made when first asked for."""
        if names not in self.facets:
            self.facets[names] = facet_of(self, names)
        return self.facets[names]

    def id_of(self, row: int) -> str:
        """The id of a row."""
        start = int(self.id_ends[row - 1]) if row else 0
        return self.id_bytes[start : int(self.id_ends[row])].tobytes().decode()

    def ids_of(self, rows: npt.NDArray[Any]) -> list[str]:
        """The ids of some rows."""
        ends = self.id_ends[rows].tolist()
        starts = np.where(rows > 0, self.id_ends[rows - 1], 0).tolist()
        data = self.id_bytes.data
        return [str(data[a:b], "utf-8") for a, b in zip(starts, ends, strict=True)]

    def categories_of(self, rows: npt.NDArray[Any]) -> list[str | None]:
        """The categories of some rows."""
        label = self.labels["category"]
        values: list[Any] = label.values
        return [values[code] for code in label.codes[rows].tolist()]

    def category_of(self, row: int) -> str | None:
        """The category of a row."""
        label = self.labels["category"]
        return cast("str | None", label.values[int(label.codes[row])])

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
    def marks(self) -> Marks:
        """Where categories and bands begin among the rows that are bound to no area."""
        free = self.place_key[: int(self.zone_starts[1])]
        return Marks(free, self.groups)

    @cached_property
    def marks_by_place(self) -> Marks:
        """The same among the rows of all zones, in the order of their place."""
        return Marks(self.by_place_key, self.groups)

    @cached_property
    def zone_codes(self) -> npt.NDArray[np.int64]:
        """Zone of each distinct set of served areas (0 = anywhere or not known)."""
        zones = {areas: number for number, areas in enumerate(self.zone_areas, start=1)}
        values: Sequence[Any] = self.labels["served"].values
        return np.array([zones.get(areas, 0) for areas in values], dtype=np.int64)

    @property
    def groups(self) -> int:
        """Number of groups rows are sorted by: one for each category, and the last for the named."""
        return len(self.labels["category"].values) + 1

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
            *(array for array in (self.unit, self.hot) if array is not None),
            *self.by_place_codes.values(),
        ]
        for item in self.sets.values():
            arrays.extend((item.codes, item.table, item.known))
        return sum(array.nbytes for array in arrays)


def groups_of_kinds(kinds: Sequence[Any], categories: Sequence[Any]) -> npt.NDArray[np.int64]:
    """Group of each kind: its category's code, and one of their own for those that name needs.

    What names a need may answer it whatever its category: were they sorted among the others, every
    question would have to look through all categories for them.
    """
    codes = {value: code for code, value in enumerate(categories)}
    found = [len(codes) if named else codes[category] for category, named in kinds]
    return np.array(found, dtype=np.int64)
