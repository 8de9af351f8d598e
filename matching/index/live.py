"""The index as it stands: a compiled base, and beside it what changed since (the delta).

An edit in the store is a few cards compiled anew; the base only forgets the rows they replace.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from graph.vocabulary.protocol import Vocabulary
from matching.card import ResourceCard
from matching.criterion import all_criteria
from matching.index.column import Column, by_name
from matching.index.compile import Compiler
from matching.index.rows import Bools
from matching.index.segment import Segment
from matching.index.shared import STRUCTURE

Part = tuple[Segment, Bools | None]


def columns() -> dict[str, Column]:
    """Every column that structure and criteria ask for, by name."""
    return by_name([*STRUCTURE, *(c for criterion in all_criteria() for c in criterion.columns)])


def compile_cards(cards: Iterable[ResourceCard], vocabulary: Vocabulary) -> Segment:
    """One segment of all cards."""
    compiler = Compiler(columns(), vocabulary)
    compiler.add_all(cards)
    return finished(compiler)


def finished(compiler: Compiler) -> Segment:
    """The segment of what was gathered, with what criteria look for made beforehand."""
    segment = compiler.finish()
    for criterion in all_criteria():
        if criterion.facet:
            segment.facet(criterion.facet)
    segment.pack()
    return segment


@dataclass(slots=True)
class LiveIndex:
    """Base and delta. ``parts`` is what a search runs over."""

    base: Segment
    vocabulary: Vocabulary
    delta: dict[str, ResourceCard] = field(default_factory=dict)
    _gone: Bools | None = None
    _fresh: Segment | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        """Segments, each with the rows that no longer hold."""
        if self._fresh is None:
            return ((self.base, self._gone),)
        return ((self.base, self._gone), (self._fresh, None))

    @property
    def changed(self) -> int:
        """Rows of the base that no longer hold, and new ones."""
        gone = int(np.count_nonzero(self._gone)) if self._gone is not None else 0
        return gone + len(self.delta)

    def __len__(self) -> int:
        gone = int(np.count_nonzero(self._gone)) if self._gone is not None else 0
        return self.base.size - gone + len(self.delta)

    def update(self, cards: Mapping[str, ResourceCard | None]) -> None:
        """Take in changed resources; ``None`` = it is no longer there."""
        if not cards:
            return
        gone = self._gone.copy() if self._gone is not None else np.zeros(self.base.size, dtype=bool)
        for key, card in cards.items():
            row = self.base.row_of(key)
            if row is not None:
                gone[row] = True
            self.delta.pop(key, None)
            if card is not None:
                self.delta[key] = card
        self._gone = gone if gone.any() else None
        ordered = (self.delta[key] for key in sorted(self.delta))
        self._fresh = compile_cards(ordered, self.vocabulary) if self.delta else None

    def locate(self, resource_id: str) -> tuple[Segment, int] | None:
        """The segment and row of a resource."""
        for segment, gone in reversed(self.parts):
            row = segment.row_of(resource_id)
            if row is not None and (gone is None or not gone[row]):
                return segment, row
        return None

    def ids(self) -> Iterator[str]:
        """Every resource id, in no order."""
        for segment, gone in self.parts:
            for row in range(segment.size):
                if gone is None or not gone[row]:
                    yield segment.id_of(row)

    def version(self) -> str:
        """Digest of everything compiled: the same for equal contents, however they came here."""
        total = self.base.digest.copy()
        if self._gone is not None:
            total -= np.add.reduce(self.base.digests[self._gone], axis=0, dtype=np.uint64)
        if self._fresh is not None:
            total += self._fresh.digest
        return f"{int(total[0]):016x}{int(total[1]):016x}"
