"""The plainest way to the same answer: every resource, one criterion at a time, no index.

It shares with the engine only what a criterion declares; which rows are looked at, in which order
and through which ranges is what it is there to check.
"""

import math
from collections.abc import Sequence

import numpy as np

from matching.ask import Ask
from matching.card import ResourceCard
from matching.criterion import gates
from matching.index.compile import Compiler
from matching.index.fit import kind_fit
from matching.index.live import columns
from matching.index.rows import Rows
from matching.index.search import (
    DECIMALS,
    LEAST_OF_CATEGORY,
    SHARE_OF_CATEGORY,
    Weights,
)
from matching.index.shared import kind_of

Row = tuple[float, str, dict[str, float]]
Passing = tuple[float, str, str | None, dict[str, float]]


def brute_force(
    cards: Sequence[ResourceCard], ask: Ask, weights: Weights, top: int
) -> tuple[list[Row], dict[str, int], int]:
    """The list, what each gate excludes, and how many pass."""
    excluded: dict[str, int] = {}
    passing: list[Passing] = []
    for card in cards:
        kind = kind_of(card)
        assert isinstance(kind, tuple)
        if kind_fit(kind, ask.need.key, ask.vocabulary) <= 0:
            continue
        rows = alone(card, ask)
        failed = next((g.key for g in gates() if gate_value(g.score(rows, ask)) == 0), None)
        if failed:
            excluded[failed] = excluded.get(failed, 0) + 1
            continue
        heard = weights.heard(ask)
        parts = {c.key: gate_value(c.score(rows, ask)) for c, _ in heard}
        total = sum(w * (c.neutral if math.isnan(parts[c.key]) else parts[c.key]) for c, w in heard)
        score = round(total / sum(w for _, w in heard), DECIMALS)
        passing.append((-score, card.id, card.resource.category, parts))
    passing.sort(key=lambda p: p[:2])
    return spread(passing, top), excluded, len(passing)


def alone(card: ResourceCard, ask: Ask) -> Rows:
    """One card compiled by itself."""
    compiler = Compiler(columns(), ask.vocabulary)
    compiler.add(card)
    return Rows(compiler.finish(), np.array([0]))


def gate_value(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
    return float(values[0])


def spread(passing: Sequence[Passing], top: int) -> list[Row]:
    share = max(LEAST_OF_CATEGORY, int(top * SHARE_OF_CATEGORY))
    taken: dict[str | None, int] = {}
    chosen: list[Passing] = []
    rest: list[Passing] = []
    for item in passing:
        taken[item[2]] = taken.get(item[2], 0) + 1
        (chosen if taken[item[2]] <= share else rest).append(item)
    chosen = chosen[:top]
    chosen = sorted([*chosen, *rest[: top - len(chosen)]], key=lambda p: p[:2])
    return [(-score, key, parts) for score, key, _, parts in chosen]
