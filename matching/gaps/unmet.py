"""From answered needs to unmet records: need × area × month × situation group × reason.

What a person declined, and what waits for steps first (``not_now``), is never a gap.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Protocol

from graph.model.unmet import Evidence, Route, UnmetReason, UnmetRecord
from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary
from matching.outcome import REASON_OF
from matching.profile import Household, Person
from matching.result import Almost, Outcome

_ADULT, _OLD = 18.0, 65.0
_UNMET = (Outcome.WIDEN, Outcome.CREATE)


class Answered(Protocol):
    """One need told and where it ended: the need of a whole result, or a brief answer."""

    @property
    def need(self) -> str:
        """Key of the need."""

    @property
    def label(self) -> str:
        """Its label."""

    @property
    def outcome(self) -> Outcome:
        """Where it ended."""

    @property
    def almost(self) -> tuple[Almost, ...]:
        """What is one change away, nearest first; read only where the need is unmet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A brief answer: where a need ended and, where it is unmet, what is one change away."""

    need: str
    label: str
    outcome: Outcome
    almost: tuple[Almost, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One need of one person in one case, with where it ended. ``who`` never leaves the engine."""

    who: str
    need: str
    label: str
    area_id: str | None
    month: str
    group: str
    outcome: Outcome
    reason: UnmetReason | None
    route: Route
    almost: tuple[Almost, ...] = ()
    """Nearest change first; empty where the need is met."""

    @property
    def is_unmet(self) -> bool:
        """Whether it counts as missing."""
        return self.outcome in _UNMET


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What the needs of a report were taken from."""

    cases: int
    data_version: str
    rules_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """Every need asked in some cases, met or not, and what they were taken from."""

    asked: tuple[Asked, ...]
    base: Base


def asked_of(
    number: int,
    household: Household,
    answers: Iterable[tuple[str, Answered]],
    on: date,
    vocabulary: Vocabulary,
) -> Iterator[Asked]:
    """The needs of one case. ``answers``: ids of members with the needs they told."""
    persons = {person.id: person for person in household.persons}
    area = household.areas[0] if household.areas else None
    for member, need in answers:
        yield Asked(
            who=f"{number}:{member}",
            need=need.need,
            label=need.label,
            area_id=area,
            month=_month(on),
            group=group_of(persons[member], vocabulary),
            outcome=need.outcome,
            reason=_reason(need),
            route=_route(need.outcome),
            almost=need.almost if need.outcome in _UNMET else (),
        )


def asked_of_records(kept: Iterable[UnmetRecord], vocabulary: Vocabulary) -> Iterator[Asked]:
    """The needs people recorded, as :func:`asked_of` gives those of cases.

    A record stands for one person; what the person declined, or what is a matter of papers, fares
    or old entries (``Route`` other than widen and create), is asked but not missing.
    """
    for record in kept:
        outcome = {Route.WIDEN: Outcome.WIDEN, Route.CREATE: Outcome.CREATE}.get(record.route)
        yield Asked(
            who=record.id,
            need=record.need,
            label=vocabulary.get(Family.NEED, record.need).label,
            area_id=record.area_id,
            month=record.month,
            group=record.group or "不明",
            outcome=outcome or Outcome.AVAILABLE,
            reason=record.reason,
            route=record.route,
        )


def records(asked: Sequence[Asked]) -> tuple[UnmetRecord, ...]:
    """The unmet ones as records to be kept: no case, no person, no words of the memo.

    The id is made from what is counted and a running number, so that recording the same case file
    again gives the same records.
    """
    found: list[UnmetRecord] = []
    seen: dict[str, int] = {}
    for item in asked:
        if not item.is_unmet or item.reason is None:
            continue
        base = "|".join((item.need, item.area_id or "", item.month, item.group, item.reason))
        seen[base] = seen.get(base, 0) + 1
        key = sha256(f"{base}|{seen[base]}".encode()).hexdigest()[:20]
        found.append(
            UnmetRecord(
                id=f"unmet-{key}",
                need=item.need,
                area_id=item.area_id,
                month=item.month,
                group=item.group,
                reason=item.reason,
                route=item.route,
                evidence=Evidence.NO_CANDIDATE,
                resource_id=item.almost[0].resource_id if item.almost else None,
            )
        )
    return tuple(found)


def group_of(person: Person, vocabulary: Vocabulary) -> str:
    """The situation group a person is counted in: the head of a situation, else the age group."""
    heads: list[str] = []
    for key in sorted(person.situations):
        chain = vocabulary.ancestors(Family.SITUATION, key)
        heads.append(vocabulary.get(Family.SITUATION, chain[-1] if chain else key).label)
    if heads:
        return min(heads, key=lambda head: (-heads.count(head), head))
    if person.age_low is None:
        return "不明"
    if person.age_low < _ADULT:
        return "子ども"
    return "高齢" if person.age_low >= _OLD else "現役世代"


def _reason(need: Answered) -> UnmetReason | None:
    if need.outcome is Outcome.CREATE:
        return UnmetReason.NONE_EXISTS
    if need.outcome is not Outcome.WIDEN or not need.almost:
        return None
    missing = need.almost[0].missing
    return REASON_OF.get(missing[0].criterion, UnmetReason.OTHER) if missing else UnmetReason.OTHER


def _route(outcome: Outcome) -> Route:
    return {Outcome.WIDEN: Route.WIDEN, Outcome.CREATE: Route.CREATE}.get(outcome, Route.NONE)


def _month(day: date) -> str:
    return f"{day.year:04d}-{day.month:02d}"
