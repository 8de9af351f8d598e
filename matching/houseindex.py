"""The rows of the index around one house, gathered once for all its questions."""

from collections.abc import Sequence

from matching.ask import Ask
from matching.index.candidates import pool_of
from matching.index.live import Part
from matching.index.nearmiss import NearMiss, around, misses_in
from matching.index.pool import Pool
from matching.index.search import Brief, Heard, Hits, brief_in, search_in


class HouseIndex:
    """Searches for the questions of one house. A wider way to go gathers a wider pool.

    ``asks``: every question of the house; what is asked later is one of them, changed in an answer.
    """

    def __init__(self, parts: Sequence[Part], asks: Sequence[Ask]) -> None:
        self._parts = parts
        self._asks = tuple(asks)
        self._pools: tuple[Pool, ...] = ()
        self._around: tuple[Pool, ...] = ()

    def search(self, ask: Ask, heard: Heard, top: int) -> Hits:
        """The best ``top`` for one question."""
        return search_in(self._gathered(ask), ask, heard, top)

    def brief(self, ask: Ask, heard: Heard, top: int) -> list[Brief]:
        """As :meth:`search`, in brief."""
        return brief_in(self._gathered(ask), ask, heard, top)

    def misses(self, ask: Ask, heard: Heard, limit: int) -> tuple[NearMiss, ...]:
        """What misses just one thing for one question."""
        if limit <= 0:
            return ()
        pools = self._gathered(ask)
        if self._around[: len(pools)] != pools:
            self._around = around(pools, self._asks)
        return misses_in(self._around, ask, heard, limit)

    def _gathered(self, ask: Ask) -> tuple[Pool, ...]:
        if not self._pools or self._pools[0].radius_m < ask.travelling.radius_m:
            self._pools = tuple(pool_of(part, (*self._asks, ask)) for part in self._parts)
        return self._pools
