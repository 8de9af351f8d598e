"""The loops over rows in NumPy: what ``kernel.c`` does, where that is not built.

Arguments and answers are those of the C functions; the tests hold one against the other, bit by bit.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Lookup = tuple[Array | None, Array]
GateLookup = tuple[int, Array, Array, float]

#: Bits of a gate; behind them in ``counts`` how many rows were looked at.
BITS = 64


def spans(  # noqa: PLR0913, PLR0917 - one loop, all it needs
    keys: Array,
    begins: Ints,
    pasts_of: Ints,
    bases: Ints,
    firsts: Ints,
    pasts: Ints,
    starts: Ints,
    ends: Ints,
) -> int:
    """Row ranges of ``keys[begins[i]:pasts_of[i]]`` (each sorted) in ``bases[i]+first … +past``.

    For every pair of first and past (ascending, apart); empty ones are left out.
    """
    used = 0
    for begin, stop, base in zip(begins.tolist(), pasts_of.tolist(), bases.tolist(), strict=True):
        own = keys[begin:stop]
        lows = np.searchsorted(own, base + firsts) + begin
        highs = np.searchsorted(own, base + pasts) + begin
        some = np.flatnonzero(highs > lows)
        starts[used : used + len(some)] = lows[some]
        ends[used : used + len(some)] = highs[some]
        used += len(some)
    return used


def collect(  # noqa: PLR0913, PLR0917 - one loop, all it needs
    starts: Ints,
    ends: Ints,
    order: Array | None,
    size: int,
    free_end: int,
    gone: Array | None,
    only: Sequence[tuple[Array, Array]],
    gates: Sequence[GateLookup],
    unit: Array | None,
    x: float,
    y: float,
    z: float,
    least: int,
    keep: int,
    soft: int,
    rows: Array,
    bits: Array | None,
    far: Array,
    counts: Array,
) -> int:
    """Rows of some spans that pass every table of ``only`` and fail so many gates (:func:`within`).

    The codes of ``only`` are in the order the spans are of, those of a gate in that of the rows.
    A gate is (bit, codes, table, limit): 0 passes, 1 fails, 2 = fails when the squared chord to x,
    y, z is above ``limit``. ``counts[bit]`` = rows whose first failed gate it is; behind the bits the
    rows looked at before and from row ``free_end`` on. Raises ValueError for a row outside.
    """
    places = expand(starts, ends)
    found = places if order is None else order[places].astype(np.int64)
    if len(found) and (int(found.min()) < 0 or int(found.max()) >= size):
        raise ValueError("a code or row lies outside its table")
    for codes, table in only:
        answers = _looked(codes, table, places) != 0
        places, found = places[answers], found[answers]
    if gone is not None:
        found = found[~gone[found]]
    near = int(np.count_nonzero(found < free_end))
    counts[BITS] += near
    counts[BITS + 1] += len(found) - near
    away = chords(unit[found], x, y, z) if unit is not None else np.zeros(len(found))
    failed = np.zeros(len(found), dtype=np.uint64)
    for bit, codes, table, limit in gates:
        verdict = _looked(codes, table, found)
        misses = verdict == 1
        if unit is not None:
            misses |= (verdict == _BY_DISTANCE) & (away > limit)
        failed |= misses.astype(np.uint64) << np.uint64(bit)
    lowest = failed & (~failed + np.uint64(1))
    first = np.bitwise_count(lowest[failed != 0] - np.uint64(1))
    counts[:BITS] += np.bincount(first, minlength=BITS)[:BITS]
    kept = np.flatnonzero(within(failed, least, keep, soft))
    number = len(kept)
    rows[:number] = found[kept]
    far[:number] = away[kept]
    if bits is not None:
        bits[:number] = failed[kept]
    return number


_BY_DISTANCE = 2


def within(failed: Array, least: int, keep: int, soft: int) -> Bools:
    """Where ``least`` to ``keep`` bits are set; of the ``soft`` ones any number, without others."""
    many = np.bitwise_count(failed)
    mild: Bools = (failed & ~np.uint64(soft)) == 0
    found: Bools = (many >= least) & ((many <= keep) | mild)
    return found


def pick(  # noqa: PLR0913, PLR0917 - one loop, all it needs
    rows: Array,
    parts: Sequence[Lookup],
    most: Array,
    whole: float,
    scale: float,
    rank: Array,
    groups: Array,
    by_place: bool,  # noqa: FBT001 - called by place, as in C
    kinds: int,
    share: int,
    top: int,
    filled: bool,  # noqa: FBT001 - called by place, as in C
    places: Array,
    totals: Array,
) -> int:
    """Places of the best ``top`` rows by the sum of their parts, best first, ties by rank.

    Sums are taken by ``whole`` and rounded to ``1/scale``. No more than ``share`` of one group
    while others are left; when there are none, ``filled`` up with the best of the rest. A part is
    (codes, table), or (None, values) with one value for each row; ``most`` = the greatest value of
    each (the loops in C leave out early what can't make the list). Groups are codes by row, or by
    place.
    """
    del most
    total = _sums(rows, parts)
    if whole:
        total = np.rint(total / whole * scale) / scale
    ordered = np.lexsort((rank[rows], -total))
    own = _own_groups(rows, groups, kinds, by_place=by_place)
    nth = _nth_of_group(ordered, own)[ordered]
    within = np.flatnonzero(nth < share)[:top]
    rest = np.flatnonzero(nth >= share)[: (top - len(within)) if filled else 0]
    chosen = ordered[np.sort(np.concatenate((within, rest)))]
    places[: len(chosen)] = chosen
    totals[: len(chosen)] = total[chosen]
    return len(chosen)


def hopeful(  # noqa: PLR0913, PLR0917 - one loop, all it needs
    rows: Array,
    parts: Sequence[Lookup],
    slack: float,
    ranked: int,
    groups: Array,
    by_place: bool,  # noqa: FBT001 - called by place, as in C
    kinds: int,
    share: int,
    top: int,
    filled: bool,  # noqa: FBT001 - called by place, as in C
    places: Array,
) -> int:
    """Places of the rows that :func:`pick` could choose, whatever is still to be added.

    That is between 0 and ``slack`` for the sum of each. ``ranked``: rows there are in all.
    """
    del ranked
    total = _sums(rows, parts)
    own = _own_groups(rows, groups, kinds, by_place=by_place)
    nth = _nth_of_group(np.argsort(-total, kind="stable"), own)
    shared = _least(total[nth < share], top)
    of_group = np.full(kinds, -np.inf)
    of_group[own[nth == share - 1]] = total[nth == share - 1]
    able = _able(total, slack, of_group[own])
    if filled and shared == -np.inf:
        able |= _able(total, slack, np.full(len(total), _least(total, top)))
    found = np.flatnonzero(able & _able(total, slack, np.full(len(total), shared)))
    places[: len(found)] = found
    return len(found)


def reaching(
    rows: Array,
    parts: Sequence[Lookup],
    ranked: int,
    least: float,
    places: Array,
) -> int:
    """Places of the rows whose parts sum up to ``least`` or more (see :func:`pick`)."""
    del ranked
    found = np.flatnonzero(_sums(rows, parts) >= least)
    places[: len(found)] = found
    return len(found)


def _sums(rows: Array, parts: Sequence[Lookup]) -> Array:
    """The sum of the parts of each row, made in their order."""
    total: Array = np.zeros(len(rows))
    for codes, table in parts:
        total += _said(codes, table, rows)
    return total


def _own_groups(rows: Array, groups: Array, kinds: int, *, by_place: bool) -> Ints:
    """The group of each row; raises ValueError for one that does not exist."""
    own: Ints = (groups[: len(rows)] if by_place else groups[rows]).astype(np.int64)
    if len(own) and int(own.max()) >= kinds:
        raise ValueError("a code or row lies outside its table")
    return own


def _least(sums: Array, top: int) -> float:
    """The last that makes a list of ``top``; minus infinity while there is room."""
    return float(np.sort(sums)[-top]) if len(sums) >= top else -np.inf


def _able(sums: Array, slack: float, least: Array) -> Bools:
    # 丸めのぶんを見込む。
    known = np.where(np.isinf(least), 0.0, least)
    found: Bools = np.isinf(least) | (sums + slack >= known - 1e-6 * (1.0 + np.abs(known)))
    return found


def _nth_of_group(ordered: Ints, own: Array) -> Ints:
    """The number of each place among those of its group, in some order of the places."""
    grouped = ordered[np.argsort(own[ordered], kind="stable")]
    starts = np.flatnonzero(np.diff(own[grouped], prepend=-1))
    lengths = np.diff([*starts.tolist(), len(own)])
    nth = np.empty(len(own), dtype=np.int64)
    nth[grouped] = np.arange(len(own)) - np.repeat(starts, lengths)
    return nth


def values(rows: Array, parts: Sequence[Lookup], found: Array) -> None:
    """What each part says of each row, row by row (see :func:`pick`)."""
    for number, (codes, table) in enumerate(parts):
        found[:, number] = _said(codes, table, rows)


def better(  # noqa: PLR0913, PLR0917 - one loop, all it needs
    codes: Array,
    first: Array,
    worth: Array,
    other: Array,
    another: Array,
    unknown: int,
    found: Array,
) -> None:
    """For each code the greater of worth[first[code]] and another[other[code]]; NaN for ``unknown``."""
    if len(codes) and int(codes.max()) >= len(first):
        raise ValueError("a code or row lies outside its table")
    found[:] = np.maximum(worth[first[codes]], another[other[codes]])
    found[codes == unknown] = np.nan


def bounds(
    values: Array, weights: Array, whole: float, scale: float, low: Array, high: Array
) -> None:
    """The weighted mean of each row of values, everything unknown (NaN) being 0, and being 1."""
    for bound, unknown in ((low, 0.0), (high, 1.0)):
        known = np.where(np.isnan(values), unknown, values)
        total = np.zeros(len(values))
        for number, weight in enumerate(weights.tolist()):
            total += weight * known[:, number]
        bound[:] = np.rint(total / whole * scale) / scale if whole else total


def expand(starts: Ints, ends: Ints) -> Ints:
    """All row numbers of many ranges, in their order."""
    used = ends > starts
    starts, ends = starts[used], ends[used]
    lengths = ends - starts
    total = int(lengths.sum())
    if not total:
        return np.zeros(0, dtype=np.int64)
    steps = np.ones(total, dtype=np.int64)
    firsts = np.cumsum(lengths)[:-1]
    steps[0] = starts[0]
    steps[firsts] = starts[1:] - ends[:-1] + 1
    return np.cumsum(steps)


def chords(places: Array, x: float, y: float, z: float) -> Array:
    """Squared chords from a point of the unit sphere to some places on it; NaN stays NaN."""
    dx, dy, dz = places[:, 0] - x, places[:, 1] - y, places[:, 2] - z
    away: Array = dx * dx + dy * dy + dz * dz
    return away


def _looked(codes: Array, table: Array, rows: Array) -> Array:
    try:
        return table[codes[rows]]
    except IndexError:
        raise ValueError("a code or row lies outside its table") from None


def _said(codes: Array | None, table: Array, rows: Array) -> Array:
    return table[: len(rows)] if codes is None else _looked(codes, table, rows)
