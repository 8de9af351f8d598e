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

from matching.ask import Ask, Fact
from matching.criterion import Criterion, gates
from matching.index.rows import Bools, Floats, Ints, Rows
from matching.index.segment import Segment

T = TypeVar("T")

#: A facet of so many numbers is measured whole, and kept for whoever asks next.
WHOLE_UP_TO = 2048
#: Places in a pool: some of them, or all.
Places = Ints | slice
ALL = slice(None)


class Measured:
    """What a criterion gave: a value for each number, and the number of each row (``None``: its own)."""

    __slots__ = ("_codes", "_table", "_zeros")

    def __init__(self, table: Floats, zeros: Bools | None, codes: Ints | None) -> None:
        self._table = table
        self._zeros = zeros
        self._codes = codes

    def at(self, places: Places) -> Floats:
        """The values of some rows; NaN = unknown."""
        if self._codes is None:
            return self._table[places]
        return self._table.take(self._codes[places])

    def zero(self, places: Places) -> Bools | None:
        """Which rows have 0; ``None`` when none can."""
        if self._zeros is None:
            return None
        if self._codes is None:
            return self._zeros[places]
        return self._zeros.take(self._codes[places])

    def points(self, criterion: Criterion, weight: float, places: Places) -> Floats:
        """Weight times value, unknown at its neutral value."""
        if self._codes is None or len(self._table) > WHOLE_UP_TO:
            return _points(self.at(places), criterion, weight)
        return _points(self._table, criterion, weight).take(self._codes[places])


def _points(part: Floats, criterion: Criterion, weight: float) -> Floats:
    return weight * np.where(np.isnan(part), criterion.neutral, part)


def _zeros(table: Floats) -> Bools | None:
    hit = table == 0
    return hit if hit.any() else None


@dataclass(frozen=True, slots=True)
class Gated:
    """How many gates each row fails, and which is the first (the number of gates for none)."""

    fails: Any
    first: Any


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
    def kinds(self) -> Ints:
        """Kind of each row."""
        return self.segment.labels["kind"].codes[self.index].astype(np.intp)

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
            table = criterion.measure(self._rows, ask)
            return Measured(table, _zeros(table), None)
        codes = self.once(criterion.facet, lambda: facet.codes[self.index].astype(np.intp))
        rows = Rows(self.segment, facet.rows)
        if len(facet.rows) > WHOLE_UP_TO:
            table = criterion.measure(rows, ask)
            return Measured(table, _zeros(table), codes)
        found = facet.keep(key, lambda: _both(criterion.measure(rows, ask)))
        return Measured(*found, codes)

    def gated(self, ask: Ask) -> Gated:
        """What the gates say of every row."""
        return self.once(("gates", ask.read(_read_by_gates())), lambda: self._gated(ask))

    def _gated(self, ask: Ask) -> Gated:
        fails = np.zeros(self.size, dtype=np.uint8)
        first = np.full(self.size, len(gates()), dtype=np.uint8)
        for number, gate in reversed(list(enumerate(gates()))):
            failed = self.measured(gate, ask).zero(ALL)
            if failed is not None:
                fails += failed
                first[failed] = number
        return Gated(fails, first)


def _both(table: Floats) -> tuple[Floats, Bools | None]:
    return table, _zeros(table)


@cache
def _read_by_gates() -> frozenset[Fact] | None:
    """What all gates together read; ``None`` as soon as one does not say."""
    found: frozenset[Fact] = frozenset()
    for gate in gates():
        if gate.reads is None:
            return None
        found |= gate.reads
    return found
