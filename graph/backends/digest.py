"""A digest of a whole graph that doesn't depend on the order in which it is read."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from graph.backends.bulk import all_edges, all_nodes
from graph.backends.props import encode_props
from graph.model.element import Edge, Node
from graph.store import View

_MASK = (1 << 256) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphDigest:
    """Equal for two graphs when every node and edge is equal, types included."""

    nodes: int
    edges: int
    value: str


class Digester:
    """Adds up SHA-256 of each node and edge (a sum, not XOR: pairs do not cancel out)."""

    def __init__(self) -> None:
        self._nodes = 0
        self._edges = 0
        self._sum = 0

    def node(self, node: Node) -> None:
        """Count a node."""
        self._nodes += 1
        self._add(("n", node.kind, node.id, encode_props(node.props)))

    def edge(self, edge: Edge) -> None:
        """Count an edge."""
        self._edges += 1
        s, t = edge.source, edge.target
        self._add(("e", edge.kind, s.kind, s.id, t.kind, t.id, encode_props(edge.props)))

    def result(self) -> GraphDigest:
        """What has been counted."""
        return GraphDigest(nodes=self._nodes, edges=self._edges, value=f"{self._sum:064x}")

    def _add(self, parts: Iterable[str]) -> None:
        # 長さを前に置き、区切りの文字が中に現れても別のものと混ざらないようにする。
        text = "".join(f"{len(part)}:{part}" for part in parts)
        number = int.from_bytes(sha256(text.encode()).digest(), "big")
        self._sum = (self._sum + number) & _MASK


def digest_of(view: View) -> GraphDigest:
    """Read everything and give its digest."""
    digester = Digester()
    for node in all_nodes(view):
        digester.node(node)
    for edge in all_edges(view):
        digester.edge(edge)
    return digester.result()
