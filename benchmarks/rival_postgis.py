"""The PostGIS rival: its table, its indexes, and questions as ready parameters.

Tuned as well as we know. Loading: COPY in the order of the compiled rows, indexes afterwards,
VACUUM ANALYZE, a warmed cache. Asking: one prepared statement a shape, generic plan, parameters
and answers in PostgreSQL's own binary form over a unix socket, no JIT, no nested loop over the
question's own tables. What each code is worth comes in ready made (benchmarks/facts), and getting
it ready is not counted against it.
"""

import math
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import psycopg
from psycopg.pq import ExecStatus

from benchmarks.facts import Facts, facts_of
from benchmarks.questions import Question
from benchmarks.rival_postgis_sql import Shape
from benchmarks.rival_rows import CODES, FLAGS, GATED, NUMBERS, RivalRows, rival_rows, values_of
from graph.vocabulary.protocol import Vocabulary
from matching.ask import Ask
from matching.index.search import LEAST_OF_CATEGORY, SHARE_OF_CATEGORY, Weights
from matching.index.segment import Segment

GATES = (*GATED, "served", "named", "age_low", "age_high")
FACTS = tuple(name for name in (*CODES, *NUMBERS) if name not in GATES)
INDEXES = (
    "create index by_place on res using gist(geom) where not bound and placed",
    "create index by_kind on res (category) where not bound and not placed",
    "create index by_need on res (named) where not bound and not placed",
    "create index by_area on res (served) where bound",
)
RELATIONS = ["res", "by_place", "by_kind", "by_need", "by_area"]
SESSION = ("set plan_cache_mode = force_generic_plan", "set enable_nestloop = off")
OIDS = {
    "int4": 23, "float8": 701, "bool": 16, "bit": 1560, "int4[]": 1007, "float8[]": 1022,
}  # fmt: skip
CHUNK = 50_000


@dataclass(slots=True)
class Ready:
    """A question as the name of a prepared statement and its parameters on the wire."""

    name: bytes
    values: list[bytes]
    formats: list[int]
    places: Mapping[str, int]


class PostGis:
    """The rival over one connection."""

    name = "postgis"

    def __init__(
        self,
        dsn: str,
        segment: Segment,
        vocabulary: Vocabulary,
        weights: Weights,
        progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> None:
        self._segment = segment
        self._vocabulary = vocabulary
        self._weights = weights
        self._link = psycopg.connect(dsn, autocommit=True)
        self._shapes: dict[tuple[object, ...], bytes] = {}
        self._rows = rival_rows(segment)
        self._load(progress)
        for setting in SESSION:
            self._link.execute(setting)

    def prepare(self, question: Question) -> Ready:
        """Statement and parameters of a question; not counted in its time."""
        ask = question.ask(self._vocabulary)
        facts = facts_of(self._segment, ask, self._weights)
        shape = shape_of(ask, facts)
        values = values_of(self._segment, self._rows, ask, facts, self._vocabulary)
        values |= {"top": 0, "share": 0}
        wire = [_wire(kind, values[name]) for name, kind in shape.types.items()]
        places = {name: number - 1 for name, number in shape.numbers.items()}
        return Ready(self._prepared(shape), wire, [1] * len(wire), places)

    def answer(self, prepared: Ready, top: int) -> list[tuple[int, float]]:
        """Rows of the list with their scores, best first."""
        share = max(LEAST_OF_CATEGORY, int(top * SHARE_OF_CATEGORY))
        prepared.values[prepared.places["top"]] = _wire("int4", top)
        prepared.values[prepared.places["share"]] = _wire("int4", share)
        found = self._link.pgconn.exec_prepared(prepared.name, prepared.values, prepared.formats, 1)
        if found.status != ExecStatus.TUPLES_OK:
            raise psycopg.OperationalError(found.error_message.decode(errors="replace"))
        rows = []
        for number in range(found.ntuples):
            key, score = found.get_value(number, 0), found.get_value(number, 1)
            assert key is not None and score is not None  # noqa: S101, PT018 - never null
            rows.append((_INT.unpack(key)[0], _FLOAT.unpack(score)[0]))
        return rows

    def close(self) -> None:
        """Let go of the connection."""
        self._link.close()

    def explain(self, question: Question, top: int = 20) -> str:
        """The plan of a question with its times, as an operator reads it."""
        ready = self.prepare(question)
        ask = question.ask(self._vocabulary)
        shape = shape_of(ask, facts_of(self._segment, ask, self._weights))
        self.answer(ready, top)
        plan = self._link.pgconn.exec_params(
            b"explain (analyze, buffers) " + shape.sql().encode(),
            ready.values,
            [OIDS[kind] for kind in shape.types.values()],
            ready.formats,
            0,
        )
        lines = [plan.get_value(i, 0) or b"" for i in range(plan.ntuples)]
        return "\n".join(line.decode() for line in lines)

    def _prepared(self, shape: Shape) -> bytes:
        known = self._shapes.get(shape.key)
        if known is None:
            known = self._shapes[shape.key] = f"ask_{len(self._shapes)}".encode()
            oids = [OIDS[kind] for kind in shape.types.values()]
            made = self._link.pgconn.prepare(known, shape.sql().encode(), oids)
            if made.status != ExecStatus.COMMAND_OK:
                raise psycopg.OperationalError(made.error_message.decode(errors="replace"))
        return known

    def _load(self, progress: Callable[[int, int], None]) -> None:
        run = self._link.execute
        run("create extension if not exists postgis")
        run(_table())
        with self._link.cursor().copy("copy res from stdin") as copy:
            for text, done in _lines(self._rows):
                copy.write(text)
                progress(done, self._segment.size)
        for index in INDEXES:
            run(index)
        run("vacuum (analyze, freeze) res")
        run("create extension if not exists pg_prewarm")
        run("select pg_prewarm(oid) from pg_class where relname = any(%s)", (RELATIONS,))


def _table() -> str:
    """Gates first and rows of fixed width: what is filtered on is then unpacked fastest."""
    columns = ", ".join(
        f"{name} {'float4' if name in NUMBERS else 'int'}" for name in (*GATES, *FACTS)
    )
    return (
        "create unlogged table res(id int, place int, bound bool, placed bool, remote bool,"
        f" {columns}, lat float8, lon float8, cos_lat float8, geom geometry(Point, 4326))"
    )


def _lines(rows: RivalRows) -> Iterator[tuple[str, int]]:
    """COPY text by the chunk in the order of the table, and how many rows have been given."""
    columns = [_coded(rows.flags[name], ("f", "t")) for name in FLAGS]
    columns += [_column(rows, name) for name in (*GATES, *FACTS)]
    for first in range(0, rows.size, CHUNK):
        own = slice(first, min(first + CHUNK, rows.size))
        told = [texts[codes[own]].tolist() for codes, texts in columns]
        ids = ([str(n) for n in numbers] for numbers in (range(first, own.stop), rows.place[own]))
        cells = zip(*ids, *told, *_place(rows, own), strict=True)
        yield "".join("\t".join(row) + "\n" for row in cells), own.stop


def _column(rows: RivalRows, name: str) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    if name in rows.codes:
        codes = rows.codes[name]
        return _coded(codes, [str(code) for code in range(int(codes.max(initial=0)) + 1)])
    values, codes = np.unique(rows.numbers[name], return_inverse=True)
    return _coded(codes, [_NULL if math.isnan(value) else repr(value) for value in values.tolist()])


def _coded(
    codes: npt.NDArray[Any], texts: Sequence[str]
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """A code for each row, and the text of each code."""
    return codes.astype(np.int64), np.array(texts, dtype=object)


def _place(rows: RivalRows, own: slice) -> Iterator[list[str]]:
    lat, lon = rows.lat[own], rows.lon[own]
    for values in (lat, lon, np.cos(np.radians(lat))):
        yield [_NULL if math.isnan(value) else repr(value) for value in values.tolist()]
    points = zip(lon.tolist(), lat.tolist(), strict=True)
    yield [_NULL if math.isnan(x) else (_POINT + struct.pack("<dd", x, y)).hex() for x, y in points]


def shape_of(ask: Ask, facts: Facts) -> Shape:
    """The statement a question needs."""
    heard = tuple((key, neutral) for key, _, neutral in facts.heard)
    return Shape(len(ask.travelling.means), heard)


_NULL = "\\N"
#: EWKB of a point in SRID 4326, little endian, before its two coordinates.
_POINT = struct.pack("<BII", 1, 0x20000001, 4326)
_INT, _FLOAT = struct.Struct("!i"), struct.Struct("!d")


def _wire(kind: str, value: Any) -> bytes:  # noqa: ANN401 - as the type says
    """A parameter in PostgreSQL's binary form."""
    if kind.endswith("[]"):
        return _wire_array(kind.removesuffix("[]"), list(value))
    if kind == "bit":
        return _INT.pack(len(value)) + np.packbits(value).tobytes()
    if kind == "bool":
        return bytes([value])
    return _INT.pack(value) if kind == "int4" else _FLOAT.pack(value)


def _wire_array(kind: str, values: list[Any]) -> bytes:
    head = struct.pack("!iiI", 1, 0, OIDS[kind]) + struct.pack("!ii", len(values), 1)
    if not values:
        return struct.pack("!iiI", 0, 0, OIDS[kind])
    cells = [_INT.pack(int(v)) if kind == "int4" else _FLOAT.pack(v) for v in values]
    return head + b"".join(_INT.pack(len(cell)) + cell for cell in cells)
