"""Searches for the questions of one house."""

from collections.abc import Sequence

from matching.ask import Ask
from matching.index.live import Part
from matching.index.nearmiss import NearMiss, near_misses
from matching.index.search import Brief, Heard, Hits, brief, search_for


class HouseIndex:
    """The index as one house asks it."""

    def __init__(self, parts: Sequence[Part], asks: Sequence[Ask]) -> None:
        del asks
        self._parts = parts

    def search(self, ask: Ask, heard: Heard, top: int) -> Hits:
        """The best ``top`` for one question."""
        return search_for(self._parts, ask, heard, top)

    def brief(self, ask: Ask, heard: Heard, top: int) -> list[Brief]:
        """As :meth:`search`, in brief."""
        return brief(self._parts, ask, heard, top)

    def misses(self, ask: Ask, heard: Heard, limit: int) -> tuple[NearMiss, ...]:
        """What misses just one thing for one question."""
        return near_misses(self._parts, ask, heard, limit) if limit > 0 else ()
