"""What intake hands back: proposals, each with the words that led to it. Nothing is decided here.

Spans count characters of the memo as given (``start`` inclusive, ``end`` exclusive). ``text`` is
the memo's own words with personal data masked, so an intake can be shown and stored.
"""

from dataclasses import dataclass
from enum import StrEnum


class Saying(StrEnum):
    """Whose statement a finding is."""

    PERSON = "person"
    FAMILY = "family"
    CONSULTER = "consulter"
    THIRD = "third"
    RECORDER = "recorder"


class Time(StrEnum):
    """Whether it holds now or belongs to the past."""

    NOW = "now"
    PAST = "past"


class Certainty(StrEnum):
    """How it is put: stated, suspected (疑い・かもしれない), or worried about.

    ``possible``: nobody has put it so; the sentence only sounds like it (:mod:`…meaning`).
    """

    STATED = "stated"
    SUSPECTED = "suspected"
    WORRY = "worry"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A concept of the vocabulary and the words of the memo it was read from.

    ``member`` is the id of the person it is about, ``said_by`` whose statement it is and
    ``speaker`` that person's role where the memo tells. A ``negated`` or ``past`` finding is shown
    and never becomes a label of the case. ``taken`` says whether it does.
    """

    family: str
    key: str
    label: str
    field: str
    text: str
    start: int
    end: int
    member: str | None
    said_by: Saying
    speaker: str | None = None
    quoted: bool = False
    negated: bool = False
    time: Time = Time.NOW
    certainty: Certainty = Certainty.STATED
    urgent: bool = False
    taken: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Words of the memo and where they stand."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeMember:
    """One person of the household as the memo tells. ``None`` = the memo does not say.

    ``readiness``: the words that say they don't want to meet or be helped, ``readiness_label`` the
    situation these words were read as.
    """

    id: str
    role: str
    age: float | None = None
    age_band: str | None = None
    gender: str | None = None
    reporter: bool = False
    mentions: tuple[Span, ...] = ()
    findings: tuple[Finding, ...] = ()
    readiness: Span | None = None
    readiness_label: str | None = None
    free: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """How one member stands to another: ``parent``, ``spouse``, ``sibling``, ``grandparent``."""

    member: str
    other: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """An agency the memo says is already involved (``involved``) or only named."""

    key: str
    label: str
    text: str
    start: int
    end: int
    involved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaWord:
    """A place name of the memo and the areas it may be; several = the name is shared."""

    text: str
    start: int
    end: int
    area_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """Personal data that was hidden: its kind and place, never the data itself."""

    kind: str
    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Who brings the case: a relative, the person, or an agency or neighbour."""

    label: str
    saying: Saying
    start: int
    end: int
