"""The engine: a case in, a whole explained result out. Its parts live beside it.

``open_matcher`` compiles (or opens) the index of a store; :meth:`Matcher.refresh` follows the
store's change feed, so that an edit is in the next match.
"""

import gc
from dataclasses import replace
from datetime import date
from pathlib import Path

from graph.areas import AreaTree
from graph.model.values import Point
from graph.store import GraphStore, View
from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary
from matching.almost import almost_of
from matching.ask import Ask
from matching.cards import CardReader
from matching.case import Case
from matching.index.fit import answering_of
from matching.index.live import LiveIndex
from matching.index.near import resources_near
from matching.index.search import Hits, search
from matching.introduction import local_contacts
from matching.lists import Room
from matching.owners import Owners
from matching.profile import Household, NeedAsk, Person
from matching.refresh import follow, open_index
from matching.resolve import resolve_household
from matching.result import Almost, MatchResult
from matching.versions import rules_version
from matching.weights import weights_of
from matching.whole import Whole
from matching.why import Why, why_of

__all__ = ["Matcher", "Why", "open_matcher"]

#: Suggestions shown for one need, and あと一歩 beside them.
PER_NEED = 12
ALMOST_SHOWN = 5
#: Places of the merged order.
RANKED = 20
#: A house with many needs is shown less of each list (docs/decisions/0065): so many of all together
#: beside the merged order, but for each need at least a few. Who asks for a longer order gets more.
LISTED = 48
LEAST_PER_NEED = 4
#: New objects, and lesser rounds, after which unused cycles are looked for (see :mod:`gc`).
_TIDY_AFTER = (5_000, 10, 100)


def open_matcher(
    store: GraphStore, vocabulary: Vocabulary, *, cache: Path | None = None
) -> "Matcher":
    """The engine over a store. ``cache``: folder where the compiled index is kept between runs."""
    index, areas, head = open_index(store, vocabulary, cache)
    # どの種類がどの困りごとに応えるかは、だれが尋ねても同じなので、尋ねられる前に表にしておく。
    for need in vocabulary.concepts(Family.NEED):
        answering_of(index.base, need.key, vocabulary)
    # 語彙と索引の多くの物は終わりまで動かない。掃除のたびに見直すと、照合がときどき止まる。
    gc.freeze()
    # 照合で作る物は輪にならず、要らなくなればすぐ消える。七百ごとに輪を探すのは多すぎ、まれにすると一度が長い。
    gc.set_threshold(*_TIDY_AFTER)
    return Matcher(store, vocabulary, index=index, areas=areas, head=head, cache=cache)


class Matcher:
    """Matches households against one store. Not safe to share between threads while refreshing."""

    def __init__(
        self,
        store: GraphStore,
        vocabulary: Vocabulary,
        *,
        index: LiveIndex,
        areas: AreaTree,
        head: int,
        cache: Path | None = None,
    ) -> None:
        self.store = store
        self.vocabulary = vocabulary
        self.areas = areas
        self.index = index
        self.head = head
        self._cache = cache
        self._owners: Owners | None = None

    def refresh(self) -> int:
        """Take in what was written since; gives how many resources were looked at anew."""
        followed = follow(
            self.store, self.vocabulary, self.index, self.areas, self.head, self._cache
        )
        if followed.head != self.head:
            self._owners = None
        self.index, self.areas, self.head = followed.index, followed.areas, followed.head
        return followed.looked_at

    def household(self, case: Case, *, on: date) -> Household:
        """The case in concepts, areas and times; a memo is read first.

        Where members are given, a person has already decided what they need; the memo then only
        adds emergencies that nobody wrote among the needs.
        """
        if case.memo is not None:
            from matching.intake import read_memo  # noqa: PLC0415 - the reader loads a dictionary

            intake = read_memo(case.memo, self.vocabulary, self.areas)
            if case.members:
                case = intake.add_emergencies(case)
            else:
                read = intake.to_case()
                case = replace(
                    case,
                    members=read.members,
                    area=case.area or read.area,
                    notes=read.notes,
                    already=case.already or read.already,
                )
        return resolve_household(case, self.vocabulary, self.areas, on)

    def match(
        self,
        case: Case,
        *,
        on: date,
        top: int = RANKED,
        weights: str | None = None,
        almost: int = ALMOST_SHOWN,
        full: bool = False,
    ) -> MatchResult:
        """The whole result of interfaces §5 for a case, as things stand on ``on``.

        ``full``: a house of many needs is shown every list whole, and あと一歩 beside each. Its
        merged order is the same.
        """
        household = self.household(case, on=on)
        with self.store.read() as view:
            whole = Whole(
                view=view,
                vocabulary=self.vocabulary,
                areas=self.areas,
                index=self.index,
                owners=lambda: self.owners(view),
                household=household,
                on=on,
                weights=weights_of(weights),
                rules=self.rules_version(weights),
            )
            room = Room(
                ranked=top,
                almost=almost,
                per_need=PER_NEED,
                least=LEAST_PER_NEED,
                lists=LISTED * max(top, RANKED) // RANKED,
                full=full,
            )
            return whole.result(room)

    def search(  # noqa: PLR0913 - the whole of one question, by name
        self,
        household: Household,
        person: Person,
        need: NeedAsk,
        *,
        on: date,
        top: int = PER_NEED,
        weights: str | None = None,
        has_area_route: bool = False,
    ) -> Hits:
        """The best ``top`` resources for one need, with what each criterion gave."""
        ask = self._ask(household, person, need, on, has_area_route=has_area_route)
        return search(self.index.parts, ask, weights_of(weights), top)

    def almost(
        self,
        household: Household,
        person: Person,
        need: NeedAsk,
        *,
        on: date,
        limit: int = ALMOST_SHOWN,
    ) -> tuple[Almost, ...]:
        """Resources exactly one named change away for one need, nearest change first."""
        ask = self._ask(household, person, need, on)
        with self.store.read() as view:
            return almost_of(
                self.index.parts,
                ask,
                weights_of(None),
                limit,
                CardReader(view, self.vocabulary, self.areas),
            )

    def why(self, resource: str, case: Case, *, on: date, weights: str | None = None) -> Why:
        """Every gate and criterion of one resource (id or name) for every need of a case.

        Raises NotFoundError when no resource has that id or name.
        """
        household = self.household(case, on=on)
        with self.store.read() as view:
            route = bool(local_contacts(view, household.areas).local)
            asks = [
                self._ask(household, person, need, on, has_area_route=route)
                for person in household.persons
                for need in person.searched
            ]
            return why_of(
                resource,
                asks,
                self.index,
                weights_of(weights),
                view,
                CardReader(view, self.vocabulary, self.areas),
            )

    def resources_near(
        self, point: Point, radius_m: float, *, categories: frozenset[str] | None = None
    ) -> tuple[tuple[str, float], ...]:
        """Ids of the resources within ``radius_m`` metres with their distance, nearest first."""
        return resources_near(self.index.parts, point, radius_m, categories)

    def owners(self, view: View) -> Owners:
        """所管課 and 施策 of the store."""
        if self._owners is None:
            self._owners = Owners.load(view, self.vocabulary)
        return self._owners

    def rules_version(self, weights: str | None) -> str:
        """Names vocabulary, criteria and weights that led to a result."""
        return rules_version(self.vocabulary, weights_of(weights))

    def _ask(
        self,
        household: Household,
        person: Person,
        need: NeedAsk,
        on: date,
        *,
        has_area_route: bool = False,
    ) -> Ask:
        return Ask(
            household=household,
            person=person,
            need=need,
            on=on,
            vocabulary=self.vocabulary,
            has_area_route=has_area_route,
        )
