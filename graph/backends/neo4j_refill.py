"""Filling a server store whole, in keyed batches; a store that isn't whole says so."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar
from uuid import uuid4

from graph.backends import cypher
from graph.backends.neo4j_commit import Ends, mark, node_row, take_turn
from graph.backends.props import encode_props
from graph.backends.server import Server, Transaction
from graph.errors import StoreError
from graph.model.element import Edge, Node, NodeKind
from graph.validate import check_edges, check_nodes, dangling

T = TypeVar("T")
Row = dict[str, object]

_BATCH = 5000
_EDGE_BATCH = 10_000


@dataclass(slots=True)
class Refill:
    """One filling. Every batch leaves a mark, so that a lost answer is looked up, not guessed."""

    server: Server
    at: str
    actor: str

    def run(self, nodes: Iterable[Node], edges: Iterable[Edge]) -> None:
        """Empty the store and fill it."""
        run = uuid4().hex
        self.server.write(lambda tx: tx.rows(cypher.SET_LOADING, loading=run))
        self._empty()
        self._add_nodes(nodes)
        self._add_edges(edges)
        self._once(_finish)

    def _empty(self) -> None:
        for label in (*cypher.LABELS.values(), "TsunaguChange", "TsunaguWrite"):
            statement = cypher.empty(label)
            while self.server.write(lambda tx, s=statement: tx.rows(s)[0]["gone"]):  # type: ignore[misc]
                pass

    def _add_nodes(self, nodes: Iterable[Node]) -> None:
        for part in _parts(nodes, _BATCH):
            check_nodes(part)
            rows: dict[NodeKind, list[Row]] = defaultdict(list)
            for node in part:
                rows[node.kind].append(node_row(node.kind, node.id, encode_props(node.props)))
            self._once(lambda tx, rows=rows: _create_nodes(tx, rows))  # type: ignore[misc]

    def _add_edges(self, edges: Iterable[Edge]) -> None:
        for part in _parts(edges, _EDGE_BATCH):
            check_edges(part)
            rows: dict[Ends, list[Edge]] = defaultdict(list)
            for edge in part:
                rows[edge.kind, edge.source.kind, edge.target.kind].append(edge)
            self._once(lambda tx, rows=rows: _create_edges(tx, rows))  # type: ignore[misc]

    def _once(self, work: Callable[[Transaction], None]) -> None:
        token = uuid4().hex

        def unit(tx: Transaction) -> None:
            head = take_turn(tx, token)
            if not tx.rows(cypher.IS_DONE, token=token):
                work(tx)
                mark(tx, token, (head, head), self.at, self.actor)

        self.server.write(unit)


def _finish(tx: Transaction) -> None:
    head = int(tx.rows(cypher.READ_META)[0]["head"]) + 1
    tx.rows(cypher.SET_HEAD_AND_FLOOR, head=head)
    tx.rows(cypher.SET_LOADING, loading=None)


def _create_nodes(tx: Transaction, rows: dict[NodeKind, list[Row]]) -> None:
    for kind, part in rows.items():
        tx.rows(cypher.create_nodes(kind), rows=part)


def _create_edges(tx: Transaction, rows: dict[Ends, list[Edge]]) -> None:
    for ends, part in rows.items():
        sent = [_row(edge) for edge in part]
        made = tx.rows(cypher.create_edges(*ends), rows=sent)[0]["made"]
        if made != len(part):
            raise dangling(part)


def _row(edge: Edge) -> Row:
    props = encode_props(edge.props) if edge.props else None
    return {"s": edge.source.id, "t": edge.target.id, "props": props}


def refuse_incomplete(loading: str | None, where: str) -> None:
    """Raise when a filling was begun and not ended."""
    if loading is not None:
        raise StoreError(
            "このストアは、移行か復元の途中で止まったままです。",
            hint="同じ tsunagu migrate か restore をもう一度、最後まで実行してください。",
            code="store_incomplete",
            facts={"store": where},
        )


def _parts(items: Iterable[T], size: int) -> Iterator[Sequence[T]]:
    stream = iter(items)
    while part := list(islice(stream, size)):
        yield part
