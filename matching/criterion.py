"""A criterion: one thing that is weighed, declared once, used by the fast path and by 「なぜ」.

One file in ``matching/criteria/`` with one constant ``CRITERION`` is a criterion (docs/howto/
add_criterion.md). Its ``measure`` runs over columns of many resources; its ``explain`` puts one
pair into a sentence. Both are run on the criterion's own examples by the tests, so that they
can't disagree.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from math import isnan
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from graph.discovery import discover
from matching.ask import Ask, Fact
from matching.card import ResourceCard
from matching.distance import metres_of
from matching.example import Example
from matching.index.column import Column, Number
from matching.index.rows import Rows
from matching.result import Verdict

Floats = npt.NDArray[np.float64]

#: From this score on a finding is called 合う; below the other, 合わない.
FITS_FROM = 0.7
MISSES_BELOW = 0.3


class Kind(StrEnum):
    """A gate excludes on a known contradiction only; a preference gives points."""

    GATE = "gate"
    PREFERENCE = "preference"


class Finding(NamedTuple):
    """What one criterion says about one pair, with the two values that were compared."""

    reason: str
    asked: str | None = None
    offered: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """The change on the side of the resource that would open it; ``amount`` = how much of it.

    ``side``: which way a condition moves that is a matter of degree (``lower`` or ``raise``), so
    that a larger move is known to serve whom a smaller one serves; ``None`` = not by degrees.
    """

    wanted: str
    offered: str
    change: str
    amount: float = 1.0
    side: str | None = None


def _no_question(_card: ResourceCard, _ask: Ask) -> str | None:
    return None


def _no_change(_card: ResourceCard, _ask: Ask) -> Change | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One unit of judgement.

    ``measure`` gives for every row a score 0 to 1, NaN = unknown; of a gate 0 = known
    contradiction. It must treat each row by itself. ``neutral`` is what an unknown counts as.
    ``confirm`` asks what is unknown (``None`` = not worth a call); ``relax`` names the single
    change that would turn a miss round; it reads no more of a card than the record, its kind and
    its place. ``decisive``: a score of 0 alone keeps a person away, so
    that it counts for あと一歩. Gates are tried in ``order``. ``silent``: the person gives it nothing
    to weigh (no wish, no barrier), so that it is left out altogether. ``reads``: the parts of the
    question that ``measure`` looks at; what it gave is then kept for every question that agrees in
    them. ``None`` = any part (never kept; the tests hold a declaration against the code).

    What also depends on how far a place is says so beside: ``measure`` then judges by the columns
    alone, and the better of it and of the distance counts. ``by_metres`` gives a preference's score
    for straight-line metres (NaN = not known); ``within_m`` the metres up to which a gate opens.
    """

    key: str
    label: str
    question: str
    kind: Kind
    columns: tuple[Column, ...]
    measure: Callable[[Rows, Ask], Floats]
    explain: Callable[[ResourceCard, Ask, float | None], Finding]
    examples: tuple[Example, ...]
    confirm: Callable[[ResourceCard, Ask], str | None] = _no_question
    relax: Callable[[ResourceCard, Ask], Change | None] = _no_change
    weight: float = 0.0
    neutral: float = 0.5
    decisive: bool = False
    order: int = 50
    reads: frozenset[Fact] | None = None
    silent: Callable[[Ask], bool] = field(default=lambda _ask: False)
    by_metres: Callable[[Ask, Floats], Floats] | None = None
    within_m: Callable[[Ask], float] | None = None
    facet: tuple[str, ...] | None = field(init=False)

    def __post_init__(self) -> None:
        """``facet``: the columns; ``None`` where nearly every row has a value of its own."""
        names = tuple(sorted({column.name for column in self.columns}))
        spread = any(isinstance(column, Number) and column.spread for column in self.columns)
        object.__setattr__(self, "facet", None if spread else names)

    @property
    def goes_by_distance(self) -> bool:
        """Whether it also depends on how far a place is."""
        return self.by_metres is not None or self.within_m is not None

    @property
    def is_asked_about(self) -> bool:
        """Whether it has anything to ask where it is not known."""
        return self.confirm is not _no_question

    def all_read(self) -> frozenset[Fact] | None:
        """The parts of the question that count in all, the way there included."""
        if self.reads is None or not self.goes_by_distance:
            return self.reads
        return self.reads | {Fact.WAY}

    def score(self, rows: Rows, ask: Ask) -> Floats:
        """What it gives for every row, by the columns and by the distance."""
        by_columns = self.measure(rows, ask)
        if not self.goes_by_distance:
            return by_columns
        return self.beside(by_columns, ask, metres_of(rows, ask))

    def beside(self, by_columns: Floats, ask: Ask, metres: Floats) -> Floats:
        """The better of what the columns and what the metres say; unknown where neither does."""
        if self.within_m is not None:
            near = np.where(np.isnan(metres), np.nan, metres <= self.within_m(ask))
            return np.fmax(by_columns, near)
        if self.by_metres is not None:
            return np.fmax(by_columns, self.by_metres(ask, metres))
        return by_columns

    def verdict(self, score: float | None) -> Verdict:
        """The word for a score."""
        if score is None or isnan(score):
            return Verdict.UNKNOWN
        if score >= (0.5 if self.kind is Kind.GATE else FITS_FROM):
            return Verdict.FITS
        return Verdict.MISSES if score < MISSES_BELOW else Verdict.PARTLY


def problems_of(criterion: Criterion) -> Iterator[str]:
    """What a declared criterion lacks."""
    if not criterion.label or not criterion.question:
        yield "label（見出し）と question（問い）を書いてください"
    if not criterion.columns:
        yield "columns（見る列）を一つ以上書いてください"
    if not criterion.examples:
        yield "examples（例）を一つ以上書いてください"
    elif all(example.score is not None for example in criterion.examples):
        yield "examples に、分からないとき（score=None）の例を一つ書いてください"
    if any(not 0 <= (example.score or 0) <= 1 for example in criterion.examples):
        yield "examples の score は 0 から 1 にしてください（並べるとき、1を超えないことを頼りにします）"
    yield from _of_gate(criterion) if criterion.kind is Kind.GATE else _of_preference(criterion)
    if not 0 <= criterion.neutral <= 1:
        yield "neutral は 0 から 1 にしてください"


def _of_gate(criterion: Criterion) -> Iterator[str]:
    if criterion.weight:
        yield "条件（gate）に weight は付けられません"
    if criterion.by_metres is not None:
        yield "条件（gate）には by_metres でなく within_m（何mまで通えるか）を書いてください"
    if criterion.relax is _no_change:
        yield "条件（gate）には relax（何が変われば使えるか）が要ります"


def _of_preference(criterion: Criterion) -> Iterator[str]:
    if criterion.weight <= 0:
        yield "評価（preference）には 0 より大きい weight が要ります"
    if criterion.within_m is not None:
        yield "評価（preference）には within_m でなく by_metres（何mなら何点か）を書いてください"


@cache
def all_criteria() -> tuple[Criterion, ...]:
    """Every criterion, gates first in their order, then preferences, heaviest first.

    Raises DiscoveryError naming each faulty file.
    """
    from matching import criteria  # noqa: PLC0415 - a criterion imports this module

    found = discover(criteria, "CRITERION", Criterion, problems_of)
    return tuple(
        sorted(found, key=lambda c: (c.kind is Kind.PREFERENCE, c.order, -c.weight, c.key))
    )


@cache
def gates() -> tuple[Criterion, ...]:
    """Those that exclude."""
    return tuple(c for c in all_criteria() if c.kind is Kind.GATE)


@cache
def preferences() -> tuple[Criterion, ...]:
    """Those that give points."""
    return tuple(c for c in all_criteria() if c.kind is Kind.PREFERENCE)
