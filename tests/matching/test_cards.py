"""Cards: the same in one stream and by id; what is read, and what is left for who needs it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.areas import AreaTree
from graph.model.codec import to_node
from graph.model.element import EdgeKind, NodeKind
from graph.model.people import Organization
from graph.model.place import Facility, Precision
from graph.model.resource import Publication, Resource
from graph.model.values import Point
from graph.store import View
from matching.cards import CardReader, all_cards, cards_of
from tests.matching.world import (
    CITY,
    EAST,
    VOCABULARY,
    WEST,
    edge,
    little_town,
    put,
    ref,
    resource_ref,
)

F = NodeKind.FACILITY


@pytest.fixture(params=["memory:", "sqlite"])
def view(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[View]:
    """The little town, a place whose building nobody has pinned down, and one that hides."""
    url = request.param if request.param == "memory:" else f"sqlite:///{tmp_path / 's.db'}"
    store = little_town(url)
    doubt = to_node(Facility(id="doubt", point=Point(43.0, 141.0), point_doubt="遠すぎる"))
    nodes = [
        to_node(Resource(id="r3", name="場所の怪しい場")),
        to_node(Resource(id="r4", name="大まかな場")),
        to_node(Resource(id="r5", name="安全な家", publication=Publication.CONFIDENTIAL_LOCATION)),
        to_node(Organization(id="o2", name="ひとりの会", phone="000-0000-0002")),
        doubt,
        to_node(Facility(id="rough", point=Point(35.6, 140.1), precision=Precision.TOWN)),
        to_node(Facility(id="secret", point=Point(35.61, 140.1))),
    ]
    edges = [
        edge(EdgeKind.LOCATED_AT, resource_ref("r3"), ref(F, "doubt")),
        edge(EdgeKind.WITHIN, ref(F, "doubt"), ref(NodeKind.AREA, WEST)),
        edge(EdgeKind.LOCATED_AT, resource_ref("r4"), ref(F, "rough")),
        edge(EdgeKind.WITHIN, ref(F, "rough"), ref(NodeKind.AREA, WEST)),
        edge(EdgeKind.HIDDEN_AT, resource_ref("r5"), ref(F, "secret")),
        edge(EdgeKind.SERVES, resource_ref("r5"), ref(NodeKind.AREA, EAST)),
        edge(EdgeKind.SERVES, resource_ref("r5"), ref(NodeKind.AREA, CITY)),
        edge(EdgeKind.OFFERED_BY, resource_ref("r4"), ref(NodeKind.ORGANIZATION, "o2")),
        edge(EdgeKind.CONTACTED_THROUGH, resource_ref("r4"), ref(NodeKind.CONTACT, "c1")),
    ]
    put(store, (nodes, edges))
    with store.read() as found:
        yield found
    store.close()


def test_by_id_is_as_in_the_stream(view: View) -> None:
    areas = AreaTree.load(view)
    streamed = {card.id: card for card in all_cards(view, VOCABULARY, areas)}
    assert cards_of(view, [*streamed, "gone"], VOCABULARY, areas) == streamed
    assert list(streamed) == ["r1", "r2", "r3", "r4", "r5"]


def test_what_a_card_tells(view: View) -> None:
    cards = cards_of(view, ["r1", "r3", "r4", "r5"], VOCABULARY, AreaTree.load(view))
    assert (cards["r1"].point, cards["r1"].point_is_rough) == (Point(35.605, 140.12), False)
    assert (cards["r1"].organization, cards["r1"].organization_has_contact) == (
        "みほん市社協",
        True,
    )
    # 疑わしい位置は使わず、その区域のまん中で代える。
    assert (cards["r3"].point, cards["r3"].point_is_rough) == (Point(35.60, 140.08), True)
    assert (cards["r4"].point, cards["r4"].point_is_rough) == (Point(35.6, 140.1), True)
    assert (cards["r4"].phone, cards["r4"].contacts) == ("000-0000-0002", ("c1",))
    assert cards["r4"].organization_has_contact is False
    assert (cards["r5"].point, cards["r5"].served) == (None, frozenset({CITY, EAST}))


def test_a_place_alone_is_read_without_the_rest(view: View) -> None:
    areas = AreaTree.load(view)
    whole = CardReader(view, VOCABULARY, areas)(["r1", "r3", "r4", "r5"])
    reader = CardReader(view, VOCABULARY, areas)
    placed = reader.placed(["r1", "r3", "r4", "r5", "gone"])
    assert placed.keys() == whole.keys()
    for key, card in placed.items():
        assert (card.resource, card.category) == (whole[key].resource, whole[key].category)
        assert (card.point, card.point_is_rough) == (whole[key].point, whole[key].point_is_rough)
        assert (card.organization, card.served, card.contacts) == (None, None, ())
    assert reader.met.contacts == {}
    # あとで一覧に出るときは、残りも読む。先に読んだものは、読み直さない。
    assert reader(["r1", "r4"]) == {key: whole[key] for key in ("r1", "r4")}
    assert reader.met.contacts.keys() == {"c1"}
    assert reader.met.members == {"o1": ["c1"]}
    assert reader.placed(["r1"]) == {"r1": whole["r1"]}
    assert reader.placed(["r3"])["r3"] is placed["r3"]
