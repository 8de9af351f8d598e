"""The loops in C and in NumPy give the same bits; what is damaged is refused, never read outside."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.vocabulary.concept import Family
from matching.card import ResourceCard
from matching.index import kernel, kernel_numpy
from matching.index.live import LiveIndex, compile_cards
from matching.index.nearmiss import near_misses
from matching.index.search import search
from matching.profile import Household
from matching.weights import weights_of
from tests.matching.index.test_oracle import ask_of
from tests.matching.index.worlds import households, needs, worlds
from tests.matching.world import VOCABULARY

Array = np.ndarray[Any, Any]
LOOPS = (kernel.loops, kernel_numpy)
seeds = st.integers(0, 2**32 - 1)


def test_the_loops_in_c_are_built() -> None:
    assert kernel.loops is not kernel_numpy, "Cの部分が組み立てられていません：make install"


def both(name: str, arguments: Callable[[], list[Any]]) -> None:
    """Call the same loop of both kinds; what they answer and write is the same, bit by bit."""
    told = []
    for loops in LOOPS:
        given_to = arguments()
        answer = getattr(loops, name)(*given_to)
        written = [a.tobytes() for a in given_to if isinstance(a, np.ndarray)]
        told.append((answer, written))
    assert told[0] == told[1]


def codes(rng: np.random.Generator, size: int, kinds: int) -> Array:
    """A column of codes, plain or one of several side by side."""
    dtype = (np.uint8, np.uint16, np.uint32)[int(rng.integers(3))]
    table = rng.integers(0, kinds, (size, 3)).astype(dtype)
    return table[:, 1] if rng.integers(2) else np.ascontiguousarray(table[:, 1])


@settings(max_examples=80, deadline=None)
@given(seeds)
def test_spans(seed: int) -> None:
    rng = np.random.default_rng(seed)
    groups, cells = int(rng.integers(1, 5)), int(rng.integers(0, 5))
    edges = np.sort(rng.choice(40, 2 * cells, replace=False)).astype(np.int64)
    own = np.sort(rng.integers(0, groups * 50, int(rng.integers(0, 120))))
    bases = np.arange(groups, dtype=np.int64) * 50
    begins, stops = (np.searchsorted(own, bases + more) + 3 for more in (0, 50))
    # 前後には、ほかの区分の並びが続く。
    keys = np.array([90, 10, 400, *own, 0, 7], dtype=np.int32)

    def arguments() -> list[Any]:
        room = np.zeros((2, groups * cells), dtype=np.int64)
        return [keys, begins, stops, bases, edges[::2].copy(), edges[1::2].copy(), *room]

    both("spans", arguments)


@settings(max_examples=120, deadline=None)
@given(seeds)
def test_collect(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = int(rng.integers(1, 80))
    edges = np.sort(rng.integers(0, size + 1, 2 * int(rng.integers(0, 5)))).astype(np.int64)
    order = rng.permutation(size).astype(np.int32) if rng.integers(2) else None
    gone = rng.random(size) < 0.2 if rng.integers(2) else None
    only = ((codes(rng, size, 4), rng.integers(0, 2, 4).astype(np.uint8)),)
    gates = tuple(
        (bit, codes(rng, size, 5), rng.integers(0, 3, 5).astype(np.uint8), float(rng.random()))
        for bit in sorted(rng.choice(20, int(rng.integers(0, 6)), replace=False).tolist())
    )
    unit = rng.random((size, 3)) if rng.integers(2) else None
    if unit is not None:
        unit[rng.random(size) < 0.2] = np.nan
    keep = int(rng.integers(0, 3))
    least = int(rng.integers(0, keep + 1))
    soft = int(rng.integers(0, 2**20)) if keep and not least else 0
    asked = (order, size, size // 2, gone, only, gates, unit, 0.3, 0.2, 0.1, least, keep, soft)
    told = []
    for loops in LOOPS:
        rows, far = np.zeros(size, dtype=np.int32), np.zeros(size)
        bits = np.zeros(size, dtype=np.uint64) if keep else None
        counts = np.zeros(66, dtype=np.int64)
        used = loops.collect(edges[::2].copy(), edges[1::2].copy(), *asked, rows, bits, far, counts)
        kept = None if bits is None else bits[:used].tobytes()
        distances = far[:used].tobytes() if unit is not None else b""
        told.append((used, rows[:used].tobytes(), kept, distances, counts.tobytes()))
    assert told[0] == told[1]


@settings(max_examples=80, deadline=None)
@given(seeds)
def test_values_and_bounds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size, many = int(rng.integers(1, 60)), int(rng.integers(0, 7))
    rows = rng.integers(0, size, int(rng.integers(0, 90))).astype(np.int32)
    parts = tuple(
        (codes(rng, size, 6), rng.random(6))
        if rng.integers(2)
        else (None, np.where(rng.random(len(rows)) < 0.3, np.nan, rng.random(len(rows))))
        for _ in range(many)
    )
    whole = float(many) if rng.integers(2) else 0.0
    both("values", lambda: [rows, parts, np.zeros((len(rows), many))])
    said, weights = np.zeros((len(rows), many)), rng.random(many)
    kernel_numpy.values(rows, parts, said)
    both("bounds", lambda: [said, weights, whole, 1e9, *np.zeros((2, len(rows)))])


@settings(max_examples=80, deadline=None)
@given(seeds)
def test_better(seed: int) -> None:
    rng = np.random.default_rng(seed)
    kinds, size = int(rng.integers(1, 40)), int(rng.integers(0, 60))
    first, other = codes(rng, kinds, 7), codes(rng, kinds, 5)
    asked = (codes(rng, size, kinds), first, rng.random(7), other, rng.random(5))
    unknown = int(rng.integers(-1, kinds))
    both("better", lambda: [*asked, unknown, np.zeros(size)])


def weighed(
    rng: np.random.Generator, size: int, kinds: int
) -> tuple[Array, tuple[Any, ...], Array, Array, bool]:
    """Rows with parts of which many are equal, the most of each part, groups by row or by place."""
    rows = rng.permutation(size)[: int(rng.integers(1, size + 1))].astype(np.int32)
    by_place = bool(rng.integers(2))
    groups = codes(rng, len(rows) if by_place else size, kinds)
    tables = [rng.integers(0, 4, 6) / 3.0 * (9.0 if i == 0 else 1.0) for i in range(3)]
    parts = tuple(
        (codes(rng, size, 6), table) if rng.integers(2) else (None, rng.choice(table, len(rows)))
        for table in tables[: int(rng.integers(1, 4))]
    )
    return rows, parts, np.array([table.max() for _, table in parts]), groups, by_place


@settings(max_examples=200, deadline=None)
@given(seeds)
def test_pick(seed: int) -> None:
    """Many equal sums, groups by row or by place, lists longer and shorter than what there is."""
    rng = np.random.default_rng(seed)
    size, kinds = int(rng.integers(1, 60)), int(rng.integers(1, 6))
    rank = rng.permutation(size).astype(np.int32)
    rows, parts, most, groups, by_place = weighed(rng, size, kinds)
    whole, share = float(rng.integers(0, 2) * 11), int(rng.integers(1, 5))
    top, filled = int(rng.integers(1, len(rows) + 1)), bool(rng.integers(2))
    both(
        "pick",
        lambda: [
            *(rows, parts, most, whole, 1e9, rank, groups, by_place, kinds, share, top, filled),
            *(np.zeros(top, dtype=np.int64), np.zeros(top)),
        ],
    )


@settings(max_examples=200, deadline=None)
@given(seeds)
def test_hopeful(seed: int) -> None:
    """What is left out could not have been picked, whatever was added to each sum."""
    rng = np.random.default_rng(seed)
    size, kinds = int(rng.integers(1, 90)), int(rng.integers(1, 6))
    rank = rng.permutation(size).astype(np.int32)
    rows, parts, most, groups, by_place = weighed(rng, size, kinds)
    slack, share = float(rng.random() * 3), int(rng.integers(1, 5))
    top, filled = int(rng.integers(1, len(rows) + 1)), bool(rng.integers(2))
    asked = (size, groups, by_place, kinds, share, top, filled)
    both(
        "hopeful",
        lambda: [rows, parts, slack, *asked, np.zeros(len(rows), dtype=np.int64)],
    )
    places = np.zeros(len(rows), dtype=np.int64)
    able = places[: kernel.loops.hopeful(rows, parts, slack, *asked, places)]
    late = np.where(rng.random(len(rows)) < 0.5, rng.random(len(rows)), rng.integers(0, 2)) * slack
    whole = ((*parts, (None, late)), np.append(most, slack), 11.0, 1e9, rank)
    best, totals = np.zeros(top, dtype=np.int64), np.zeros(top)
    used = kernel.loops.pick(rows, *whole, *asked[1:], best, totals)
    assert set(best[:used]) <= set(able)


@settings(max_examples=200, deadline=None)
@given(seeds)
def test_reaching(seed: int) -> None:
    """Rows with just the sum that is asked for among them."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(1, 90))
    rows, parts, _, _, _ = weighed(rng, size, 3)
    sums = np.empty((len(rows), len(parts)))
    kernel.loops.values(rows, parts, sums)
    totals = np.array([sum(line) for line in sums.tolist()])
    least = float(rng.choice([*totals.tolist(), -1.0, 100.0]))
    both(
        "reaching",
        lambda: [rows, parts, size, least, np.zeros(len(rows), dtype=np.int64)],
    )
    places = np.zeros(len(rows), dtype=np.int64)
    used = kernel.loops.reaching(rows, parts, size, least, places)
    assert places[:used].tolist() == np.flatnonzero(totals >= least).tolist()


@pytest.mark.parametrize("loops", LOOPS, ids=["c", "numpy"])
@pytest.mark.parametrize("row", [-1, 3])
def test_a_row_outside_is_refused(loops: ModuleType, row: int) -> None:
    column, table = np.zeros(3, dtype=np.uint8), np.zeros(1, dtype=np.uint8)
    order = np.array([row], dtype=np.int32)
    with pytest.raises(ValueError, match="outside"):
        loops.collect(
            np.array([0]), np.array([1]), order, 3, 3, None, ((column, table),), (), None,
            0.0, 0.0, 0.0, 0, 0, 0, np.zeros(1, dtype=np.int32), None, np.zeros(1),
            np.zeros(66, dtype=np.int64),
        )  # fmt: skip


@pytest.mark.parametrize("loops", LOOPS, ids=["c", "numpy"])
def test_a_code_outside_its_table_is_refused(loops: ModuleType) -> None:
    column, table = np.array([7], dtype=np.uint16), np.ones(3)
    rows = np.zeros(1, dtype=np.int32)
    with pytest.raises(ValueError, match="outside"):
        loops.values(rows, ((column, table),), np.zeros((1, 1)))
    with pytest.raises(ValueError, match="outside"):
        loops.better(column, column, table, column, table, -1, np.zeros(1))
    places, totals = np.zeros(1, dtype=np.int64), np.zeros(1)
    with pytest.raises(ValueError, match="outside"):
        loops.reaching(rows, ((column, table),), 1, 0.0, places)
    for groups, parts in ((column, ((None, table),)), (rows.astype(np.uint8), ((column, table),))):
        with pytest.raises(ValueError, match="outside"):
            loops.pick(
                rows, parts, np.ones(1), 1.0, 1e9, rows, groups, False, 3, 1, 1, True,
                places, totals,
            )  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(worlds(), worlds(6), households(), needs)
def test_a_whole_search_is_the_same_without_c(
    cards: list[ResourceCard], changed: list[ResourceCard], household: Household, need: str
) -> None:
    """Over a base with changes beside it; the near misses too."""
    weights, told = weights_of(None), []
    assert VOCABULARY.get(Family.NEED, need)
    for loops in LOOPS:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(kernel, "loops", loops)
            index = LiveIndex(compile_cards(cards, VOCABULARY), VOCABULARY)
            index.update({card.id: card for card in changed})
            ask = ask_of(household, need)
            told.append(
                (
                    repr(search(index.parts, ask, weights, 20)),
                    near_misses(index.parts, ask, weights.heard(ask), 8),
                )
            )
    assert told[0] == told[1]
