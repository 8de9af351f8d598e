"""The merged order: different needs first, emergencies before all, each resource once."""

from dataclasses import replace

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


def place(key: str, score: float, category: str) -> Offer:
    """Not offered for anything yet."""
    return Offer(key, category, ("", ""), score, urgent=False)


def need(key: str, *found: Offer, urgent: bool = False, member: str = "m1") -> list[Offer]:
    """The list of a need; in an emergency each of its places answers it."""
    return [replace(one, ask=(member, key), urgent=urgent) for one in found]


def test_ten_salons_do_not_crowd_out_the_food() -> None:
    salons = [place(f"salon{i}", 0.9 - i / 1000, "salon") for i in range(10)]
    food = place("food", 0.6, "food_bank")
    ranking = merge([*need("friends", *salons), *need("food", food)], 5)
    assert [r.resource_id for r in ranking][:2] == ["salon0", "food"]


def test_an_emergency_comes_first_even_with_a_lower_score() -> None:
    calm = place("calm", 0.95, "salon")
    shelter = place("shelter", 0.5, "shelter")
    ranking = merge([*need("friends", calm), *need("bed", shelter, urgent=True)], 5)
    assert ranking[0].resource_id == "shelter"
    assert ranking[0].urgent


def test_one_place_may_be_all_there_is_for_two_emergencies() -> None:
    shelter, calm = place("shelter", 0.5, "shelter"), place("calm", 0.9, "salon")
    needs = [*need("bed", shelter, urgent=True), *need("food", shelter, urgent=True)]
    ranking = merge([*needs, *need("friends", calm)], 5)
    assert [r.resource_id for r in ranking] == ["shelter", "calm"]
    assert ranking[0].urgent


def test_a_place_that_only_helps_beside_does_not_take_the_emergency_place() -> None:
    weak, right = place("weak", 0.8, "library"), place("right", 0.5, "shelter")
    ranking = merge([*need("bed", weak), *need("bed", right, urgent=True)], 5)
    assert ranking[0].resource_id == "right"


def test_a_place_for_two_members_is_worth_more_than_one_for_one() -> None:
    both = place("both", 0.7, "family_centre")
    one = place("one", 0.72, "salon")
    ranking = merge([*need("a", both, one), *need("b", both, member="m2")], 5)
    assert ranking[0].resource_id == "both"
    assert ranking[0].also


def test_desks_for_everything_leave_room_for_the_place_that_is_there_for_just_this() -> None:
    """Food is needed today: the food bank stands before the place for work, whatever the desks do."""
    desks = [place(f"desk{n}", 0.9, f"desk{n}") for n in range(2)]
    bank, office = place("bank", 0.7, "food_bank"), place("work", 0.5, "hello_work")
    needs = [
        *need("food", *(replace(desk, score=0.5) for desk in desks), bank),
        *need("cash", *desks),
        *need("job", office),
    ]
    assert [r.resource_id for r in merge(needs, 4)][2] == "bank"


def test_in_an_emergency_only_other_emergencies_count_beside() -> None:
    """A desk that also does work and money does not stand before the bed for tonight."""
    shelter, desk = place("shelter", 0.6, "shelter"), place("desk", 0.55, "desk")
    calm = [offer for key in ("job", "money", "debt") for offer in need(key, desk)]
    ranking = merge([*need("bed", shelter, desk, urgent=True), *calm], 2)
    assert [r.resource_id for r in ranking] == ["shelter", "desk"]


cases = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 9), st.floats(0, 1), st.integers(0, 2)), max_size=30
)


@given(cases, st.integers(1, 25))
def test_each_resource_once_and_at_most_top(
    rows: list[tuple[int, int, float, int]], top: int
) -> None:
    found: dict[str, dict[str, Offer]] = {}
    for ask, at, score, kind in rows:
        found.setdefault(f"n{ask}", {})[f"r{at}"] = place(f"r{at}", score, f"c{kind}")
    offers = [offer for k, v in sorted(found.items()) for offer in need(k, *v.values())]
    ranking = merge(offers, top)
    ids = [r.resource_id for r in ranking]
    places = {s.resource_id for v in found.values() for s in v.values()}
    assert len(ids) == len(set(ids)) == min(top, len(places))
    assert merge(iter(offers), top) == ranking


@given(cases, st.integers(1, 25))
def test_the_lazy_order_is_the_plain_greedy_order(
    rows: list[tuple[int, int, float, int]], top: int
) -> None:
    found: dict[str, dict[str, Offer]] = {}
    for ask, at, score, kind in rows:
        found.setdefault(f"n{ask}", {})[f"r{at}"] = place(f"r{at}", score, f"c{kind}")
    found = dict(sorted(found.items()))
    offers = [offer for k, v in found.items() for offer in need(k, *v.values())]
    assert [r.resource_id for r in merge(offers, top)] == _plain_greedy(found, top)


@given(cases, st.sets(st.integers(0, 3)), st.sets(st.integers(0, 3)), st.integers(1, 12))
def test_what_stays_and_what_is_anew_are_ordered_as_all_of_it_together(
    rows: list[tuple[int, int, float, int]], staying: set[int], urgent: set[int], top: int
) -> None:
    """For trying out answers: the places that stay are made once, and are left as they are."""
    offers = [
        Offer(f"r{at}", f"c{at % 3}", ("m1", f"n{ask}"), score, ask in urgent and kind > 0)
        for ask, at, score, kind in rows
    ]
    stays = [offer for offer in offers if int(offer.ask[1][1:]) in staying]
    anew = [offer for offer in offers if offer not in stays]
    beside = offered(stays)
    before = repr(beside)
    assert first_places(offered(anew, beside=beside), top) == first_places(
        offered([*stays, *anew]), top
    )
    assert repr(beside) == before


def _plain_greedy(found: dict[str, dict[str, Offer]], top: int) -> list[str]:
    """The definition: again and again the place that adds most, all of them weighed each time."""
    asks: dict[str, dict[str, Offer]] = {}
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
