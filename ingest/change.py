"""Writing what follows from source records: only what differs from the store is written."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from graph.model.codec import from_node
from graph.model.element import Edge, EdgeKind, Node, NodeKind, Ref
from graph.model.provenance import SourceRecord
from graph.store import Direction, View, Writer
from ingest.build import BY, Built, filled_up
from ingest.build_area import build_area
from ingest.build_contact import build_contact
from ingest.build_program import build_program
from ingest.build_resource import build_resource
from ingest.context import Context
from ingest.records import Merged, merge_records
from ingest.schema import Kind

NODE_OF_KIND: Mapping[Kind, NodeKind] = {
    Kind.RESOURCES: NodeKind.RESOURCE,
    Kind.CONTACTS: NodeKind.CONTACT,
    Kind.AREAS: NodeKind.AREA,
    Kind.POPULATION: NodeKind.AREA,
    Kind.PROGRAMS: NodeKind.PROGRAM,
}
_BUILDERS: Mapping[NodeKind, Callable[[str, Merged, Context], Built]] = {
    NodeKind.RESOURCE: build_resource,
    NodeKind.CONTACT: build_contact,
    NodeKind.AREA: build_area,
    NodeKind.PROGRAM: build_program,
}
_OUT: Mapping[NodeKind, tuple[EdgeKind, ...]] = {
    NodeKind.RESOURCE: (
        EdgeKind.OFFERED_BY,
        EdgeKind.LOCATED_AT,
        EdgeKind.HIDDEN_AT,
        EdgeKind.SERVES,
        EdgeKind.OVERSEEN_BY,
        EdgeKind.CONTACTED_THROUGH,
    ),
    NodeKind.CONTACT: (EdgeKind.COVERS, EdgeKind.BELONGS_TO),
    NodeKind.AREA: (EdgeKind.PART_OF,),
    NodeKind.PROGRAM: (EdgeKind.OWNED_BY,),
}
#: 行が自分に付けた番号。一つにまとめた後も、分け直すために線が覚えている。
OWN_ID = "own_id"
_AT = (EdgeKind.LOCATED_AT, EdgeKind.HIDDEN_AT)


@dataclass(slots=True)
class Changes:
    """What has to be written; built up for a batch of things, applied in one write."""

    nodes: dict[Ref, Node] = field(default_factory=dict)
    shared: dict[Ref, Node] = field(default_factory=dict)
    edges: dict[tuple[EdgeKind, Ref, Ref], Edge] = field(default_factory=dict)
    stale: dict[tuple[EdgeKind, Ref, Ref], Edge] = field(default_factory=dict)
    gone: dict[Ref, None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.nodes or self.edges or self.stale or self.gone)

    def add(self, built: Built, held: Sequence[Edge] = ()) -> None:
        """Take what was built; of the ``held`` edges, those it no longer names become stale."""
        self.nodes.update({node.ref: node for node in built.nodes})
        for node in built.shared:
            before = self.shared.get(node.ref)
            self.shared[node.ref] = filled_up(before, node) if before is not None else node
        new = {edge.key: edge for edge in built.edges}
        self.edges.update(new)
        own = {node.ref for node in built.nodes if node.ref != built.ref}
        for edge in held:
            mine = edge.props.get(BY) == built.ref.id or edge.source in own
            if edge.key not in new and mine:
                self.stale[edge.key] = edge

    def apply(self, writer: Writer, known: dict[Ref, Node]) -> None:
        """Write it. ``known`` remembers shared nodes already seen in the store."""
        if self.gone:
            writer.delete(list(self.gone))
        writer.put([*self._shared(writer, known), *self.nodes.values()])
        keep = {key: edge for key, edge in self.stale.items() if key not in self.edges}
        if keep:
            writer.unlink(list(keep.values()))
        writer.link(list(self.edges.values()))

    def _shared(self, writer: Writer, known: dict[Ref, Node]) -> list[Node]:
        fresh: list[Node] = []
        for ref, node in self.shared.items():
            if ref in self.nodes:
                continue
            held = known.get(ref) or writer.get(ref)
            merged = filled_up(held, node) if held is not None else node
            known[ref] = merged
            if held is None or merged.props != held.props:
                fresh.append(merged)
        return fresh


def compose(ref: Ref, records: Iterable[SourceRecord], context: Context) -> tuple[Built, Merged]:
    """Build a thing from all its source records."""
    merged = merge_records(records)
    return _BUILDERS[ref.kind](ref.id, merged, context), merged


def records_of(view: View, refs: Collection[Ref]) -> dict[Ref, list[SourceRecord]]:
    """The source records of each thing."""
    found: dict[Ref, list[SourceRecord]] = {ref: [] for ref in refs}
    for edge, node in view.neighbours(refs, (EdgeKind.ASSERTS,), Direction.IN):
        found[edge.target].append(from_node(node, SourceRecord))
    return found


def held_edges(view: View, refs: Collection[Ref]) -> dict[Ref, list[Edge]]:
    """Edges a thing has now, with those of its facility, by thing."""
    found: dict[Ref, list[Edge]] = {ref: [] for ref in refs}
    for kind in {ref.kind for ref in refs}:
        some = [ref for ref in refs if ref.kind is kind]
        places: dict[Ref, list[Ref]] = {}
        for edge, _ in view.neighbours(some, _OUT.get(kind, ()), Direction.OUT):
            found[edge.source].append(edge)
            if edge.kind in _AT:
                places.setdefault(edge.target, []).append(edge.source)
        for edge, _ in view.neighbours(list(places), (EdgeKind.WITHIN,), Direction.OUT):
            for owner in places[edge.source]:
                found[owner].append(edge)
    return found


def lonely_facilities(view: View, changes: Changes) -> None:
    """Mark facilities nobody stands at any more for removal."""
    left = {e.target for e in changes.stale.values() if e.kind in _AT} - set(changes.nodes)
    if not left:
        return
    going = set(changes.stale)
    used = {
        edge.target for edge, _ in view.neighbours(left, _AT, Direction.IN) if edge.key not in going
    }
    used |= {edge.target for edge in changes.edges.values() if edge.kind in _AT}
    changes.gone.update(dict.fromkeys(left - used))
    for key in [k for k in changes.stale if k[1] in changes.gone or k[2] in changes.gone]:
        del changes.stale[key]
