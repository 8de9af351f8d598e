"""次に聞くこと asks the same as when every likely answer were searched anew, and the pools give the same."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.ask import Ask
from matching.card import ResourceCard
from matching.houseindex import HouseIndex
from matching.index.live import LiveIndex, compile_cards
from matching.index.nearmiss import near_misses
from matching.index.search import search
from matching.probe import Prober
from matching.profile import Household, NeedAsk, Person
from matching.questions import next_questions
from matching.weights import weights_of
from tests.matching.index.worlds import TODAY, households, profiles, worlds
from tests.matching.world import VOCABULARY

keys = st.lists(
    st.sampled_from(["ibasho", "money", "care_load", "connection"]),
    min_size=1,
    max_size=3,
    unique=True,
)


def with_needs(household: Household, *needs: list[str]) -> Household:
    persons = tuple(
        replace(
            person,
            needs=tuple(NeedAsk(key=key, label=key, text="", origin="needs") for key in own),
        )
        for person, own in zip(household.persons, needs, strict=True)
    )
    return replace(household, persons=persons)


def ask_of(household: Household, person: Person, need: NeedAsk) -> Ask:
    return Ask(household=household, person=person, need=need, on=TODAY, vocabulary=VOCABULARY)


@settings(max_examples=60, deadline=None)
@given(worlds(12), worlds(4), households(), keys, keys, profiles)
def test_one_house_over_one_pool_equals_each_question_alone(
    cards: list[ResourceCard],
    changed: list[ResourceCard],
    household: Household,
    first: list[str],
    second: list[str],
    profile: str | None,
) -> None:
    index = LiveIndex(compile_cards(cards, VOCABULARY), VOCABULARY)
    index.update({card.id: card for card in changed})
    house, weights = with_needs(household, first, second), weights_of(profile)
    asks = [ask_of(house, person, need) for person in house.persons for need in person.needs]
    together = HouseIndex(index.parts)
    for ask in asks:
        heard = weights.heard(ask)
        # repr：分からない値（NaN）は自分自身とも等しくないため。
        alone = search(index.parts, ask, weights, 12)
        assert repr(together.search(ask, heard, 12)) == repr(alone)
        assert repr(together.brief(ask, heard, 12)) == repr(alone.brief())
        assert together.misses(ask, heard, 6) == near_misses(index.parts, ask, heard, 6)


@settings(max_examples=40, deadline=None)
@given(worlds(14), households(), keys, keys)
def test_next_questions_are_those_of_searching_anew(
    cards: list[ResourceCard], household: Household, first: list[str], second: list[str]
) -> None:
    index = LiveIndex(compile_cards(cards, VOCABULARY), VOCABULARY)
    house, weights = with_needs(household, first, second), weights_of(None)
    asks = [ask_of(house, person, need) for person in house.persons for need in person.needs]
    together = HouseIndex(index.parts)
    known = [(ask, search(index.parts, ask, weights, 12).brief()) for ask in asks]
    fast = Prober(ask_of, lambda ask: together.brief(ask, weights.heard(ask), 12), known)
    slow = Prober(ask_of, lambda ask: search(index.parts, ask, weights, 12).brief(), [])
    base = slow(house, 10)
    assert next_questions(house, base, lambda h: fast(h, 10), ()) == next_questions(
        house, base, lambda h: slow(h, 10), ()
    )
