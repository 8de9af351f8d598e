"""The whole answer for one household: lists, order, stages, pathway, team, questions, unmet."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
from matching.household import Merged
from matching.houseindex import HouseIndex
from matching.index.live import LiveIndex
from matching.index.search import Weights
from matching.introduction import Desk, Introducers, add_resources, local_contacts, paths
from matching.lists import Found, Room, first_of, take_lists, with_also
from matching.outcome import need_outcome, unmet_of
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
)
from matching.stage import Stage, is_held_back, stage_of
from matching.team import AgencyFact, propose_team

#: Answers are tried out for 次に聞くこと while a house has at most so many needs.
PROBED_NEEDS_AT_MOST = 12
PROBED_PLACES = 10
#: Beside a need that is answered fewer あと一歩 are shown.
ALMOST_BESIDE = 2
ANSWERED = (Outcome.AVAILABLE, Outcome.NOT_NOW)


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

    def result(self, room: Room) -> MatchResult:
        """The result of interfaces §5."""
        stages = {p.id: stage_of(p, self.vocabulary) for p in self.household.persons}
        found = self._search_all(room, stages)
        agencies = self._agencies()
        merged, cards = take_lists(found, room, self._reader)
        desk = desk_of(self.household, agencies, self.vocabulary)
        self._explain(found, cards, self._ways(cards, desk), stages)
        self._look_beside(found, room)
        results = {
            item.key: self._need(item, stages[item.person.id], agencies, room) for item in found
        }
        members = with_also(tuple(self._members(stages, results)), found)
        first = first_of(members, found) if room.full else members
        ranking = tuple(_ranked(merged, found))
        return MatchResult(
            case_id=self.household.case.case_id,
            as_of=self.on,
            data_version=self.index.version(),
            rules_version=self.rules,
            unresolved=self.household.unresolved,
            members=members,
            ranking=ranking,
            pathway=pathway(self.household, stages, first, self.vocabulary, agencies),
            team=propose_team(self.household, agencies, self.vocabulary),
            next_questions=self._questions(found, first, ranking, room.per_need),
            unmet=unmet_of(members, self.owners()),
            emergencies=_emergencies(self.household),
            partners=partners_of(self.household, agencies),
            shortened=any(item.is_shortened for item in found),
        )

    def _search_all(self, room: Room, stages: Mapping[str, Stage]) -> list[Found]:
        asked = [
            (person, need, self._ask(self.household, person, need))
            for person in self.household.persons
            for need in person.searched
        ]
        beside = room.full or room.of_each(len(asked)) == room.per_need
        found = []
        for person, need, ask in asked:
            heard = self.weights.heard(ask)
            hits = self._house.search(ask, heard, room.per_need, beside=beside)
            waits = is_held_back(need, stages[person.id], self.vocabulary)
            found.append(Found(person, need, ask, heard, hits, waits))
        return found

    def _explain(
        self,
        found: Sequence[Found],
        cards: Mapping[str, ResourceCard],
        ways: Mapping[str, tuple[Hop, ...]],
        stages: Mapping[str, Stage],
    ) -> None:
        """Everything about the shown resources, and what each need comes to by them alone."""
        measure_ahead(cards.values(), [item.ask for item in found])
        rounded = Rounded()
        for item in found:
            teller = Teller(item.ask, item.heard, rounded)
            item.shown = tuple(
                teller.suggestion(cards[hit.resource_id], hit, ways[hit.resource_id])
                for hit in item.listed
            )
            item.outcome, item.reason = need_outcome(
                item.need, stages[item.person.id], item.shown, (), self.vocabulary
            )

    def _look_beside(self, found: Sequence[Found], room: Room) -> None:
        """Find what misses one thing, for every need, and read its cards in one go."""
        for item in found:
            limit = _beside(item, room)
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
        self, item: Found, stage: Stage, agencies: Sequence[AgencyFact], room: Room
    ) -> NeedResult:
        limit = _beside(item, room)
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
        found: Sequence[Found],
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


def _ranked(merged: Sequence[Merged], found: Sequence[Found]) -> Iterator[Ranked]:
    shown = {(item.key, one.resource_id): one for item in found for one in item.shown}
    for one in merged:
        suggestion, (member, need) = shown[one.ask, one.resource_id], one.ask
        yield Ranked(
            resource_id=one.resource_id,
            name=suggestion.name,
            category=suggestion.category,
            score=suggestion.score,
            member=member,
            need=need,
            also=tuple(":".join(other) for other in one.also),
            urgent=one.urgent,
        )


def _beside(item: Found, room: Room) -> int:
    """How many あと一歩 are shown for a need: beside a part of the list that answers, none."""
    if item.outcome not in ANSWERED:
        return room.almost
    return 0 if item.is_shortened else min(room.almost, ALMOST_BESIDE)


def _of(
    results: Mapping[tuple[str, str], NeedResult], person: Person, needs: Sequence[NeedAsk]
) -> tuple[NeedResult, ...]:
    keys = [(person.id, need.key) for need in needs]
    return tuple(results[key] for key in keys if key in results)


def _emergencies(household: Household) -> tuple[str, ...]:
    urgent = (need.label for person in household.persons for need in person.needs if need.urgent)
    return tuple(dict.fromkeys(urgent))
