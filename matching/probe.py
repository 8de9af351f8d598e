"""Quick rankings of a household that is changed in one answer: what 次に聞くこと counts with."""

from collections.abc import Callable, Sequence

from matching.ask import Ask
from matching.household import merge
from matching.index.search import Hits
from matching.outcome import NEED_FIT
from matching.profile import Household, NeedAsk, Person
from matching.result import (
    Contribution,
    MemberResult,
    NeedResult,
    Outcome,
    Suggestion,
    Verdict,
)

Search = Callable[[Ask], Hits]


class Prober:
    """Ranks changed households. A need whose person and house did not change is not asked again."""

    def __init__(
        self,
        household: Household,
        ask_of: Callable[[Household, Person, NeedAsk], Ask],
        search: Search,
        known: dict[tuple[str, str], Hits],
    ) -> None:
        self._household = household
        self._ask_of = ask_of
        self._search = search
        self._known = known

    def __call__(self, household: Household, top: int) -> Sequence[str]:
        """Ids of the first ``top`` places."""
        before = {person.id: person for person in self._household.persons}
        same_house = household.max_minutes == self._household.max_minutes
        members = []
        for person in household.persons:
            same = same_house and before[person.id] == person
            needs = []
            for need in person.needs:
                hits = self._known.get((person.id, need.key)) if same else None
                if hits is None:
                    hits = self._search(self._ask_of(household, person, need))
                needs.append(_light(need, hits))
            members.append(
                MemberResult(
                    id=person.id, role=person.role, stage="", stage_reason="", needs=tuple(needs)
                )
            )
        return [ranked.resource_id for ranked in merge(members, top)]


def _light(need: NeedAsk, hits: Hits) -> NeedResult:
    return NeedResult(
        need=need.key,
        label=need.label,
        outcome=Outcome.AVAILABLE,
        reason="",
        urgent=need.urgent,
        suggestions=tuple(
            Suggestion(
                resource_id=hit.resource_id,
                name="",
                category=hit.category,
                category_label=None,
                score=hit.score,
                score_low=hit.score_low,
                score_high=hit.score_high,
                contributions=(
                    Contribution(
                        criterion=NEED_FIT,
                        label="",
                        verdict=Verdict.FITS,
                        weight=1.0,
                        score=hit.parts.get(NEED_FIT),
                        points=0.0,
                        reason="",
                    ),
                ),
            )
            for hit in hits.hits
        ),
    )
