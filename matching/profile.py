"""A household after its words were read: what the engine asks the graph.

:class:`Household` is the contract between intake (words), the engine (columns) and everything
that looks at a whole house (order, stage, pathway, team, questions).
"""

from dataclasses import dataclass, field

from graph.model.resource import Slot
from graph.model.values import Point
from matching.case import Case, Unresolved

#: Origin of a need that a memo may be about though nobody said so.
POSSIBLE = "possible"


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedAsk:
    """One need (or wish) of one person, as a concept of the vocabulary.

    ``origin`` tells where it came from: ``needs``, ``wishes``, ``memo``, ``implied`` (through a
    situation) or ``possible``; ``text`` is the word that led to it; ``urgent`` needs come first in every output.
    """

    key: str
    label: str
    text: str
    origin: str
    urgent: bool = False
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One member in concepts. Empty = nothing known, never "none".

    ``age_low``/``age_high`` in years (equal when the age is known; a band gives a range, unknown
    gives ``None``). ``free`` weekly slots, ``None`` = not known. ``avoids_people`` = a group place
    is not suggested now (stage). ``possible`` needs are only looked for: no step, no team and no
    gap comes of what nobody has said.
    """

    id: str
    role: str | None = None
    label: str = ""
    age_low: float | None = None
    age_high: float | None = None
    gender: str | None = None
    needs: tuple[NeedAsk, ...] = ()
    possible: tuple[NeedAsk, ...] = ()
    situations: frozenset[str] = frozenset()
    activities: frozenset[str] = frozenset()
    settings: frozenset[str] = frozenset()
    barriers: frozenset[str] = frozenset()
    gives: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    free: tuple[Slot, ...] | None = None
    avoids_people: bool = False
    avoids_because: tuple[str, ...] = ()

    @property
    def searched(self) -> tuple[NeedAsk, ...]:
        """Every need places are looked for: those told, then those a memo may be about."""
        return (*self.needs, *self.possible)


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """A case ready to be matched.

    ``areas``: ids of the person's area and everything that holds it, narrowest first; empty =
    not known. ``area_is_exact`` is false when only a wide area (a city) is known, so that a
    narrower service area is 要確認 and not a contradiction. ``already`` = resource ids or plain
    words of agencies involved now.
    """

    case: Case
    persons: tuple[Person, ...]
    areas: tuple[str, ...] = ()
    inside: frozenset[str] = frozenset()
    area_is_exact: bool = False
    point: Point | None = None
    point_is_given: bool = False
    modes: tuple[str, ...] = ()
    max_minutes: int | None = None
    already: tuple[str, ...] = ()
    already_categories: frozenset[str] = frozenset()
    unresolved: tuple[Unresolved, ...] = field(default=())
