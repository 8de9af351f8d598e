"""The Neo4j rival: resources as nodes of an empty server, questions over Bolt.

It only uses a server that holds nothing else, and takes away what it wrote. The address comes
from ``--neo4j``; name and password from the settings every store uses.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from neo4j import READ_ACCESS, Driver, GraphDatabase, Query
from neo4j.exceptions import AuthError, DriverError, Neo4jError

from benchmarks.facts import facts_of
from benchmarks.questions import Question
from benchmarks.rival_neo4j_cypher import (
    A_ROW,
    BOUND,
    CELL,
    INDEXED,
    LABELS,
    PLACED,
    UNPLACED,
    index_of,
    query,
)
from benchmarks.rival_rows import RivalRows, rival_rows, values_of
from graph.errors import InputError
from graph.vocabulary.protocol import Vocabulary
from matching.index.search import LEAST_OF_CATEGORY, SHARE_OF_CATEGORY, Weights
from matching.index.segment import Segment

A_BATCH = 10_000
INDEX_WAIT_S = 1800
#: What an open bound of ages is kept as, so that the index holds it.
NO_LOW, NO_HIGH = -1e9, 1e9


@dataclass(frozen=True, slots=True)
class Server:
    """Where the server is, and who asks."""

    url: str
    user: str | None = None
    password: str | None = None
    database: str | None = None


class Neo4jRival:
    """The rival over one session."""

    name = "neo4j"

    def __init__(
        self,
        server: Server,
        segment: Segment,
        vocabulary: Vocabulary,
        weights: Weights,
        progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> None:
        self._segment = segment
        self._vocabulary = vocabulary
        self._weights = weights
        self._rows = rival_rows(segment)
        self._planned: set[str] = set()
        self._driver = _connect(server)
        self._database = server.database
        self._session = self._driver.session(
            database=server.database, default_access_mode=READ_ACCESS
        )
        try:
            self._load(progress)
        except BaseException:
            self.close()
            raise

    def prepare(self, question: Question) -> tuple[Query, dict[str, Any]]:
        """Text and parameters of a question; not counted in its time."""
        ask = question.ask(self._vocabulary)
        facts = facts_of(self._segment, ask, self._weights)
        found = values_of(self._segment, self._rows, ask, facts, self._vocabulary)
        values = {name: _plain(value) for name, value in found.items()}
        values["cells"] = _cells(found)
        heard = tuple((key, neutral) for key, _, neutral in facts.heard)
        text = query(len(ask.travelling.means), heard)
        ready = Query(text), values
        if text not in self._planned:
            # 計画を立てる一秒を、問いの時間に入れない（PostGISの文も先に用意する）。
            self._planned.add(text)
            self.answer(ready, 1)
        return ready

    def answer(self, prepared: tuple[Query, dict[str, Any]], top: int) -> list[tuple[int, float]]:
        """Rows of the list with their scores, best first."""
        text, values = prepared
        values["top"] = top
        values["share"] = max(LEAST_OF_CATEGORY, int(top * SHARE_OF_CATEGORY))
        found = self._session.run(text, values).values()
        return [(row[0], row[1]) for row in found]

    def close(self) -> None:
        """Take away what was written and let go."""
        self._session.close()
        with self._driver.session(database=self._database) as session:
            for name, (label, _) in INDEXED.items():
                session.run(f"DROP INDEX {label}_{name} IF EXISTS").consume()
            for label in LABELS:
                session.run(
                    f"MATCH (r:{label}) CALL (r) {{ DELETE r }} IN TRANSACTIONS OF 10000 ROWS"
                ).consume()
        self._driver.close()

    def _load(self, progress: Callable[[int, int], None]) -> None:
        with self._driver.session(database=self._database) as session:
            _refuse_others(session)
            done = 0
            for label, batch in _batches(self._rows):
                create = f"UNWIND $rows AS row CREATE (r:{label}) SET r = row"
                session.run(create, rows=batch).consume()
                done += len(batch)
                progress(done, self._rows.size)
            for name in INDEXED:
                session.run(index_of(name)).consume()
            session.run("CALL db.awaitIndexes($wait)", wait=INDEX_WAIT_S).consume()


def _connect(server: Server) -> Driver:
    auth = (server.user, server.password) if server.user and server.password else None
    driver = GraphDatabase.driver(
        server.url, auth=auth, connection_timeout=5, notifications_min_severity="OFF"
    )
    try:
        driver.verify_connectivity()
    except AuthError:
        driver.close()
        raise InputError(
            "Neo4jに入れません（名前かパスワードが違います）。",
            hint="TSUNAGU_NEO4J_USER と TSUNAGU_NEO4J_PASSWORD を確かめてください。",
        ) from None
    except (DriverError, Neo4jError, OSError, ValueError):
        driver.close()
        raise InputError(
            "Neo4jにつながりません。",
            hint="--neo4j の場所（bolt://ホスト:7687）と、サーバーが動いているかを確かめてください。",
        ) from None
    return driver


def _refuse_others(session: Any) -> None:  # noqa: ANN401 - a session of the driver
    """Raises InputError where the server holds anything that is not this benchmark's own."""
    own = " AND ".join(f"NOT n:{label}" for label in LABELS)
    others = session.run(f"MATCH (n) WHERE {own} RETURN 1 LIMIT 1").values()
    if others:
        raise InputError(
            "このNeo4jにはほかの記録が入っているため、計測には使いません。",
            hint="計測のためだけの、空のNeo4jの場所を --neo4j で指定してください。",
        )
    for label in LABELS:
        session.run(
            f"MATCH (r:{label}) CALL (r) {{ DELETE r }} IN TRANSACTIONS OF 10000 ROWS"
        ).consume()


def _batches(rows: RivalRows) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    bound, placed = rows.flags["bound"], rows.flags["placed"]
    for label, chosen in (
        (PLACED, ~bound & placed),
        (UNPLACED, ~bound & ~placed),
        (BOUND, bound),
    ):
        own = np.flatnonzero(chosen)
        for first in range(0, len(own), A_BATCH):
            yield label, _nodes(rows, own[first : first + A_BATCH])


def _nodes(rows: RivalRows, own: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - row numbers
    columns: dict[str, list[Any]] = {
        "id": own.tolist(),
        "place": rows.place[own].tolist(),
        "remote": rows.flags["remote"][own].tolist(),
        "lat": rows.lat[own].tolist(),
        "lon": rows.lon[own].tolist(),
        "cell": [_cell(lat, lon) for lat, lon in zip(rows.lat[own], rows.lon[own], strict=True)],
    }
    columns |= {name: codes[own].tolist() for name, codes in rows.codes.items()}
    columns |= {name: numbers[own].tolist() for name, numbers in rows.numbers.items()}
    for name, stand_in in (("age_low", NO_LOW), ("age_high", NO_HIGH)):
        columns[name] = [stand_in if math.isnan(value) else value for value in columns[name]]
    names = list(columns)
    return [
        {
            name: value
            for name, value in zip(names, values, strict=True)
            if value is not None and not (isinstance(value, float) and math.isnan(value))
        }
        for values in zip(*columns.values(), strict=True)
    ]


def _cell(lat: float, lon: float) -> int | None:
    if math.isnan(lat):
        return None
    return math.floor((lat + 90) / CELL) * A_ROW + math.floor((lon + 180) / CELL)


def _cells(values: dict[str, Any]) -> list[int]:
    """Cells that the box of a question touches."""
    rows = range(
        math.floor((values["south"] + 90) / CELL), math.floor((values["north"] + 90) / CELL) + 1
    )
    columns = range(
        math.floor((values["west"] + 180) / CELL), math.floor((values["east"] + 180) / CELL) + 1
    )
    return [row * A_ROW + column for row in rows for column in columns]


def _plain(value: Any) -> Any:  # noqa: ANN401 - a parameter
    """A parameter as the driver sends it; NaN of a table becomes null."""
    if not isinstance(value, np.ndarray):
        return value
    return [None if v != v else v for v in value.tolist()]  # noqa: PLR0124 - NaN
