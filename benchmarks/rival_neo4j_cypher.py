"""The Cypher of the Neo4j rival: the work of ``Matcher.search`` in one parameterised query.

Three labels for the three kinds of reach, each with a composite range index that holds everything
a gate looks at, so that a row which fails is never fetched (a covering index). Distance once a
row; tables of the question as lists of parameters; first the best of each category, then the top.
"""

from benchmarks.rival_rows import EARTH, GATED
from matching.criteria.capacity import STALE_AFTER
from matching.criteria.cost import TOO_MUCH
from matching.criteria.freshness import HALF_DAYS
from matching.criteria.nearness import REMOTE_WORTH
from matching.criteria.target import LIMITED_TO_OTHERS, MEANT_FOR_OTHERS, YEARS_BESIDE
from matching.index.search import DECIMALS

PLACED, UNPLACED, BOUND = "TsunaguBenchPlaced", "TsunaguBenchUnplaced", "TsunaguBenchBound"
LABELS = (PLACED, UNPLACED, BOUND)
_GATES = ("category", "named", "age_low", "age_high", *(g for g in GATED if g != "category"))
#: What each label is sought by comes first; then whatever a gate looks at.
INDEXED: dict[str, tuple[str, tuple[str, ...]]] = {
    "by_cell": (PLACED, ("cell", *_GATES, "lat", "lon")),
    "by_category": (UNPLACED, _GATES),
    "by_named": (UNPLACED, ("named", *(name for name in _GATES if name != "named"))),
    "by_area": (BOUND, ("served", *_GATES)),
}
#: Side of a cell in degrees.
CELL = 0.05
#: Cells of one row of cells.
A_ROW = round(360 / CELL)


def index_of(name: str) -> str:
    """The statement that makes an index."""
    label, columns = INDEXED[name]
    listed = ", ".join(f"r.{column}" for column in columns)
    return f"CREATE INDEX {label}_{name} IF NOT EXISTS FOR (r:{label}) ON ({listed})"


def query(means: int, heard: tuple[tuple[str, float], ...]) -> str:
    """The text for so many means of travel and these criteria (key, what an unknown counts as)."""
    parts = _parts()
    shown = ", ".join(f"{parts[key]} AS {key}" for key, _ in heard)
    total = " + ".join(f"$w_{key} * coalesce({key}, {neutral!r})" for key, neutral in heard)
    scale = float(10**DECIMALS)
    ways = [f"metres * $slow_{i} + $wait_{i}" for i in range(means)]
    columns = ", ".join(name for name, _ in heard)
    return f"""
CALL () {{
  {_branch("by_cell", "r.cell IN $cells AND " + _INSIDE)}
  UNION ALL {_branch("by_category", "r.category IN $cats")}
  UNION ALL {_branch("by_named", "r.named IN $naming AND NOT r.category IN $cats")}
  UNION ALL {_branch("by_area", "r.served IN $served", "r.served IN $in_area")}
}}
WITH r, metres, within WHERE within OR r.remote OR metres IS NULL OR metres <= $radius
WITH r, {_least(ways)} AS minutes
WITH r.id AS id, r.category AS category, r.place AS place, {shown}
WITH category, place, [id, {columns}] AS found,
  round(({total}) / $whole * {scale!r}) / {scale!r} AS total
ORDER BY total DESC, place
WITH category, collect([total, place, found]) AS rows
UNWIND range(0, size(rows) - 1) AS nth
WITH rows[nth] AS row, nth < $share AS early
ORDER BY early DESC, row[0] DESC, row[1] LIMIT $top
WITH row ORDER BY row[0] DESC, row[1]
RETURN row[2][0] AS id, row[0] AS total, row[2][1..] AS parts
"""


_INSIDE = "$south <= r.lat <= $north AND $west <= r.lon <= $east"
_FIT = (
    "(CASE WHEN $t_fit_category[r.category] > $t_fit_named[r.named]"
    " THEN $t_fit_category[r.category] ELSE $t_fit_named[r.named] END)"
)


def _branch(index: str, wanted: str, within: str = "false") -> str:
    """Rows of one index that pass every gate, with their distance."""
    label, columns = INDEXED[index]
    gates = [wanted, f"{_FIT} > 0", "r.age_low <= $age", "r.age_high >= $years"]
    gates += [f"$g_{name}[r.{name}]" for name in GATED]
    # 索引だけで済ませるには、索引のすべての項目に条件が要る。
    gates += [f"r.{name} IS NOT NULL" for name in columns[1:]]
    return (
        f"MATCH (r:{label}) USING INDEX SEEK r:{label}({', '.join(columns)})"
        f" WHERE {' AND '.join(gates)} RETURN r, {_metres()} AS metres, {within} AS within"
    )


def _metres() -> str:
    up = "sin(radians(r.lat - $lat) / 2)"
    aside = "sin(radians(r.lon - $lon) / 2)"
    return (
        f"{2 * EARTH!r} * asin(sqrt({up} * {up}"
        f" + $cos_lat * cos(radians(r.lat)) * {aside} * {aside}))"
    )


def _least(values: list[str]) -> str:
    """The least of several; null where the first is."""
    found = values[0]
    for value in values[1:]:
        found = f"CASE WHEN {value} < {found} THEN {value} ELSE {found} END"
    return found


def _parts() -> dict[str, str]:
    near = "2.0 ^ (-minutes / $limit_minutes)"
    cost = "2.0 ^ (-r.yen_a_visit / $half_cost)"
    level = "CASE WHEN $level THEN CASE r.wheelchair WHEN 0.0 THEN 0.15 ELSE r.wheelchair END END"
    comes = "CASE WHEN $fetched THEN CASE r.comes WHEN 0.0 THEN 0.15 ELSE r.comes END END"
    return {
        "need_fit": _FIT,
        "situation": "$t_situation[r.category]",
        "target": _lesser(_by_state(), _by_age()),
        "nearness": f"CASE WHEN r.remote THEN CASE WHEN {near} > {REMOTE_WORTH!r} THEN {near}"
        f" ELSE {REMOTE_WORTH!r} END ELSE {near} END",
        "schedule": "coalesce($t_sort[r.opening_sort], CASE WHEN $t_week[r.week] = 0"
        " AND $t_vague[r.opening_sort] = 1 THEN null ELSE $t_week[r.week] END)",
        "cost": f"CASE WHEN $poor AND r.yen_a_visit >= {TOO_MUCH!r} THEN 0.0 ELSE {cost} END",
        "capacity": f"CASE WHEN $today - r.vacancy_as_of <= {float(STALE_AFTER)!r}"
        " THEN $t_capacity[r.vacancy] END",
        "setting": "$t_setting[r.settings]",
        "interests": "$t_interests[r.activities]",
        "language": "$t_language[r.talks]",
        "access": _lesser(level, comes),
        "introduction": "r.introduction_way",
        "freshness": "2.0 ^ (-(CASE WHEN $today > r.assured THEN $today - r.assured ELSE"
        f" CASE WHEN r.assured IS NOT NULL THEN 0.0 END END) / {HALF_DAYS!r})",
    }


def _lesser(one: str, other: str) -> str:
    """The lesser of two of which either may be unknown."""
    return (
        f"reduce(least = null, x IN [{one}, {other}] |"
        " CASE WHEN least IS NULL OR x < least THEN x ELSE least END)"
    )


def _by_state() -> str:
    return (
        "CASE $t_eligible[r.eligible] WHEN 1.0 THEN 1.0 WHEN 0.0 THEN"
        f" CASE WHEN r.eligible_only > 0 THEN {LIMITED_TO_OTHERS!r}"
        f" ELSE {MEANT_FOR_OTHERS!r} END END"
    )


def _by_age() -> str:
    gap = (
        "reduce(most = 0.0, x IN [r.usual_low - $age, $years - r.usual_high] |"
        f" CASE WHEN x > most THEN x ELSE most END) / {YEARS_BESIDE!r}"
    )
    return (
        "CASE WHEN r.usual_low IS NOT NULL OR r.usual_high IS NOT NULL THEN"
        f" CASE WHEN {gap} > 1.0 THEN 0.0 ELSE 1.0 - {gap} END END"
    )
