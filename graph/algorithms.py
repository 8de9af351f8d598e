"""Graph algorithms on the part of the graph a question needs; pure, on networkx."""

from collections.abc import Callable, Collection, Iterable

import networkx as nx

from graph.model.element import Edge, Node, Ref

Step = Callable[[Collection[Ref]], Iterable[tuple[Edge, Node]]]


def gather(roots: Iterable[Node], step: Step, hops: int) -> "nx.MultiDiGraph[Ref]":
    """Grow a part of the graph from ``roots``: ``hops`` times one step over all new nodes.

    ``step`` gives the edges at some nodes (either way) with the node at the other end. Edges
    between two nodes of the outermost ring are not read, since they lie behind ``hops`` steps.
    """
    g: nx.MultiDiGraph[Ref] = nx.MultiDiGraph()
    for node in roots:
        g.add_node(node.ref, node=node)
    ring = list(g)
    for _ in range(hops):
        found: dict[Ref, None] = {}
        for edge, node in step(ring):
            if node.ref not in g:
                g.add_node(node.ref, node=node)
                found[node.ref] = None
            g.add_edge(edge.source, edge.target, key=edge.kind, edge=edge)
        ring = list(found)
        if not ring:
            break
    return g
