"""Where each need ends: ある / 広げればある / ない / 今は場につながない, and what is unmet.

The rules, in this order (docs/reference/outcomes.md):

1. the need waits for steps before it → ``not_now`` (never counted as missing);
2. a suggestion that really answers the need (need fit ≥ 0.5) and is known to miss nothing that keeps
   this person away (time, room, cost, reach, setting, language, whom it is meant for) → ``available``;
3. a resource exactly one named change away → ``widen``;
4. otherwise → ``create``.
"""

from collections.abc import Sequence

from graph.model.unmet import Route, UnmetReason
from graph.vocabulary.protocol import Vocabulary
from matching.owners import Owners
from matching.profile import NeedAsk
from matching.result import Almost, MemberResult, NeedResult, Outcome, Suggestion, Unmet, Verdict
from matching.stage import Stage, is_held_back

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


def need_outcome(
    need: NeedAsk,
    stage: Stage,
    suggestions: Sequence[Suggestion],
    almost: Sequence[Almost],
    vocabulary: Vocabulary,
) -> tuple[Outcome, str]:
    """Apply the rules; the sentence says which one held."""
    if is_held_back(need, stage, vocabulary):
        return Outcome.NOT_NOW, stage.reason
    answering = [s for s in suggestions if answers(s)]
    if answering:
        return Outcome.AVAILABLE, f"条件に合う場や窓口が{len(answering)}件あります。"
    if almost:
        change = almost[0].missing[0].change if almost[0].missing else ""
        return Outcome.WIDEN, f"「{almost[0].name}」で{change}、使えるようになります。"
    if suggestions:
        return (
            Outcome.CREATE,
            "近い支えはありますが、この困りごとに直接応える資源が見つかりません。",
        )
    return Outcome.CREATE, "この困りごとに応える資源が地域に見つかりません。"


def answers(suggestion: Suggestion) -> bool:
    """Whether a suggestion answers its need for this person, and does not merely help beside it."""
    fits = False
    for contribution in suggestion.contributions:
        if contribution.criterion == NEED_FIT:
            fits = contribution.score is not None and contribution.score >= ANSWERS_FROM
        elif contribution.verdict is Verdict.MISSES and contribution.criterion not in _BESIDE:
            return False
    return fits


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
