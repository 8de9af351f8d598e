"""The index gives what the plainest reading gives: ids, totals, every criterion, every count."""

from math import isnan
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.model.resource import Resource
from graph.vocabulary.concept import Family
from matching.ask import Ask
from matching.card import ResourceCard
from matching.index.live import LiveIndex, compile_cards
from matching.index.search import search
from matching.profile import Household, NeedAsk
from matching.weights import weights_of
from tests.matching.index.oracle import brute_force
from tests.matching.index.worlds import TODAY, households, needs, profiles, worlds
from tests.matching.world import VOCABULARY


def ask_of(household: Household, need: str) -> Ask:
    concept = VOCABULARY.get(Family.NEED, need)
    return Ask(
        household=household,
        person=household.persons[0],
        need=NeedAsk(key=need, label=concept.label, text="", origin="needs"),
        on=TODAY,
        vocabulary=VOCABULARY,
    )


@settings(max_examples=50, deadline=None)
@given(worlds(), households(), needs, profiles, st.sampled_from([1, 5, 20]))
def test_search_equals_brute_force(
    cards: list[ResourceCard], household: Household, need: str, profile: str | None, top: int
) -> None:
    ask, weights = ask_of(household, need), weights_of(profile)
    index = LiveIndex(compile_cards(cards, VOCABULARY), VOCABULARY)
    hits = search(index.parts, ask, weights, top)
    expected, excluded, eligible = brute_force(cards, ask, weights, top)
    assert [h.resource_id for h in hits.hits] == [key for _, key, _ in expected]
    assert [h.score for h in hits.hits] == pytest.approx([score for score, _, _ in expected])
    for hit, (_, _, parts) in zip(hits.hits, expected, strict=True):
        assert hit.parts == pytest.approx(parts, nan_ok=True)
        # 点の上限で数えるのをやめてよいのは、どの評価も1を超えないから。
        assert all(isnan(value) or 0 <= value <= 1 for value in parts.values())
    assert hits.excluded == excluded
    assert hits.eligible == eligible


@settings(max_examples=30, deadline=None)
@given(worlds(), worlds(), households(), needs)
def test_a_delta_equals_compiling_anew(
    before: list[ResourceCard], after: list[ResourceCard], household: Household, need: str
) -> None:
    index = LiveIndex(compile_cards(before, VOCABULARY), VOCABULARY)
    changed: dict[str, ResourceCard | None] = {card.id: None for card in before}
    changed.update({card.id: card for card in after})
    index.update(changed)
    anew = LiveIndex(compile_cards(after, VOCABULARY), VOCABULARY)
    ask, weights = ask_of(household, need), weights_of(None)
    # repr：分からない値（NaN）は自分自身とも等しくないため。
    assert repr(search(index.parts, ask, weights, 20)) == repr(search(anew.parts, ask, weights, 20))
    assert index.version() == anew.version()
    assert len(index) == len(anew)


@settings(max_examples=50, deadline=None)
@given(worlds(), households(), needs, st.randoms())
def test_order_of_input_is_irrelevant(
    cards: list[ResourceCard], household: Household, need: str, random: Random
) -> None:
    shuffled = random.sample(cards, len(cards))
    one, other = (
        LiveIndex(compile_cards(some, VOCABULARY), VOCABULARY) for some in (cards, shuffled)
    )
    ask, weights = ask_of(household, need), weights_of(None)
    assert repr(search(one.parts, ask, weights, 20)) == repr(search(other.parts, ask, weights, 20))
    assert one.version() == other.version()


def test_same_card_twice_is_one() -> None:
    index = LiveIndex(compile_cards([], VOCABULARY), VOCABULARY)
    card = ResourceCard(resource=Resource(id="x", name="場", category="salon"))
    index.update({"x": card})
    index.update({"x": card})
    assert len(index) == 1
    index.update({"x": None})
    assert len(index) == 0
    assert list(index.ids()) == []
