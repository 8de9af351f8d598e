"""One change of one resource, weighed by the people it would serve."""

from graph.model.unmet import Route, UnmetReason
from matching.gaps.unmet import Asked
from matching.gaps.widen import widenings
from matching.owners import Owner, Owners
from matching.result import Almost, Missing, Outcome

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
