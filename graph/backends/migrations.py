"""Making a fresh store, and bringing an older one up to date, each in one transaction."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from uuid import uuid4

from graph.backends import dialect
from graph.backends.faults import damaged
from graph.backends.lookups import LOOKUPS, POINT_PROP, indexed_text, point_of
from graph.backends.nearness import band_of
from graph.backends.props import decode_props
from graph.backends.scope import openness
from graph.errors import StoreError, StoreVersionError
from graph.model.element import Node, NodeKind

#: Version of the stored form this code reads and writes.
CURRENT = len(dialect.MIGRATIONS)

_PAGE = 5000

LookupRow = tuple[str, str, str, int]
PlaceRow = tuple[int, str, int, float, float]


def create(path: Path) -> None:
    """Make an empty store at ``path`` whole or not at all; a store already there is left alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{uuid4().hex[:8]}.new")
    try:
        with closing(sqlite3.connect(draft, isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute(f"PRAGMA application_id = {dialect.APPLICATION_ID}")
            upgrade(db, str(path))
        _publish(draft, path)
    finally:
        for leftover in (draft, Path(f"{draft}-wal"), Path(f"{draft}-shm")):
            leftover.unlink(missing_ok=True)


def _publish(draft: Path, path: Path) -> None:
    # 同時に作られても、先にできたほうを上書きしない。
    try:
        with suppress(FileExistsError):
            os.link(draft, path)
    except OSError:
        if not path.exists():
            draft.rename(path)


def version_of(db: sqlite3.Connection, where: str) -> int:
    """Version of the stored form. Raises when it isn't our store, or a newer product's."""
    mark = int(db.execute("PRAGMA application_id").fetchone()[0])
    if mark != dialect.APPLICATION_ID:
        raise StoreError(
            "指定されたファイルは、つなぐのストアではありません（別のデータベースです）。",
            hint="--store の場所を確かめてください。このファイルには何も書き込んでいません。",
            code="not_a_store",
            facts={"store": where},
        )
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > CURRENT:
        raise StoreVersionError(
            f"このストアは新しい版のつなぐで書かれています"
            f"（ストアの形式 {version}、この版が読める形式 {CURRENT}）。",
            facts={"store": where, "version": version, "supported": CURRENT},
        )
    return version


def upgrade(db: sqlite3.Connection, where: str, *, to: int = CURRENT) -> None:
    """Run the missing steps in one transaction; what fails leaves the store as it was."""
    if version_of(db, where) >= to:
        return
    db.execute(dialect.BEGIN_WRITE)
    try:
        # 待っている間に別の処理が済ませたかもしれないので、書き込みを得てから読み直す。
        for version in range(version_of(db, where) + 1, to + 1):
            for statement in dialect.MIGRATIONS[version - 1]:
                db.execute(statement)
            if version in dialect.REDERIVING:
                rederive(db)
            db.execute(f"PRAGMA user_version = {version}")
        _refuse_loose_ends(db, where)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _refuse_loose_ends(db: sqlite3.Connection, where: str) -> None:
    if db.execute(dialect.FOREIGN_KEYS).fetchone() is not None:
        raise damaged(where, "つながりの端の記録がありません")


def rederive(db: sqlite3.Connection) -> None:
    """Make what can be told from the properties anew: visibility, look-ups, places."""
    for statement in dialect.CLEAR_DERIVED:
        db.execute(statement)
    # 書きながら読むので、少しずつ読み切ってから書く（百万件でも記憶は増えない）。
    last = 0
    while page := db.execute(dialect.NODES_BY_RID, (last, _PAGE)).fetchall():
        last = page[-1][0]
        for rid, kind, text in page:
            node = Node(kind=NodeKind(kind), id="", props=decode_props(text))
            db.execute(dialect.SET_OPEN, (int(openness(node.kind, node.props)), rid))
            db.executemany(dialect.INSERT_LOOKUP, lookup_rows(rid, node))
            db.executemany(dialect.INSERT_PLACE, place_rows(rid, node))


def lookup_rows(rid: int, node: Node) -> Iterator[LookupRow]:
    """Index entries of a node."""
    for name in LOOKUPS[node.kind]:
        text = indexed_text(node.kind, name, node.props.get(name))
        if text is not None:
            yield (node.kind, name, text, rid)


def place_rows(rid: int, node: Node) -> Iterator[PlaceRow]:
    """The entry of a node's point in the index by band, if it has one."""
    point = point_of(node.props.get(POINT_PROP))
    if point is not None:
        yield (rid, node.kind, band_of(point.lat), point.lat, point.lon)
