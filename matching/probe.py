"""Quick rankings of a household that is changed in one answer: what 次に聞くこと counts with."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from functools import cache
from itertools import chain

from matching.ask import SHARED_HEADS, Ask
from matching.criterion import all_criteria
from matching.household import Offer, first_places
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
        self._asked = {
            (ask.person.id, ask.need.key): (ask, _offers(ask.person, ask.need, found))
            for ask, found in known
        }

    def __call__(self, household: Household, top: int) -> Sequence[str]:
        """Ids of the first ``top`` places."""
        asked = [(person, need) for person in household.persons for need in person.needs]
        offers = [self._offers(household, person, need) for person, need in asked]
        return first_places(chain.from_iterable(offers), top)

    def _offers(self, household: Household, person: Person, need: NeedAsk) -> Sequence[Offer]:
        before = self._asked.get((person.id, need.key))
        if before is not None and _is_untouched(before[0], household, person, need):
            return before[1]
        ask = self._ask_of(household, person, need)
        if before is not None and _is_told_all() and not ask.changed_from(before[0]):
            return before[1]
        return _offers(person, need, self._search(ask))


def _offers(person: Person, need: NeedAsk, found: Iterable[Brief]) -> list[Offer]:
    key, pressing = (person.id, need.key), need.urgent
    return [
        Offer(
            one.resource_id, one.category, key, one.score, pressing and one.need_fit >= ANSWERS_FROM
        )
        for one in found
    ]


def _is_untouched(ask: Ask, household: Household, person: Person, need: NeedAsk) -> bool:
    """Whether plainly nothing of a question changed: not even worth asking what it reads."""
    was = ask.household
    if (
        person is not ask.person
        or need is not ask.need
        or len(household.persons) != len(was.persons)
    ):
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
