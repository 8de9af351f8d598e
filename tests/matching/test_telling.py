"""What a list has in common is worked out once, and every line says what it would say alone."""

import math
from dataclasses import FrozenInstanceError, replace
from datetime import date, timedelta
from itertools import product

import jpholiday
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.model.resource import Opening, Resource, Slot
from matching.card import ResourceCard
from matching.distance import measure_ahead, metres_to
from matching.explain import SHOWN, Rounded, Teller, gate_findings, suggestion
from matching.index.live import LiveIndex, compile_cards
from matching.index.search import search
from matching.nextopen import next_open
from matching.profile import Household
from matching.result import Contribution, Verdict, contribution, to_json
from matching.sameness import OfTheSame
from matching.weights import weights_of
from tests.matching.index.test_oracle import ask_of
from tests.matching.index.worlds import TODAY, households, needs, profiles, worlds
from tests.matching.world import VOCABULARY


@settings(max_examples=60, deadline=None)
@given(worlds(), households(), needs, profiles)
def test_a_list_is_told_as_each_of_it_alone(
    some: list[ResourceCard], household: Household, need: str, profile: str | None
) -> None:
    ask = ask_of(household, need)
    heard = weights_of(profile).heard(ask)
    index = LiveIndex(compile_cards(some, VOCABULARY), VOCABULARY)
    by_id = {card.id: card for card in some}
    listed = [
        (by_id[h.resource_id], h) for h in search(index.parts, ask, weights_of(profile), 20).hits
    ]
    measure_ahead((card for card, _ in listed), (ask,))
    shared = Rounded()
    tellers = (Teller(replace(ask), heard, shared), Teller(ask, heard, shared))
    for teller, (card, hit) in product(tellers, listed):
        told = teller.suggestion(card, hit)
        assert told == suggestion(card, replace(ask), hit, heard)
        assert told.score == round(math.fsum(bar.points for bar in told.contributions), SHOWN)
        assert told.score == pytest.approx(hit.score, abs=10**-SHOWN)
        assert gate_findings(card, ask, hit.gates) == gate_findings(card, replace(ask), hit.gates)


@settings(max_examples=40, deadline=None)
@given(worlds(), households(), needs)
def test_distances_measured_ahead_are_those_measured_one_by_one(
    some: list[ResourceCard], household: Household, need: str
) -> None:
    ask = ask_of(household, need)
    other = replace(ask)
    measure_ahead(some[:3], (ask, other))
    measure_ahead(some, (ask, other))
    alone = [metres_to(card, replace(ask)) for card in some]
    assert [metres_to(card, ask) for card in some] == alone
    assert [metres_to(card, other) for card in some] == alone


slots = st.builds(
    Slot,
    weekday=st.integers(0, 6),
    start=st.none() | st.integers(0, 1380),
    end=st.none() | st.integers(0, 1440),
    weeks=st.lists(st.sampled_from([-1, 1, 2, 3, 4, 5]), max_size=2).map(tuple),
)


@settings(max_examples=150)
@given(
    st.lists(slots, min_size=1, max_size=4).map(tuple),
    st.sampled_from([None, False, True]),
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
)
def test_next_open_is_the_first_slot_of_the_first_day(
    schedule: tuple[Slot, ...], closed: bool | None, on: date
) -> None:
    resource = Resource(id="r", name="場", schedule=schedule, closed_on_holidays=closed)
    said = next_open(resource, on)
    for ahead in range(35):
        day = on + timedelta(days=ahead)
        held = [slot for slot in schedule if _is_on(slot, day)]
        if held and not (closed and jpholiday.is_holiday(day)):
            assert said is not None
            assert said.startswith(f"{day.month}/{day.day}（{'月火水木金土日'[day.weekday()]}）")
            timed = [slot.start for slot in held if slot.start is not None]
            first = min(timed, default=None)
            if first is not None and all(s.end is not None for s in held):
                assert f"）{first // 60}:{first % 60:02d}〜" in said
            return
    assert said is None


def _is_on(slot: Slot, day: date) -> bool:
    if slot.weekday != day.weekday():
        return False
    same = [d for d in _month_of(day) if d.weekday() == day.weekday()]
    numbers = {same.index(day) + 1, -1 if day == same[-1] else 0}
    return not slot.weeks or bool(numbers & set(slot.weeks))


def _month_of(day: date) -> list[date]:
    first = day.replace(day=1)
    return [d for n in range(31) if (d := first + timedelta(days=n)).month == day.month]


@pytest.mark.parametrize(
    ("resource", "said"),
    [
        (Resource(id="r", name="場", opening=Opening.ALWAYS), "いつでも"),
        (Resource(id="r", name="場"), None),
        (Resource(id="r", name="場", schedule=(Slot(weekday=1, biweekly=True),)), None),
    ],
)
def test_next_open_where_no_day_can_be_told(resource: Resource, said: str | None) -> None:
    assert next_open(resource, TODAY) == said


def test_a_contribution_made_quickly_is_the_same() -> None:
    quick = contribution("age", "対象年齢", Verdict.FITS, 1.5, 0.25, 0.1, "理由", "62歳", None)
    assert quick == Contribution(
        criterion="age",
        label="対象年齢",
        verdict=Verdict.FITS,
        weight=1.5,
        score=0.25,
        points=0.1,
        reason="理由",
        asked="62歳",
        offered=None,
    )
    assert to_json(quick) == to_json(replace(quick))
    with pytest.raises(FrozenInstanceError):
        quick.points = 0.2  # type: ignore[misc]


def test_what_was_made_of_one_object_is_not_taken_for_another() -> None:
    made: list[tuple[int, ...]] = []

    def work(numbers: tuple[int, ...], more: int) -> int:
        made.append(numbers)
        return sum(numbers) + more

    kept: OfTheSame[tuple[int, ...], int] = OfTheSame(work, at_most=3)
    for _ in range(3):
        # 消えた物と同じ番地に来た物を、取り違えない。
        for start in range(50):
            numbers = tuple(range(start, start + 3))
            assert kept(numbers, 1) == sum(numbers) + 1
            assert kept(numbers, 2) == sum(numbers) + 2
    one = tuple(range(7, 10))
    made.clear()
    assert [kept(one, 1), kept(one, 1)] == [25, 25]
    assert made == [one]
