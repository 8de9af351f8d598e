"""Writing to memory: on copies of what is touched, taken over whole at the end."""

from collections.abc import Collection
from datetime import datetime

from graph.backends.memory_state import EdgeKey, State
from graph.backends.props import decode_props, encode_props
from graph.model.element import Edge, EdgeKind, Node, NodeKind, Ref
from graph.store import Change, ChangeAction
from graph.validate import check_edges, check_nodes, dangling


class MemoryWriter:
    """A Writer that leaves the given state as it is."""

    def __init__(self, state: State, at: datetime) -> None:
        self._state = State(dict(state.nodes), dict(state.edges), dict(state.at), state.head)
        self._at = at
        self._own_nodes: set[NodeKind] = set()
        self._own_edges: set[EdgeKind] = set()
        self._own_ends: set[Ref] = set()
        self.changes: list[Change] = []

    def finish(self) -> State:
        """The state with everything written."""
        return self._state

    def get(self, ref: Ref) -> Node | None:
        """See Writer."""
        return self._state.node(ref)

    def put(self, nodes: Collection[Node]) -> None:
        """See Writer."""
        check_nodes(nodes)
        for node in nodes:
            text = encode_props(node.props)
            before = self._state.node(node.ref)
            if before is None or encode_props(before.props) != text:
                # 渡された辞書をあとで書き換えられても、ストアは変わらない。
                kept = Node(kind=node.kind, id=node.id, props=decode_props(text))
                self._nodes(node.kind)[node.id] = kept
                self._note(ChangeAction.PUT, node.ref)

    def link(self, edges: Collection[Edge]) -> None:
        """See Writer."""
        check_edges(edges)
        bad = [
            edge
            for edge in edges
            if self._state.node(edge.source) is None or self._state.node(edge.target) is None
        ]
        if bad:
            raise dangling(bad)
        for edge in edges:
            self._link(edge)

    def unlink(self, edges: Collection[Edge]) -> None:
        """See Writer."""
        for edge in edges:
            self._unlink(edge.key)

    def delete(self, refs: Collection[Ref]) -> None:
        """See Writer."""
        for ref in refs:
            if self._state.node(ref) is None:
                continue
            for key in sorted(self._state.at.get(ref, {})):
                self._unlink(key)
            del self._nodes(ref.kind)[ref.id]
            if not self._state.nodes[ref.kind]:
                del self._state.nodes[ref.kind]
                self._own_nodes.discard(ref.kind)
            self._note(ChangeAction.DELETE, ref)

    def _link(self, edge: Edge) -> None:
        text = encode_props(edge.props)
        before = self._state.edges.get(edge.kind, {}).get(edge.key)
        if before is not None and encode_props(before.props) == text:
            return
        kept = Edge(
            kind=edge.kind, source=edge.source, target=edge.target, props=decode_props(text)
        )
        self._edges(edge.kind)[edge.key] = kept
        for ref in (edge.source, edge.target):
            self._ends(ref)[edge.key] = kept
        self._note(ChangeAction.LINK, edge.source, edge.kind, edge.target)

    def _unlink(self, key: EdgeKey) -> None:
        kind, source, target = key
        if key not in self._state.edges.get(kind, {}):
            return
        del self._edges(kind)[key]
        for ref in {source, target}:
            del self._ends(ref)[key]
        self._note(ChangeAction.UNLINK, source, kind, target)

    def _nodes(self, kind: NodeKind) -> dict[str, Node]:
        if kind not in self._own_nodes:
            self._state.nodes[kind] = dict(self._state.nodes.get(kind, {}))
            self._own_nodes.add(kind)
        return self._state.nodes[kind]

    def _edges(self, kind: EdgeKind) -> dict[EdgeKey, Edge]:
        if kind not in self._own_edges:
            self._state.edges[kind] = dict(self._state.edges.get(kind, {}))
            self._own_edges.add(kind)
        return self._state.edges[kind]

    def _ends(self, ref: Ref) -> dict[EdgeKey, Edge]:
        if ref not in self._own_ends:
            self._state.at[ref] = dict(self._state.at.get(ref, {}))
            self._own_ends.add(ref)
        return self._state.at[ref]

    def _note(
        self,
        action: ChangeAction,
        source: Ref,
        edge: EdgeKind | None = None,
        target: Ref | None = None,
    ) -> None:
        self._state.head += 1
        change = Change(
            seq=self._state.head,
            at=self._at,
            action=action,
            source=source,
            edge=edge,
            target=target,
        )
        self.changes.append(change)
