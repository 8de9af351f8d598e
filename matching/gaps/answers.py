"""Where each need of many cases ends, without the rest of a result.

The outcome of a need is decided by the same rules as in a whole result
(:func:`matching.outcome.outcome_of`), but of a list only the numbers are read, and what misses one
thing is only looked for where nothing answers. What cases have in common is worked out once.
"""

from collections.abc import Hashable, Iterator
from datetime import date
from itertools import count

from graph.store import View
from matching.almost import almost_by, look_at, nearest
from matching.ask import EVERYTHING, WORDS, Ask
from matching.case import Case
from matching.criterion import all_criteria
from matching.engine import PER_NEED, Matcher
from matching.gaps.kept import Kept, KeptCards
from matching.gaps.unmet import Answer, Asked, asked_of
from matching.houseindex import HouseIndex
from matching.introduction import local_contacts
from matching.outcome import hit_answers, outcome_of, partner_of
from matching.partners import agency_facts
from matching.profile import Household, NeedAsk, Person
from matching.result import Almost
from matching.stage import is_held_back, stage_of
from matching.weights import weights_of

#: How many one-change-away resources are weighed for each unmet need.
ALMOST_FOR_GAPS = 200
#: Bounds of what is kept in memory: cards of some 5 kB, changes of less than 1 kB, answers.
_CARDS, _CHANGES, _QUESTIONS = 10_000, 100_000, 20_000


class Answers:
    """Answers over one state of a store: one view, and the index of a matcher."""

    def __init__(self, matcher: Matcher, view: View) -> None:
        self.matcher = matcher
        self.view = view
        self._weights = weights_of(None)
        #: 索引が保存先より古いときだけ、見つけた資源がまだあるかを確かめる。
        self._is_level = view.head() == matcher.head
        self._cards = KeptCards(view, matcher.vocabulary, matcher.areas, _CARDS)
        self._changes: Kept[Hashable, Almost | None] = Kept(_CHANGES)
        self._answered: Kept[Hashable, bool] = Kept(_QUESTIONS)
        self._nearest: Kept[Hashable, tuple[Almost, ...]] = Kept(_QUESTIONS)
        self._routes: Kept[Hashable, bool] = Kept(_QUESTIONS)
        self._numbers: Kept[Hashable, int] = Kept(_QUESTIONS)
        self._counter = count()
        reads = {criterion.key: criterion.all_read() for criterion in all_criteria()}
        self._said = {key: None if facts is None else facts | WORDS for key, facts in reads.items()}
        self._all = None if None in reads.values() else EVERYTHING
        self._weighed = None if None in reads.values() else EVERYTHING - WORDS

    def asked(self, number: int, case: Case, on: date) -> list[Asked]:
        """The needs of one case, on its own date (``on`` where it has none)."""
        matcher, day = self.matcher, case.on or on
        household = matcher.household(case, on=day)
        return list(asked_of(number, household, self.of(household, day), day, matcher.vocabulary))

    def of(self, household: Household, on: date) -> Iterator[tuple[str, Answer]]:
        """The id of a member with each need told, in the order of a whole result."""
        route = self._routes.once(household.areas, lambda: _has_route(self.view, household))
        house = _House(self.matcher, household, on, route)
        found = {
            (ask.person.id, ask.need.key): self._answer(ask, house)
            for ask in house.asks
            if ask.need in ask.person.needs
        }
        for person in household.persons:
            for need in person.needs:
                if (answer := found.get((person.id, need.key))) is not None:
                    yield person.id, answer

    def _answer(self, ask: Ask, house: "_House") -> Answer:
        near: list[Almost] = []

        def almost() -> bool:
            near.extend(self._near(ask, house))
            return bool(near)

        outcome = outcome_of(
            held_back=house.is_held_back(ask.person, ask.need),
            answered=lambda: self._is_answered(ask, house),
            partner=lambda: house.has_partner(ask.need, self.view),
            almost=almost,
        )
        return Answer(need=ask.need.key, label=ask.need.label, outcome=outcome, almost=tuple(near))

    def _is_answered(self, ask: Ask, house: "_House") -> bool:
        return self._answered.once(ask.read(self._weighed), lambda: self._search(ask, house))

    def _search(self, ask: Ask, house: "_House") -> bool:
        heard = self._weights.heard(ask)
        hits = house.index.search(ask, heard, PER_NEED).hits
        if not self._is_level:
            there = self._cards(hit.resource_id for hit in hits)
            hits = tuple(hit for hit in hits if hit.resource_id in there)
        return any(hit_answers(hit, heard) for hit in hits)

    def _near(self, ask: Ask, house: "_House") -> tuple[Almost, ...]:
        return self._nearest.once(ask.read(self._all), lambda: self._look_beside(ask, house))

    def _look_beside(self, ask: Ask, house: "_House") -> tuple[Almost, ...]:
        """As ``almost_among``; what a miss comes to is kept for all who ask for the same change."""
        limit = ALMOST_FOR_GAPS
        misses = house.index.misses(ask, self._weights.heard(ask), look_at(limit))
        said = {miss.criterion: self._number(miss.criterion, ask) for miss in misses}
        keys = [(miss.resource_id, miss.criterion, said[miss.criterion]) for miss in misses]
        found = {key: self._changes[key] for key in keys if key in self._changes}
        cards = self._cards(key[0] for key in keys if key not in found)
        for miss, key in zip(misses, keys, strict=True):
            if key not in found:
                found[key] = almost_by(miss, cards.get(miss.resource_id), ask)
                self._changes[key] = found[key]
        return nearest(misses, [found[key] for key in keys], limit)

    def _number(self, criterion: str, ask: Ask) -> int:
        """One number for all questions that agree in what a change of this criterion is told by."""
        return self._numbers.once(ask.read(self._said[criterion]), lambda: next(self._counter))


class _House:
    """The questions of one house, and what only some of them ask for."""

    def __init__(self, matcher: Matcher, household: Household, on: date, route: bool) -> None:  # noqa: FBT001 - one plain fact
        self._matcher = matcher
        self._household = household
        pairs = [(person, need) for person in household.persons for need in person.searched]
        self._stages = {p.id: stage_of(p, matcher.vocabulary) for p in household.persons}
        self.asks = [
            Ask(
                household=household,
                person=person,
                need=need,
                on=on,
                vocabulary=matcher.vocabulary,
                has_area_route=route,
            )
            for person, need in pairs
        ]
        self.index = HouseIndex(matcher.index.parts)

    def is_held_back(self, person: Person, need: NeedAsk) -> bool:
        """Whether a need waits for steps before it."""
        return is_held_back(need, self._stages[person.id], self._matcher.vocabulary)

    def has_partner(self, need: NeedAsk, view: View) -> bool:
        """Whether an agency involved now answers a need."""
        household = self._household
        if not household.already and not household.already_categories:
            return False
        asking = next(ask for ask in self.asks if ask.need in ask.person.needs)
        agencies = agency_facts(self._matcher.index.parts, asking, view)
        return partner_of(need, agencies, self._matcher.vocabulary) is not None


def _has_route(view: View, household: Household) -> bool:
    return bool(local_contacts(view, household.areas).local)
