"""Where each need ends: ある / 広げればある / ない / 今は場につながない, and what is unmet.

The rules, in this order (docs/reference/outcomes.md):

1. the need waits for steps before it → ``not_now`` (never counted as missing);
2. a suggestion that really answers the need (need fit ≥ 0.5) and is known to miss nothing that keeps
   this person away (time, room, cost, reach, setting, language, whom it is meant for) → ``available``;
   so it is when an agency already involved answers it;
3. a resource exactly one named change away → ``widen``;
4. otherwise → ``create``.

:func:`outcome_of` is the only place that knows them: the whole result of a household and the gap
analysis of many cases both ask it, the one with sentences at hand, the other with numbers.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from graph.model.unmet import Route, UnmetReason
from graph.vocabulary.protocol import Vocabulary
from matching.explain import read
from matching.index.search import Heard, Hit
from matching.owners import Owners
from matching.profile import NeedAsk
from matching.result import Almost, MemberResult, NeedResult, Outcome, Suggestion, Unmet, Verdict
from matching.stage import Stage, is_held_back
from matching.team import AgencyFact

#: A suggestion answers a need from this fit on; below, it only helps beside.
ANSWERS_FROM = 0.5
NEED_FIT = "need_fit"
#: What is not a matter of fitting the person: a miss here lowers the place, it does not close it.
_BESIDE = frozenset(
    {NEED_FIT, "freshness", "introduction", "interests", "track_record", "situation"}
)

#: Which reason of casework §4 a failed criterion stands for.
REASON_OF: dict[str, UnmetReason] = {
    "age": UnmetReason.NOT_ELIGIBLE,
    "eligibility": UnmetReason.NOT_ELIGIBLE,
    "ineligible": UnmetReason.NOT_ELIGIBLE,
    "gender": UnmetReason.NOT_ELIGIBLE,
    "referral": UnmetReason.NOT_ELIGIBLE,
    "area": UnmetReason.OUT_OF_AREA,
    "schedule": UnmetReason.SCHEDULE,
    "capacity": UnmetReason.NO_CAPACITY,
    "status": UnmetReason.NO_CAPACITY,
    "setting": UnmetReason.ACCESSIBILITY_LANGUAGE,
    "access": UnmetReason.ACCESSIBILITY_LANGUAGE,
    "language": UnmetReason.ACCESSIBILITY_LANGUAGE,
    "nearness": UnmetReason.TRANSPORT,
    "distance": UnmetReason.TRANSPORT,
    "cost": UnmetReason.COST,
}


class Bar(Protocol):
    """What one criterion gave for one resource: as much of it as an outcome is decided by."""

    @property
    def criterion(self) -> str:
        """Key of the criterion."""

    @property
    def score(self) -> float | None:
        """0 to 1, rounded as it is given out; ``None`` = not known."""

    @property
    def verdict(self) -> Verdict:
        """The word for the score."""


def outcome_of(
    *,
    held_back: bool,
    answered: Callable[[], bool],
    partner: Callable[[], bool],
    almost: Callable[[], bool],
) -> Outcome:
    """Apply the rules. What is asked later is only worked out when nothing before it held."""
    if held_back:
        return Outcome.NOT_NOW
    if answered() or partner():
        return Outcome.AVAILABLE
    return Outcome.WIDEN if almost() else Outcome.CREATE


def need_outcome(
    need: NeedAsk,
    stage: Stage,
    suggestions: Sequence[Suggestion],
    almost: Sequence[Almost],
    vocabulary: Vocabulary,
    agencies: Sequence[AgencyFact] = (),
) -> tuple[Outcome, str]:
    """Where a need ends, and the sentence that says which rule held."""
    answering = sum(answers(shown.contributions) for shown in suggestions)
    partner = partner_of(need, agencies, vocabulary)
    outcome = outcome_of(
        held_back=is_held_back(need, stage, vocabulary),
        answered=lambda: answering > 0,
        partner=lambda: partner is not None,
        almost=lambda: bool(almost),
    )
    if outcome is Outcome.NOT_NOW:
        return outcome, stage.reason
    if answering:
        return outcome, f"条件に合う場や窓口を{answering}件挙げています。"
    if partner is not None:
        return outcome, f"すでに関わっている{partner.name}が応えられます。"
    if almost:
        change = almost[0].missing[0].change if almost[0].missing else ""
        return outcome, f"「{almost[0].name}」で{change}、使えるようになります。"
    if suggestions:
        return outcome, "近い支えはありますが、この困りごとに直接応える資源が見つかりません。"
    return outcome, "この困りごとに応える資源が地域に見つかりません。"


def answers(bars: Iterable[Bar]) -> bool:
    """Whether a resource answers its need for this person, and does not merely help beside it."""
    fits = False
    for bar in bars:
        if bar.criterion == NEED_FIT:
            fits = bar.score is not None and bar.score >= ANSWERS_FROM
        elif bar.verdict is Verdict.MISSES and bar.criterion not in _BESIDE:
            return False
    return fits


def hit_answers(hit: Hit, heard: Heard) -> bool:
    """:func:`answers` for a place of a list, by its numbers alone."""
    return answers([read(criterion, hit.parts[criterion.key]) for criterion, _ in heard])


def partner_of(
    need: NeedAsk, agencies: Iterable[AgencyFact], vocabulary: Vocabulary
) -> AgencyFact | None:
    """The first agency involved now that answers the need."""
    for agency in agencies:
        if agency.involved:
            fit = vocabulary.need_fit(agency.category, need.key) or 0.0
            if fit >= ANSWERS_FROM:
                return agency
    return None


def unmet_of(members: Sequence[MemberResult], owners: Owners) -> tuple[Unmet, ...]:
    """The needs that found nothing, each with reason, route, 所管課 and 取組."""
    return tuple(
        _unmet(member.id, need, owners)
        for member in members
        for need in member.needs
        if need.outcome in (Outcome.WIDEN, Outcome.CREATE)
    )


def _unmet(member: str, need: NeedResult, owners: Owners) -> Unmet:
    widen = need.outcome is Outcome.WIDEN and bool(need.almost)
    reason = UnmetReason.NONE_EXISTS
    if widen and need.almost[0].missing:
        reason = REASON_OF.get(need.almost[0].missing[0].criterion, UnmetReason.OTHER)
    owner = owners.of(need.need, need.almost[0].resource_id if widen else None)
    return Unmet(
        member=member,
        need=need.need,
        label=need.label,
        reason=reason,
        route=Route.WIDEN if widen else Route.CREATE,
        department=owner.department if owner else None,
        program=owner.program if owner else None,
    )
