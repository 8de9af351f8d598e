"""Areas: names, what holds what, and which polygon holds a point."""

import json

import pytest

from graph.areas import AreaTree
from graph.model.place import Area, AreaKind
from graph.model.values import Point


def square(west: float, south: float, size: float) -> str:
    ring = [
        [west, south],
        [west + size, south],
        [west + size, south + size],
        [west, south + size],
        [west, south],
    ]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


@pytest.fixture
def tree() -> AreaTree:
    areas = [
        Area(
            id="c1",
            name="みほん市",
            kind=AreaKind.CITY,
            local_government_code="122000",
            polygon=square(140, 35, 4),
        ),
        Area(id="w1", name="中央区", kind=AreaKind.WARD, polygon=square(140, 35, 2)),
        Area(id="s1", name="駅前圏域", kind=AreaKind.SPHERE, polygon=square(140, 35, 1)),
        Area(id="c2", name="となり市", kind=AreaKind.CITY),
        Area(id="w2", name="中央区", kind=AreaKind.WARD),
    ]
    return AreaTree(areas, {"w1": ["c1"], "s1": ["w1"], "w2": ["c2"]})


def test_a_shared_name_gives_both_and_the_full_name_one(tree: AreaTree) -> None:
    assert set(tree.find("中央区")) == {"w1", "w2"}
    assert tree.find("みほん市中央区") == ("w1",)
    assert tree.find("122000") == ("c1",)
    assert tree.find("どこか") == ()


def test_an_address_is_read_by_the_longest_area_it_begins_with(tree: AreaTree) -> None:
    assert tree.find_in("みほん市中央区新町3番地") == ("w1",)
    assert tree.find_in("みほん市 中央区 駅前圏域") == ("s1",)
    assert tree.find_in("よその町1丁目") == ()


def test_a_town_is_found_as_addresses_write_it() -> None:
    areas = [
        Area(id="c", name="みほん市", kind=AreaKind.CITY),
        Area(id="w", name="川辺区", kind=AreaKind.WARD),
        Area(id="s", name="柳町圏域", kind=AreaKind.SPHERE),
        Area(id="t", name="柳町一丁目", kind=AreaKind.TOWN),
    ]
    tree = AreaTree(areas, {"t": ["s"], "s": ["w"], "w": ["c"]})
    for text in ("柳町一丁目", "川辺区柳町一丁目", "みほん市川辺区柳町一丁目"):
        assert tree.find(text) == ("t",)
    assert tree.find("みほん市川辺区柳町圏域柳町一丁目") == ("t",)


def test_up_and_down_the_tree(tree: AreaTree) -> None:
    assert tree.ancestors("s1") == ("s1", "w1", "c1")
    assert set(tree.descendants("c1")) == {"c1", "w1", "s1"}
    assert tree.label("s1") == "みほん市中央区駅前圏域"


def test_the_narrowest_polygon_comes_first(tree: AreaTree) -> None:
    assert tree.locate(Point(35.5, 140.5)) == ("s1", "w1", "c1")
    assert tree.locate(Point(35.5, 140.5), [AreaKind.WARD]) == ("w1",)
    assert tree.locate(Point(10.0, 10.0)) == ()


def test_centre_is_given_or_inside(tree: AreaTree) -> None:
    centre = tree.centre("s1")
    assert centre is not None
    assert "s1" in tree.locate(centre)
    assert tree.centre("c2") is None
