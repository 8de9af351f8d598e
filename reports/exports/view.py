"""Resources with what hangs on them, in the order of their ids, for the exports.

``public`` keeps to what may be shown to anyone: restricted resources are left out, a confidential
place keeps its entry and loses everything that tells where it is.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from graph.model.codec import from_node
from graph.model.element import EdgeKind, Node, NodeKind, Ref
from graph.model.people import Organization
from graph.model.place import Area, Facility
from graph.model.resource import Publication, Resource
from graph.store import Direction, View
from ingest.change import records_of
from ingest.records import Merged, merge_records

_AT_ONCE = 1000
_EDGES = (EdgeKind.OFFERED_BY, EdgeKind.LOCATED_AT, EdgeKind.SERVES, EdgeKind.OVERSEEN_BY)
#: 所在地を明かさない場で、公開のときに落とす項目。
PLACE_FIELDS = frozenset(
    {"address", "building", "postal_code", "lat", "lon", "point", "facility_name", "city",
     "local_government_code", "prefecture"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exported:
    """One resource as it may be given out. ``merged`` is ``None`` without source records."""

    resource: Resource
    merged: Merged | None
    facility: Facility | None = None
    organization: Organization | None = None
    areas: tuple[Area, ...] = ()
    departments: tuple[str, ...] = ()


def exported(view: View, *, public: bool) -> Iterator[Exported]:
    """All resources that may be given out. ``view`` is of the office scope."""
    batch: list[Node] = []
    for node in view.nodes(NodeKind.RESOURCE):
        if public and node.props.get("publication") == Publication.RESTRICTED.value:
            continue
        batch.append(node)
        if len(batch) >= _AT_ONCE:
            yield from _with_neighbours(view, batch)
            batch = []
    yield from _with_neighbours(view, batch)


def exported_of(view: View, ids: Collection[str], *, public: bool) -> Iterator[Exported]:
    """Those of ``ids`` that exist and may be given out, in the order of their ids."""
    nodes = [
        node
        for node in view.get_many(NodeKind.RESOURCE, ids)
        if not (public and node.props.get("publication") == Publication.RESTRICTED.value)
    ]
    yield from _with_neighbours(view, nodes)


def hidden_place(item: Exported, *, public: bool) -> bool:
    """Whether its place has to be kept back."""
    return public and item.resource.publication is Publication.CONFIDENTIAL_LOCATION


def _with_neighbours(view: View, nodes: list[Node]) -> Iterator[Exported]:
    refs = [node.ref for node in nodes]
    around: dict[Ref, dict[EdgeKind, list[Node]]] = {ref: {} for ref in refs}
    for edge, node in view.neighbours(refs, _EDGES, Direction.OUT):
        around[edge.source].setdefault(edge.kind, []).append(node)
    records = records_of(view, refs)
    for node in nodes:
        near = around[node.ref]
        held = records[node.ref]
        facilities = near.get(EdgeKind.LOCATED_AT, [])
        operators = near.get(EdgeKind.OFFERED_BY, [])
        yield Exported(
            resource=from_node(node, Resource),
            merged=merge_records(held) if held else None,
            facility=from_node(facilities[0], Facility) if facilities else None,
            organization=from_node(operators[0], Organization) if operators else None,
            areas=tuple(from_node(n, Area) for n in near.get(EdgeKind.SERVES, [])),
            departments=tuple(str(n.props["name"]) for n in near.get(EdgeKind.OVERSEEN_BY, [])),
        )
