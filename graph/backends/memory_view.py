"""Reading from memory."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice

import networkx as nx

from graph.algorithms import gather
from graph.backends.links import merged_links, reached
from graph.backends.lookups import POINT_PROP, point_of
from graph.backends.memory_state import State
from graph.backends.nearness import metres_between
from graph.backends.props import encode_value
from graph.backends.scope import Openness, openness
from graph.model.element import Edge, EdgeKind, Node, NodeKind, Ref
from graph.model.values import Point, Scalar
from graph.store import Direction, Link, Reached


class MemoryView:
    """A View over a state that nobody changes."""

    def __init__(self, state: State, *, public: bool) -> None:
        self._state = state
        self._public = public

    def head(self) -> int:
        """See View."""
        return self._state.head

    def get(self, ref: Ref) -> Node | None:
        """See View."""
        node = self._state.node(ref)
        return node if node is not None and self._sees(node) else None

    def get_many(self, kind: NodeKind, ids: Collection[str]) -> Iterator[Node]:
        """See View."""
        for key in sorted(set(ids)):
            node = self.get(Ref(kind, key))
            if node is not None:
                yield node

    def present(self, kind: NodeKind, ids: Collection[str]) -> set[str]:
        """See View."""
        return {key for key in ids if self.get(Ref(kind, key)) is not None}

    def nodes(self, kind: NodeKind, *, after: str | None = None) -> Iterator[Node]:
        """See View."""
        found = self._state.nodes.get(kind, {})
        for key in sorted(found):
            if (after is None or key > after) and self._sees(found[key]):
                yield found[key]

    def id_at(self, kind: NodeKind, place: int) -> str | None:
        """See View."""
        return next((node.id for node in islice(self.nodes(kind), place, None)), None)

    def edges(self, kind: EdgeKind) -> Iterator[Edge]:
        """See View."""
        found = self._state.edges.get(kind, {})
        for key in sorted(found):
            if self._sees_edge(found[key]):
                yield found[key]

    def links(
        self, source: NodeKind, kinds: Collection[EdgeKind], *, after: str | None = None
    ) -> Iterator[tuple[str, Sequence[Link]]]:
        """See View."""
        return merged_links(self.edges, source, kinds, after or "")

    def find(self, kind: NodeKind, prop: str, value: Scalar) -> Iterator[Node]:
        """See View."""
        wanted = encode_value(value)
        for node in self.nodes(kind):
            if prop in node.props and encode_value(node.props[prop]) == wanted:
                yield node

    def neighbours(
        self,
        refs: Collection[Ref],
        kinds: Collection[EdgeKind],
        direction: Direction = Direction.OUT,
    ) -> Iterator[tuple[Edge, Node]]:
        """See View."""
        found = [
            (edge.key, far, edge)
            for ref in set(refs)
            for edge, far in self._at(ref, frozenset(kinds), direction)
        ]
        for _, far, edge in sorted(found, key=lambda item: item[:2]):
            node = self.get(far)
            if node is not None:
                yield edge, node

    def reached(
        self,
        kind: NodeKind,
        ids: Collection[str],
        edges: Collection[EdgeKind],
        *,
        inward: bool = False,
        whole: Collection[EdgeKind] = (),
    ) -> Reached:
        """See View."""
        return reached(self, kind, ids, edges, inward=inward, whole=whole)

    def near(self, kind: NodeKind, centre: Point, radius_m: float) -> Iterator[tuple[float, Node]]:
        """See View."""
        found = []
        for node in self.nodes(kind):
            point = point_of(node.props.get(POINT_PROP))
            if point is not None and (metres := metres_between(centre, point)) <= radius_m:
                found.append((metres, node.id, node))
        for metres, _, node in sorted(found, key=lambda item: item[:2]):
            yield metres, node

    def counts(self) -> Mapping[NodeKind, int]:
        """See View."""
        return Counter(
            kind
            for kind in sorted(self._state.nodes)
            for node in self._state.nodes[kind].values()
            if self._sees(node)
        )

    def subgraph(
        self, roots: Collection[Ref], kinds: Collection[EdgeKind], hops: int
    ) -> "nx.MultiDiGraph[Ref]":
        """See View."""
        nodes = (node for ref in sorted(set(roots)) if (node := self.get(ref)) is not None)
        return gather(nodes, lambda refs: self.neighbours(refs, kinds, Direction.BOTH), hops)

    def _at(
        self, ref: Ref, kinds: frozenset[EdgeKind], direction: Direction
    ) -> Iterator[tuple[Edge, Ref]]:
        for edge in self._state.at.get(ref, {}).values():
            if edge.kind not in kinds or not self._sees_edge(edge):
                continue
            if edge.source == ref and direction is not Direction.IN:
                yield edge, edge.target
                # 自分自身に戻るつながりは、両向きに読んでも一度だけ。
                if direction is Direction.BOTH and edge.source == edge.target:
                    continue
            if edge.target == ref and direction is not Direction.OUT:
                yield edge, edge.source

    def _sees(self, node: Node) -> bool:
        if not self._public:
            return True
        open_to = openness(node.kind, node.props)
        if open_to is not Openness.UNLESS_HIDDEN:
            return open_to is Openness.OPEN
        at = self._state.at.get(node.ref, {})
        return not any(kind is EdgeKind.HIDDEN_AT for kind, _, _ in at)

    def _sees_edge(self, edge: Edge) -> bool:
        if not self._public:
            return True
        return edge.kind is not EdgeKind.HIDDEN_AT and all(
            self.get(ref) is not None for ref in (edge.source, edge.target)
        )
