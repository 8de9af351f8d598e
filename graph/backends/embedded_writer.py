"""Writing to SQLite, within one transaction."""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar

from graph.backends import dialect
from graph.backends.embedded_view import EmbeddedView, meta_value
from graph.backends.faults import translated
from graph.backends.migrations import lookup_rows, place_rows
from graph.backends.props import checksum, decode_props, encode_props
from graph.backends.scope import openness
from graph.model.element import Edge, EdgeKind, Node, NodeKind, Ref
from graph.store import ChangeAction
from graph.validate import check_edges, check_nodes, dangling

T = TypeVar("T")
#: Source, kind and target of an edge, the ends as row numbers.
EdgeRow = tuple[int, EdgeKind, int]
#: A node with its row number and the text of its properties.
Written = tuple[int, Node, str]

_FLUSH = 2000
#: So many records are looked up in one statement.
_TOGETHER = 500
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
            for part in _parts(nodes):
                self._put({node.ref: node for node in part})

    def link(self, edges: Collection[Edge]) -> None:
        """See Writer."""
        check_edges(edges)
        with translated(self._where):
            ends = self._ends(edges)
            for part in _parts(ends):
                self._link({(source, e.kind, target): e for e, source, target in part})

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

    def _put(self, nodes: Mapping[Ref, Node]) -> None:
        known = self._node_rows(nodes)
        new: list[Written] = []
        changed: list[Written] = []
        for ref, node in nodes.items():
            text = encode_props(node.props)
            if ref not in known:
                self._next_rid += 1
                new.append((self._next_rid, node, text))
            elif known[ref][1] != text:
                changed.append((known[ref][0], node, text))
        rows = [(rid, node.kind, node.id, *_kept(node, text)) for rid, node, text in new]
        self._db.executemany(dialect.INSERT_NODE, rows)
        for rid, node, text in changed:
            self._db.execute(dialect.UPDATE_NODE, (*_kept(node, text), rid))
            self._clear_derived(rid, node.ref, known[node.ref][1])
        self._derive([*new, *changed])
        self._remember({node.ref: rid for rid, node, _ in new})
        written = {node.ref for _, node, _ in (*new, *changed)}
        for ref in nodes:
            if ref in written:
                self._note(ChangeAction.PUT, ref)

    def _derive(self, written: Collection[Written]) -> None:
        """Make the entries of the indexes."""
        lookups = [row for rid, node, _ in written for row in lookup_rows(rid, node)]
        self._db.executemany(dialect.INSERT_LOOKUP, lookups)
        places = [row for rid, node, _ in written for row in place_rows(rid, node)]
        self._db.executemany(dialect.INSERT_PLACE, places)

    def _link(self, edges: Mapping[EdgeRow, Edge]) -> None:
        marks = [part for key in edges for part in key]
        found = self._db.execute(dialect.edge_rows_sql(len(edges)), marks)
        known = {(source, kind, target): text for source, kind, target, text in found}
        rows = []
        for key, edge in edges.items():
            text = encode_props(edge.props)
            if known.get(key) != text:
                source, kind, target = key
                total = checksum(kind, str(source), str(target), text)
                rows.append((kind, source, target, text, total))
                self._note(ChangeAction.LINK, edge.source, edge.kind, edge.target)
        self._db.executemany(dialect.PUT_EDGE, rows)

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
        return self._learn([ref]).get(ref)

    def _learn(self, refs: Iterable[Ref]) -> Mapping[Ref, int]:
        """Row numbers; those not known yet are looked up together."""
        known: dict[Ref, int] = {}
        missing: set[Ref] = set()
        for ref in refs:
            rid = self._rids.get(ref)
            if rid is None:
                missing.add(ref)
            else:
                known[ref] = rid
        if missing:
            found = {ref: row[0] for ref, row in self._node_rows(missing).items()}
            self._remember(found)
            known.update(found)
        return known

    def _remember(self, rids: Mapping[Ref, int]) -> None:
        if len(self._rids) > _KNOWN:
            self._rids.clear()
        self._rids.update(rids)

    def _node_rows(self, refs: Iterable[Ref]) -> dict[Ref, tuple[int, str]]:
        """Row number and properties of those nodes that exist."""
        ids: dict[NodeKind, list[str]] = defaultdict(list)
        for ref in refs:
            ids[ref.kind].append(ref.id)
        found: dict[Ref, tuple[int, str]] = {}
        for kind, keys in ids.items():
            for part in _parts(keys):
                rows = self._db.execute(dialect.node_rows_sql(len(part)), (kind, *part))
                found.update((Ref(kind, key), (rid, text)) for key, rid, text in rows)
        return found

    def _ends(self, edges: Collection[Edge]) -> Sequence[tuple[Edge, int, int]]:
        found: list[tuple[Edge, int, int]] = []
        bad: list[Edge] = []
        for part in _parts(edges):
            rids = self._learn(ref for edge in part for ref in (edge.source, edge.target))
            for edge in part:
                source, target = rids.get(edge.source), rids.get(edge.target)
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


def _kept(node: Node, text: str) -> tuple[str, int, int]:
    """What a row keeps of a node beside its key: properties, visibility, checksum."""
    return text, int(openness(node.kind, node.props)), checksum(node.kind, node.id, text)


def _parts(items: Iterable[T]) -> Iterator[list[T]]:
    stream = iter(items)
    while part := list(islice(stream, _TOGETHER)):
        yield part
