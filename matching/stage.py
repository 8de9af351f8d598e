"""Where a person stands on the way to a place: some are not to be sent anywhere yet.

40 of 129 published cases needed steps before any place; a person who wants to meet nobody is not
sent to a salon (seed 002 ④).
"""

from dataclasses import dataclass

from graph.vocabulary.concept import Concept, Family
from graph.vocabulary.protocol import Vocabulary
from matching.profile import NeedAsk, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage, as a screen words it. ``not_now`` = group places are held back for now."""

    key: str
    label: str
    reason: str
    not_now: bool = False


def stage_of(person: Person, vocabulary: Vocabulary) -> Stage:
    """The stage of one person, from readiness, situations and urgent needs.

    Refusal and avoidance outrank everything except that urgent needs are still answered at once:
    a stage never hides an emergency.
    """
    situations = [vocabulary.get(Family.SITUATION, key) for key in sorted(person.situations)]
    if refusing := _labels(situations, "refuses"):
        return Stage(
            key="relation",
            label="関係づくりから",
            reason=f"{refusing}ため、支援をすすめる前に、訪問や見守りで関わりを保ちます。",
            not_now=True,
        )
    if person.avoids_people:
        avoiding = "・".join(person.avoids_because) or "人に会うことが難しい"
        return Stage(
            key="relation",
            label="関係づくりから",
            reason=f"「{avoiding}」ため、いまは人の集まる場につながず、信頼関係づくりから始めます。",
            not_now=True,
        )
    if urgent := [need.label for need in person.needs if need.urgent]:
        return Stage(
            key="safety",
            label="まず安全と暮らしの確保",
            reason=f"「{'」「'.join(urgent[:3])}」は急ぎます。ほかの困りごとはそのあとに進めます。",
        )
    if _steps_first(person, vocabulary):
        return Stage(
            key="accompany",
            label="同行・見学から",
            reason="一人で始めるのは難しい様子です。付き添いや見学から始めます。",
        )
    return Stage(key="ready", label="つなぐ", reason="合う場や窓口へつなぎます。")


def is_held_back(need: NeedAsk, stage: Stage, vocabulary: Vocabulary) -> bool:
    """Whether a need waits for the steps before it: it is met among people, and now is too soon."""
    if not stage.not_now or need.urgent:
        return False
    concept = vocabulary.get(Family.NEED, need.key)
    chain = [
        concept,
        *(vocabulary.get(Family.NEED, key) for key in vocabulary.ancestors(Family.NEED, need.key)),
    ]
    return any("social" in item.traits for item in chain)


def _labels(situations: list[Concept], trait: str) -> str:
    return "・".join(f"「{c.label}」" for c in situations if trait in c.traits)


def _steps_first(person: Person, vocabulary: Vocabulary) -> bool:
    return bool(vocabulary.steps([need.key for need in person.needs], person.situations))
