"""Writing to SQLite, within one transaction."""

import sqlite3
from collections.abc import Collection, Sequence

from graph.backends import dialect
from graph.backends.embedded_view import EmbeddedView, meta_value
from graph.backends.faults import translated
from graph.backends.migrations import lookup_rows, place_rows
from graph.backends.props import checksum, decode_props, encode_props
from graph.backends.scope import openness
from graph.model.element import Edge, EdgeKind, Node, Ref
from graph.store import ChangeAction
from graph.validate import check_edges, check_nodes, dangling

_FLUSH = 2000
# 一度の書き込みがどれほど大きくても、覚えておく行番号は増え続けない。
_KNOWN = 200_000

ChangeRow = tuple[int, str, str, str, str, str | None, str | None, str | None]


class EmbeddedWriter:
    """A Writer over one connection that holds the write transaction."""

    def __init__(self, db: sqlite3.Connection, where: str, at: str) -> None:
        self._db = db
        self._where = where
        self._at = at
        self._view = EmbeddedView(db, public=False, where=where)
        self._head = self._first = meta_value(db, "head")
        self._next_rid = int(db.execute(dialect.NEXT_RID).fetchone()[0])
        self._rids: dict[Ref, int] = {}
        self._changes: list[ChangeRow] = []

    def get(self, ref: Ref) -> Node | None:
        """See Writer."""
        return self._view.get(ref)

    def put(self, nodes: Collection[Node]) -> None:
        """See Writer."""
        check_nodes(nodes)
        with translated(self._where):
            for node in nodes:
                self._put(node)

    def link(self, edges: Collection[Edge]) -> None:
        """See Writer."""
        check_edges(edges)
        with translated(self._where):
            for edge, source, target in self._ends(edges):
                text = encode_props(edge.props)
                total = checksum(edge.kind, str(source), str(target), text)
                row = (edge.kind, source, target, text, total)
                if self._db.execute(dialect.PUT_EDGE, row).rowcount:
                    self._note(ChangeAction.LINK, edge.source, edge.kind, edge.target)

    def unlink(self, edges: Collection[Edge]) -> None:
        """See Writer."""
        with translated(self._where):
            for edge in edges:
                row = (edge.kind, self._rid(edge.source), self._rid(edge.target))
                if None not in row and self._db.execute(dialect.DELETE_EDGE, row).rowcount:
                    self._note(ChangeAction.UNLINK, edge.source, edge.kind, edge.target)

    def delete(self, refs: Collection[Ref]) -> None:
        """See Writer."""
        with translated(self._where):
            for ref in refs:
                rid = self._rid(ref)
                if rid is not None:
                    self._delete(ref, rid)

    def finish(self, actor: str) -> None:
        """Write the rest of the feed and its new head, in the same transaction."""
        self._flush()
        if self._head > self._first:
            self._db.execute(dialect.SET_META, ("head", self._head))
            span = (self._first + 1, self._head, self._at, actor)
            self._db.execute(dialect.INSERT_WRITE, span)

    def _put(self, node: Node) -> None:
        text = encode_props(node.props)
        total = checksum(node.kind, node.id, text)
        open_to = int(openness(node.kind, node.props))
        row = self._db.execute(dialect.NODE_ROW, (node.kind, node.id)).fetchone()
        if row is None:
            self._next_rid += 1
            rid = self._next_rid
            self._db.execute(dialect.INSERT_NODE, (rid, node.kind, node.id, text, open_to, total))
        elif row[1] == text:
            return
        else:
            rid = row[0]
            self._db.execute(dialect.UPDATE_NODE, (text, open_to, total, rid))
            self._clear_derived(rid, node.ref, row[1])
        self._rids[node.ref] = rid
        self._db.executemany(dialect.INSERT_LOOKUP, lookup_rows(rid, node))
        self._db.executemany(dialect.INSERT_PLACE, place_rows(rid, node))
        self._note(ChangeAction.PUT, node.ref)

    def _delete(self, ref: Ref, rid: int) -> None:
        for row in self._db.execute(dialect.EDGES_AT, (rid,)).fetchall():
            kind, source, target, sk, si, tk, ti = row
            self._db.execute(dialect.DELETE_EDGE, (kind, source, target))
            ends = Ref(type(ref.kind)(sk), si), Ref(type(ref.kind)(tk), ti)
            self._note(ChangeAction.UNLINK, ends[0], EdgeKind(kind), ends[1])
        text = self._db.execute(dialect.NODE_ROW, (ref.kind, ref.id)).fetchone()[1]
        self._clear_derived(rid, ref, text)
        self._db.execute(dialect.DELETE_NODE, (rid,))
        self._rids.pop(ref, None)
        self._note(ChangeAction.DELETE, ref)

    def _clear_derived(self, rid: int, ref: Ref, text: str) -> None:
        before = Node(kind=ref.kind, id=ref.id, props=decode_props(text))
        self._db.executemany(dialect.DELETE_LOOKUP, lookup_rows(rid, before))
        self._db.execute(dialect.DELETE_PLACE, (rid,))

    def _rid(self, ref: Ref) -> int | None:
        rid = self._rids.get(ref)
        if rid is None:
            if len(self._rids) > _KNOWN:
                self._rids.clear()
            row = self._db.execute(dialect.NODE_RID, (ref.kind, ref.id)).fetchone()
            if row is not None:
                rid = self._rids[ref] = int(row[0])
        return rid

    def _ends(self, edges: Collection[Edge]) -> Sequence[tuple[Edge, int, int]]:
        found: list[tuple[Edge, int, int]] = []
        bad: list[Edge] = []
        for edge in edges:
            source, target = self._rid(edge.source), self._rid(edge.target)
            if source is None or target is None:
                bad.append(edge)
            else:
                found.append((edge, source, target))
        if bad:
            raise dangling(bad)
        return found

    def _note(
        self,
        action: ChangeAction,
        source: Ref,
        edge: EdgeKind | None = None,
        target: Ref | None = None,
    ) -> None:
        self._head += 1
        far = (None, None) if target is None else (target.kind, target.id)
        self._changes.append((self._head, self._at, action, source.kind, source.id, edge, *far))
        if len(self._changes) >= _FLUSH:
            self._flush()

    def _flush(self) -> None:
        self._db.executemany(dialect.INSERT_CHANGE, self._changes)
        self._changes.clear()
