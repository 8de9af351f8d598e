"""The index as one house asks it: what several of its questions have in common is found once."""

from collections.abc import Hashable, Sequence
from functools import cache

from matching.ask import Ask, Fact
from matching.criterion import gates
from matching.index.contenders import (
    Contenders,
    Standing,
    brief_among,
    brief_of_passing,
    contenders,
)
from matching.index.live import Part
from matching.index.nearmiss import NearMiss, decisive_of, near_misses
from matching.index.scan import Scanned
from matching.index.search import (
    Brief,
    Heard,
    Hits,
    brief,
    passing_all,
    passing_and_alone,
    search_for,
)
from matching.profile import Person


class HouseIndex:
    """Searches for the questions of one house.

    What passes the gates is kept: a changed answer that no gate reads only orders it anew, and of
    it only what can still be listed.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._known: dict[Hashable, tuple[Scanned, ...]] = {}
        self._alone: dict[Hashable, tuple[Scanned, ...]] = {}
        self._standing: dict[Hashable, Standing] = {}
        self._contenders: dict[Hashable, tuple[Contenders, ...]] = {}

    def search(self, ask: Ask, heard: Heard, top: int, *, beside: bool = True) -> Hits:
        """The best ``top`` for one question. ``beside``: :meth:`misses` will be asked for as well."""
        if beside:
            passing, alone = passing_and_alone(self._parts, ask, decisive_of(heard))
            self._known[ask.read(_read_by_gates())] = passing
            self._alone[ask.read(None), _weights(heard)] = alone
        else:
            passing = self._passing(ask)
        hits = search_for(self._parts, ask, heard, top, passing)
        self._standing[_question(ask), top] = Standing(ask, heard, top, hits)
        return hits

    def brief(self, ask: Ask, heard: Heard, top: int) -> list[Brief]:
        """As :meth:`search`, in brief."""
        found = self._of_contending(ask, heard, top)
        if found is None:
            return brief(self._parts, ask, heard, top, self._passing(ask))
        return found

    def _of_contending(self, ask: Ask, heard: Heard, top: int) -> list[Brief] | None:
        """The list from what may be listed, where it is known how the question was answered."""
        standing, read = self._standing.get((_question(ask), top)), _read_by_gates()
        if standing is None or read is None:
            return None
        changed = ask.changed_from(standing.ask)
        if read.isdisjoint(changed):
            return brief_among(self._contending(standing, heard, changed), ask, heard, top)
        if not _opens_to_nobody_new(ask, standing.ask, changed & read):
            return None
        among = self._contending(standing, heard, changed)
        return brief_of_passing(among, ask, heard, top, changed)

    def _contending(
        self, standing: Standing, heard: Heard, changed: frozenset[Fact]
    ) -> tuple[Contenders, ...]:
        """What may be listed whatever is answered: the same for every answer to one question."""
        key = (_question(standing.ask), standing.top, _weights(heard), changed)
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
        if limit <= 0:
            return ()
        alone = self._alone.get((ask.read(None), _weights(heard)))
        return near_misses(self._parts, ask, heard, limit, alone)

    def _passing(self, ask: Ask) -> tuple[Scanned, ...]:
        key = ask.read(_read_by_gates())
        if key not in self._known:
            self._known[key] = passing_all(self._parts, ask)
        return self._known[key]


def _weights(heard: Heard) -> Hashable:
    return tuple([(criterion.key, weight) for criterion, weight in heard])


def _question(ask: Ask) -> tuple[str, str]:
    return ask.person.id, ask.need.key


#: What an answer may say of people whose ages were not known, and of how far they would go.
_NARROWING = frozenset({Fact.AGE, Fact.FAMILY, Fact.WAY})


def _opens_to_nobody_new(ask: Ask, before: Ask, changed: frozenset[Fact]) -> bool:
    """Whether an answer can only close gates: they exclude by what is known alone, and more is now."""
    if not changed <= _NARROWING or ask.point != before.point:
        return False
    limits = [(gate.within_m(ask), gate.within_m(before)) for gate in gates() if gate.within_m]
    people = zip(ask.household.persons, before.household.persons, strict=True)
    return all(now <= was for now, was in limits) and all(
        now.situations == was.situations
        and (_ages(was) == (None, None) or _ages(now) == _ages(was))
        for now, was in people
    )


def _ages(person: Person) -> tuple[float | None, float | None]:
    return person.age_low, person.age_high


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
