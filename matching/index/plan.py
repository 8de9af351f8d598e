"""A question as tables: what every criterion says of each distinct fact, ready for the row loops.

A criterion is measured once for rows that are alike in its columns (matching.index.facet); the
loops of :mod:`matching.index.kernel` then only look up, compare and add.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.ask import Ask, Fact
from matching.criterion import Criterion, Kind, gates
from matching.distance import chord_within, metres_of_chords, unit_vector
from matching.index.facet import Facet
from matching.index.kernel_numpy import GateLookup, Lookup, chords
from matching.index.rows import Floats, Rows
from matching.index.segment import Segment

Codes = npt.NDArray[Any]

#: What a gate's table says of a fact.
PASSES, FAILS, BY_DISTANCE = 0, 1, 2
#: What nearly all questions of a day agree in.
_SAME_FOR_ALL = frozenset({Fact.DAY, Fact.ROUTE})
#: A preference over more distinct facts than this is measured for the rows that pass alone.
BIG_TABLE = 8192


class Table:
    """What a criterion gave for the numbers of a facet (the distance left out); NaN = unknown."""

    __slots__ = ("_fails", "_points", "values")

    def __init__(self, values: Floats) -> None:
        self.values = values
        self._fails: list[npt.NDArray[np.uint8] | None] = []
        self._points: dict[tuple[float, float], Floats] = {}

    def fails(self, criterion: Criterion) -> npt.NDArray[np.uint8] | None:
        """:data:`PASSES`, :data:`FAILS` or :data:`BY_DISTANCE`; ``None`` = nothing fails."""
        if not self._fails:
            self._fails.append(_fails(self.values, criterion))
        return self._fails[0]

    def points(self, weight: float, unknown: float) -> Floats:
        """Weight times value, with what an unknown counts as."""
        known = self._points.get((weight, unknown))
        if known is None:
            known = self._points[weight, unknown] = points_of(self.values, weight, unknown)
        return known


def _fails(values: Floats, gate: Criterion) -> npt.NDArray[np.uint8] | None:
    missed = values == 0
    if gate.within_m is not None:
        return np.where(np.isnan(values), BY_DISTANCE, missed).astype(np.uint8)
    return missed.astype(np.uint8) if missed.any() else None


def points_of(values: Floats, weight: float, unknown: float) -> Floats:
    """Weight times value, with what an unknown counts as."""
    return weight * np.where(np.isnan(values), unknown, values)


ByRow = tuple[tuple[int, Criterion], ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A criterion's table and the number of each row of the segment in it."""

    table: Table
    codes: Codes


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the person sets out from, on the unit sphere."""

    x: float
    y: float
    z: float


class Plan:
    """One question over one segment. What it works out is kept with the facets for who asks next."""

    def __init__(self, segment: Segment, ask: Ask) -> None:
        self.segment = segment
        self.ask = ask
        self._said: dict[str, Said | None] = {}
        self._rows: dict[int, Rows] = {}
        self._judging: dict[tuple[str, ...], tuple[tuple[GateLookup, ...], ByRow]] = {}

    def judging(self, decisive: Sequence[Criterion]) -> tuple[tuple[GateLookup, ...], ByRow]:
        """What judges rows, with its bits: the gates, and behind them decisive preferences.

        First those that can fail by their table, then those that have to be measured row by row.
        """
        names = tuple([criterion.key for criterion in decisive])
        if names not in self._judging:
            by_table: list[GateLookup] = []
            by_row: list[tuple[int, Criterion]] = []
            for bit, criterion in enumerate((*gates(), *decisive)):
                said = self.said(criterion)
                if said is None or (criterion.by_metres is not None):
                    by_row.append((bit, criterion))
                elif (fails := said.table.fails(criterion)) is not None:
                    by_table.append((bit, said.codes, fails, self._limit(criterion)))
            self._judging[names] = tuple(by_table), tuple(by_row)
        return self._judging[names]

    def said(self, criterion: Criterion) -> Said | None:
        """The table of a criterion; ``None`` where it has to be measured row by row."""
        key = criterion.key
        if key not in self._said:
            facet = self.segment.facet(criterion.facet) if criterion.facet else None
            if facet is None or _is_too_big(facet, criterion):
                self._said[key] = None
            else:
                self._said[key] = self._of_facet(facet, criterion)
        return self._said[key]

    def _of_facet(self, facet: Facet, criterion: Criterion) -> Said:
        """What a criterion says of each number of a facet; kept for every question that agrees."""
        ask = self.ask
        key = (criterion.key, ask.read(criterion.reads), ask.vocabulary.version)

        def work() -> Table:
            # 同じ列を見る基準どうしは、途中の値を分け合う。
            rows = self._rows.get(id(facet))
            if rows is None:
                rows = self._rows[id(facet)] = Rows(self.segment, facet.rows, facet.columns)
            values = criterion.measure(rows, ask)
            return Table(values)

        return Said(facet.keep(key, work), facet.codes)

    def _limit(self, gate: Criterion) -> float:
        return chord_within(gate.within_m(self.ask)) if gate.within_m is not None else 0.0

    def points(self, criterion: Criterion, weight: float, rows: Codes, far: Floats) -> Lookup:
        """What a preference adds for some rows: a table to look up, or a value each."""
        said = self.said(criterion)
        if said is not None and criterion.by_metres is None:
            return said.codes, said.table.points(weight, criterion.neutral)
        return None, points_of(self.each(criterion, rows, far), weight, criterion.neutral)

    def values(self, criterion: Criterion, rows: Codes, far: Floats) -> Lookup:
        """As :meth:`points`, the plain values; NaN = unknown."""
        said = self.said(criterion)
        if said is not None and not criterion.goes_by_distance:
            return said.codes, said.table.values
        return None, self.each(criterion, rows, far)

    def each(self, criterion: Criterion, rows: Codes, far: Floats) -> Floats:
        """The value of each of some rows, the distance (squared chords) counted in."""
        said = self.said(criterion)
        if said is None:
            by_columns = criterion.measure(Rows(self.segment, rows), self.ask)
        else:
            by_columns = said.table.values.take(said.codes[rows])
        if not criterion.goes_by_distance:
            return by_columns
        metres = np.full(len(rows), np.nan) if self.ask.point is None else metres_of_chords(far)
        return criterion.beside(by_columns, self.ask, metres)

    def chords(self, rows: Codes) -> Floats:
        """Squared chords from home to some rows; NaN = not known."""
        origin = origin_of(self.ask)
        if origin is None:
            return np.full(len(rows), np.nan)
        return chords(self.segment.places()[rows], origin.x, origin.y, origin.z)


def _is_too_big(facet: Facet, criterion: Criterion) -> bool:
    """Whether a table would be made anew for nearly everybody, and be larger than what is asked."""
    if criterion.kind is Kind.GATE or len(facet.rows) <= BIG_TABLE:
        return False
    return criterion.reads is None or not criterion.reads <= _SAME_FOR_ALL


def plan_of(segment: Segment, ask: Ask) -> Plan:
    """The plan of a question over a segment, the same one each time."""
    key = ("plan", id(segment))
    known: Plan | None = ask.memo.get(key)
    if known is None:
        known = ask.memo[key] = Plan(segment, ask)
    return known


def origin_of(ask: Ask) -> Origin | None:
    """The home of a question; ``None`` when it is not known."""
    if "origin" not in ask.memo:
        ask.memo["origin"] = Origin(*unit_vector(ask.point)) if ask.point is not None else None
    origin: Origin | None = ask.memo["origin"]
    return origin
