"""The rows one household's questions look at, with what every criterion says of them, once each.

Questions of one house overlap: the same places around the same home. What differs from need to
need, from person to person and from answer to answer is little, and each criterion declares what
it reads (:mod:`matching.index.facet`).
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

from matching.ask import Ask, Fact
from matching.criterion import Criterion, gates
from matching.index.rows import Bools, Floats, Ints, Rows
from matching.index.segment import Segment

T = TypeVar("T")
S = TypeVar("S", bound=np.generic)
Failed = npt.NDArray[Any]

#: A facet of so many numbers is measured whole, and kept for whoever asks next.
WHOLE_UP_TO = 2048
#: Places in a pool: some of them, or all.
Places = Ints | slice
ALL = slice(None)


class Table:
    """What a criterion gave for the numbers of a facet, or for the rows themselves."""

    __slots__ = ("_weighted", "misses", "values")

    def __init__(self, values: Floats) -> None:
        self.values = values
        #: where it is 0; ``None`` when nowhere
        missed = values == 0
        self.misses: Bools | None = missed if missed.any() else None
        self._weighted: dict[float, Floats] = {}

    def points(self, criterion: Criterion, weight: float) -> Floats:
        """Weight times value, unknown at its neutral value."""
        known = self._weighted.get(weight)
        if known is None:
            filled = np.where(np.isnan(self.values), criterion.neutral, self.values)
            known = self._weighted[weight] = weight * filled
        return known


@dataclass(frozen=True, slots=True)
class Measured:
    """A table, and the number of each row in it (``None``: the rows stand in it themselves)."""

    table: Table
    codes: npt.NDArray[Any] | None

    def at(self, places: Places) -> Floats:
        """The values of some rows; NaN = unknown."""
        return self._spread(self.table.values, places)

    def misses(self, places: Places) -> Bools | None:
        """Which rows have 0; ``None`` when none can."""
        misses = self.table.misses
        return None if misses is None else self._spread(misses, places)

    def points(self, criterion: Criterion, weight: float, places: Places) -> Floats:
        """What each row adds to the sum."""
        return self._spread(self.table.points(criterion, weight), places)

    def _spread(self, values: npt.NDArray[S], places: Places) -> npt.NDArray[S]:
        return values[places] if self.codes is None else values.take(self.codes[places])


class Pool:
    """Some rows of one segment. ``radius_m``: how far from home nothing in reach was left out.

    ``gone``: rows of the segment that no longer hold; none of them is in the pool.
    """

    def __init__(
        self, segment: Segment, index: Ints, radius_m: float = 0.0, gone: Bools | None = None
    ) -> None:
        self.segment = segment
        self.gone = gone
        self.index = index
        self.size = len(index)
        self.radius_m = radius_m
        self._rows = Rows(segment, index)
        self._kept: dict[Hashable, Any] = {}

    @cached_property
    def kinds(self) -> npt.NDArray[Any]:
        """Kind of each row."""
        codes: npt.NDArray[Any] = self.segment.labels["kind"].codes[self.index]
        return codes

    @cached_property
    def free(self) -> Bools:
        """Whether each row is bound to no area (zone 0)."""
        return cast("Bools", self.index < self.segment.zone_starts[1])

    def once(self, key: Hashable, work: Callable[[], T]) -> T:
        """The value of ``work``, remembered for this pool."""
        if key not in self._kept:
            self._kept[key] = work()
        return cast("T", self._kept[key])

    def measured(self, criterion: Criterion, ask: Ask) -> Measured:
        """What a criterion gives for a question."""
        key = (criterion.key, ask.read(criterion.reads), ask.vocabulary.version)
        return self.once(key, lambda: self._measured(key, criterion, ask))

    def _measured(self, key: Hashable, criterion: Criterion, ask: Ask) -> Measured:
        facet = self.segment.facet(criterion.facet) if criterion.facet else None
        if facet is None or WHOLE_UP_TO < len(facet.rows) > self.size // 2:
            return Measured(Table(criterion.measure(self._rows, ask)), None)
        codes = self.once(criterion.facet, lambda: facet.codes[self.index])
        rows = Rows(self.segment, facet.rows)
        if len(facet.rows) > WHOLE_UP_TO:
            return Measured(Table(criterion.measure(rows, ask)), codes)
        return Measured(facet.keep(key, lambda: Table(criterion.measure(rows, ask))), codes)

    def failed(self, ask: Ask) -> Failed:
        """The gates each row fails, as bits: the first gate is the lowest bit."""
        return self.once(("failed", ask.read(_read_by_gates())), lambda: self._failed(ask))

    def _failed(self, ask: Ask) -> Failed:
        bits = np.zeros(self.size, dtype=_bits_type())
        for number, gate in enumerate(gates()):
            misses = self._misses(gate, ask)
            if misses is not None:
                bits |= misses.astype(bits.dtype) << bits.dtype.type(number)
        return bits

    def _misses(self, gate: Criterion, ask: Ask) -> Bools | None:
        key = ("misses", gate.key, ask.read(gate.reads))
        return self.once(key, lambda: self.measured(gate, ask).misses(ALL))


def first_failed(bits: Failed) -> npt.NDArray[np.uint8]:
    """The number of the first gate each row fails; for a row that fails none :func:`none_failed`."""
    lowest = bits & (~bits + bits.dtype.type(1))
    found: npt.NDArray[np.uint8] = np.bitwise_count(lowest - bits.dtype.type(1))
    return found


def none_failed() -> int:
    """What :func:`first_failed` gives for a row that fails no gate."""
    return 8 * _bits_type().itemsize


@cache
def _bits_type() -> np.dtype[Any]:
    """The narrowest type with a bit for each gate."""
    return next(np.dtype(f"u{size}") for size in (2, 4, 8) if len(gates()) <= 8 * size)


@cache
def _read_by_gates() -> frozenset[Fact] | None:
    """What all gates together read; ``None`` as soon as one does not say."""
    found: frozenset[Fact] = frozenset()
    for gate in gates():
        if gate.reads is None:
            return None
        found |= gate.reads
    return found
