"""Quick rankings of a household that is changed in one answer: what 次に聞くこと counts with."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from matching.ask import EVERYTHING, Ask
from matching.criterion import all_criteria
from matching.household import Offer, first_places
from matching.index.search import Brief
from matching.outcome import ANSWERS_FROM
from matching.profile import Household, NeedAsk, Person

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
        self._known = {_key(ask): found for ask, found in known}

    def __call__(self, household: Household, top: int) -> Sequence[str]:
        """Ids of the first ``top`` places."""
        return first_places(self._offers(household), top)

    def _offers(self, household: Household) -> Iterator[Offer]:
        for person in household.persons:
            for need in person.needs:
                ask = self._ask_of(household, person, need)
                found = self._known.get(_key(ask))
                for one in self._search(ask) if found is None else found:
                    urgent = need.urgent and one.need_fit >= ANSWERS_FROM
                    key = (person.id, need.key)
                    yield Offer(one.resource_id, one.category, key, one.score, urgent)


def _key(ask: Ask) -> Hashable:
    """Everything the list of a question depends on."""
    said = all(criterion.reads is not None for criterion in all_criteria())
    return ask.person.id, ask.read(EVERYTHING if said else None)
