"""The rival: one prepared PostGIS statement that does the same work as ``Matcher.search``.

Tuned as well as we know: three disjoint branches (placed and free, free without a way, bound to an
area), each with its own partial index, GiST over place and category together, sets as bit
strings, no JIT, everything cached. What each code is worth comes in ready made (benchmarks/facts).
"""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import psycopg

from benchmarks.facts import LABELS, Facts, facts_of
from benchmarks.questions import Question
from graph.vocabulary.protocol import Vocabulary
from matching.ask import Ask
from matching.criteria.capacity import STALE_AFTER
from matching.criteria.cost import HALF_AT, HALF_AT_FOR_POOR, TOO_MUCH
from matching.criteria.freshness import HALF_DAYS
from matching.criteria.nearness import REMOTE_WORTH
from matching.criteria.schedule import ENOUGH
from matching.criteria.setting import NONE_HELPS
from matching.criteria.target import LIMITED_TO_OTHERS, MEANT_FOR_OTHERS, YEARS_BESIDE
from matching.index.grid import METRES_A_DEGREE
from matching.index.search import DECIMALS, LEAST_OF_CATEGORY, SHARE_OF_CATEGORY, Weights
from matching.index.segment import Segment
from matching.travel import DETOUR

NUMBERS = (
    "age_low", "age_high", "eligible_only", "usual_low", "usual_high", "yen_a_visit",
    "vacancy_as_of", "assured", "wheelchair", "comes", "introduction_way",
)  # fmt: skip
SETS = ("eligible", "ineligible", "week", "settings", "activities", "roles")
CODES = (*LABELS, "opening_sort")
EARTH = 6371008.8


class PostGis:
    """The rival over one connection."""

    name = "postgis"

    def __init__(
        self, dsn: str, segment: Segment, vocabulary: Vocabulary, weights: Weights
    ) -> None:
        self._segment = segment
        self._vocabulary = vocabulary
        self._weights = weights
        self._link = psycopg.connect(dsn, autocommit=True, prepare_threshold=0)
        self._cursor = self._link.cursor()
        self._load()

    def prepare(self, question: Question) -> tuple[str, dict[str, Any]]:
        """Statement and parameters of a question; not counted in its time."""
        ask = question.ask(self._vocabulary)
        facts = facts_of(self._segment, ask, self._weights)
        return statement(self._segment, ask, facts), _values(self._segment, ask, facts)

    def answer(self, prepared: tuple[str, dict[str, Any]], top: int) -> list[tuple[int, float]]:
        """Rows of the list with their scores, best first."""
        sql, values = prepared
        values["top"] = top
        values["share"] = max(LEAST_OF_CATEGORY, int(top * SHARE_OF_CATEGORY))
        found = self._cursor.execute(sql, values).fetchall()
        return [(int(row[0]), float(row[1])) for row in found]

    def close(self) -> None:
        """Let go of the connection."""
        self._link.close()

    def _load(self) -> None:
        run = self._cursor.execute
        for extension in ("postgis", "intarray", "btree_gist"):
            run(f"create extension if not exists {extension}")
        run(_table(self._segment))
        with self._cursor.copy("copy res from stdin") as copy:
            for lines in _lines(self._segment):
                copy.write(lines)
        run(
            "create index on res using gist(geom, cat gist__intbig_ops(siglen=64)) where free and placed"
        )
        run("create index on res (category) where free and not placed")
        run("create index on res (served, category) where not free")
        run("vacuum analyze res")


def _table(segment: Segment) -> str:
    codes = ", ".join(f"{name} int" for name in CODES)
    numbers = ", ".join(f"{name} float4" for name in NUMBERS)
    sets = ", ".join(f"{name} bit({_width(segment, name)})" for name in SETS)
    return (
        "create unlogged table res(id int, place int, geom geometry(Point, 4326), free bool,"
        f" placed bool, remote bool, listed bool, kind int, cat int[], {codes}, {numbers}, {sets})"
    )


def _width(segment: Segment, name: str) -> int:
    return 64 * int(segment.sets[name].table.shape[1])


def _lines(segment: Segment, chunk: int = 20_000) -> Any:  # noqa: ANN401 - a generator of text
    order = np.empty(segment.size, dtype=np.int64)
    order[segment.by_id] = np.arange(segment.size)
    words = {name: _bit_strings(segment, name) for name in SETS}
    served: list[Any] = segment.labels["served"].values
    listed = np.array([value is not None and value != ("*",) for value in served], dtype=bool)
    free_end = int(segment.zone_starts[1])
    for first in range(0, segment.size, chunk):
        rows = range(first, min(first + chunk, segment.size))
        yield "".join(_line(segment, row, int(order[row]), free_end, listed, words) for row in rows)


def _line(
    segment: Segment,
    row: int,
    place: int,
    free_end: int,
    listed: npt.NDArray[np.bool_],
    words: dict[str, list[str | None]],
) -> str:
    lat, lon = (float(segment.numbers[name][row]) for name in ("lat", "lon"))
    remote = bool(segment.numbers["remote"][row])
    known = not math.isnan(lat)
    category = int(segment.labels["category"].codes[row])
    cells: list[str] = [
        str(row), str(place), f"SRID=4326;POINT({lon!r} {lat!r})" if known else "\\N",
        "t" if row < free_end else "f", "t" if known and not remote else "f",
        "t" if remote else "f", "t" if listed[segment.labels["served"].codes[row]] else "f",
        str(int(segment.labels["kind"].codes[row])), f"{{{category}}}",
    ]  # fmt: skip
    cells += [str(int(segment.labels[name].codes[row])) for name in CODES]
    for name in NUMBERS:
        value = float(segment.numbers[name][row])
        cells.append("\\N" if math.isnan(value) else repr(value))
    for name in SETS:
        text = words[name][int(segment.sets[name].codes[row])]
        cells.append("\\N" if text is None else text)
    return "\t".join(cells) + "\n"


def _bit_strings(segment: Segment, name: str) -> list[str | None]:
    item = segment.sets[name]
    bits = np.unpackbits(item.table.view(np.uint8), axis=1, bitorder="little")
    return [
        "".join(row.astype(str)) if known else None
        for row, known in zip(bits, item.known, strict=True)
    ]


def _mask(segment: Segment, name: str, keys: Any) -> str:  # noqa: ANN401 - keys of a set
    item = segment.sets[name]
    bits = ["0"] * _width(segment, name)
    for key in keys:
        if key in item.universe:
            bits[item.universe[key]] = "1"
    return "".join(bits)


def _listed(table: Any) -> list[float | None]:  # noqa: ANN401 - an array
    return [None if math.isnan(v) else float(v) for v in table]


def _values(segment: Segment, ask: Ask, facts: Facts) -> dict[str, Any]:
    point, person = ask.point, ask.person
    assert point is not None and person.age_low is not None  # noqa: S101, PT018 - ours
    radius = ask.travelling.radius_m
    up = radius / METRES_A_DEGREE
    aside = radius / (METRES_A_DEGREE * math.cos(math.radians(abs(point.lat) + up)))
    area = facts.tables["area"]
    values: dict[str, Any] = {f"t_{key}": _listed(table) for key, table in facts.tables.items()}
    categories = answering_categories(segment, facts)
    values |= {
        "kinds": facts.kinds.tolist(),
        "fits": facts.fits.tolist(),
        "cats": categories,
        "served": [int(i) for i in np.flatnonzero(area != 0) if _is_listed(segment, int(i))],
        "lat": point.lat,
        "lon": point.lon,
        "up": up,
        "aside": aside,
        "beyond": ask.travelling.beyond,
        "limit_minutes": float(ask.travelling.limit),
        "age": person.age_low,
        "on": ask.on.toordinal(),
        "m_situations": _mask(segment, "eligible", person.situations),
        "m_ineligible": _mask(segment, "ineligible", person.situations),
        "m_week": _mask(segment, "week", facts.masks["week"]),
        "m_activities": _mask(segment, "activities", facts.masks["activities"]),
        "o_sort": _listed(facts.opening[0]),
        "o_vague": _listed(facts.opening[1]),
        "half_cost": HALF_AT_FOR_POOR if facts.masks["poor"] else HALF_AT,
    }
    for number, keys in enumerate(facts.masks["settings"]):
        values[f"m_setting_{number}"] = _mask(segment, "settings", keys)
    for number, (wait, speed, _) in enumerate(ask.travelling.means):
        values[f"wait_{number}"] = wait
        values[f"slow_{number}"] = DETOUR / speed
    return values


def answering_categories(segment: Segment, facts: Facts) -> list[int]:
    """Category codes of the kinds that answer."""
    return sorted({int(code) for code in segment.kind_category[facts.kinds]})


def _is_listed(segment: Segment, code: int) -> bool:
    value = segment.labels["served"].values[code]
    return value is not None and value != ("*",)


def statement(segment: Segment, ask: Ask, facts: Facts) -> str:
    """The statement for the shape of a question (how many means, wishes and criteria it has)."""
    parts = {
        key: sql
        for key, sql in _parts(segment, facts).items()
        if key in {k for k, *_ in facts.heard}
    }
    whole = sum(weight for _, weight, _ in facts.heard)
    total = " + ".join(
        f"{weight!r}::float8 * coalesce({key}, {neutral!r}::float8)"
        for key, weight, neutral in facts.heard
    )
    scale = float(10**DECIMALS)
    shown = ", ".join(f"({sql})::float8 as {key}" for key, sql in parts.items())
    names = ", ".join(parts)
    # 名前は宣言されたものだけ、値はすべてパラメータで渡す。
    sql = f"""
with answering as materialized (
  select unnest(%(kinds)s::int[]) kind, unnest(%(fits)s::float8[]) fit
), found as (
  select * from res where free and placed and cat && %(cats)s::int[]
    and geom && ST_MakeEnvelope(%(lon)s::float8 - %(aside)s::float8, %(lat)s::float8 - %(up)s::float8,
      %(lon)s::float8 + %(aside)s::float8, %(lat)s::float8 + %(up)s::float8, 4326)
  union all
  select * from res where free and not placed and category = any(%(cats)s::int[])
  union all
  select * from res where not free and served = any(%(served)s::int[]) and category = any(%(cats)s::int[])
), near as (
  select found.*, fit, ST_DistanceSphere(geom, ST_SetSRID(ST_MakePoint(%(lon)s::float8, %(lat)s::float8), 4326))
    * ({EARTH!r}::float8 / 6371008.7714150598) metres
  from found join answering using (kind)
), timed as (
  select near.*, least({_minutes(ask)}) minutes from near
), open as (
  select * from timed where {_gates(segment)}
), scored as (
  select id, place, category, {shown} from open
), totals as (
  select id, place, category, {names}, round(({total}) / {whole!r}::float8 * {scale!r}::float8) / {scale!r}::float8 total
  from scored
), spread as (
  select *, row_number() over (partition by category order by total desc, place) nth from totals
), chosen as (
  select * from spread order by (nth <= %(share)s::int) desc, total desc, place limit %(top)s::int
)
select id, total, {names} from chosen order by total desc, place
"""  # noqa: S608
    return sql  # noqa: RET504


def _minutes(ask: Ask) -> str:
    return ", ".join(
        f"%(wait_{i})s::float8 + metres * %(slow_{i})s::float8"
        for i in range(len(ask.travelling.means))
    )


def _shared(segment: Segment, name: str, mask: str) -> str:
    return f"bit_count({name} & %({mask})s::bit({_width(segment, name)}))"


def _table_value(key: str, name: str) -> str:
    return f"(%(t_{key})s::float8[])[{name} + 1]"


def _gates(segment: Segment) -> str:
    passes = [
        f"coalesce({_table_value('area', 'served')}, 1) <> 0",
        (
            f"((listed and {_table_value('area', 'served')} = 1) or remote"
            " or coalesce(minutes <= %(beyond)s::float8, true))"
        ),
        "(age_low is null or %(age)s::float8 >= age_low)",
        "(age_high is null or floor(%(age)s::float8) <= age_high)",
        f"(ineligible is null or {_shared(segment, 'ineligible', 'm_ineligible')} = 0)",
    ]
    for name, keys in LABELS.items():
        passes += [
            f"coalesce({_table_value(key, name)}, 1) <> 0"
            for key in keys
            if key
            in ("eligibility", "gender", "status", "referral", "stage", "suitability", "already")
        ]
    return " and ".join(passes)


def _parts(segment: Segment, facts: Facts) -> dict[str, str]:
    shared = f"least(1.0, {_shared(segment, 'week', 'm_week')} / {float(ENOUGH)!r}::float8)"
    wishes = " + ".join(
        f"({_shared(segment, 'settings', f'm_setting_{i}')} > 0)::int"
        for i in range(len(facts.masks["settings"]))
    )
    count = max(1, len(facts.masks["settings"]))
    gap = "greatest(coalesce(usual_low - %(age)s::float8, 0), coalesce(floor(%(age)s::float8) - usual_high, 0), 0)"
    level, fetched = facts.masks["access"]
    access = [
        f"case when {name} = 0 then 0.15 else {name} end"
        for needed, name in ((level, "wheelchair"), (fetched, "comes"))
        if needed
    ]
    cost = "power(2::float8, -yen_a_visit::float8 / %(half_cost)s::float8)"
    if facts.masks["poor"]:
        cost = f"case when yen_a_visit >= {TOO_MUCH!r} then 0 else {cost} end"
    near = "power(2::float8, greatest(-1000::float8, -minutes / %(limit_minutes)s::float8))"
    return {
        "need_fit": "fit",
        "situation": _table_value("situation", "category"),
        "target": f"least(case when bit_count(eligible) > 0 then case when {_shared(segment, 'eligible', 'm_situations')} > 0 then 1.0"
        f" when eligible_only > 0 then {LIMITED_TO_OTHERS!r} else {MEANT_FOR_OTHERS!r} end end,"
        f" case when usual_low is not null or usual_high is not null then 1 - least(1, {gap} / {YEARS_BESIDE!r}::float8) end)",
        "nearness": f"case when remote then greatest({near}, {REMOTE_WORTH!r}) else {near} end",
        "schedule": f"coalesce((%(o_sort)s::float8[])[opening_sort + 1], case when {shared} = 0 and (%(o_vague)s::float8[])[opening_sort + 1] = 1 then null else {shared} end)",
        "cost": cost,
        "capacity": f"case when %(on)s::float8 - vacancy_as_of <= {float(STALE_AFTER)!r} then {_table_value('capacity', 'vacancy')} end",
        "setting": f"case when bit_count(settings) > 0 then {NONE_HELPS!r}::float8 + {1 - NONE_HELPS!r}::float8 * (({wishes or '0'}) / {float(count)!r}::float8) end",
        "interests": f"case when bit_count(activities) > 0 then case when {_shared(segment, 'activities', 'm_activities')} > 0 then 1.0 else 0.3 end end",
        "language": _table_value("language", "talks"),
        "access": f"least({', '.join(access) or 'null::float8'}, null::float8)",
        "introduction": "introduction_way::float8",
        "freshness": "case when assured is not null then power(2::float8,"
        f" -greatest(0, %(on)s::float8 - assured) / {HALF_DAYS!r}::float8) end",
    }
