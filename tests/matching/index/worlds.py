"""Hypothesis: resources and people of every sort, with blanks everywhere."""

from datetime import date, timedelta

from hypothesis import strategies as st

from graph.model.resource import (
    AreaScope,
    CostKind,
    Opening,
    Referral,
    Resource,
    Slot,
    Status,
    Vacancy,
)
from graph.model.values import Point
from matching.card import ResourceCard
from matching.case import Case
from matching.example import DESK, SALON
from matching.profile import Household, NeedAsk, Person
from matching.weights import weight_profiles

TODAY = date(2026, 11, 20)
AREAS = ("city", "east", "west", "far")
CATEGORIES = {None: None, "salon": SALON, "desk": DESK}

points = st.one_of(
    st.none(),
    st.builds(Point, st.floats(35.4, 35.8), st.floats(139.9, 140.3)),
    st.just(Point(34.70, 135.50)),
    st.just(Point(10.0, 100.0)),
)


def subset(*keys: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(keys), unique=True, max_size=3).map(
        lambda found: tuple(sorted(found))
    )


def maybe(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.one_of(st.none(), strategy)


slots = st.lists(
    st.builds(
        Slot,
        weekday=st.integers(0, 6),
        start=st.sampled_from([None, 540, 600, 780]),
        end=st.sampled_from([900, 1020]),
    ),
    min_size=1,
    max_size=3,
).map(tuple)
days = st.integers(0, 800).map(lambda n: TODAY - timedelta(days=n))
SITUATIONS = ("hikikomori", "isolated", "elderly", "disability")


@st.composite
def cards(draw: st.DrawFn, key: str = "r") -> ResourceCard:
    category = draw(st.sampled_from([None, "salon", "salon", "desk"]))
    resource = Resource(
        id=key,
        name="場",
        category=category,
        needs=draw(maybe(subset("ibasho", "money", "care_load"))),  # type: ignore[arg-type]
        activities=draw(maybe(subset("fishing", "machines"))),  # type: ignore[arg-type]
        roles=draw(maybe(subset("repair"))),  # type: ignore[arg-type]
        settings=draw(maybe(subset("small_group", "women_only"))),  # type: ignore[arg-type]
        minimum_age=draw(maybe(st.sampled_from([0.5, 18.0, 60.0, 65.0]))),  # type: ignore[arg-type]
        maximum_age=draw(maybe(st.sampled_from([18.0, 64.0, 74.0]))),  # type: ignore[arg-type]
        eligible=draw(maybe(subset(*SITUATIONS))),  # type: ignore[arg-type]
        eligible_only=draw(maybe(st.booleans())),  # type: ignore[arg-type]
        ineligible=draw(maybe(subset(*SITUATIONS))),  # type: ignore[arg-type]
        area_scope=draw(maybe(st.sampled_from(list(AreaScope)))),  # type: ignore[arg-type]
        schedule=draw(maybe(slots)),  # type: ignore[arg-type]
        opening=draw(maybe(st.sampled_from(list(Opening)))),  # type: ignore[arg-type]
        cost_kind=draw(maybe(st.sampled_from(list(CostKind)))),  # type: ignore[arg-type]
        cost_yen=draw(maybe(st.sampled_from([0, 200, 3000]))),  # type: ignore[arg-type]
        vacancy=draw(maybe(st.sampled_from(list(Vacancy)))),  # type: ignore[arg-type]
        vacancy_as_of=draw(maybe(days)),  # type: ignore[arg-type]
        referral=draw(maybe(st.sampled_from(list(Referral)))),  # type: ignore[arg-type]
        status=draw(maybe(st.sampled_from(list(Status)))),  # type: ignore[arg-type]
        online=draw(maybe(st.booleans())),  # type: ignore[arg-type]
        wheelchair=draw(maybe(st.booleans())),  # type: ignore[arg-type]
        languages=draw(maybe(subset("ja", "vi"))),  # type: ignore[arg-type]
        assured_date=draw(maybe(days)),  # type: ignore[arg-type]
    )
    served = draw(maybe(st.frozensets(st.sampled_from(AREAS), min_size=1)))
    return ResourceCard(
        resource=resource,
        category=CATEGORIES[category],
        served=served,  # type: ignore[arg-type]
        point=draw(points),
        contacts=draw(st.sampled_from([(), ("c1",)])),
        organization_has_contact=draw(st.booleans()),
    )


@st.composite
def worlds(draw: st.DrawFn, size: int = 7) -> list[ResourceCard]:
    count = draw(st.integers(0, size))
    return [draw(cards(key=f"r{number:02d}")) for number in range(count)]


ages = st.sampled_from([None, 5.0, 17.0, 30.0, 62.0, 66.0, 80.0])


@st.composite
def persons(draw: st.DrawFn, key: str = "m1") -> Person:
    age = draw(ages)
    wider = draw(st.sampled_from([0.0, 9.0]))
    return Person(
        id=key,
        role="本人",
        age_low=age,
        age_high=None if age is None else age + wider,
        gender=draw(st.sampled_from([None, "female", "male"])),
        needs=(NeedAsk(key="ibasho", label="日中の居場所", text="居場所", origin="needs"),),
        situations=frozenset(draw(subset(*SITUATIONS))),
        activities=frozenset(draw(subset("fishing"))),
        settings=frozenset(draw(subset("small_group"))),
        barriers=frozenset(draw(subset("crowd", "no_money"))),
        gives=frozenset(draw(subset("repair"))),
        languages=frozenset(draw(subset("vi"))),
        free=draw(maybe(slots)),  # type: ignore[arg-type]
        avoids_people=draw(st.booleans()),
    )


@st.composite
def households(draw: st.DrawFn) -> Household:
    areas, inside = draw(
        st.sampled_from(
            [
                ((), frozenset()),
                (("east", "city"), frozenset()),
                (("city",), frozenset({"east", "west"})),
            ]
        )
    )
    return Household(
        case=Case(area="東区"),
        persons=(draw(persons()), draw(persons("m2"))),
        areas=areas,
        inside=inside,
        point=draw(points),
        modes=draw(subset("walk", "bus", "car")),
        max_minutes=draw(st.sampled_from([None, 0, 15, 60])),
        already_categories=frozenset(draw(subset("desk"))),
    )


profiles = st.sampled_from([None, *(profile.key for profile in weight_profiles())])
needs = st.sampled_from(["ibasho", "money", "care_load", "connection"])
