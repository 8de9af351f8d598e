"""The way to a place: which steps come first, who could take them, and where it may lead.

The order of seed 002 ④: help with what the family needs now, visit, meet, win trust, see a doctor
again, then a place for what the person likes.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graph.vocabulary.concept import Concept, Family
from graph.vocabulary.protocol import Vocabulary
from matching.profile import Household, Person
from matching.result import MemberResult, Outcome, Step, Suggestion
from matching.stage import Stage
from matching.suits import category
from matching.team import AgencyFact, is_meant_for

_STEPS_AT_MOST = 9
_LEADS_AT_MOST = 2


@dataclass(slots=True)
class _Walk:
    """The steps gathered so far, each said once."""

    steps: list[Step] = field(default_factory=list)
    said: set[tuple[str | None, str]] = field(default_factory=set)

    def add(
        self, what: str, who: str, why: str, *, member: str | None, key: str | None = None
    ) -> None:
        if (member, key or what) in self.said or len(self.steps) >= _STEPS_AT_MOST:
            return
        self.said.add((member, key or what))
        self.steps.append(
            Step(
                step=len(self.steps) + 1, what=what, what_with=who, why=why, member=member, key=key
            )
        )


def pathway(
    household: Household,
    stages: Mapping[str, Stage],
    members: Sequence[MemberResult],
    vocabulary: Vocabulary,
    agencies: Sequence[AgencyFact],
) -> tuple[Step, ...]:
    """Numbered steps for the house: emergencies, the family's own need, steps first, then places."""
    walk = _Walk()
    results = {member.id: member for member in members}
    guide = _Guide(household, agencies, vocabulary)
    for person in household.persons:
        _emergencies(walk, person, results[person.id], guide)
    held = [p for p in household.persons if stages[p.id].not_now]
    for person in held:
        _family_first(walk, person, household, results)
        _steps(walk, person, vocabulary, guide)
        _someday(walk, person, vocabulary)
    for person in household.persons:
        if person not in held:
            _steps(walk, person, vocabulary, guide)
            _places(walk, person, results[person.id], vocabulary)
    return tuple(walk.steps)


class _Guide:
    """Who could take a step: an agency of the right kind, those already involved first."""

    def __init__(
        self, household: Household, agencies: Sequence[AgencyFact], vocabulary: Vocabulary
    ) -> None:
        self._vocabulary = vocabulary
        nearest_first = sorted(
            (a for a in agencies if a.covers_area is not False or a.involved),
            key=lambda a: (not a.involved, a.covers_area is not True, a.distance_m or 0.0, a.id),
        )
        self._involved = [agency for agency in nearest_first if agency.involved]
        self._first: dict[str, AgencyFact] = {}
        for agency in nearest_first:
            self._first.setdefault(agency.category, agency)
        self._already = household.already

    def _takes(self, kind: str, person: Person) -> bool:
        category = self._vocabulary.get(Family.CATEGORY, kind)
        return is_meant_for(category, person.age_low, person.age_high)

    def who(self, step: Concept, person: Person) -> str:
        """Name of the likeliest, or the kinds that could when none is known here."""
        kinds = [
            key.strip() for key in re.split(r"[;、,]", step.facts.get("who", "")) if key.strip()
        ]
        for agency in self._involved:
            if agency.category in kinds and self._takes(agency.category, person):
                return agency.name
        for kind in kinds:
            if kind in self._first and self._takes(kind, person):
                return self._first[kind].name
        if self._already:
            return self._already[0]
        labels = [self._vocabulary.get(Family.CATEGORY, key).label for key in kinds]
        return "・".join(labels[:2]) or "相談を受けた窓口"


def _emergencies(walk: _Walk, person: Person, result: MemberResult, guide: _Guide) -> None:
    del guide
    for need in result.needs:
        if not need.urgent:
            continue
        if need.suggestions:
            first = need.suggestions[0]
            phone = f"（{first.phone}）" if first.phone else ""
            walk.add(
                f"今日のうちに「{need.label}」に応える",
                f"{first.name}{phone}",
                "命と暮らしの安全が先です。",
                member=person.id,
            )
        else:
            walk.add(
                f"今日のうちに「{need.label}」への手立てを庁内で決める",
                "相談を受けた窓口",
                "応える資源が見つからず、待てない困りごとです。",
                member=person.id,
            )


def _family_first(
    walk: _Walk, person: Person, household: Household, results: Mapping[str, MemberResult]
) -> None:
    """Somebody else in the house who accepts help opens the door."""
    for other in household.persons:
        if other.id == person.id or other.avoids_people:
            continue
        found = _first_answer(results[other.id])
        label, with_whom = found or _own_need(other)
        walk.add(
            f"まず{other.label}の困りごと（{label}）に応える",
            with_whom,
            f"{other.label}への支援で訪問の機会をつくり、{person.label}と顔を合わせられるようにします。",
            member=other.id,
        )
        return


def _first_answer(result: MemberResult) -> tuple[str, str] | None:
    for need in result.needs:
        if need.outcome is Outcome.AVAILABLE and need.suggestions:
            return need.label, need.suggestions[0].name
    return None


def _own_need(person: Person) -> tuple[str, str]:
    label = person.needs[0].label if person.needs else "日々の暮らし"
    return label, "相談を受けた窓口"


def _steps(walk: _Walk, person: Person, vocabulary: Vocabulary, guide: _Guide) -> None:
    needs = [need.key for need in person.needs]
    for step, link in vocabulary.steps(needs, person.situations):
        what = step.label if len(person.label) == 0 else f"{step.label}（{person.label}）"
        walk.add(
            what,
            guide.who(step, person),
            link.why or step.definition,
            member=person.id,
            key=step.key,
        )


def _someday(walk: _Walk, person: Person, vocabulary: Vocabulary) -> None:
    """What the person likes is the way to a place, when the time has come."""
    likes = [vocabulary.get(Family.ACTIVITY, key).label for key in sorted(person.activities)]
    subject = "・".join(likes[:3]) if likes else "本人の好きなこと・得意なこと"
    walk.add(
        f"{subject}を手がかりに、少人数の場や役割を本人と一緒に探す",
        "地域のCSW・生活支援コーディネーター",
        "信頼関係ができてから、本人の関心に合う場なら続きやすくなります。",
        member=person.id,
        key="place_by_interest",
    )


def _places(walk: _Walk, person: Person, result: MemberResult, vocabulary: Vocabulary) -> None:
    for need in result.needs:
        if need.urgent or need.outcome is not Outcome.AVAILABLE or not need.suggestions:
            continue
        first = need.suggestions[0]
        walk.add(
            f"「{need.label}」について{first.name}の見学・相談をする",
            _introducer(first),
            _why(first),
            member=person.id,
            key=first.resource_id,
        )
        for label, why in _leads(first, vocabulary):
            walk.add(
                f"なじんだら{label}へ広げる",
                first.name,
                why,
                member=person.id,
                key=f"leads:{label}",
            )


def _introducer(suggestion: Suggestion) -> str:
    between = [hop.name for hop in suggestion.introduction if hop.kind in ("agency", "contact")]
    return "→".join(between) or suggestion.name


def _why(suggestion: Suggestion) -> str:
    strongest = sorted(suggestion.contributions, key=lambda c: -c.points)[:2]
    return "".join(c.reason for c in strongest)


def _leads(suggestion: Suggestion, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    # 語彙を改めたあとの台帳には、もう無い種類が残っていることがある。
    known = category(suggestion.category, vocabulary)
    links = known.leads_to if known else ()
    return [
        (vocabulary.get(Family.CATEGORY, link.key).label, link.why)
        for link in links[:_LEADS_AT_MOST]
    ]
