"""Filling a server store whole, in keyed batches; a store that isn't whole says so."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TypeVar
from uuid import uuid4

from graph.backends import cypher
from graph.backends.neo4j_commit import Ends, mark, node_row
from graph.backends.props import encode_props
from graph.backends.server import Server, Transaction
from graph.model.element import Edge, Node, NodeKind
from graph.validate import check_edges, check_nodes, dangling

T = TypeVar("T")
Row = dict[str, object]
Work = Callable[[Transaction], None]

_BATCH = 5000
_EDGE_BATCH = 10_000
_SESSIONS = 2


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
        with self._lanes() as send:
            for part in _parts(nodes, _BATCH):
                check_nodes(part)
                rows: dict[NodeKind, list[Row]] = defaultdict(list)
                for node in part:
                    rows[node.kind].append(node_row(node.kind, node.id, encode_props(node.props)))
                send(partial(_create_nodes, rows=rows))

    def _add_edges(self, edges: Iterable[Edge]) -> None:
        with self._lanes() as send:
            for part in _parts(edges, _EDGE_BATCH):
                check_edges(part)
                rows: dict[Ends, list[Edge]] = defaultdict(list)
                for edge in part:
                    rows[edge.kind, edge.source.kind, edge.target.kind].append(edge)
                send(partial(_create_edges, rows=rows))

    @contextmanager
    def _lanes(self) -> Iterator[Callable[[Work], None]]:
        """Two sessions at once, the next batch being prepared meanwhile; ends when all is in."""
        under_way: deque[Future[None]] = deque()
        with ThreadPoolExecutor(_SESSIONS, thread_name_prefix="tsunagu-refill") as pool:

            def send(work: Work) -> None:
                while len(under_way) > _SESSIONS:
                    under_way.popleft().result()
                under_way.append(pool.submit(self._once, work))

            yield send
            while under_way:
                under_way.popleft().result()

    def _once(self, work: Work) -> None:
        token = uuid4().hex

        def unit(tx: Transaction) -> None:
            # 途中の印（loading）がほかの書き手を止めているので、順番は待たない。
            if not tx.rows(cypher.IS_DONE, token=token):
                mark(tx, token, (0, 0), self.at, self.actor)
                work(tx)

        self.server.write(unit)


def _finish(tx: Transaction) -> None:
    head = int(tx.rows(cypher.READ_META)[0]["head"]) + 1
    tx.rows(cypher.SET_HEAD_AND_FLOOR, head=head, mark=uuid4().hex)
    tx.rows(cypher.SET_LOADING, loading=None)


def _create_nodes(tx: Transaction, rows: dict[NodeKind, list[Row]]) -> None:
    for kind, part in rows.items():
        tx.rows(cypher.create_nodes(kind), rows=part)


def _create_edges(tx: Transaction, rows: dict[Ends, list[Edge]]) -> None:
    for ends, part in rows.items():
        statement = cypher.create_edges(*ends, plain=not any(edge.props for edge in part))
        made = tx.rows(statement, rows=[_row(edge) for edge in part])[0]["made"]
        if made != len(part):
            raise dangling(part)


def _row(edge: Edge) -> Row:
    row: Row = {"s": edge.source.id, "t": edge.target.id}
    if edge.props:
        row["props"] = encode_props(edge.props)
    return row


def _parts(items: Iterable[T], size: int) -> Iterator[Sequence[T]]:
    stream = iter(items)
    while part := list(islice(stream, size)):
        yield part
