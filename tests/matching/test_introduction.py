"""Who introduces: met with the cards, the same as asked for one by one."""

from collections.abc import Iterator

import pytest

from graph.areas import AreaTree
from graph.model.codec import from_node, to_node
from graph.model.element import EdgeKind, NodeKind
from graph.model.people import Contact, ContactKind, Organization
from graph.model.resource import Resource
from graph.store import Direction, GraphStore, View
from matching.cards import CardReader
from matching.introduction import Introducers, add_resources, local_contacts, paths
from tests.matching.world import CITY, EAST, VOCABULARY, WEST, edge, place, put, ref, store_of


@pytest.fixture
def view() -> Iterator[View]:
    """Two places of one organisation and one of none, with contacts of every sort."""
    made: GraphStore = store_of(*(place(Resource(id=key, name=key)) for key in ("a", "b", "c")))
    contacts = [
        Contact(id="own", name="場の連絡先"),
        Contact(id="office", name="運営の窓口", kind=ContactKind.DESK),
        Contact(id="csw", name="東区のCSW", kind=ContactKind.CSW),
        Contact(id="minsei", name="民生委員", kind=ContactKind.MINSEI_IIN),
        Contact(id="plain", name="種別のない担当"),
        Contact(id="far", name="西区のCSW", kind=ContactKind.CSW),
    ]
    kind = NodeKind.CONTACT
    edges = [
        *(
            edge(EdgeKind.OFFERED_BY, ref(NodeKind.RESOURCE, key), ref(NodeKind.ORGANIZATION, "o"))
            for key in ("a", "b")
        ),
        edge(EdgeKind.CONTACTED_THROUGH, ref(NodeKind.RESOURCE, "a"), ref(kind, "own")),
        edge(EdgeKind.CONTACTED_THROUGH, ref(NodeKind.RESOURCE, "c"), ref(kind, "minsei")),
        edge(EdgeKind.BELONGS_TO, ref(kind, "office"), ref(NodeKind.ORGANIZATION, "o")),
        edge(EdgeKind.BELONGS_TO, ref(kind, "own"), ref(NodeKind.ORGANIZATION, "o")),
        *(
            edge(EdgeKind.COVERS, ref(kind, key), ref(NodeKind.AREA, area))
            for key, area in (
                ("csw", EAST),
                ("minsei", EAST),
                ("minsei", CITY),
                ("plain", CITY),
                ("far", WEST),
                ("office", WEST),
            )
        ),
    ]
    nodes = [to_node(Organization(id="o", name="運営")), *map(to_node, contacts)]
    put(made, (nodes, edges))
    with made.read() as found:
        yield found


def introducers(view: View) -> tuple[Introducers, CardReader]:
    reader = CardReader(view, VOCABULARY, AreaTree.load(view))
    known = local_contacts(view, (EAST, CITY))
    add_resources(view, known, reader(["a", "b", "c"]).values(), reader.met)
    return known, reader


def test_contacts_met_with_the_cards_are_those_of_the_store(view: View) -> None:
    known, _ = introducers(view)
    for key in ("a", "b", "c"):
        there = view.neighbours([ref(NodeKind.RESOURCE, key)], [EdgeKind.CONTACTED_THROUGH])
        assert list(known.of_resource[key]) == [node.id for _, node in there]
    members = view.neighbours(
        [ref(NodeKind.ORGANIZATION, "o")], [EdgeKind.BELONGS_TO], Direction.IN
    )
    assert list(known.of_organization["o"]) == [node.id for _, node in members]
    asked = {"own", "office", "minsei", known.local[0]}
    assert known.contacts.keys() == asked
    for node in view.get_many(NodeKind.CONTACT, asked):
        assert known.contacts[node.id] == from_node(node, Contact)
    for key in asked:
        covered = view.neighbours([ref(NodeKind.CONTACT, key)], [EdgeKind.COVERS])
        assert known.territory[key] == {node.id for _, node in covered}


def test_the_one_of_the_district_who_is_asked_first(view: View) -> None:
    known, reader = introducers(view)
    assert known.local == ["csw", "minsei", "plain"]
    ways = paths(known, reader(["a", "b", "c"]).values(), None)
    assert [hop.id for hop in ways["a"]] == ["own", "a"]
    assert [hop.id for hop in ways["b"]] == ["own", "o", "b"]
    assert [hop.id for hop in ways["c"]] == ["minsei", "c"]


def test_what_was_met_before_is_kept_for_cards_read_later(view: View) -> None:
    reader = CardReader(view, VOCABULARY, AreaTree.load(view))
    reader(["a"])
    reader(["b", "c"])
    known = local_contacts(view, ())
    assert known.local == []
    add_resources(view, known, reader(["a", "b", "c"]).values(), reader.met)
    assert known.contacts.keys() == {"own", "office", "minsei"}
