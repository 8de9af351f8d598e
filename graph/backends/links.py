"""What a node leads to, edge by edge, for the backends that read edges kind by kind."""

import heapq
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from graph.model.element import EDGE_ENDS, Edge, EdgeKind, Node, NodeKind
from graph.store import Link, View


def linking(source: NodeKind, kinds: Collection[EdgeKind]) -> Sequence[EdgeKind]:
    """The kinds once each, in order; those that can't leave a ``source`` are left out.

    Raises ValueError for a kind whose targets may be of several kinds: an id alone would not
    tell them apart.
    """
    for kind in kinds:
        if len(EDGE_ENDS[kind][1]) > 1:
            raise ValueError(f"「{kind}」の行き先は一種類ではないので、IDだけでは読めません。")
    return sorted(kind for kind in set(kinds) if source in EDGE_ENDS[kind][0])


def merged_links(
    edges: Callable[[EdgeKind], Iterable[Edge]],
    source: NodeKind,
    kinds: Collection[EdgeKind],
    after: str,
) -> Iterator[tuple[str, Sequence[Link]]]:
    """``View.links`` out of the ordered edges of each kind, read side by side."""
    streams = (_ends(edges(kind), source, after) for kind in linking(source, kinds))
    for key, found in groupby(heapq.merge(*streams), key=itemgetter(0)):
        yield key, [(kind, target) for _, kind, target in found]


def _ends(
    edges: Iterable[Edge], source: NodeKind, after: str
) -> Iterator[tuple[str, EdgeKind, str]]:
    for edge in edges:
        if edge.source.kind is source and edge.source.id > after:
            yield edge.source.id, edge.kind, edge.target.id


def joined(
    view: View, kind: NodeKind, ids: Collection[str], edges: Collection[EdgeKind]
) -> Iterator[tuple[Node, Sequence[tuple[EdgeKind, Node]]]]:
    """``View.joined`` out of the nodes and their neighbours."""
    leads: dict[str, list[tuple[EdgeKind, Node]]] = {}
    nodes = list(view.get_many(kind, ids))
    for edge, node in view.neighbours([node.ref for node in nodes], edges):
        leads.setdefault(edge.source.id, []).append((edge.kind, node))
    for node in nodes:
        yield node, leads.get(node.id, ())
