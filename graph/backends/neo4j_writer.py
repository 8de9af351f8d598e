"""Writing to a Bolt server: collected here, sent in one managed transaction at the end."""

from collections.abc import Collection

from graph.backends.neo4j_commit import Commit, current_texts, node_of
from graph.backends.pending import Pending
from graph.backends.server import Server
from graph.model.element import Edge, Node, Ref
from graph.validate import check_edges, check_nodes, dangling


class Neo4jWriter:
    """A Writer whose whole effect is one repeatable unit of work."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._pending = Pending()

    def get(self, ref: Ref) -> Node | None:
        """See Writer."""
        if self._pending.knows(ref):
            return self._pending.get(ref)
        if ref not in self._pending.read:
            self._pending.read[ref] = self._texts([ref]).get(ref)
        text = self._pending.read[ref]
        return None if text is None else node_of(ref, text)

    def put(self, nodes: Collection[Node]) -> None:
        """See Writer."""
        check_nodes(nodes)
        self._pending.put(nodes)

    def link(self, edges: Collection[Edge]) -> None:
        """See Writer."""
        check_edges(edges)
        ends = {ref for edge in edges for ref in (edge.source, edge.target)}
        asked = [ref for ref in ends if not self._pending.knows(ref)]
        there = self._texts(asked).keys() | self._pending.nodes.keys()
        bad = [edge for edge in edges if edge.source not in there or edge.target not in there]
        if bad:
            raise dangling(bad)
        self._pending.link(edges)

    def unlink(self, edges: Collection[Edge]) -> None:
        """See Writer."""
        self._pending.unlink(edges)

    def delete(self, refs: Collection[Ref]) -> None:
        """See Writer."""
        self._pending.delete(refs)

    def finish(self, token: str, at: str, actor: str) -> None:
        """Send everything; comes back when it is committed."""
        if self._pending:
            self._server.write(lambda tx: Commit(tx, self._pending, token, at, actor).run())

    def _texts(self, refs: Collection[Ref]) -> dict[Ref, str]:
        if not refs:
            return {}
        return self._server.read(lambda tx: current_texts(tx, refs))
