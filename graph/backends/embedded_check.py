"""Reading a SQLite store through, to find what is not as it was written."""

import sqlite3
from collections.abc import Iterator, Sequence

from graph.backends import dialect
from graph.backends.embedded_view import EmbeddedView, meta_value
from graph.errors import StoreDamagedError
from graph.model.element import EdgeKind, NodeKind


def faults_of(db: sqlite3.Connection, where: str) -> Sequence[str]:
    """Every fault as a Japanese line; empty when the store is whole."""
    found: list[str] = []
    try:
        found.extend(_page_faults(db))
        found.extend(_row_faults(EmbeddedView(db, public=False, where=where)))
        found.extend(_feed_faults(db))
    except sqlite3.DatabaseError as error:
        found.append(f"ファイルを読み通せません（{error}）。")
    return tuple(found)


def _page_faults(db: sqlite3.Connection) -> Iterator[str]:
    for (line,) in db.execute(dialect.FULL_INTEGRITY):
        if line != "ok":
            yield f"ファイルの構造が壊れています（{line}）。"
    if db.execute(dialect.FOREIGN_KEYS).fetchone() is not None:
        yield "つながりの端の記録がありません。"


def _row_faults(view: EmbeddedView) -> Iterator[str]:
    for node_kind in NodeKind:
        try:
            for _ in view.nodes(node_kind):
                pass
        except StoreDamagedError as error:
            yield error.message
    for edge_kind in EdgeKind:
        try:
            for _ in view.edges(edge_kind):
                pass
        except StoreDamagedError as error:
            yield error.message


def _feed_faults(db: sqlite3.Connection) -> Iterator[str]:
    head, floor = meta_value(db, "head"), meta_value(db, "floor")
    count, first, last = db.execute(dialect.FEED_SPAN).fetchone()
    kept = head - floor
    if count != kept or (kept and (first, last) != (floor + 1, head)):
        yield f"変更の記録に抜けがあります（{floor + 1}〜{head}番のはずが{count}件）。"
