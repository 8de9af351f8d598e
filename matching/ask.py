"""The question put to every resource: one person, one need, one day."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from graph.model.values import Point
from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary
from matching.profile import Household, NeedAsk, Person
from matching.travel import Travelling, travelling_of

#: Needs that a service may answer through another member of the house: the parent is cared for,
#: the child is looked after. Under every other head the person must fit the conditions alone.
SHARED_HEADS = frozenset(
    {"care", "childcare", "family", "watching", "food", "housing", "money", "procedure", "home"}
)
#: Situations under which nothing may tell how far a place is (支援措置).
NO_DISTANCE = frozenset({"dv", "dv_protection", "dv_victim", "protection_measure"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One person's one need within the household, and the day it is asked."""

    household: Household
    person: Person
    need: NeedAsk
    on: date
    vocabulary: Vocabulary
    has_area_route: bool = False
    memo: dict[Hashable, Any] = field(default_factory=dict)
    head: str = field(init=False)
    travelling: Travelling = field(init=False)

    def __post_init__(self) -> None:
        chain = self.vocabulary.ancestors(Family.NEED, self.need.key)
        object.__setattr__(self, "head", chain[-1] if chain else self.need.key)
        object.__setattr__(self, "travelling", travelling_of(self.household, self.person))

    @property
    def point(self) -> Point | None:
        """Where they set out from; never when telling distances could reveal a place."""
        if any(NO_DISTANCE & person.situations for person in self.household.persons):
            return None
        return self.household.point

    def family(self) -> Iterator[Person]:
        """Other members a service for this need may act through."""
        if self.head in SHARED_HEADS:
            for person in self.household.persons:
                if person.id != self.person.id:
                    yield person
