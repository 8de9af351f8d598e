"""Quick rankings of a household that is changed in one answer: what 次に聞くこと counts with."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from matching.ask import Ask
from matching.household import Offer, first_places
from matching.index.search import Brief
from matching.outcome import ANSWERS_FROM
from matching.profile import Household, NeedAsk, Person

Search = Callable[[Ask], Iterable[Brief]]


class Prober:
    """Ranks changed households. A need whose person and house did not change is not asked again."""

    def __init__(
        self,
        household: Household,
        ask_of: Callable[[Household, Person, NeedAsk], Ask],
        search: Search,
        known: Mapping[tuple[str, str], Iterable[Brief]],
    ) -> None:
        self._before = {person.id: person for person in household.persons}
        self._max_minutes = household.max_minutes
        self._ask_of = ask_of
        self._search = search
        self._known = known

    def __call__(self, household: Household, top: int) -> Sequence[str]:
        """Ids of the first ``top`` places."""
        return first_places(self._offers(household), top)

    def _offers(self, household: Household) -> Iterator[Offer]:
        same_house = household.max_minutes == self._max_minutes
        for person in household.persons:
            same = same_house and self._before.get(person.id) == person
            for need in person.needs:
                key = (person.id, need.key)
                found = self._known.get(key) if same else None
                if found is None:
                    found = self._search(self._ask_of(household, person, need))
                for one in found:
                    urgent = need.urgent and one.need_fit >= ANSWERS_FROM
                    yield Offer(one.resource_id, one.category, key, one.score, urgent)
