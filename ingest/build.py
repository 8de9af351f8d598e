"""What a row becomes: nodes, edges and what could not be understood."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from graph.model.codec import Record, to_node
from graph.model.element import Edge, EdgeKind, Node, NodeKind, Ref
from graph.text import normalise
from ingest.records import stable_id

#: 関係の名乗り手。組み直すとき、自分が張った線だけを張り替える。
BY = "by"


@dataclass(slots=True)
class Built:
    """The parts of the graph that follow from one thing's source records.

    ``nodes[0]`` is the thing itself; ``shared`` are nodes that others may use as well and that
    are only filled up, never overwritten (organisations, departments).
    """

    ref: Ref
    nodes: list[Node] = field(default_factory=list)
    shared: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def link(self, kind: EdgeKind, target: Ref) -> None:
        """Add an edge from the thing to a target."""
        self.edges.append(Edge(kind=kind, source=self.ref, target=target, props={BY: self.ref.id}))

    def put(self, record: Record) -> Ref:
        """Add a node of its own; gives its key."""
        node = to_node(record)
        self.nodes.append(node)
        return node.ref

    def share(self, record: Record) -> Ref:
        """Add a node that others use as well; gives its key."""
        node = to_node(record)
        self.shared.append(node)
        return node.ref

    def warn(self, codes: Iterable[str]) -> None:
        """Count what could not be understood."""
        self.warnings.extend(codes)


def department_id(name: str) -> str:
    """Id of a 所管課 by its name."""
    return stable_id("department", normalise(name))


def organization_id(name: str, legal_entity_number: str | None) -> str:
    """Id of an organisation: by 法人番号 where there is one, else by its name."""
    if legal_entity_number:
        return stable_id("jcn", legal_entity_number)
    return stable_id("organization", normalise(name))


def filled_up(held: Node, offered: Node) -> Node:
    """A shared node with what it did not know yet; what it knows stays."""
    return Node(kind=held.kind, id=held.id, props={**offered.props, **held.props})


def ref(kind: NodeKind, key: str) -> Ref:
    """A key; short for the builders."""
    return Ref(kind, key)
