"""A concept of the vocabulary and its links to others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Family(StrEnum):
    """Families of concepts; each is a folder of data files."""

    NEED = "needs"
    CATEGORY = "categories"
    SITUATION = "situations"
    ACTIVITY = "activities"
    SETTING = "settings"
    BARRIER = "barriers"
    ROLE = "roles"
    STEP = "steps"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A weighted link to another concept and why it holds (one line, or its source)."""

    key: str
    weight: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """One concept, as its data file gives it.

    Links are read from this concept: a category ``answers`` needs, ``suits`` and ``unsuits``
    situations, settings or barriers, ``leads_to`` categories; a need or situation
    ``requires_step``s; a situation ``implies`` situations or needs. ``traits`` are closed flags a
    family may carry (category: ``agency``, ``formal``, ``public_place``; need: ``urgent``;
    situation: ``avoids_people``; setting: ``women_only`` …), listed in ``rules.py``.
    """

    key: str
    family: Family
    label: str
    definition: str
    broader: str | None = None
    synonyms: tuple[str, ...] = ()
    kana: str | None = None
    traits: frozenset[str] = frozenset()
    facts: Mapping[str, str] = field(default_factory=dict)
    crosswalk: Mapping[str, str] = field(default_factory=dict)
    answers: tuple[Link, ...] = ()
    suits: tuple[Link, ...] = ()
    unsuits: tuple[Link, ...] = ()
    leads_to: tuple[Link, ...] = ()
    requires_step: tuple[Link, ...] = ()
    implies: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """How a free word was read: the concept, how sure (0–1), and by what."""

    concept: Concept
    text: str
    score: float
    how: str
