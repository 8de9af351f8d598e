"""What one write will change, collected before it is sent to a server in one transaction."""

from collections.abc import Collection
from dataclasses import dataclass, field

from graph.backends.props import decode_props, encode_props
from graph.model.element import Edge, EdgeKind, Node, Ref

EdgeKey = tuple[EdgeKind, Ref, Ref]


@dataclass(slots=True)
class Pending:
    """Net effect of a write. ``deleted`` nodes go first, with all their edges; then the rest.

    ``read`` keeps what the writer was told about a node, so that a commit can see whether
    somebody else has changed it meanwhile.
    """

    nodes: dict[Ref, str] = field(default_factory=dict)
    deleted: dict[Ref, None] = field(default_factory=dict)
    edges: dict[EdgeKey, str] = field(default_factory=dict)
    cut: dict[EdgeKey, None] = field(default_factory=dict)
    read: dict[Ref, str | None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.nodes or self.deleted or self.edges or self.cut)

    def put(self, nodes: Collection[Node]) -> None:
        """Add or replace nodes."""
        for node in nodes:
            self.nodes[node.ref] = encode_props(node.props)

    def link(self, edges: Collection[Edge]) -> None:
        """Add or replace edges."""
        for edge in edges:
            self.cut.pop(edge.key, None)
            self.edges[edge.key] = encode_props(edge.props)

    def unlink(self, edges: Collection[Edge]) -> None:
        """Remove edges."""
        for edge in edges:
            self.edges.pop(edge.key, None)
            self.cut[edge.key] = None

    def delete(self, refs: Collection[Ref]) -> None:
        """Remove nodes, and the edges this write has made at them."""
        gone = set(refs)
        for ref in refs:
            self.nodes.pop(ref, None)
            self.deleted[ref] = None
        for key in [key for key in self.edges if key[1] in gone or key[2] in gone]:
            del self.edges[key]

    def knows(self, ref: Ref) -> bool:
        """Whether this write alone tells what the node will be."""
        return ref in self.nodes or ref in self.deleted

    def get(self, ref: Ref) -> Node | None:
        """The node as this write leaves it; ask only where it :meth:`knows`."""
        text = self.nodes.get(ref)
        return None if text is None else Node(kind=ref.kind, id=ref.id, props=decode_props(text))
