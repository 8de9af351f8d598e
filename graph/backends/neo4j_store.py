"""The store on a Neo4j server (Community is enough), or any server that speaks the same Bolt."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import uuid4

from graph.backends import cypher
from graph.backends.neo4j_commit import CHUNK, refuse_incomplete, take_turn
from graph.backends.neo4j_refill import Refill
from graph.backends.neo4j_view import Neo4jView
from graph.backends.neo4j_writer import Neo4jWriter
from graph.backends.server import Server, Transaction
from graph.backends.settings import StoreSettings
from graph.changes import feed_hole, feed_pruned
from graph.errors import InputError, StoreError, StoreVersionError
from graph.model.element import EDGE_ENDS, Edge, EdgeKind, Node, NodeKind, Ref
from graph.store import Change, ChangeAction, Scope, View, Writer

#: Version of the form on the server.
CURRENT = 1


class Neo4jStore:
    """A GraphStore over Bolt."""

    #: Pages are read one after another, so a reading isn't one moment's picture.
    snapshots = False

    def __init__(self, url: str, settings: StoreSettings, *, filling: bool = False) -> None:
        self._filling = filling
        #: A filling was begun and not ended; only another filling may go on.
        self.incomplete = False
        self._url = _checked(url)
        self._settings = settings
        self.server = Server(self._url, settings)
        try:
            self._prepare()
        except BaseException:
            self.server.close()
            raise

    @property
    def url(self) -> str:
        """As given; it never holds a password."""
        return self._url

    @contextmanager
    def read(self, scope: Scope = Scope.OFFICE) -> Iterator[View]:
        """See GraphStore and Neo4jView."""
        yield Neo4jView(self.server, self.head(), public=scope is Scope.PUBLIC)

    @contextmanager
    def write(self, *, actor: str) -> Iterator[Writer]:
        """Collects, and commits at the end in one transaction that may safely be repeated."""
        writer = Neo4jWriter(self.server)
        yield writer
        writer.finish(uuid4().hex, _text(self._settings.clock()), actor)

    def changes(self, after: int, limit: int = 1000) -> Sequence[Change]:
        """See GraphStore."""
        meta = self._meta()
        if after < meta["floor"]:
            raise feed_pruned(after, meta["floor"])
        rows = self.server.read(
            lambda tx: tx.rows(cypher.READ_CHANGES, low=after - CHUNK, high=after + limit)
        )
        found: list[Change] = []
        for row in rows:
            for change in _changes(row["first"], row["at"], row["entries"]):
                if change.seq == after + 1 + len(found) and len(found) < limit:
                    found.append(change)
        if not found and meta["head"] > after:
            raise feed_hole(after + 1)
        return found

    def head(self) -> int:
        """See GraphStore."""
        return self._meta()["head"]

    def floor(self) -> int:
        """See GraphStore."""
        return self._meta()["floor"]

    def floor_mark(self) -> tuple[int, str] | None:
        """See GraphStore."""
        row = self.server.read(lambda tx: tx.rows(cypher.READ_MARK))[0]
        known = row["mark"] is not None and row["marked"] == row["floor"]
        return (int(row["floor"]), str(row["mark"])) if known else None

    def prune(self, before: datetime) -> int:
        """See GraphStore."""
        token, at = uuid4().hex, _text(before)
        old, new = self.server.write(lambda tx: _raise_floor(tx, token, at))
        while self.server.write(lambda tx: tx.rows(cypher.PRUNE_CHANGES, floor=new)[0]["gone"]):
            pass
        self.server.write(lambda tx: tx.rows(cypher.PRUNE_WRITES, floor=new))
        return new - old

    def schema_version(self) -> int:
        """See GraphStore."""
        return self._meta()["version"]

    def check(self) -> Sequence[str]:
        """Read everything through: ends of edges, and the feed."""
        found = list(self._feed_faults())
        view = Neo4jView(self.server, self.head(), public=False)
        for node_kind in NodeKind:
            for _ in view.nodes(node_kind):
                pass
        for edge_kind in EdgeKind:
            targets = EDGE_ENDS[edge_kind][1]
            loose = sum(edge.target.kind not in targets for edge in view.edges(edge_kind))
            if loose:
                found.append(f"{edge_kind} の先の種別が決まりと違うものが{loose}件あります。")
        return tuple(found)

    def refill(self, nodes: Iterable[Node], edges: Iterable[Edge], *, actor: str) -> None:
        """See Refillable: in batches; until the end the store is marked as not whole."""
        Refill(self.server, _text(self._settings.clock()), actor).run(nodes, edges)
        self.incomplete = False

    def close(self) -> None:
        """See GraphStore."""
        self.server.close()

    def _prepare(self) -> None:
        rows = self.server.read(lambda tx: tx.rows(cypher.READ_META))
        if not rows:
            self._create()
            return
        self.incomplete = rows[0]["loading"] is not None
        if not self._filling:
            refuse_incomplete(rows[0]["loading"])
        if rows[0]["version"] > CURRENT:
            raise StoreVersionError(
                f"このストアは新しい版のつなぐで書かれています（形式 {rows[0]['version']}、"
                f"この版が読める形式 {CURRENT}）。",
                facts={"store": self._url, "version": rows[0]["version"], "supported": CURRENT},
            )

    def _create(self) -> None:
        if self.server.read(lambda tx: tx.rows(cypher.ANYTHING)):
            raise StoreError(
                "つなぎ先のデータベースには、つなぐのものではないデータが入っています。",
                hint="空のデータベースを用意して、その名前を指定してください。",
                code="not_a_store",
                facts={"store": self._url},
            )
        for statement in cypher.schema():
            self.server.schema(statement)
        self.server.write(lambda tx: tx.rows(cypher.MAKE_META, version=CURRENT))

    def _meta(self) -> dict[str, int]:
        rows = self.server.read(lambda tx: tx.rows(cypher.READ_META))
        if rows and not self._filling:
            refuse_incomplete(rows[0]["loading"])
        if not rows:
            raise StoreError("サーバー上のストアが消されています。", code="store_gone")
        return {key: int(rows[0][key]) for key in ("version", "head", "floor")}

    def _feed_faults(self) -> Iterator[str]:
        meta = self._meta()
        # 点検の間に増えた分は、次の点検で確かめる。
        row = self.server.read(lambda tx: tx.rows(cypher.FEED_SPAN, head=meta["head"]))[0]
        kept = meta["head"] - meta["floor"]
        span = (row["first"], row["last"])
        if row["count"] != kept or (kept and span != (meta["floor"] + 1, meta["head"])):
            yield (
                f"変更の記録に抜けがあります"
                f"（{meta['floor'] + 1}〜{meta['head']}番のはずが{row['count']}件）。"
            )


def _raise_floor(tx: Transaction, token: str, at: str) -> tuple[int, int]:
    head = take_turn(tx, token)
    floor = int(tx.rows(cypher.READ_META)[0]["floor"])
    first = tx.rows(cypher.FIRST_SINCE, at=at)[0]["first"]
    new = max(floor, head if first is None else first - 1)
    if new > floor:
        tx.rows(cypher.SET_FLOOR, floor=new, mark=uuid4().hex)
    return floor, new


def _changes(first: int, at: str, entries: str) -> Iterator[Change]:
    moment = datetime.fromisoformat(at)
    for seq, (action, kind, key, *far) in enumerate(json.loads(entries), start=first):
        yield Change(
            seq=seq,
            at=moment,
            action=ChangeAction(action),
            source=Ref(NodeKind(kind), key),
            edge=EdgeKind(far[0]) if far else None,
            target=Ref(NodeKind(far[1]), far[2]) if far else None,
        )


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _checked(url: str) -> str:
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise InputError(
            "ストアの場所にユーザー名やパスワードを書かないでください。",
            hint="TSUNAGU_NEO4J_USER と TSUNAGU_NEO4J_PASSWORD に設定してください。",
            code="bad_store_url",
        )
    return url
