"""One change of one resource, weighed by the people it would serve."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from graph.model.resource import Resource
from graph.model.unmet import Route, UnmetReason
from matching.ask import Ask
from matching.card import ResourceCard
from matching.case import Case
from matching.criteria.age import CRITERION as AGE
from matching.example import EXAMPLE_DAY
from matching.explain import missing
from matching.gaps.unmet import Asked
from matching.gaps.widen import widenings
from matching.owners import Owner, Owners
from matching.profile import Household, NeedAsk, Person
from matching.result import Almost, Missing, Outcome
from tests.matching.world import VOCABULARY

OWNERS = Owners(
    {"r1": "高齢福祉課"}, {"ibasho": Owner(department="地域福祉課", program="居場所づくり")}
)


def asked(who: str, *almost: Almost, outcome: Outcome = Outcome.WIDEN) -> Asked:
    return Asked(
        who=who,
        need="ibasho",
        label="日中の居場所",
        area_id=None,
        month="2026-11",
        group="高齢",
        outcome=outcome,
        reason=UnmetReason.NOT_ELIGIBLE,
        route=Route.WIDEN,
        almost=almost,
    )


def age(limit: int, years: float) -> Almost:
    missing = Missing(
        criterion="age",
        label="年齢",
        wanted=f"{limit}歳",
        offered="65歳以上",
        change=f"対象年齢を{limit}歳以上に",
        amount=years,
        side="lower",
    )
    return Almost(
        resource_id="r1",
        name="サロン",
        category="salon",
        category_label="サロン",
        missing=(missing,),
    )


def test_a_larger_step_serves_whom_a_smaller_one_serves() -> None:
    found = widenings(
        [asked("a", age(62, 3)), asked("b", age(60, 5)), asked("c", age(62, 3))], OWNERS
    )
    assert [(w.change, w.serves) for w in found] == [
        ("対象年齢を60歳以上に", 3),
        ("対象年齢を62歳以上に", 2),
    ]
    assert found[0].department == "高齢福祉課"


def told(years: int) -> Almost:
    """What somebody of an age misses at a place from 65 on, as the criterion itself words it."""
    place = Resource(id="r1", name="サロン", minimum_age=65.0)
    person = Person(id="m1", age_low=float(years), age_high=float(years))
    ask = Ask(
        household=Household(case=Case(), persons=(person,)),
        person=person,
        need=NeedAsk(key="ibasho", label="", text="", origin="needs"),
        on=EXAMPLE_DAY,
        vocabulary=VOCABULARY,
    )
    change = missing(AGE, ResourceCard(resource=place), ask)
    assert change is not None
    return replace(age(0, 0), missing=(change,))


def test_a_lower_age_limit_serves_all_who_need_less() -> None:
    found = widenings([asked("a", told(62)), asked("b", told(57)), asked("c", told(63))], OWNERS)
    assert [(w.change, w.serves) for w in found] == [
        ("対象年齢を55歳以上に広げると", 3),
        ("対象年齢を60歳以上に広げると", 2),
    ]


def test_of_two_changes_that_serve_as_many_the_smaller_stays() -> None:
    found = widenings([asked("a", age(60, 5)), asked("a", age(50, 15))], OWNERS)
    assert [(w.change, w.serves) for w in found] == [("対象年齢を60歳以上に", 1)]


def test_one_person_with_two_needs_is_one_person() -> None:
    found = widenings([asked("a", age(62, 3)), asked("a", age(62, 3))], OWNERS)
    assert (found[0].serves, found[0].asks) == (1, 2)


def test_what_is_met_or_held_back_is_no_reason_to_widen() -> None:
    held = [asked("a", age(62, 3), outcome=o) for o in (Outcome.AVAILABLE, Outcome.NOT_NOW)]
    assert widenings(held, OWNERS) == ()


def test_two_missing_conditions_are_not_a_single_change() -> None:
    one = age(62, 3)
    two = Almost(
        resource_id="r1",
        name="サロン",
        category=None,
        category_label=None,
        missing=(*one.missing, *one.missing),
    )
    assert widenings([asked("a", two)], OWNERS) == ()


def step(number: int, amount: float | None, side: str | None) -> Almost:
    missing = Missing(
        criterion="age",
        label="年齢",
        wanted="",
        offered="65歳以上",
        change=f"変え方{number}",
        amount=amount,
        side=side,
    )
    return Almost(
        resource_id="r1", name="サロン", category=None, category_label=None, missing=(missing,)
    )


steps = st.builds(
    step,
    st.integers(0, 4),
    st.sampled_from([None, 0.0, 1.0, 2.0, 3.0]),
    st.sampled_from([None, "lower", "raise"]),
)


@given(st.lists(st.tuples(st.sampled_from("abcd"), steps), max_size=12))
def test_each_change_serves_who_needs_it_or_less(waiting: list[tuple[str, Almost]]) -> None:
    needs = [asked(who, almost) for who, almost in waiting]
    firsts = {a.missing[0].change: a.missing[0] for _, a in reversed(waiting)}
    for found in widenings(needs, OWNERS):
        wanted = firsts[found.change]
        served = [
            who
            for who, almost in waiting
            if (other := almost.missing[0]).change == wanted.change
            or (
                None not in (other.amount, wanted.amount, other.side)
                and other.side == wanted.side
                and (other.amount or 0) <= (wanted.amount or 0)
            )
        ]
        assert (found.serves, found.asks) == (len(set(served)), len(served))
