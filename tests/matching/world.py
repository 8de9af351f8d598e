"""A little town in memory for tests of the engine."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from graph.backends.open import open_store
from graph.model.codec import to_node
from graph.model.element import Edge, EdgeKind, Node, NodeKind, Ref
from graph.model.people import Contact, ContactKind, Organization
from graph.model.place import Area, AreaKind, Facility
from graph.model.resource import AreaScope, Resource
from graph.model.values import Point
from graph.store import GraphStore
from matching.example import BASE, SmallVocabulary

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
VOCABULARY = SmallVocabulary(BASE)
CITY, EAST, WEST = "city", "east", "west"


def ref(kind: NodeKind, key: str) -> Ref:
    return Ref(kind, key)


def resource_ref(key: str) -> Ref:
    return Ref(NodeKind.RESOURCE, key)


def edge(kind: EdgeKind, source: Ref, target: Ref) -> Edge:
    return Edge(kind=kind, source=source, target=target)


def areas() -> tuple[list[Node], list[Edge]]:
    """One city with two wards."""
    nodes = [
        to_node(Area(id=CITY, name="みほん市", kind=AreaKind.CITY, point=Point(35.60, 140.10))),
        to_node(Area(id=EAST, name="東区", kind=AreaKind.WARD, point=Point(35.60, 140.12))),
        to_node(Area(id=WEST, name="西区", kind=AreaKind.WARD, point=Point(35.60, 140.08))),
    ]
    edges = [
        edge(EdgeKind.PART_OF, ref(NodeKind.AREA, ward), ref(NodeKind.AREA, CITY))
        for ward in (EAST, WEST)
    ]
    return nodes, edges


def place(
    resource: Resource, *, serves: Sequence[str] = (), at: Point | None = None
) -> tuple[list[Node], list[Edge]]:
    """A resource with its facility and areas."""
    nodes = [to_node(resource)]
    edges = [
        edge(EdgeKind.SERVES, resource_ref(resource.id), ref(NodeKind.AREA, key)) for key in serves
    ]
    if at is not None:
        facility = Facility(id=f"f-{resource.id}", point=at)
        nodes.append(to_node(facility))
        edges.append(
            edge(
                EdgeKind.LOCATED_AT,
                resource_ref(resource.id),
                ref(NodeKind.FACILITY, facility.id),
            )
        )
    return nodes, edges


def store_of(*parts: tuple[list[Node], list[Edge]], url: str = "memory:") -> GraphStore:
    """A store with areas and the parts."""
    store = open_store(url)
    put(store, areas(), *parts)
    return store


def put(store: GraphStore, *parts: tuple[Iterable[Node], Iterable[Edge]]) -> None:
    """Write nodes, then edges."""
    with store.write(actor="test") as writer:
        for nodes, _ in parts:
            writer.put(list(nodes))
        for _, edges in parts:
            writer.link(list(edges))


SALON = Resource(
    id="r1",
    name="東サロン",
    category="salon",
    area_scope=AreaScope.LISTED,
    area_text="東区",
    minimum_age=60,
    phone="000-0000-0001",
)
DESK = Resource(id="r2", name="くらし相談", category="desk", area_scope=AreaScope.LISTED)


def little_town(url: str = "memory:") -> GraphStore:
    """A salon in the east with a CSW, a desk for the city."""
    contacts: tuple[list[Node], list[Edge]] = (
        [
            to_node(Organization(id="o1", name="みほん市社協")),
            to_node(Contact(id="c1", name="CSW（東区）", kind=ContactKind.CSW)),
        ],
        [
            edge(
                EdgeKind.BELONGS_TO, ref(NodeKind.CONTACT, "c1"), ref(NodeKind.ORGANIZATION, "o1")
            ),
            edge(EdgeKind.COVERS, ref(NodeKind.CONTACT, "c1"), ref(NodeKind.AREA, EAST)),
            edge(EdgeKind.OFFERED_BY, resource_ref("r1"), ref(NodeKind.ORGANIZATION, "o1")),
        ],
    )
    return store_of(
        place(SALON, serves=(EAST,), at=Point(35.605, 140.12)),
        place(DESK, serves=(CITY,), at=Point(35.60, 140.10)),
        contacts,
        url=url,
    )
