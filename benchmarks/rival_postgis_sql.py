"""The statement of the PostGIS rival: the work of ``Matcher.search`` in one prepared query.

Three disjoint branches (placed and bound to no area, without a place, bound to an area), each over
its own partial index; gates inside the branch, cheapest first; distance once a row; every
criterion beside the total; no category takes more than its share.
"""

from collections.abc import Mapping

from benchmarks.rival_rows import EARTH, GATED, TABLES
from matching.criteria.capacity import STALE_AFTER
from matching.criteria.cost import TOO_MUCH
from matching.criteria.freshness import HALF_DAYS
from matching.criteria.nearness import REMOTE_WORTH
from matching.criteria.target import LIMITED_TO_OTHERS, MEANT_FOR_OTHERS, YEARS_BESIDE
from matching.index.search import DECIMALS

#: What a branch hands on.
COLUMNS = (
    "id", "place", "category", "named", "remote", "lat", "lon", "cos_lat", "opening_sort",
    "vacancy", "talks", "eligible_only", "usual_low", "usual_high", "yen_a_visit", "vacancy_as_of",
    "assured", "wheelchair", "comes", "introduction_way", "eligible", "week", "settings",
    "activities",
)  # fmt: skip
#: Parameters that every shape has, with their types.
COMMON: Mapping[str, str] = {
    "cats": "int4[]", "naming": "int4[]", "served": "int4[]", "in_area": "int4[]",
    **dict.fromkeys(("west", "south", "east", "north", "lat", "lon", "cos_lat"), "float8"),
    **dict.fromkeys(("radius", "limit_minutes", "age", "years", "today", "half_cost"), "float8"),
    **dict.fromkeys(("poor", "level", "fetched"), "bool"),
    **{f"g_{name}": "bit" for name in GATED},
    **{f"t_{name}": "float8[]" for name in TABLES},
    "whole": "float8", "top": "int4", "share": "int4",
}  # fmt: skip


class Shape:
    """What makes one prepared statement differ from another: means of travel, criteria heard."""

    def __init__(self, means: int, heard: tuple[tuple[str, float], ...]) -> None:
        self.means = means
        #: criteria that are heard, with what an unknown counts as
        self.heard = heard
        types = dict(COMMON)
        types |= {f"wait_{i}": "float8" for i in range(means)}
        types |= {f"slow_{i}": "float8" for i in range(means)}
        types |= {f"w_{key}": "float8" for key, _ in heard}
        self.types = types
        self.numbers = {name: place for place, name in enumerate(types, start=1)}

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for questions that share a statement."""
        return self.means, self.heard

    def sql(self) -> str:
        """The text, parameters as ``$1``, ``$2`` …."""
        return _Text(self).statement()


class _Text:
    def __init__(self, shape: Shape) -> None:
        self._shape = shape

    def p(self, name: str) -> str:
        return f"${self._shape.numbers[name]}"

    def statement(self) -> str:
        p, heard = self.p, [key for key, _ in self._shape.heard]
        parts = self._parts()
        total = " + ".join(
            f"{p(f'w_{key}')} * coalesce({key}, {neutral!r}::float8)"
            for key, neutral in self._shape.heard
        )
        scale = f"{float(10**DECIMALS)!r}::float8"
        names = ", ".join(heard)
        shown = ", ".join(f"({parts[key]})::float8 as {key}" for key in heard)
        # 値はすべてパラメータで渡す。名前は宣言されたものだけを使う。
        return f"""
with found as (
  {self._branches()}
), near as (
  select found.*, {self._metres()} metres from found offset 0
), timed as (
  select near.*, least({self._minutes()}) minutes from near
  where listed or remote or coalesce(metres <= {p("radius")}, true) offset 0
), scored as (
  select id, place, category, {shown} from timed offset 0
), totals as (
  select *, round(({total}) / {p("whole")} * {scale}) / {scale} total from scored
), spread as (
  select *, row_number() over (partition by category order by total desc, place) nth from totals
), chosen as (
  select * from spread order by (nth <= {p("share")}) desc, total desc, place limit {p("top")}
)
select id, total, {names} from chosen order by total desc, place
"""  # noqa: S608

    def _branches(self) -> str:
        p = self.p
        columns = ", ".join(COLUMNS)
        box = f"ST_MakeEnvelope({p('west')}, {p('south')}, {p('east')}, {p('north')}, 4326)"
        gates = self._gates()
        free = f"select {columns}, false listed from res where not bound"  # noqa: S608 - own names
        listed = f"served = any({p('in_area')})"
        bound = f"select {columns}, {listed} listed from res where bound"  # noqa: S608 - own names
        kinds = f"(category = any({p('cats')}) or named = any({p('naming')}))"
        return f"""{free} and placed and geom && {box} and {gates}
  union all {free} and not placed and {kinds} and {gates}
  union all {bound} and served = any({p("served")}) and {gates}"""

    def _gates(self) -> str:
        p = self.p
        passes = [f"{self._fit()} > 0"]
        passes += [f"(age_low is null or {p('age')} >= age_low)"]
        passes += [f"(age_high is null or {p('years')} <= age_high)"]
        passes += [f"get_bit({p(f'g_{name}')}, {name}) = 1" for name in GATED]
        return " and ".join(passes)

    def _fit(self) -> str:
        p = self.p
        return f"greatest({p('t_fit_category')}[category + 1], {p('t_fit_named')}[named + 1])"

    def _metres(self) -> str:
        p = self.p
        up, aside = f"sind((lat - {p('lat')}) / 2)", f"sind((lon - {p('lon')}) / 2)"
        return (
            f"{2 * EARTH!r}::float8 * asin(sqrt(least(1, power({up}, 2)"
            f" + {p('cos_lat')} * cos_lat * power({aside}, 2))))"
        )

    def _minutes(self) -> str:
        ways = range(self._shape.means)
        return ", ".join(f"{self.p(f'wait_{i}')} + metres * {self.p(f'slow_{i}')}" for i in ways)

    def _parts(self) -> dict[str, str]:
        p = self.p
        near = f"power(2::float8, greatest(-1000::float8, -minutes / {p('limit_minutes')}))"
        cost = f"power(2::float8, -yen_a_visit::float8 / {p('half_cost')})"
        return {
            "need_fit": self._fit(),
            "situation": self._known("t_situation", "category"),
            "target": f"least({self._by_state()}, {self._by_age()})",
            "nearness": f"case when remote then greatest({near}, {REMOTE_WORTH!r}) else {near} end",
            "schedule": self._schedule(),
            "cost": f"case when {p('poor')} and yen_a_visit >= {TOO_MUCH!r} then 0 else {cost} end",
            "capacity": f"case when {p('today')} - vacancy_as_of <= {float(STALE_AFTER)!r}"
            f" then {self._known('t_capacity', 'vacancy')} end",
            "setting": self._known("t_setting", "settings"),
            "interests": self._known("t_interests", "activities"),
            "language": self._known("t_language", "talks"),
            "access": "least("
            + ", ".join(
                f"case when {p(wanted)} then case when {name} = 0 then 0.15 else {name} end end"
                for wanted, name in (("level", "wheelchair"), ("fetched", "comes"))
            )
            + ")",
            "introduction": "introduction_way",
            "freshness": "case when assured is not null then power(2::float8,"
            f" -greatest(0, {p('today')} - assured) / {HALF_DAYS!r}::float8) end",
        }

    def _known(self, table: str, code: str) -> str:
        """The value of a code; NaN stands for unknown, so that the table needs no null bitmap."""
        return f"nullif({self.p(table)}[{code} + 1], 'NaN')"

    def _by_state(self) -> str:
        return (
            f"case {self._known('t_eligible', 'eligible')} when 1 then 1.0::float8 when 0 then"
            f" case when eligible_only > 0 then {LIMITED_TO_OTHERS!r} else {MEANT_FOR_OTHERS!r}"
            " end end"
        )

    def _by_age(self) -> str:
        age = self.p("age")
        gap = f"greatest(coalesce(usual_low - {age}, 0), coalesce({self.p('years')} - usual_high, 0), 0)"
        return (
            "case when usual_low is not null or usual_high is not null"
            f" then 1 - least(1, {gap} / {YEARS_BESIDE!r}::float8) end"
        )

    def _schedule(self) -> str:
        sort, week = self._known("t_sort", "opening_sort"), self._known("t_week", "week")
        vague = f"{self.p('t_vague')}[opening_sort + 1] = 1"
        return f"coalesce({sort}, case when {week} = 0 and {vague} then null else {week} end)"
