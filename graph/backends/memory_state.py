"""What a memory store holds: never changed once readers may see it, only replaced."""

from dataclasses import dataclass, field

from graph.model.element import Edge, EdgeKind, Node, NodeKind, Ref

EdgeKey = tuple[EdgeKind, Ref, Ref]
#: Edges at a node, by key.
Ends = dict[EdgeKey, Edge]


@dataclass(slots=True)
class State:
    """Nodes by kind and id, edges by kind and key, and the edges at each node (either way)."""

    nodes: dict[NodeKind, dict[str, Node]] = field(default_factory=dict)
    edges: dict[EdgeKind, dict[EdgeKey, Edge]] = field(default_factory=dict)
    at: dict[Ref, Ends] = field(default_factory=dict)
    head: int = 0

    def node(self, ref: Ref) -> Node | None:
        """The node, or ``None``."""
        return self.nodes.get(ref.kind, {}).get(ref.id)
