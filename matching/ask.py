"""The question put to every resource: one person, one need, one day."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from operator import itemgetter
from types import MappingProxyType
from typing import Any, TypeVar

from graph.model.values import Point
from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary
from matching.profile import Household, NeedAsk, Person
from matching.travel import Travelling, travelling_of

T = TypeVar("T")

#: Needs that a service may answer through another member of the house: the parent is cared for,
#: the child is looked after. Under every other head the person must fit the conditions alone.
SHARED_HEADS = frozenset(
    {"care", "childcare", "family", "watching", "food", "housing", "money", "procedure", "home"}
)
#: Situations under which nothing may tell how far a place is (支援措置).
NO_DISTANCE = frozenset({"dv", "dv_protection", "dv_victim", "protection_measure"})


class Fact(StrEnum):
    """A part of the question that a criterion may read (``Criterion.reads``)."""

    NEED = "need"
    AGE = "age"
    GENDER = "gender"
    SITUATIONS = "situations"
    ACTIVITIES = "activities"
    SETTINGS = "settings"
    BARRIERS = "barriers"
    GIVES = "gives"
    LANGUAGES = "languages"
    FREE = "free"
    AVOIDS = "avoids"
    #: ages and situations of those a service for this need may act through
    FAMILY = "family"
    AREAS = "areas"
    #: where they set out from, by which means, and how long they would go
    WAY = "way"
    MODES = "modes"
    ALREADY = "already"
    ROUTE = "route"
    DAY = "day"
    #: the word for where they live, and why they avoid people: said again, never weighed
    AREA_NAME = "area_name"
    BECAUSE = "because"


EVERYTHING = frozenset(Fact)
_FACTS = tuple(sorted(EVERYTHING))
#: What ``Criterion.relax`` may read beside what the criterion weighs: words it says again.
WORDS = frozenset({Fact.AREA_NAME, Fact.BECAUSE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One person's one need within the household, and the day it is asked."""

    household: Household
    person: Person
    need: NeedAsk
    on: date
    vocabulary: Vocabulary
    has_area_route: bool = False
    memo: dict[Hashable, Any] = field(init=False, repr=False, compare=False, default_factory=dict)
    head: str = field(init=False)
    #: where they set out from; never when telling distances could reveal a place
    point: Point | None = field(init=False)
    travelling: Travelling = field(init=False)

    def __post_init__(self) -> None:
        chain = self.vocabulary.ancestors(Family.NEED, self.need.key)
        object.__setattr__(self, "head", chain[-1] if chain else self.need.key)
        object.__setattr__(self, "travelling", travelling_of(self.household, self.person))
        untold = any(NO_DISTANCE & person.situations for person in self.household.persons)
        object.__setattr__(self, "point", None if untold else self.household.point)

    def read(self, facts: frozenset[Fact] | None) -> Hashable:
        """The parts named, as a key: what reads no others says the same of two equal keys.

        ``None`` = all of it: a key that only this very question has.
        """
        if facts is None:
            own: object = self.memo.setdefault("itself", object())
            return own
        known: Hashable | None = self.memo.get(facts)
        if known is None:
            known = self.memo[facts] = _some(facts)(self.parts())
        return known

    def parts(self) -> tuple[Hashable, ...]:
        """All of it, part by part."""
        known: tuple[Hashable, ...] | None = self.memo.get("parts")
        if known is None:
            known = self.memo["parts"] = tuple([read(self) for read in _READERS])
        return known

    def changed_from(self, other: "Ask") -> frozenset[Fact]:
        """The parts that differ from another question."""
        return frozenset(
            [
                read
                for read, now, was in zip(_FACTS, self.parts(), other.parts(), strict=True)
                if now != was
            ]
        )

    def once(self, key: Hashable, work: Callable[[], T]) -> T:
        """The value of ``work``, worked out when first asked for and kept with this question."""
        try:
            known: T = self.memo[key]
        except KeyError:
            known = self.memo[key] = work()
        return known

    def family(self) -> Iterator[Person]:
        """Other members a service for this need may act through."""
        if self.head in SHARED_HEADS:
            for person in self.household.persons:
                if person.id != self.person.id:
                    yield person


@cache
def _some(facts: frozenset[Fact]) -> Callable[[tuple[Hashable, ...]], Hashable]:
    """Picks some parts out of all."""
    if not facts:
        return lambda _: ()
    return itemgetter(*(_FACTS.index(fact) for fact in sorted(facts)))


def _family(ask: Ask) -> Hashable:
    return tuple((p.age_low, p.age_high, p.situations) for p in ask.family())


_READ: Mapping[Fact, Callable[[Ask], Hashable]] = MappingProxyType(
    {
        Fact.NEED: lambda ask: ask.need.key,
        Fact.AGE: lambda ask: (ask.person.age_low, ask.person.age_high),
        Fact.GENDER: lambda ask: ask.person.gender,
        Fact.SITUATIONS: lambda ask: ask.person.situations,
        Fact.ACTIVITIES: lambda ask: ask.person.activities,
        Fact.SETTINGS: lambda ask: ask.person.settings,
        Fact.BARRIERS: lambda ask: ask.person.barriers,
        Fact.GIVES: lambda ask: ask.person.gives,
        Fact.LANGUAGES: lambda ask: ask.person.languages,
        Fact.FREE: lambda ask: ask.person.free,
        Fact.AVOIDS: lambda ask: ask.person.avoids_people,
        Fact.FAMILY: _family,
        Fact.AREAS: lambda ask: (ask.household.areas, ask.household.inside),
        Fact.WAY: lambda ask: (ask.point, ask.travelling),
        Fact.MODES: lambda ask: ask.household.modes,
        Fact.ALREADY: lambda ask: (ask.household.already, ask.household.already_categories),
        Fact.ROUTE: lambda ask: ask.has_area_route,
        Fact.DAY: lambda ask: ask.on,
        Fact.AREA_NAME: lambda ask: ask.household.case.area,
        Fact.BECAUSE: lambda ask: ask.person.avoids_because,
    }
)
_READERS = tuple(_READ[fact] for fact in _FACTS)
