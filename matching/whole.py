"""The whole answer for one household: lists, order, stages, pathway, team, questions, unmet."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from graph.areas import AreaTree
from graph.store import View
from graph.vocabulary.protocol import Vocabulary
from matching.almost import almost_among, look_at
from matching.ask import Ask
from matching.card import ResourceCard
from matching.cards import CardReader
from matching.distance import measure_ahead
from matching.explain import Rounded, Teller
from matching.household import merge
from matching.houseindex import HouseIndex
from matching.index.live import LiveIndex
from matching.index.nearmiss import NearMiss
from matching.index.search import Heard, Hits, Weights
from matching.introduction import Desk, Introducers, add_resources, local_contacts, paths
from matching.outcome import answers, need_outcome, unmet_of
from matching.owners import Owners
from matching.partners import agency_facts, desk_of, partners_of
from matching.pathway import pathway
from matching.probe import Prober
from matching.profile import Household, NeedAsk, Person
from matching.questions import next_questions
from matching.result import (
    Hop,
    MatchResult,
    MemberResult,
    NeedResult,
    NextQuestion,
    Outcome,
    Ranked,
    Suggestion,
)
from matching.stage import Stage, stage_of
from matching.team import AgencyFact, propose_team

#: Answers are tried out for 次に聞くこと while a house has at most so many needs.
PROBED_NEEDS_AT_MOST = 12
PROBED_PLACES = 10
#: Beside a need that is answered fewer あと一歩 are shown.
ALMOST_BESIDE = 2
ANSWERED = (Outcome.AVAILABLE, Outcome.NOT_NOW)


@dataclass(slots=True)
class _Found:
    """One need of one person with what the index gave."""

    person: Person
    need: NeedAsk
    ask: Ask
    heard: Heard
    hits: Hits
    shown: tuple[Suggestion, ...] = ()
    outcome: Outcome = Outcome.CREATE
    reason: str = ""
    misses: tuple[NearMiss, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """Person and need."""
        return self.person.id, self.need.key


@dataclass(slots=True, kw_only=True)
class Whole:
    """Everything one match needs; used once."""

    view: View
    vocabulary: Vocabulary
    areas: AreaTree
    index: LiveIndex
    owners: Callable[[], Owners]
    household: Household
    on: date
    weights: Weights
    rules: str
    _reader: CardReader = field(init=False)
    _introducers: Introducers = field(init=False)
    _house: HouseIndex = field(init=False)

    def __post_init__(self) -> None:
        self._reader = CardReader(self.view, self.vocabulary, self.areas)
        self._introducers = local_contacts(self.view, self.household.areas)
        self._house = HouseIndex(self.index.parts)

    def result(self, *, top: int, almost: int, per_need: int) -> MatchResult:
        """The result of interfaces §5."""
        found = self._search_all(per_need)
        agencies = self._agencies()
        stages = {p.id: stage_of(p, self.vocabulary) for p in self.household.persons}
        self._explain(found, stages, desk_of(self.household, agencies, self.vocabulary))
        self._look_beside(found, almost)
        results = {
            item.key: self._need(item, stages[item.person.id], agencies, almost) for item in found
        }
        members = _also(tuple(self._members(stages, results)))
        ranking = merge(members, top)
        return MatchResult(
            case_id=self.household.case.case_id,
            as_of=self.on,
            data_version=self.index.version(),
            rules_version=self.rules,
            unresolved=self.household.unresolved,
            members=members,
            ranking=ranking,
            pathway=pathway(self.household, stages, members, self.vocabulary, agencies),
            team=propose_team(self.household, agencies, self.vocabulary),
            next_questions=self._questions(found, members, ranking, per_need),
            unmet=unmet_of(members, self.owners()),
            emergencies=_emergencies(self.household),
            partners=partners_of(self.household, agencies),
        )

    def _search_all(self, per_need: int) -> list[_Found]:
        asked = [
            (person, need, self._ask(self.household, person, need))
            for person in self.household.persons
            for need in person.searched
        ]
        found = []
        for person, need, ask in asked:
            heard = self.weights.heard(ask)
            hits = self._house.search(ask, heard, per_need)
            found.append(_Found(person, need, ask, heard, hits))
        return found

    def _explain(
        self, found: Sequence[_Found], stages: Mapping[str, Stage], desk: Desk | None
    ) -> None:
        """Everything about the listed resources, and what each need comes to by them alone."""
        cards = self._reader(hit.resource_id for item in found for hit in item.hits.hits)
        ways = self._ways(cards, desk)
        measure_ahead(cards.values(), [item.ask for item in found])
        rounded = Rounded()
        for item in found:
            teller = Teller(item.ask, item.heard, rounded)
            listed = [hit for hit in item.hits.hits if hit.resource_id in cards]
            item.shown = tuple(
                teller.suggestion(cards[hit.resource_id], hit, ways[hit.resource_id])
                for hit in listed
            )
            item.outcome, item.reason = need_outcome(
                item.need, stages[item.person.id], item.shown, (), self.vocabulary
            )

    def _look_beside(self, found: Sequence[_Found], almost: int) -> None:
        """Find what misses one thing, for every need, and read its cards in one go."""
        for item in found:
            limit = _beside(item, almost)
            item.misses = self._house.misses(item.ask, item.heard, look_at(limit))
        self._reader.placed(miss.resource_id for item in found for miss in item.misses)

    def _ask(self, household: Household, person: Person, need: NeedAsk) -> Ask:
        return Ask(
            household=household,
            person=person,
            need=need,
            on=self.on,
            vocabulary=self.vocabulary,
            has_area_route=bool(self._introducers.local),
        )

    def _agencies(self) -> tuple[AgencyFact, ...]:
        asking = next(((p, n) for p in self.household.persons for n in p.needs), None)
        if asking is None:
            return ()
        return agency_facts(self.index.parts, self._ask(self.household, *asking), self.view)

    def _ways(
        self, cards: Mapping[str, ResourceCard], desk: Desk | None
    ) -> Mapping[str, tuple[Hop, ...]]:
        shown = [cards[key] for key in sorted(cards)]
        add_resources(self.view, self._introducers, shown, self._reader.met)
        return paths(self._introducers, shown, desk)

    def _need(
        self, item: _Found, stage: Stage, agencies: Sequence[AgencyFact], almost: int
    ) -> NeedResult:
        limit = _beside(item, almost)
        near = almost_among(item.misses, item.ask, limit, self._reader.placed)
        outcome, reason = item.outcome, item.reason
        if outcome not in ANSWERED:
            outcome, reason = need_outcome(
                item.need, stage, item.shown, near, self.vocabulary, agencies
            )
        return NeedResult(
            need=item.need.key,
            label=item.need.label,
            outcome=outcome,
            reason=reason,
            urgent=item.need.urgent,
            suggestions=item.shown,
            almost=near,
            excluded=item.hits.excluded,
        )

    def _members(
        self, stages: Mapping[str, Stage], results: Mapping[tuple[str, str], NeedResult]
    ) -> Iterator[MemberResult]:
        for person in self.household.persons:
            stage = stages[person.id]
            yield MemberResult(
                id=person.id,
                role=person.role,
                stage=stage.label,
                stage_reason=stage.reason,
                needs=_of(results, person, person.needs),
                possible=_of(results, person, person.possible),
            )

    def _questions(
        self,
        found: Sequence[_Found],
        members: Sequence[MemberResult],
        ranking: Sequence[Ranked],
        per_need: int,
    ) -> tuple[NextQuestion, ...]:
        if not found or len(found) > PROBED_NEEDS_AT_MOST:
            return ()
        prober = Prober(
            self._ask,
            lambda ask: self._house.brief(ask, self.weights.heard(ask), per_need),
            [(item.ask, item.hits.brief()) for item in found],
        )
        base = [ranked.resource_id for ranked in ranking]
        return next_questions(self.household, base, lambda h: prober(h, PROBED_PLACES), members)


def _beside(item: _Found, almost: int) -> int:
    """How many あと一歩 are shown for a need."""
    return min(almost, ALMOST_BESIDE) if item.outcome in ANSWERED else almost


def _of(
    results: Mapping[tuple[str, str], NeedResult], person: Person, needs: Sequence[NeedAsk]
) -> tuple[NeedResult, ...]:
    keys = [(person.id, need.key) for need in needs]
    return tuple(results[key] for key in keys if key in results)


def _also(members: tuple[MemberResult, ...]) -> tuple[MemberResult, ...]:
    """Tell each suggestion which other needs of the house it answers as well."""
    listed: dict[str, list[tuple[str, Suggestion]]] = {}
    for member in members:
        for need, _ in member.called():
            for shown in need.suggestions:
                told = listed.setdefault(shown.resource_id, [])
                told.append((f"{member.id}:{need.need}", shown))
    # ほとんどの資源は、一つの困りごとにだけ挙がる。
    asked = {
        key: [own for own, shown in told if answers(shown.contributions)]
        for key, told in listed.items()
        if len(told) > 1
    }
    if not asked:
        return members

    def with_also(shown: Suggestion, own: str) -> Suggestion:
        others = tuple(a for a in asked.get(shown.resource_id, ()) if a != own)
        return replace(shown, also_needs=others) if others else shown

    def with_others(member: str, needs: Sequence[NeedResult]) -> tuple[NeedResult, ...]:
        return tuple(
            replace(
                need,
                suggestions=tuple(with_also(s, f"{member}:{need.need}") for s in need.suggestions),
            )
            for need in needs
        )

    return tuple(
        replace(m, needs=with_others(m.id, m.needs), possible=with_others(m.id, m.possible))
        for m in members
    )


def _emergencies(household: Household) -> tuple[str, ...]:
    urgent = (need.label for person in household.persons for need in person.needs if need.urgent)
    return tuple(dict.fromkeys(urgent))
