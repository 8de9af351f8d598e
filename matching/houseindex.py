"""The index as one house asks it: what several of its questions have in common is found once."""

from collections.abc import Hashable, Sequence
from functools import cache

from matching.ask import Ask, Fact
from matching.criterion import gates
from matching.index.contenders import Contenders, Standing, brief_among, contenders
from matching.index.live import Part
from matching.index.nearmiss import NearMiss, near_misses
from matching.index.scan import Scanned
from matching.index.search import Brief, Heard, Hits, brief, passing_all, search_for


class HouseIndex:
    """Searches for the questions of one house.

    What passes the gates is kept: a changed answer that no gate reads only orders it anew, and of
    it only what can still be listed.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._known: dict[Hashable, tuple[Scanned, ...]] = {}
        self._standing: dict[Hashable, Standing] = {}
        self._contenders: dict[Hashable, tuple[Contenders, ...]] = {}

    def search(self, ask: Ask, heard: Heard, top: int) -> Hits:
        """The best ``top`` for one question."""
        hits = search_for(self._parts, ask, heard, top, self._passing(ask))
        self._standing[_question(ask), top] = Standing(ask, heard, top, hits)
        return hits

    def brief(self, ask: Ask, heard: Heard, top: int) -> list[Brief]:
        """As :meth:`search`, in brief."""
        standing = self._standing.get((_question(ask), top))
        if standing is None:
            return brief(self._parts, ask, heard, top, self._passing(ask))
        changed, read = ask.changed_from(standing.ask), _read_by_gates()
        if read is None or not read.isdisjoint(changed):
            return brief(self._parts, ask, heard, top, self._passing(ask))
        return brief_among(self._contending(standing, heard, changed), ask, heard, top)

    def _contending(
        self, standing: Standing, heard: Heard, changed: frozenset[Fact]
    ) -> tuple[Contenders, ...]:
        """What may be listed whatever is answered: the same for every answer to one question."""
        weights = tuple([(criterion.key, weight) for criterion, weight in heard])
        key = (_question(standing.ask), standing.top, weights, changed)
        if key not in self._contenders:
            self._contenders[key] = tuple(
                [
                    contenders(found, segment, standing, heard, changed)
                    for (segment, _), found in zip(
                        self._parts, self._passing(standing.ask), strict=True
                    )
                ]
            )
        return self._contenders[key]

    def misses(self, ask: Ask, heard: Heard, limit: int) -> tuple[NearMiss, ...]:
        """What misses just one thing for one question."""
        return near_misses(self._parts, ask, heard, limit) if limit > 0 else ()

    def _passing(self, ask: Ask) -> tuple[Scanned, ...]:
        key = ask.read(_read_by_gates())
        if key not in self._known:
            self._known[key] = passing_all(self._parts, ask)
        return self._known[key]


def _question(ask: Ask) -> tuple[str, str]:
    return ask.person.id, ask.need.key


@cache
def _read_by_gates() -> frozenset[Fact] | None:
    """What decides which rows pass: need, home and reach, and what the gates read.

    ``None`` as soon as one gate does not say.
    """
    found = frozenset({Fact.NEED, Fact.AREAS, Fact.WAY})
    for gate in gates():
        if gate.reads is None:
            return None
        found |= gate.reads
    return found
