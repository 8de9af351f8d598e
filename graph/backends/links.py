"""What a node leads to, edge by edge, for the backends that read edges kind by kind."""

import heapq
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from graph.model.element import EDGE_ENDS, Edge, EdgeKind, Node, NodeKind, Ref
from graph.store import Direction, Link, Reached, View


def linking(source: NodeKind, kinds: Collection[EdgeKind]) -> Sequence[EdgeKind]:
    """The kinds once each, in order; those that can't leave a ``source`` are left out.

    Raises ValueError as :func:`one_sided`.
    """
    return [kind for kind in one_sided(kinds, inward=False) if source in EDGE_ENDS[kind][0]]


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


def reached(
    view: View,
    kind: NodeKind,
    ids: Collection[str],
    edges: Collection[EdgeKind],
    *,
    inward: bool,
    whole: Collection[EdgeKind],
) -> Reached:
    """``View.reached`` out of the neighbours."""
    names = one_sided(edges, inward=inward)
    direction = Direction.IN if inward else Direction.OUT
    found: dict[str, dict[EdgeKind, list[str]]] = {}
    nodes: dict[NodeKind, dict[str, Node]] = {}
    for edge, node in view.neighbours([Ref(kind, key) for key in ids], names, direction):
        near = edge.target if inward else edge.source
        found.setdefault(near.id, {}).setdefault(edge.kind, []).append(node.id)
        if edge.kind in whole:
            nodes.setdefault(node.kind, {})[node.id] = node
    return Reached(found, nodes)


def one_sided(kinds: Collection[EdgeKind], *, inward: bool) -> Sequence[EdgeKind]:
    """The kinds once each, in order.

    Raises ValueError for a kind whose other ends may be of several kinds: an id alone would not
    tell them apart.
    """
    for kind in kinds:
        if len(EDGE_ENDS[kind][0 if inward else 1]) > 1:
            end = "出どころ" if inward else "行き先"
            raise ValueError(f"「{kind}」の{end}は一種類ではないので、IDだけでは読めません。")
    return sorted(set(kinds))
