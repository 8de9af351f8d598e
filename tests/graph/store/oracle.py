"""A second, simple idea of the same graph, on networkx: what every backend must agree with."""

from collections.abc import Collection, Iterable, Iterator

import networkx as nx

from graph.model.element import Edge, EdgeKind, Node, NodeKind, Ref
from graph.store import Direction


class Oracle:
    """Nodes and edges in a networkx multigraph; edge keys are kinds."""

    def __init__(self) -> None:
        self.g: nx.MultiDiGraph[Ref] = nx.MultiDiGraph()

    def put(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            self.g.add_node(node.ref, node=node)

    def link(self, edges: Iterable[Edge]) -> None:
        for edge in edges:
            assert edge.source in self.g
            assert edge.target in self.g
            self.g.add_edge(edge.source, edge.target, key=edge.kind, edge=edge)

    def unlink(self, edges: Iterable[Edge]) -> None:
        for edge in edges:
            if self.g.has_edge(edge.source, edge.target, key=edge.kind):
                self.g.remove_edge(edge.source, edge.target, key=edge.kind)

    def delete(self, refs: Iterable[Ref]) -> None:
        self.g.remove_nodes_from(refs)

    def nodes(self, kind: NodeKind) -> list[Node]:
        return [self.g.nodes[ref]["node"] for ref in sorted(self.g) if ref.kind is kind]

    def edges(self, kind: EdgeKind) -> list[Edge]:
        keys = sorted(key for key in self.g.edges(keys=True) if key[2] is kind)
        return [self.g.edges[key]["edge"] for key in keys]

    def neighbours(
        self, refs: Collection[Ref], kinds: Collection[EdgeKind], direction: Direction
    ) -> list[tuple[Edge, Node]]:
        found = {}
        for ref in refs:
            for edge, far in self._at(ref, direction):
                if edge.kind in kinds:
                    found[edge.key, far] = (edge, self.g.nodes[far]["node"])
        return [found[key] for key in sorted(found)]

    def subgraph(
        self, roots: Collection[Ref], kinds: Collection[EdgeKind], hops: int
    ) -> tuple[set[Ref], set[tuple[Ref, Ref, EdgeKind]]]:
        """Nodes within so many edges; edges at any node that is nearer than the outermost."""
        part: nx.Graph[Ref] = nx.Graph()
        part.add_nodes_from(self.g)
        part.add_edges_from((a, b) for a, b, kind in self.g.edges(keys=True) if kind in kinds)
        far: dict[Ref, int] = {}
        for root in roots:
            if root in part:
                for ref, steps in nx.single_source_shortest_path_length(part, root).items():
                    far[ref] = min(steps, far.get(ref, steps))
        edges = {
            (a, b, kind)
            for a, b, kind in self.g.edges(keys=True)
            if kind in kinds and min(far.get(a, hops), far.get(b, hops)) < hops
        }
        return {ref for ref, steps in far.items() if steps <= hops}, edges

    def _at(self, ref: Ref, direction: Direction) -> Iterator[tuple[Edge, Ref]]:
        if ref not in self.g:
            return
        if direction is not Direction.IN:
            for key in self.g.out_edges(ref, keys=True):
                yield self.g.edges[key]["edge"], key[1]
        if direction is not Direction.OUT:
            for key in self.g.in_edges(ref, keys=True):
                yield self.g.edges[key]["edge"], key[0]
