"""Facets: rows that are alike in every column a criterion looks at, under one number.

A criterion treats each row by itself, so it need be measured only once for rows that are alike:
a hundred thousand rows hold a few dozen pairs of age limits. What it gave is kept for every
question that agrees in what the criterion reads (``Criterion.reads``).
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from matching.index.rows import Ints

Names = tuple[str, ...]
T = TypeVar("T")
#: More distinct combinations than this, or than half the rows, are not worth a table.
AT_MOST = 1 << 16
WORTHWHILE_FROM = 4096
#: Joint codes up to here are numbered by counting, beyond by sorting.
_DENSE = 1 << 24
#: So many numbers are kept for each facet of what was found for different people.
_KEPT = 1 << 20


@dataclass(slots=True)
class Facet:
    """A number for each row, a row for each number, and what criteria found for the numbers."""

    codes: npt.NDArray[Any]
    rows: Ints
    kept: dict[Hashable, Any] = field(default_factory=dict)
    #: plain columns of the rows (matching.index.rows)
    columns: dict[Hashable, Any] = field(default_factory=dict)

    def keep(self, key: Hashable, work: Callable[[], T]) -> T:
        """What ``work`` gives for the numbers, remembered."""
        known: T | None = self.kept.get(key)
        if known is None:
            if len(self.kept) * max(1, len(self.rows)) >= _KEPT:
                self.kept.clear()
            known = self.kept[key] = work()
        return known


class Columns(Protocol):
    """What holds the columns (a segment of the index)."""

    numbers: dict[str, npt.NDArray[Any]]

    def coded(self, name: str) -> npt.NDArray[Any] | None:
        """The codes of a Label or Bits column; ``None`` for a Number."""

    @property
    def size(self) -> int:
        """Number of rows."""


def facet_of(source: Columns, names: Names) -> Facet | None:
    """The facet of some columns; ``None`` where it would not save anything."""
    if not source.size:
        return None
    codes, count = _coded(source, names[0])
    for name in names[1:]:
        other, more = _coded(source, name)
        codes, count = _joined(codes.astype(np.int64) * more + other, count * more)
    if count > AT_MOST or (source.size >= WORTHWHILE_FROM and count > source.size // 2):
        return None
    rows = np.zeros(count, dtype=np.int64)
    rows[codes[::-1]] = np.arange(source.size - 1, -1, -1)
    return Facet(
        codes if len(names) == 1 and codes.dtype.kind == "u" else codes.astype(narrow(count)), rows
    )


def narrow(count: int) -> npt.DTypeLike:
    """The smallest type that holds so many numbers."""
    if count <= 1 << 8:
        return np.uint8
    return np.uint16 if count <= 1 << 16 else np.uint32


def _coded(source: Columns, name: str) -> tuple[npt.NDArray[Any], int]:
    """A number for each row, and how many numbers there are."""
    codes = source.coded(name)
    if codes is not None:
        return codes, int(codes.max()) + 1
    values = source.numbers[name]
    distinct = np.unique(values)
    return np.searchsorted(distinct, values), len(distinct)


def _joined(codes: Ints, count: int) -> tuple[Ints, int]:
    """Numbers without gaps."""
    if count > _DENSE:
        distinct, again = np.unique(codes, return_inverse=True)
        return again, len(distinct)
    seen = np.zeros(count, dtype=bool)
    seen[codes] = True
    places = np.cumsum(seen) - 1
    return places[codes], int(places[-1]) + 1
