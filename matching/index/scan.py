"""Rows of one segment that answer a need, and which gates they fail: one pass over row ranges."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matching.ask import Ask
from matching.criterion import Criterion, gates
from matching.index import kernel
from matching.index.candidates import Int32s, Spans
from matching.index.fit import Answering
from matching.index.kernel_numpy import BITS, GateLookup, within
from matching.index.live import Part
from matching.index.plan import Plan, origin_of, plan_of
from matching.index.rows import Bools, Floats
from matching.index.segment import Segment

Words = npt.NDArray[np.uint64]
#: A Label column, and which of its values are wanted.
Only = tuple[str, npt.NDArray[np.uint8]]


@dataclass(frozen=True, slots=True)
class Scanned:
    """Rows that were kept, the squared chords to them, and the gates each fails (as bits).

    ``first[bit]`` = rows whose first failed gate it is. ``free`` and ``listed`` = rows that answer
    and were looked at, bound to no area and bound to some.
    """

    rows: Int32s
    far: Floats
    bits: Words | None
    first: npt.NDArray[np.int64]
    free: int
    listed: int

    def among(self, places: npt.NDArray[np.int64], bits: Words | None) -> "Scanned":
        """Only the rows at some places."""
        rows, far = self.rows[places], self.far[places]
        return Scanned(rows, far, bits, self.first, self.free, self.listed)


class _Wanted(NamedTuple):
    """How many gates may fail, from and up to; ``soft``: bits any number of which may fail alone."""

    least: int
    most: int
    soft: int = 0


_NONE_FAILS = _Wanted(0, 0)
_ONE_FAILS = _Wanted(1, 1)


def scan(part: Part, ask: Ask, spans: Sequence[Spans], only: Sequence[Only]) -> Scanned:
    """Rows of some ranges that pass every table of ``only`` and every gate."""
    return _judged(part, ask, spans, only, (), _NONE_FAILS)


def scan_misses(
    part: Part,
    ask: Ask,
    spans: Sequence[Spans],
    only: Sequence[Only],
    decisive: Sequence[Criterion],
) -> Scanned:
    """As :func:`scan`, what fails just one gate or decisive preference, with its bit.

    The bits of the preferences follow those of the gates.
    """
    return _judged(part, ask, spans, only, decisive, _ONE_FAILS)


def scan_both(
    part: Part,
    ask: Ask,
    spans: Sequence[Spans],
    only: Sequence[Only],
    decisive: Sequence[Criterion],
) -> tuple[Scanned, Scanned]:
    """:func:`scan` and :func:`scan_misses` of the same rows, in one go."""
    of_gates = (1 << len(gates())) - 1
    soft = ((1 << len(decisive)) - 1) << len(gates())
    found = _judged(part, ask, spans, only, decisive, _Wanted(0, 1, soft))
    assert found.bits is not None  # noqa: S101 - asked for
    passes = np.flatnonzero((found.bits & np.uint64(of_gates)) == 0)
    alone = np.flatnonzero(np.bitwise_count(found.bits) == 1)
    return found.among(passes, None), found.among(alone, found.bits[alone])


def _judged(
    part: Part,
    ask: Ask,
    spans: Sequence[Spans],
    only: Sequence[Only],
    decisive: Sequence[Criterion],
    wanted: _Wanted,
) -> Scanned:
    segment, gone = part
    plan = plan_of(segment, ask)
    judging, by_row = plan.judging(decisive)
    if not by_row:
        return _collected(plan, gone, spans, only, judging, wanted)
    found = _collected(plan, gone, spans, only, judging, _Wanted(0, BITS))
    return _judged_by_row(plan, found, by_row, wanted)


def rows_of(part: Part, ask: Ask, spans: Sequence[Spans], only: Sequence[Only]) -> Scanned:
    """As :func:`scan`, whatever the gates say."""
    segment, gone = part
    return _collected(plan_of(segment, ask), gone, spans, only, (), _NONE_FAILS)


def of_categories(segment: Segment, categories: npt.NDArray[np.int64]) -> Only:
    """Only rows of some categories."""
    wanted = np.zeros(len(segment.labels["category"].values), dtype=np.uint8)
    wanted[categories] = 1
    return "category", wanted


def answering_rows(kinds: Bools) -> Only:
    """Only rows of the kinds that answer."""
    return "kind", kinds.view(np.uint8)


def _collected(
    plan: Plan,
    gone: Bools | None,
    spans: Sequence[Spans],
    only: Sequence[Only],
    judging: Sequence[GateLookup],
    wanted: _Wanted,
) -> Scanned:
    segment = plan.segment
    room = _room(sum(each.size for each in spans))
    origin = origin_of(plan.ask)
    home = (0.0, 0.0, 0.0) if origin is None else (origin.x, origin.y, origin.z)
    unit = None if origin is None else segment.places()
    counts = np.zeros(BITS + 2, dtype=np.int64)
    free_end, used = int(segment.zone_starts[1]), 0
    for each in spans:
        codes = segment.codes if each.order is None else segment.codes_by_place
        among = tuple([(codes(name), values) for name, values in only])
        used += kernel.loops.collect(
            each.starts, each.ends, each.order, segment.size, free_end, gone, among,
            tuple(judging), unit, *home, *wanted,
            room.rows[used:], room.bits[used:] if wanted.most else None, room.far[used:], counts,
        )  # fmt: skip
    return Scanned(
        rows=room.rows[:used].copy(),
        far=room.far[:used].copy(),
        bits=room.bits[:used].copy() if wanted.most else None,
        first=counts[:BITS],
        free=int(counts[BITS]),
        listed=int(counts[BITS + 1]),
    )


def _judged_by_row(
    plan: Plan,
    found: Scanned,
    by_row: Sequence[tuple[int, Criterion]],
    wanted: _Wanted,
) -> Scanned:
    """The same with the gates that know no table, measured for every row."""
    bits = np.zeros(len(found.rows), dtype=np.uint64) if found.bits is None else found.bits
    for bit, gate in by_row:
        misses = plan.each(gate, found.rows, found.far) == 0
        bits = bits | (misses.astype(np.uint64) << np.uint64(bit))
    failing = bits[bits != 0]
    first = np.bitwise_count((failing & (~failing + np.uint64(1))) - np.uint64(1))
    kept = np.flatnonzero(within(bits, *wanted))
    by_first = np.bincount(first, minlength=BITS)
    return replace(found.among(kept, bits[kept] if wanted.most else None), first=by_first)


def excluded(part: Part, ask: Ask, found: Scanned, answering: Answering) -> Mapping[str, int]:
    """How many rows each gate is the first to exclude, those never looked at counted in.

    What was passed over is out of area, or out of reach.
    """
    counts = {gate.key: int(found.first[bit]) for bit, gate in enumerate(gates())}
    free, listed = _still(part, answering)
    if ask.household.areas:
        counts["area"] = counts.get("area", 0) + listed - found.listed
        counts["reach"] = counts.get("reach", 0) + free - found.free
    else:
        # 住まいの区域が分からないときに外れるのは、遠さだけによる。
        counts["reach"] = counts.get("reach", 0) + free + listed - found.free - found.listed
    return {key: number for key, number in counts.items() if number}


def _still(part: Part, found: Answering) -> tuple[int, int]:
    """How many rows answer and still hold, bound to no area and bound to some."""
    segment, gone = part
    if gone is None:
        return found.free, found.listed
    lost = np.flatnonzero(gone)
    lost = lost[found.kinds[segment.labels["kind"].codes[lost]]]
    loose = int(np.searchsorted(lost, segment.zone_starts[1]))
    return found.free - loose, found.listed - (len(lost) - loose)


class _Room(threading.local):
    """Space for the rows of one scan, kept from question to question."""

    def __init__(self) -> None:
        self.rows: Int32s = np.empty(0, dtype=np.int32)
        self.far: Floats = np.empty(0)
        self.bits: Words = np.empty(0, dtype=np.uint64)


_ROOM = _Room()


def _room(size: int) -> _Room:
    if len(_ROOM.rows) < size:
        _ROOM.rows = np.empty(size, dtype=np.int32)
        _ROOM.far = np.empty(size)
        _ROOM.bits = np.empty(size, dtype=np.uint64)
    return _ROOM
