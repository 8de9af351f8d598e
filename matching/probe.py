"""Quick rankings of a household that is changed in one answer: what 次に聞くこと counts with."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import fields

from matching.ask import EVERYTHING, SHARED_HEADS, Ask
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
        known: Iterable[tuple[Ask, Sequence[Brief]]],
    ) -> None:
        self._ask_of = ask_of
        self._search = search
        asked = [(ask, found, _key(ask)) for ask, found in known]
        self._known = {key: found for _, found, key in asked}
        self._asked = {(ask.person.id, ask.need.key): (ask, found) for ask, found, _ in asked}

    def __call__(self, household: Household, top: int) -> Sequence[str]:
        """Ids of the first ``top`` places."""
        return first_places(self._offers(household), top)

    def _offers(self, household: Household) -> Iterator[Offer]:
        for person in household.persons:
            for need in person.needs:
                for one in self._found(household, person, need):
                    urgent = need.urgent and one.need_fit >= ANSWERS_FROM
                    key = (person.id, need.key)
                    yield Offer(one.resource_id, one.category, key, one.score, urgent)

    def _found(self, household: Household, person: Person, need: NeedAsk) -> Iterable[Brief]:
        before = self._asked.get((person.id, need.key))
        if before is not None and _is_untouched(before[0], household, person):
            return before[1]
        ask = self._ask_of(household, person, need)
        found = self._known.get(_key(ask))
        return self._search(ask) if found is None else found


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


def _key(ask: Ask) -> Hashable:
    """Everything the list of a question depends on."""
    said = all(criterion.reads is not None for criterion in all_criteria())
    return ask.person.id, ask.read(EVERYTHING if said else None)
