"""Quick rankings of a household that is changed in one answer: what 次に聞くこと counts with."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from functools import cache
from itertools import chain

from matching.ask import SHARED_HEADS, Ask
from matching.criterion import all_criteria
from matching.household import Ask as Question
from matching.household import Offer, Places, first_places, offered
from matching.index.search import Brief
from matching.outcome import ANSWERS_FROM
from matching.profile import Household, NeedAsk, Person

_OF_THE_HOUSE = tuple(f.name for f in fields(Household) if f.name != "persons")
Search = Callable[[Ask], Iterable[Brief]]


class Prober:
    """Ranks changed households. A need is asked again when anything a criterion reads changed.

    That may be another member: what answers a carer's need also depends on who is cared for.
    ``known``: the questions as they stand, with what was found.
    """

    def __init__(
        self,
        ask_of: Callable[[Household, Person, NeedAsk], Ask],
        search: Search,
        known: Sequence[tuple[Ask, Sequence[Brief]]],
    ) -> None:
        self._ask_of = ask_of
        self._search = search
        self._asked = {(ask.person.id, ask.need.key): (ask, found) for ask, found in known}
        self._stays: dict[tuple[Question, ...], Places] = {}

    def __call__(self, household: Household, top: int) -> Sequence[str]:
        """Ids of the first ``top`` places."""
        stays: list[Question] = []
        anew: list[Offer] = []
        for person in household.persons:
            for need in person.needs:
                found = self._found(household, person, need)
                if found is None:
                    stays.append((person.id, need.key))
                else:
                    anew.extend(_offers(person, need, found))
        return first_places(offered(anew, beside=self._staying(tuple(stays))), top)

    def _found(self, household: Household, person: Person, need: NeedAsk) -> Iterable[Brief] | None:
        """The list of a need; ``None`` = as it is known."""
        before, _ = self._asked.get((person.id, need.key), (None, ()))
        if before is None or need is not before.need:
            return self._search(self._ask_of(household, person, need))
        if _is_untouched(before, household, person):
            return None
        ask = self._ask_of(household, person, need)
        return self._search(ask) if not _is_told_all() or ask.changed_from(before) else None

    def _staying(self, questions: tuple[Question, ...]) -> Places:
        """The places of what stays as it is: for one item the same whatever is answered."""
        if questions not in self._stays:
            asked = [self._asked[question] for question in questions]
            offers = [_offers(ask.person, ask.need, found) for ask, found in asked]
            self._stays[questions] = offered(chain.from_iterable(offers))
        return self._stays[questions]


def _offers(person: Person, need: NeedAsk, found: Iterable[Brief]) -> list[Offer]:
    key, pressing = (person.id, need.key), need.urgent
    return [
        Offer(
            one.resource_id, one.category, key, one.score, pressing and one.need_fit >= ANSWERS_FROM
        )
        for one in found
    ]


def _is_untouched(ask: Ask, household: Household, person: Person) -> bool:
    """Whether plainly nothing of a question changed: not even worth asking what it reads."""
    was = ask.household
    if person is not ask.person or len(household.persons) != len(was.persons):
        return False
    if any(getattr(household, name) is not getattr(was, name) for name in _OF_THE_HOUSE):
        return False
    others = zip(household.persons, was.persons, strict=True)
    return all(now is before or _is_alike(now, before, ask) for now, before in others)


def _is_alike(now: Person, before: Person, ask: Ask) -> bool:
    """Whether another member is the same to a question (``Ask.family``, ``Ask.point``)."""
    if now.situations != before.situations:
        return False
    ages = (now.age_low, now.age_high) == (before.age_low, before.age_high)
    return ages or ask.head not in SHARED_HEADS


@cache
def _is_told_all() -> bool:
    """Whether every criterion says what it reads, so that the parts of a question are all that counts."""
    return all(criterion.reads is not None for criterion in all_criteria())
