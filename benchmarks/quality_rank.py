"""How a ranking of resources stands against the labels of a case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.cases import Either, LabelledCase
from benchmarks.quality_labels import Labels
from graph.model.resource import Resource, Status
from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary
from matching.profile import Household, Person
from matching.result import MatchResult, Outcome, to_json

FIVE, TEN, THREE = 5, 10, 3


@dataclass(slots=True)
class RankTally:
    """Counts over cases; every rate names what it is divided by."""

    cases: int = 0
    wanted: int = 0
    absent: int = 0
    at_five: int = 0
    at_ten: int = 0
    orders: int = 0
    orders_held: int = 0
    unsuitable: int = 0
    gates_broken: int = 0
    not_now: int = 0
    not_now_kept: int = 0
    urgent: int = 0
    urgent_first: int = 0
    steps: int = 0
    steps_right: int = 0
    said: int = 0
    said_right: int = 0
    missing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def rate(self, part: int, whole: int) -> float | None:
        """Share, or ``None`` where nothing was asked."""
        return part / whole if whole else None


@dataclass(frozen=True, slots=True)
class Town:
    """What a store has: kinds of place there are, and kinds already involved in the case."""

    present: frozenset[str]
    involved: frozenset[str] = frozenset()


def rank_tally(
    case: LabelledCase, categories: Sequence[str | None], labels: Labels, town: Town
) -> RankTally:
    """Type-recall, order pairs and unsuitable kinds of a list of categories, best first.

    A kind of agency that is already involved is a partner, not a suggestion, and is not asked
    for; nor is a kind of which the store has no place (counted in ``absent``).
    """
    tally = RankTally(cases=1)
    for words in (*case.must_rank,):
        wanted = labels.either(words, Family.CATEGORY)
        if wanted & town.involved:
            continue
        if not any(labels.is_kind(category, wanted) for category in town.present):
            tally.absent += 1
            tally.notes.append(f"{case.id}: この保存先に一つもない種類 {'|'.join(words)}")
            continue
        place = _place(categories, wanted, labels)
        tally.wanted += 1
        tally.at_five += place < FIVE
        tally.at_ten += place < TEN
        if place >= TEN:
            tally.missing.append(f"{case.id}: {'|'.join(words)}")
    for order in case.orders:
        better = _place(categories, labels.either(order.better, Family.CATEGORY), labels)
        worse = _place(categories, labels.either(order.worse, Family.CATEGORY), labels)
        tally.orders += 1
        tally.orders_held += better < worse
    bad = [
        "|".join(words)
        for words in case.must_not_suggest
        if _place(categories, labels.either(words, Family.CATEGORY), labels) < TEN
    ]
    tally.unsuitable = bool(bad)
    tally.notes += [f"{case.id}: 合わない種類が10位以内 {word}" for word in bad]
    return tally


def house_tally(
    case: LabelledCase, result: MatchResult, household: Household, vocabulary: Vocabulary
) -> RankTally:
    """Not-now, emergencies, first steps and words that must be said, of a whole result."""
    labels = Labels(vocabulary)
    tally = RankTally()
    _not_now(tally, case, result, vocabulary)
    for words in case.urgent:
        wanted = labels.either(words, Family.NEED)
        first = result.ranking[:THREE]
        met = any(
            labels.same_need(key, wanted)
            for r in first
            for key in (r.need, *(also.rpartition(":")[2] for also in r.also))
        )
        tally.urgent += 1
        tally.urgent_first += met
        if not met:
            tally.notes.append(f"{case.id}: 緊急が3位以内にない {'|'.join(words)}")
    if case.steps:
        start = [f"{s.what} {s.what_with} {s.why}" for s in result.pathway[: len(case.steps) + 1]]
        missed = [w for w in case.steps if not _says(start, w, household)]
        tally.steps += 1
        tally.steps_right += not missed
        tally.notes += [f"{case.id}: 道筋のはじめに「{'|'.join(w)}」がない" for w in missed]
    for text in case.must_say:
        tally.said += 1
        tally.said_right += text in str(to_json(result))
    return tally


def gates_broken(
    result: MatchResult, household: Household, resources: Mapping[str, Resource]
) -> list[str]:
    """Suggestions that contradict a known hard condition: not running, or nobody's age fits."""
    broken: list[str] = []
    for ranked in result.ranking:
        resource = resources.get(ranked.resource_id)
        if resource is None:
            continue
        if resource.status in {Status.CLOSED, Status.SUSPENDED}:
            broken.append(f"{result.case_id}: {resource.name}（休止・廃止）")
        if household.persons and all(_ruled_out(resource, p) for p in household.persons):
            broken.append(f"{result.case_id}: {resource.name}（年齢）")
    return broken


def _ruled_out(resource: Resource, person: Person) -> bool:
    """Whether a known age of a person lies outside a known age limit."""
    low, high = person.age_low, person.age_high
    young = high is not None and resource.minimum_age is not None and high < resource.minimum_age
    old = low is not None and resource.maximum_age is not None and low > resource.maximum_age + 1
    return young or old


def _not_now(
    tally: RankTally, case: LabelledCase, result: MatchResult, vocabulary: Vocabulary
) -> None:
    """No group place for them in the ranking, and no social need of theirs called available."""
    for who in case.not_now:
        members = [m for m in result.members if m.role == who] or [
            m for m in result.members if who == "本人"
        ]
        ids = {m.id for m in members}
        places = [
            r.name
            for r in result.ranking[:TEN]
            if r.member in ids and _is_group(vocabulary, r.category)
        ]
        open_social = [
            n.label
            for m in members
            for n in m.needs
            if n.outcome is Outcome.AVAILABLE and _is_social(vocabulary, n.need)
        ]
        kept = bool(members) and not places and not open_social
        tally.not_now += 1
        tally.not_now_kept += kept
        if not kept:
            why = "、".join([*places, *open_social]) or "本人が読み取れていない"
            tally.notes.append(f"{case.id}: {who}を今は場につながないはず（{why}）")


def _is_group(vocabulary: Vocabulary, category: str | None) -> bool:
    return (
        category is not None and "group_place" in vocabulary.get(Family.CATEGORY, category).traits
    )


def _is_social(vocabulary: Vocabulary, need: str) -> bool:
    keys = (need, *vocabulary.ancestors(Family.NEED, need))
    return any("social" in vocabulary.get(Family.NEED, key).traits for key in keys)


def _says(steps: Sequence[str], words: Either, household: Household) -> bool:
    """A step names the word, or (for a role) the words the house knows that person by."""
    same = {"親": ("親", "母", "父")}
    wanted = [w for word in words for w in same.get(word, (word,))]
    del household
    return any(word in step for step in steps for word in wanted)


def _place(categories: Sequence[str | None], wanted: frozenset[str], labels: Labels) -> int:
    """Index of the first category of a kind; beyond everything when there is none."""
    for index, category in enumerate(categories):
        if labels.is_kind(category, wanted):
            return index
    return 10**6
