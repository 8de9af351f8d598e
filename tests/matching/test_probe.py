"""次に聞くこと asks the same as when every likely answer were searched anew, and the pools give the same."""

from dataclasses import replace
from typing import Any
from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.model.resource import Resource, Slot
from graph.vocabulary.concept import Concept
from matching.ask import Ask, Fact
from matching.card import ResourceCard
from matching.case import Case
from matching.criterion import gates, preferences
from matching.example import DESK, SALON
from matching.houseindex import HouseIndex
from matching.index import contenders
from matching.index.live import LiveIndex, compile_cards
from matching.index.nearmiss import near_misses
from matching.index.rows import Rows
from matching.index.search import Weights, search
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


#: Nothing is known of it yet, and what may be answered: by itself, or as much as anything else.
NOTHING_KNOWN: dict[str, Any] = {"age_low": None, "age_high": None, "free": None}
ANSWERS: tuple[dict[str, object], ...] = (
    {},
    {"age_low": 6.0, "age_high": 12.0},
    {"age_low": 66.0, "age_high": 66.0},
    {"age_low": 80.0, "age_high": 89.0},
    {"free": (Slot(weekday=1, start=540, end=1020),)},
    {"barriers": frozenset({"no_money", "japanese_barrier", "steps"})},
    {"settings": frozenset({"small_group", "women_only"})},
    {"situations": frozenset({"disability", "isolated"})},
    {"gender": "female"},
    {"avoids_people": True},
    {"activities": frozenset({"machines"}), "languages": frozenset({"vi"})},
)


@settings(max_examples=60, deadline=None)
@given(
    worlds(24),
    worlds(4),
    households(),
    keys,
    st.tuples(st.booleans(), st.booleans()),
    st.lists(
        st.tuples(st.integers(0, 1), st.sampled_from(ANSWERS), st.sampled_from([None, 15, 30, 60])),
        min_size=1,
        max_size=6,
    ),
    st.integers(1, 6),
)
def test_the_list_of_a_changed_answer_is_that_of_a_new_search(  # noqa: PLR0913, PLR0917 - a world
    cards: list[ResourceCard],
    changed: list[ResourceCard],
    household: Household,
    needs: list[str],
    unknown: tuple[bool, bool],
    answers: list[tuple[int, dict[str, object], int | None]],
    top: int,
) -> None:
    """Few rows are looked at closely here, so that nearly all is left to the bounds."""
    index = LiveIndex(compile_cards(cards, VOCABULARY), VOCABULARY)
    index.update({card.id: card for card in changed})
    weights, house = weights_of(None), with_needs(household, needs, needs)
    open_persons = tuple(
        replace(person, **NOTHING_KNOWN) if blank else person
        for person, blank in zip(house.persons, unknown, strict=True)
    )
    house = replace(house, persons=open_persons)
    together = HouseIndex(index.parts)
    for person in house.persons:
        for need in person.needs:
            ask = ask_of(house, person, need)
            together.search(ask, weights.heard(ask), top)
    with patch.object(contenders, "FEW", 0), patch.object(contenders, "MANY", 2):
        for who, answer, minutes in answers:
            told = replace(house.persons[who], **answer)  # type: ignore[arg-type]
            persons = tuple(told if p.id == told.id else p for p in house.persons)
            limit = house.max_minutes if minutes is None else minutes
            other = replace(house, persons=persons, max_minutes=limit)
            for person in other.persons:
                for need in person.needs:
                    ask = ask_of(other, person, need)
                    anew = search(index.parts, ask, weights, top).brief()
                    assert repr(together.brief(ask, weights.heard(ask), top)) == repr(anew)


@settings(max_examples=50, deadline=None)
@given(
    worlds(24),
    households(),
    st.sampled_from(ANSWERS[1:4]),
    st.sampled_from(["ibasho", "care_load"]),
)
def test_what_a_gate_excludes_without_the_age_it_excludes_at_every_age(
    cards: list[ResourceCard], household: Household, answer: dict[str, object], need: str
) -> None:
    """A gate excludes by what is known alone: trying out ages looks only at what passes without."""
    if not cards:
        return
    segment = compile_cards(cards, VOCABULARY)
    rows = Rows(segment, np.arange(segment.size))
    blank = replace(
        household, persons=tuple(replace(p, **NOTHING_KNOWN) for p in household.persons)
    )
    for who in (0, 1):
        told = replace(blank.persons[who], **answer)  # type: ignore[arg-type]
        known = replace(blank, persons=tuple(told if p.id == told.id else p for p in blank.persons))
        for before, after in zip(blank.persons, known.persons, strict=True):
            asked = NeedAsk(key=need, label=need, text="", origin="needs")
            was, now = ask_of(blank, before, asked), ask_of(known, after, asked)
            for gate in gates():
                if gate.reads is None or gate.reads & {Fact.AGE, Fact.FAMILY}:
                    excluded = gate.score(rows, was) == 0
                    assert (gate.score(rows, now)[excluded] == 0).all(), gate.key


def _open_to(key: str, **facts: object) -> ResourceCard:
    return ResourceCard(resource=Resource(id=key, name="場", **facts))  # type: ignore[arg-type]


def _of_kind(key: str, category: Concept) -> ResourceCard:
    return ResourceCard(
        resource=Resource(id=key, name="場", category=category.key), category=category
    )


def _listed_at_66(
    cards: list[ResourceCard], of: dict[str, float], top: int, age: float | None = None
) -> tuple[list[str], list[str]]:
    """The list of somebody (of no known age), and that of the same person at 66, as it is tried out."""
    parts = LiveIndex(compile_cards(cards, VOCABULARY), VOCABULARY).parts
    weights = Weights({criterion.key: of.get(criterion.key, 0.0) for criterion in preferences()})
    need = NeedAsk(key="ibasho", label="居場所", text="", origin="needs")
    house = Household(
        case=Case(), persons=(Person(id="m1", needs=(need,), age_low=age, age_high=age),)
    )
    known = replace(house.persons[0], age_low=66.0, age_high=66.0)
    together = HouseIndex(parts)
    ask = ask_of(house, house.persons[0], need)
    first = together.search(ask, weights.heard(ask), top).brief()
    ask = ask_of(replace(house, persons=(known,)), known, need)
    with patch.object(contenders, "FEW", 0):
        then = together.brief(ask, weights.heard(ask), top)
    assert then == search(parts, ask, weights, top).brief()
    return [one.resource_id for one in first], [one.resource_id for one in then]


def test_where_the_list_falls_below_the_floor_all_rows_are_looked_at_again() -> None:
    """The young people's place goes, and what comes next is worse than one that was passed over."""
    salon = replace(SALON, facts={"max_age": "50"})
    cards = [
        _open_to("young", needs=("ibasho",), maximum_age=18.0),
        _of_kind("salon", salon),
        ResourceCard(
            resource=Resource(id="desk", name="場", category="desk", minimum_age=60.0),
            category=DESK,
        ),
    ]
    first, then = _listed_at_66(cards, {"need_fit": 1.0, "target": 0.62}, 1)
    assert (first, then) == (["young"], ["desk"])


def test_where_the_list_has_to_be_filled_up_all_rows_are_looked_at_again() -> None:
    """Six salons are not the list while a desk answers too, though it was passed over."""
    cards = [
        *(_open_to(f"young{n}", needs=("ibasho",), maximum_age=18.0) for n in range(3)),
        *(_of_kind(f"salon{n}", SALON) for n in range(7)),
        *(_of_kind(f"desk{n}", DESK) for n in range(2)),
    ]
    first, then = _listed_at_66(cards, {"need_fit": 1.0}, 6)
    assert not any(key.startswith("desk") for key in first)
    assert {"desk0", "desk1"} <= set(then)


def test_another_age_than_the_one_known_opens_what_was_closed() -> None:
    cards = [_open_to("old", needs=("ibasho",), minimum_age=65.0), _of_kind("salon", SALON)]
    first, then = _listed_at_66(cards, {"need_fit": 1.0}, 1, age=30.0)
    assert (first, then) == (["salon"], ["old"])
