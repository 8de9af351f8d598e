"""A result as interfaces §5 fixes it. Field names are the JSON keys; ``to_json`` writes them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from operator import attrgetter
from typing import Any

from graph.model.quick import quick
from matching.case import Unresolved


class Verdict(StrEnum):
    """What a criterion found. ``unknown`` is its own outcome, never a "no"."""

    FITS = "fits"
    PARTLY = "partly"
    MISSES = "misses"
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """Where a need ends: ある / 広げればある / ない / 今は場につながない."""

    AVAILABLE = "available"
    WIDEN = "widen"
    CREATE = "create"
    NOT_NOW = "not_now"


@dataclass(frozen=True, slots=True)
class Contribution:
    """One bar of the score. ``points`` of all contributions sum to the suggestion's score."""

    criterion: str
    label: str
    verdict: Verdict
    weight: float
    score: float | None
    points: float
    reason: str
    asked: str | None = None
    offered: str | None = None


#: A :class:`Contribution`; a household has a thousand and more of them.
contribution = quick(Contribution)


@dataclass(frozen=True, slots=True)
class Confirm:
    """Something to ask before going there, and whom."""

    field: str
    question: str
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One stop of the path of introduction: agency, contact, organization or resource."""

    id: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A resource that fits a need, with everything needed to defend it in a meeting."""

    resource_id: str
    name: str
    category: str | None
    category_label: str | None
    score: float
    score_low: float
    score_high: float
    contributions: tuple[Contribution, ...]
    confirm: tuple[Confirm, ...] = ()
    introduction: tuple[Hop, ...] = ()
    distance_m: int | None = None
    minutes: int | None = None
    next_open: str | None = None
    cost: str | None = None
    area: str | None = None
    phone: str | None = None
    assured_date: date | None = None
    also_needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A condition that failed: what was wanted, what is offered, the change that would open it.

    ``amount`` measures how far the condition must move (years, minutes, yen) and ``side`` which
    way (``lower`` or ``raise``), so that a larger move is known to serve whom a smaller one serves.
    """

    criterion: str
    label: str
    wanted: str
    offered: str
    change: str
    amount: float | None = None
    side: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Almost:
    """A resource one named change away."""

    resource_id: str
    name: str
    category: str | None
    category_label: str | None
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedResult:
    """What was found for one need. ``excluded`` counts known contradictions by gate."""

    need: str
    label: str
    outcome: Outcome
    reason: str
    urgent: bool = False
    suggestions: tuple[Suggestion, ...] = ()
    almost: tuple[Almost, ...] = ()
    excluded: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberResult:
    """One person's stage and needs.

    ``possible`` needs nobody has said, a sentence of the memo only sounds like them: places for
    them are shown, and nothing else counts them (no step, no team, no gap).
    """

    id: str
    role: str | None
    stage: str
    stage_reason: str
    needs: tuple[NeedResult, ...]
    possible: tuple[NeedResult, ...] = ()

    def called(self) -> tuple[tuple[NeedResult, str], ...]:
        """Every need places were looked for, and how people read it: 「…？」 = nobody said so."""
        told = ((need, need.label) for need in self.needs)
        return (*told, *((need, f"{need.label}？") for need in self.possible))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A place in the household's merged order."""

    resource_id: str
    name: str
    category: str | None
    score: float
    member: str
    need: str
    also: tuple[str, ...] = ()
    urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of the pathway: 何を / だれと / なぜ. ``what_with`` is written as ``with``."""

    step: int
    what: str
    what_with: str
    why: str
    member: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMember:
    """An agency of the proposed team and the needs (``member:need``) it covers."""

    agency_id: str
    name: str
    role: str
    covers: tuple[str, ...]
    lead: bool = False
    involved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NextQuestion:
    """An unanswered item and how many of the first places its answer could change."""

    field: str
    question: str
    changes: int
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmet:
    """A need without a place, with the reason, the route and the 所管課 where it ends."""

    member: str
    need: str
    reason: str
    route: str
    department: str | None
    program: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchResult:
    """A whole answer for a household.

    ``shortened``: of lists of needs only the first are shown, since the house has many.
    """

    case_id: str | None
    as_of: date
    data_version: str
    rules_version: str
    unresolved: tuple[Unresolved, ...]
    members: tuple[MemberResult, ...]
    ranking: tuple[Ranked, ...]
    pathway: tuple[Step, ...]
    team: tuple[TeamMember, ...]
    next_questions: tuple[NextQuestion, ...]
    unmet: tuple[Unmet, ...]
    emergencies: tuple[str, ...] = ()
    partners: tuple[Hop, ...] = ()
    shortened: bool = False


_RENAMED = {"what_with": "with"}
_PLAIN = frozenset({str, int, float, bool, type(None)})


def to_json(value: object) -> Any:  # noqa: ANN401 - JSON
    """Plain JSON values of a result; dates as ISO text, names as interfaces §5 has them."""
    kind: Any = type(value)
    return value if kind in _PLAIN else _plainly(kind)(value)


@cache
def _plainly(kind: type) -> Callable[[Any], Any]:
    """How values of a type are made plain: a result holds tens of thousands of a few types."""
    if is_dataclass(kind):
        return _record(kind)
    if issubclass(kind, StrEnum):
        return str
    if issubclass(kind, date):
        return kind.isoformat
    if issubclass(kind, Mapping):
        return lambda value: {str(key): to_json(item) for key, item in value.items()}
    if issubclass(kind, Sequence) and not issubclass(kind, str):
        return lambda value: [to_json(item) for item in value]
    return lambda value: value


def _record(kind: type) -> Callable[[Any], Any]:
    names = [f.name for f in fields(kind)]
    outside = [_RENAMED.get(name, name) for name in names]
    # 名前が二つあれば、attrgetter は組を返す。
    values = attrgetter(*names) if len(names) > 1 else lambda it: [getattr(it, n) for n in names]

    def plain(value: object) -> dict[str, Any]:
        return {
            name: item if type(item) in _PLAIN else to_json(item)
            for name, item in zip(outside, values(value), strict=True)
        }

    return plain
