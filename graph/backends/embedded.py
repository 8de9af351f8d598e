"""The store in one SQLite file: no server, no administrator, copied with ``tsunagu backup``."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from graph.backends import dialect
from graph.backends.embedded_check import faults_of
from graph.backends.embedded_floor import floor_mark, raise_floor
from graph.backends.embedded_refill import refill
from graph.backends.embedded_view import EmbeddedView, meta_value
from graph.backends.embedded_writer import EmbeddedWriter
from graph.backends.faults import refuse_cut_off, translated
from graph.backends.migrations import create, upgrade, version_of
from graph.backends.settings import StoreSettings, sqlite_url
from graph.changes import feed_hole, feed_pruned
from graph.errors import StoreError, StoreLockedError
from graph.model.element import Edge, EdgeKind, Node, NodeKind, Ref
from graph.store import Change, ChangeAction, Scope, View, Writer


class EmbeddedStore:
    """A GraphStore over one SQLite file in WAL mode: many readers beside one writer.

    Opening reads the header only. Threads may share it; each reading and each writing has a
    connection of its own.
    """

    #: Another process on this machine may open it by its url, and reads the same.
    opens_elsewhere = True

    def __init__(self, path: Path, settings: StoreSettings) -> None:
        self._path = path
        self._settings = settings
        self._readers: list[sqlite3.Connection] = []
        self._writing = threading.Lock()
        self._closed = False
        with translated(self.url), _files_usable(path):
            if not path.exists():
                create(path)
            refuse_cut_off(path, self.url)
            with closing(self._connect()) as db:
                upgrade(db, self.url)
                db.execute(dialect.GET_META, ("head",)).fetchone()

    @property
    def url(self) -> str:
        """``sqlite:///`` and the path."""
        return sqlite_url(self._path)

    @contextmanager
    def read(self, scope: Scope = Scope.OFFICE) -> Iterator[View]:
        """A snapshot: what others commit meanwhile is not seen."""
        with self._reader() as db:
            view = EmbeddedView(db, public=scope is Scope.PUBLIC, where=self.url)
            try:
                yield view
            finally:
                view.close()

    @contextmanager
    def write(self, *, actor: str) -> Iterator[Writer]:
        """One transaction; waits at most ``wait_s`` for another writer."""
        with self._transaction() as db:
            with translated(self.url):
                writer = EmbeddedWriter(db, self.url, self._stamp())
            yield writer
            with translated(self.url):
                writer.finish(actor)

    def changes(self, after: int, limit: int = 1000) -> Sequence[Change]:
        """See GraphStore."""
        with self._reader() as db, translated(self.url):
            floor, head = meta_value(db, "floor"), meta_value(db, "head")
            rows = db.execute(dialect.READ_CHANGES, (after, limit)).fetchall()
        if after < floor:
            raise feed_pruned(after, floor)
        found = [_change(row) for row in rows]
        whole = [change for seq, change in enumerate(found, after + 1) if change.seq == seq]
        if not whole and head > after:
            raise feed_hole(after + 1)
        return whole

    def head(self) -> int:
        """See GraphStore."""
        with self._reader() as db, translated(self.url):
            return meta_value(db, "head")

    def floor(self) -> int:
        """See GraphStore."""
        with self._reader() as db, translated(self.url):
            return meta_value(db, "floor")

    def floor_mark(self) -> tuple[int, str] | None:
        """See GraphStore."""
        with self._reader() as db, translated(self.url):
            return floor_mark(db)

    def prune(self, before: datetime) -> int:
        """See GraphStore."""
        with self._transaction() as db, translated(self.url):
            first = db.execute(dialect.FIRST_SINCE, (_text(before),)).fetchone()[0]
            last = meta_value(db, "head") if first is None else first - 1
            gone = db.execute(dialect.PRUNE, (last,)).rowcount
            if gone:
                raise_floor(db, last)
                db.execute(dialect.PRUNE_WRITES, (last,))
        return gone

    def schema_version(self) -> int:
        """See GraphStore."""
        with self._reader() as db, translated(self.url):
            return version_of(db, self.url)

    def check(self) -> Sequence[str]:
        """Read everything through: pages, rows' checksums, ends, feed."""
        with self._reader() as db, translated(self.url):
            return faults_of(db, self.url)

    def refill(self, nodes: Iterable[Node], edges: Iterable[Edge], *, actor: str) -> None:
        """See Refillable: one transaction, readers keep what was there until it ends."""
        with self._transaction() as db, translated(self.url):
            refill(db, nodes, edges, at=self._stamp(), actor=actor)

    def close(self) -> None:
        """See GraphStore."""
        self._closed = True
        while self._readers:
            self._readers.pop().close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._turn(), closing(self._connect()) as db:
            with translated(self.url):
                for pragma in dialect.WRITE_PRAGMAS:
                    db.execute(pragma)
                db.execute(dialect.BEGIN_WRITE)
            try:
                yield db
                with translated(self.url):
                    db.execute("COMMIT")
            except BaseException:
                # 満杯などでSQLite自身が取り消したあとは、取り消すものがもうない。
                with suppress(sqlite3.Error):
                    db.execute("ROLLBACK")
                raise

    @contextmanager
    def _reader(self) -> Iterator[sqlite3.Connection]:
        with translated(self.url):
            db = self._borrow()
        try:
            with translated(self.url):
                db.execute(dialect.BEGIN_READ)
                # 読む時点をここで決める（BEGINだけでは最初の読みまで決まらない）。
                db.execute(dialect.GET_META, ("head",)).fetchone()
            yield db
            with translated(self.url):
                db.execute("ROLLBACK")
        except BaseException:
            db.close()
            raise
        if self._closed:
            db.close()
        else:
            self._readers.append(db)

    def _borrow(self) -> sqlite3.Connection:
        if self._closed:
            raise StoreError("閉じたストアを使おうとしました。", code="store_closed")
        try:
            return self._readers.pop()
        except IndexError:
            db = self._connect()
            for pragma in dialect.READ_PRAGMAS:
                db.execute(pragma)
            return db

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(
            f"{self._path.absolute().as_uri()}?mode=rw",
            uri=True,
            timeout=self._settings.wait_s,
            isolation_level=None,
            check_same_thread=False,
        )
        db.execute(f"PRAGMA cache_size = {-1024 * self._settings.cache_mb}")
        return db

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self._closed:
            raise StoreError("閉じたストアを使おうとしました。", code="store_closed")
        if not self._writing.acquire(timeout=self._settings.wait_s):
            raise StoreLockedError(
                "ほかの処理がストアに書き込んでいるため、待ちきれませんでした。",
                facts={"store": self.url, "waited_s": self._settings.wait_s},
            )
        try:
            yield
        finally:
            self._writing.release()

    def _stamp(self) -> str:
        return _text(self._settings.clock())


@contextmanager
def _files_usable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"ストアの場所 {path} を使えません（{error.strerror}）。",
            hint="フォルダーがあるか、書き込みの許可と空き容量があるかを確かめてください。",
            code="store_read_only",
            facts={"path": str(path)},
        ) from error


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _change(row: tuple[int, str, str, str, str, str | None, str | None, str | None]) -> Change:
    seq, at, action, kind, key, edge, target_kind, target_id = row
    target = None
    if target_kind is not None and target_id is not None:
        target = Ref(NodeKind(target_kind), target_id)
    return Change(
        seq=seq,
        at=datetime.fromisoformat(at),
        action=ChangeAction(action),
        source=Ref(NodeKind(kind), key),
        edge=None if edge is None else EdgeKind(edge),
        target=target,
    )
