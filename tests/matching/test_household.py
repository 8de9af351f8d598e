"""The merged order: different needs first, emergencies before all, each resource once."""

from hypothesis import given
from hypothesis import strategies as st

from matching.household import (
    ALSO_WORTH,
    CATEGORY_DECAY,
    NEED_DECAY,
    SERVED_BESIDE,
    Offer,
    first_places,
    merge,
    offered,
)
from matching.outcome import NEED_FIT
from matching.result import (
    Contribution,
    MemberResult,
    NeedResult,
    Outcome,
    Suggestion,
    Verdict,
)


def suggestion(key: str, score: float, category: str, fit: float = 1.0) -> Suggestion:
    bar = Contribution(
        criterion=NEED_FIT,
        label="",
        verdict=Verdict.FITS,
        weight=1,
        score=fit,
        points=score,
        reason="",
    )
    return Suggestion(
        resource_id=key,
        name=key,
        category=category,
        category_label=category,
        score=score,
        score_low=score,
        score_high=score,
        contributions=(bar,),
    )


def need(key: str, *found: Suggestion, urgent: bool = False) -> NeedResult:
    return NeedResult(
        need=key, label=key, outcome=Outcome.AVAILABLE, reason="", urgent=urgent, suggestions=found
    )


def member(key: str, *needs: NeedResult) -> MemberResult:
    return MemberResult(id=key, role=None, stage="", stage_reason="", needs=needs)


def test_ten_salons_do_not_crowd_out_the_food() -> None:
    salons = [suggestion(f"salon{i}", 0.9 - i / 1000, "salon") for i in range(10)]
    food = suggestion("food", 0.6, "food_bank")
    ranking = merge([member("m1", need("friends", *salons), need("food", food))], 5)
    assert [r.resource_id for r in ranking][:2] == ["salon0", "food"]


def test_an_emergency_comes_first_even_with_a_lower_score() -> None:
    calm = suggestion("calm", 0.95, "salon")
    shelter = suggestion("shelter", 0.5, "shelter")
    ranking = merge([member("m1", need("friends", calm), need("bed", shelter, urgent=True))], 5)
    assert ranking[0].resource_id == "shelter"
    assert ranking[0].urgent


def test_one_place_may_be_all_there_is_for_two_emergencies() -> None:
    shelter, calm = suggestion("shelter", 0.5, "shelter"), suggestion("calm", 0.9, "salon")
    needs = [need("bed", shelter, urgent=True), need("food", shelter, urgent=True)]
    ranking = merge([member("m1", *needs, need("friends", calm))], 5)
    assert [r.resource_id for r in ranking] == ["shelter", "calm"]
    assert ranking[0].urgent


def test_a_place_that_only_helps_beside_does_not_take_the_emergency_place() -> None:
    weak = suggestion("weak", 0.8, "library", fit=0.2)
    right = suggestion("right", 0.5, "shelter")
    ranking = merge([member("m1", need("bed", weak, right, urgent=True))], 5)
    assert ranking[0].resource_id == "right"


def test_a_place_for_two_members_is_worth_more_than_one_for_one() -> None:
    both = suggestion("both", 0.7, "family_centre")
    one = suggestion("one", 0.72, "salon")
    ranking = merge([member("m1", need("a", both, one)), member("m2", need("b", both))], 5)
    assert ranking[0].resource_id == "both"
    assert ranking[0].also


def test_desks_for_everything_leave_room_for_the_place_that_is_there_for_just_this() -> None:
    """Food is needed today: the food bank stands before the place for work, whatever the desks do."""
    desks = [suggestion(f"desk{n}", 0.9, f"desk{n}") for n in range(2)]
    bank, office = suggestion("bank", 0.7, "food_bank"), suggestion("work", 0.5, "hello_work")
    needs = [
        need("food", *(suggestion(d.resource_id, 0.5, d.category or "") for d in desks), bank),
        need("cash", *desks),
        need("job", office),
    ]
    assert [r.resource_id for r in merge([member("m1", *needs)], 4)][2] == "bank"


def test_in_an_emergency_only_other_emergencies_count_beside() -> None:
    """A desk that also does work and money does not stand before the bed for tonight."""
    shelter, desk = suggestion("shelter", 0.6, "shelter"), suggestion("desk", 0.55, "desk")
    calm = [need(key, desk) for key in ("job", "money", "debt")]
    ranking = merge([member("m1", need("bed", shelter, desk, urgent=True), *calm)], 2)
    assert [r.resource_id for r in ranking] == ["shelter", "desk"]


cases = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 9), st.floats(0, 1), st.integers(0, 2)), max_size=30
)


@given(cases, st.integers(1, 25))
def test_each_resource_once_and_at_most_top(
    rows: list[tuple[int, int, float, int]], top: int
) -> None:
    found: dict[str, dict[str, Suggestion]] = {}
    for ask, place, score, kind in rows:
        found.setdefault(f"n{ask}", {})[f"r{place}"] = suggestion(f"r{place}", score, f"c{kind}")
    members = [member("m1", *(need(k, *v.values()) for k, v in sorted(found.items())))]
    ranking = merge(members, top)
    ids = [r.resource_id for r in ranking]
    places = {s.resource_id for v in found.values() for s in v.values()}
    assert len(ids) == len(set(ids)) == min(top, len(places))
    assert merge(list(members), top) == ranking


@given(cases, st.integers(1, 25))
def test_the_lazy_order_is_the_plain_greedy_order(
    rows: list[tuple[int, int, float, int]], top: int
) -> None:
    found: dict[str, dict[str, Suggestion]] = {}
    for ask, place, score, kind in rows:
        found.setdefault(f"n{ask}", {})[f"r{place}"] = suggestion(f"r{place}", score, f"c{kind}")
    members = [member("m1", *(need(k, *v.values()) for k, v in sorted(found.items())))]
    found = dict(sorted(found.items()))
    assert [r.resource_id for r in merge(members, top)] == _plain_greedy(found, top)


@given(cases, st.sets(st.integers(0, 3)), st.sets(st.integers(0, 3)), st.integers(1, 12))
def test_what_stays_and_what_is_anew_are_ordered_as_all_of_it_together(
    rows: list[tuple[int, int, float, int]], staying: set[int], urgent: set[int], top: int
) -> None:
    """For trying out answers: the places that stay are made once, and are left as they are."""
    offers = [
        Offer(f"r{place}", f"c{place % 3}", ("m1", f"n{ask}"), score, ask in urgent and kind > 0)
        for ask, place, score, kind in rows
    ]
    stays = [offer for offer in offers if int(offer.ask[1][1:]) in staying]
    anew = [offer for offer in offers if offer not in stays]
    beside = offered(stays)
    before = repr(beside)
    assert first_places(offered(anew, beside=beside), top) == first_places(
        offered([*stays, *anew]), top
    )
    assert repr(beside) == before


def _plain_greedy(found: dict[str, dict[str, Suggestion]], top: int) -> list[str]:
    """The definition: again and again the place that adds most, all of them weighed each time."""
    asks: dict[str, dict[str, Suggestion]] = {}
    for key, places in found.items():
        for place, one in places.items():
            asks.setdefault(place, {})[key] = one
    chosen: list[str] = []
    served: dict[str, float] = {}
    shown: dict[str | None, int] = {}

    def left(place: str) -> dict[str, float]:
        return {k: s.score * NEED_DECAY ** served.get(k, 0.0) for k, s in asks[place].items()}

    def for_which(place: str) -> str:
        mine = left(place)
        return max(mine, key=lambda k: (mine[k], k))

    def worth(place: str) -> float:
        mine, best = left(place), for_which(place)
        others = sum(value for k, value in sorted(mine.items()) if k != best)
        return (mine[best] + ALSO_WORTH * others) * CATEGORY_DECAY ** shown.get(kind(place), 0)

    def kind(place: str) -> str | None:
        return max(
            asks[place].items(), key=lambda pair: (pair[1].score, -list(found).index(pair[0]))
        )[1].category

    while asks.keys() - set(chosen) and len(chosen) < top:
        place = min(asks.keys() - set(chosen), key=lambda p: (-worth(p), p))
        chosen.append(place)
        main = for_which(place)
        shown[kind(place)] = shown.get(kind(place), 0) + 1
        for key in asks[place]:
            served[key] = served.get(key, 0.0) + (1.0 if key == main else SERVED_BESIDE)
    return chosen
