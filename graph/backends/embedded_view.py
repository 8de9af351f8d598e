"""Reading from SQLite, within one snapshot."""

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from zlib import crc32

import networkx as nx

from graph.algorithms import gather
from graph.backends import dialect
from graph.backends.embedded_ends import KINDS, Ends, node_of
from graph.backends.faults import damaged, translated
from graph.backends.links import linking, one_sided
from graph.backends.lookups import indexed_text
from graph.backends.nearness import band_range, longitude_ranges, metres_between
from graph.backends.props import decode_props, encode_value
from graph.model.element import EDGE_ENDS, Edge, EdgeKind, Node, NodeKind, Ref
from graph.model.values import Point, Scalar
from graph.store import Direction, Link, Reached

_PAGE = 2000


class EmbeddedView:
    """A View over one connection that holds a read transaction."""

    def __init__(self, db: sqlite3.Connection, *, public: bool, where: str) -> None:
        self._db = db
        self._public = public
        self._where = where
        self._open: set[sqlite3.Cursor] = set()
        self._ends = Ends(self._rows, where)

    def close(self) -> None:
        """End what is still being read, so that the connection's next user sees news."""
        for cursor in tuple(self._open):
            cursor.close()

    def head(self) -> int:
        """See View."""
        return meta_value(self._db, "head")

    def get(self, ref: Ref) -> Node | None:
        """See View."""
        rows = self._rows(dialect.GET_NODE, (ref.kind, ref.id))
        return next((self._node(ref.kind, *row) for row in rows), None)

    def get_many(self, kind: NodeKind, ids: Collection[str]) -> Iterator[Node]:
        """See View."""
        return self._ends.nodes(kind, ids)

    def present(self, kind: NodeKind, ids: Collection[str]) -> set[str]:
        """See View."""
        return self._ends.present(kind, ids)

    def nodes(self, kind: NodeKind, *, after: str | None = None) -> Iterator[Node]:
        """See View."""
        for row in self._rows(dialect.NODES_AFTER, (kind, after or "")):
            yield self._node(kind, *row)

    def id_at(self, kind: NodeKind, place: int) -> str | None:
        """See View."""
        return next((row[0] for row in self._rows(dialect.ID_AT, (kind, place))), None)

    def edges(self, kind: EdgeKind) -> Iterator[Edge]:
        """See View."""
        for source_kind in sorted(EDGE_ENDS[kind][0]) if self._sees(kind) else ():
            yield from self._edges_from(kind, source_kind)

    def links(
        self, source: NodeKind, kinds: Collection[EdgeKind], *, after: str | None = None
    ) -> Iterator[tuple[str, Sequence[Link]]]:
        """See View."""
        wanted = {str(kind): kind for kind in linking(source, kinds) if self._sees(kind)}
        return self._links_from(source, wanted, after or "")

    def find(self, kind: NodeKind, prop: str, value: Scalar) -> Iterator[Node]:
        """See View."""
        text = indexed_text(kind, prop, value)
        if text is not None:
            for row in self._rows(dialect.FIND_INDEXED, (kind, prop, text)):
                yield self._node(kind, *row)
            return
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
        names = sorted(kind for kind in set(kinds) if self._sees(kind))
        return self._ends.neighbours(refs, names, direction)

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
        names = [name for name in one_sided(edges, inward=inward) if self._sees(name)]
        return self._ends.reached(kind, ids, names, inward=inward, whole=whole)

    def near(self, kind: NodeKind, centre: Point, radius_m: float) -> Iterator[tuple[float, Node]]:
        """See View."""
        found: dict[str, tuple[float, str, Node]] = {}
        for lat, lon, key, text, total in self._places(kind, centre, radius_m):
            metres = metres_between(centre, Point(lat, lon))
            if metres <= radius_m:
                found[key] = (metres, key, self._node(kind, key, text, total))
        for metres, _, node in sorted(found.values(), key=lambda item: item[:2]):
            yield metres, node

    def counts(self) -> Mapping[NodeKind, int]:
        """See View."""
        return {KINDS[kind]: count for kind, count in self._rows(dialect.COUNTS, ())}

    def subgraph(
        self, roots: Collection[Ref], kinds: Collection[EdgeKind], hops: int
    ) -> "nx.MultiDiGraph[Ref]":
        """See View."""
        nodes = (node for ref in sorted(set(roots)) if (node := self.get(ref)) is not None)
        return gather(nodes, lambda refs: self.neighbours(refs, kinds, Direction.BOTH), hops)

    def _sees(self, kind: EdgeKind) -> bool:
        # 公開の建物の中にある非公開の場もある。建物が見えても、そこにあることは見せない。
        return not (self._public and kind is EdgeKind.HIDDEN_AT)

    def _rows(self, sql: str, values: tuple[object, ...]) -> Iterator[tuple]:  # type: ignore[type-arg]
        with translated(self._where):
            cursor = self._db.execute(dialect.scoped(sql, public=self._public), values)
            cursor.arraysize = _PAGE
            self._open.add(cursor)
            try:
                while rows := cursor.fetchmany():
                    yield from rows
            finally:
                self._open.discard(cursor)
                cursor.close()

    def _node(self, kind: NodeKind, key: str, text: str, total: int) -> Node:
        return node_of(kind, key, text, total, self._where)

    def _edges_from(self, kind: EdgeKind, source_kind: NodeKind) -> Iterator[Edge]:
        source = Ref(source_kind, "")
        name = str(kind)
        for sid, target_kind, tid, text, total, s, t in self._rows(
            dialect.EDGES_IN_ORDER, (name, source_kind)
        ):
            if crc32(f"{name}\x1f{s}\x1f{t}\x1f{text}".encode()) != total:
                raise damaged(self._where, f"{sid} からのつながりが書いたときと違います")
            if sid != source.id:
                source = Ref(source_kind, sid)
            target = Ref(KINDS[target_kind], tid)
            yield Edge(kind=kind, source=source, target=target, props=decode_props(text))

    def _links_from(
        self, source: NodeKind, wanted: Mapping[str, EdgeKind], after: str
    ) -> Iterator[tuple[str, Sequence[Link]]]:
        at = ""
        found: list[Link] = []
        for sid, name, tid, text, total, s, t in self._rows(
            dialect.LINKS_IN_ORDER, (source, after)
        ):
            if crc32(f"{name}\x1f{s}\x1f{t}\x1f{text}".encode()) != total:
                raise damaged(self._where, f"{sid} からのつながりが書いたときと違います")
            if name in wanted:
                if sid != at:
                    if found:
                        yield at, sorted(found)
                    at, found = sid, []
                found.append((wanted[name], tid))
        if found:
            yield at, sorted(found)

    def _places(self, kind: NodeKind, centre: Point, radius_m: float) -> Iterator[tuple]:  # type: ignore[type-arg]
        bands = band_range(centre, radius_m)
        if bands is None:
            yield from self._rows(dialect.PLACES_ALL, (kind,))
            return
        for band in range(bands[0], bands[1] + 1):
            for west, east in longitude_ranges(centre, radius_m):
                yield from self._rows(dialect.PLACES_IN_BAND, (kind, band, west, east))


def meta_value(db: sqlite3.Connection, key: str) -> int:
    """A number of the store's own (``head``, ``floor``)."""
    row = db.execute(dialect.GET_META, (key,)).fetchone()
    return int(row[0]) if row else 0
