"""Distances: the fast ways agree with the exact one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.geo import distance_m, haversine_m, in_japan, is_on_earth, nearest, rough_m, swapped
from graph.model.values import Point

POINTS = st.builds(Point, st.floats(24, 46), st.floats(123, 146))
CHIBA = Point(35.6073, 140.1063)


@given(POINTS, POINTS)
def test_fast_distances_are_within_a_hundredth_of_the_exact_one(a: Point, b: Point) -> None:
    exact = distance_m(a, b)
    bulk = float(haversine_m(a, [b.lat], [b.lon])[0])
    assert bulk == pytest.approx(rough_m(a, b), rel=1e-6, abs=1e-3)
    assert bulk == pytest.approx(exact, rel=0.01, abs=0.5)


@given(POINTS, st.lists(POINTS, max_size=20))
def test_the_nearest_is_no_farther_than_any(origin: Point, points: list[Point]) -> None:
    found = nearest(origin, points)
    if not points:
        assert found is None
        return
    assert found is not None
    assert found[1] == pytest.approx(min(rough_m(origin, p) for p in points), rel=1e-6, abs=1e-3)


def test_swapped_and_foreign_points_are_told_apart() -> None:
    assert in_japan(CHIBA)
    assert not in_japan(swapped(CHIBA))
    assert in_japan(swapped(swapped(CHIBA)))
    assert not in_japan(Point(53.41291, -8.24389))
    assert not is_on_earth(Point(369.56, 140.1))
