"""Filling a SQLite store whole in one transaction; a crash leaves what was there."""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from graph.backends import dialect
from graph.backends.embedded_floor import raise_floor
from graph.backends.embedded_view import meta_value
from graph.backends.migrations import LookupRow, PlaceRow, lookup_rows, place_rows
from graph.backends.props import checksum, encode_props
from graph.backends.scope import openness
from graph.model.element import Edge, Node, NodeKind, Ref
from graph.validate import check_edges, check_nodes, dangling

T = TypeVar("T")
_BATCH = 5000


class Rids:
    """Row numbers by kind and id: a million of them take about 120 MB."""

    def __init__(self) -> None:
        self._by_kind: dict[NodeKind, dict[str, int]] = {kind: {} for kind in NodeKind}
        self._last = 0

    def add(self, node: Node) -> int:
        """Number a node."""
        self._last += 1
        self._by_kind[node.kind][node.id] = self._last
        return self._last

    def get(self, ref: Ref) -> int | None:
        """Number of a node that was added."""
        return self._by_kind[ref.kind].get(ref.id)


def refill(
    db: sqlite3.Connection, nodes: Iterable[Node], edges: Iterable[Edge], *, at: str, actor: str
) -> None:
    """Empty the store and fill it; inside the caller's transaction."""
    for statement in dialect.EMPTY_ALL:
        db.execute(statement)
    rids = Rids()
    for part in _parts(nodes):
        _add_nodes(db, part, rids)
    for batch in _parts(edges):
        _add_edges(db, batch, rids)
    for statement in dialect.INDEX_AGAIN:
        db.execute(statement)
    head = meta_value(db, "head") + 1
    db.execute(dialect.SET_META, ("head", head))
    raise_floor(db, head)
    db.execute(dialect.INSERT_WRITE, (head, head, at, actor))


def _add_nodes(db: sqlite3.Connection, nodes: list[Node], rids: Rids) -> None:
    check_nodes(nodes)
    rows: list[tuple[int, str, str, str, int, int]] = []
    lookups: list[LookupRow] = []
    places: list[PlaceRow] = []
    for node in nodes:
        rid = rids.add(node)
        text = encode_props(node.props)
        total = checksum(node.kind, node.id, text)
        open_to = int(openness(node.kind, node.props))
        rows.append((rid, node.kind, node.id, text, open_to, total))
        lookups.extend(lookup_rows(rid, node))
        places.extend(place_rows(rid, node))
    db.executemany(dialect.INSERT_NODE, rows)
    db.executemany(dialect.INSERT_LOOKUP, lookups)
    db.executemany(dialect.INSERT_PLACE, places)


def _add_edges(db: sqlite3.Connection, edges: list[Edge], rids: Rids) -> None:
    check_edges(edges)
    rows: list[tuple[str, int, int, str, int]] = []
    loose: list[Edge] = []
    for edge in edges:
        source, target = rids.get(edge.source), rids.get(edge.target)
        if source is None or target is None:
            loose.append(edge)
            continue
        text = encode_props(edge.props)
        total = checksum(edge.kind, str(source), str(target), text)
        rows.append((edge.kind, source, target, text, total))
    if loose:
        raise dangling(loose)
    db.executemany(dialect.PUT_EDGE, rows)


def _parts(items: Iterable[T]) -> Iterator[list[T]]:
    stream = iter(items)
    while part := list(islice(stream, _BATCH)):
        yield part
