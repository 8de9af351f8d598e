"""Small numbers stay hidden, also from somebody who knows the totals."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from matching.gaps.cells import suppressed

tables = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz")), st.integers(1, 12), max_size=12
)


@given(tables, st.integers(1, 8))
def test_small_cells_are_hidden_and_no_line_gives_one_away(
    counts: dict[tuple[str, str], int], threshold: int
) -> None:
    hidden = suppressed(counts, threshold)
    assert all(key in hidden for key, count in counts.items() if count < threshold)
    for axis in (0, 1):
        lines = Counter(key[axis] for key in counts)
        for value, size in lines.items():
            inside = [key for key in hidden if key[axis] == value]
            assert len(inside) != 1 or size == 1


@given(tables)
def test_threshold_one_hides_nothing(counts: dict[tuple[str, str], int]) -> None:
    assert suppressed(counts, 1) == frozenset()


def test_a_lonely_small_cell_takes_the_next_smallest_with_it() -> None:
    counts = {("a", "x"): 2, ("a", "y"): 7, ("a", "z"): 9}
    assert suppressed(counts, 5) == {("a", "x"), ("a", "y")}
