"""The team is a proven cover on ordinary households, and never worse than the greedy one."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from matching.team import Option, cover

BITS = 6
options = st.lists(
    st.tuples(st.integers(1, 2**BITS - 1), st.sampled_from([0.35, 0.4, 0.7, 1.0, 1.25])),
    min_size=1,
    max_size=8,
).map(lambda rows: [Option(f"a{i}", bits, cost) for i, (bits, cost) in enumerate(rows)])


def _brute_force(choices: list[Option]) -> float:
    goal = 0
    for option in choices:
        goal |= option.bits
    costs = []
    for size in range(1, len(choices) + 1):
        for group in combinations(choices, size):
            held = 0
            for option in group:
                held |= option.bits
            if held == goal:
                costs.append(sum(o.cost for o in group))
    return min(costs)


@given(options)
def test_cover_costs_what_brute_force_finds(choices: list[Option]) -> None:
    by_key = {o.key: o for o in choices}
    chosen = cover(choices, BITS)
    assert round(sum(by_key[k].cost for k in chosen), 6) == round(_brute_force(choices), 6)


@given(options)
def test_greedy_cover_holds_everything_too(choices: list[Option]) -> None:
    by_key = {o.key: o for o in choices}
    chosen = cover(choices, 99)
    held = goal = 0
    for key in chosen:
        held |= by_key[key].bits
    for option in choices:
        goal |= option.bits
    assert held == goal


@given(options, st.randoms())
def test_order_of_agencies_does_not_matter(choices: list[Option], random: object) -> None:
    shuffled = list(choices)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert cover(shuffled, BITS) == cover(choices, BITS)


def test_an_agency_already_involved_is_kept_before_a_new_one() -> None:
    new = Option("new", 0b11, 1.0)
    involved = Option("involved", 0b11, 0.35)
    assert cover([new, involved], BITS) == ("involved",)
