"""What the database rivals load, and a question as parameters for them: the same for all of them.

A row is codes and numbers; what a code is worth to a person comes as a table with the question
(benchmarks/facts). No rival has to know the vocabulary, and preparing these is never counted
against it.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.facts import LABELS, SETS, Facts
from graph.vocabulary.protocol import Vocabulary
from matching.ask import Ask
from matching.criteria.cost import HALF_AT, HALF_AT_FOR_POOR
from matching.index.fit import kind_fit
from matching.index.grid import METRES_A_DEGREE
from matching.index.segment import Segment
from matching.index.shared import ANYWHERE
from matching.travel import DETOUR

#: The distance of graph.geo, in metres.
EARTH = 6371008.8
NUMBERS = (
    "age_low", "age_high", "eligible_only", "usual_low", "usual_high", "yen_a_visit",
    "vacancy_as_of", "assured", "wheelchair", "comes", "introduction_way",
)  # fmt: skip
#: Columns whose gates come as yes or no for each code.
GATED = (
    "category", "limited_to", "gender_only", "status", "referral_way", "gathering", "ineligible",
)  # fmt: skip
CODES = (
    *GATED, "served", "named", "vacancy", "talks", "opening_sort", "eligible", "week", "settings",
    "activities",
)  # fmt: skip
FLAGS = ("bound", "placed", "remote")
GATES = frozenset(
    {"eligibility", "gender", "status", "referral", "stage", "suitability", "already", "ineligible"}
)
#: Tables of a question: name → what it says of each code of which column.
TABLES = {
    "fit_category": "category", "fit_named": "named", "situation": "category",
    "capacity": "vacancy", "language": "talks", "week": "week", "setting": "settings",
    "interests": "activities", "eligible": "eligible", "sort": "opening_sort",
    "vague": "opening_sort",
}  # fmt: skip

Codes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class RivalRows:
    """All resources as plain columns. ``place`` = their order by id, which settles ties."""

    size: int
    place: Codes
    flags: dict[str, Bools]
    codes: dict[str, Codes]
    numbers: dict[str, Floats]
    lat: Floats
    lon: Floats
    named: tuple[tuple[Any, ...], ...]


def rival_rows(segment: Segment) -> RivalRows:
    """The columns of a compiled segment, as a rival takes them in."""
    place = np.empty(segment.size, dtype=np.int64)
    place[segment.by_id] = np.arange(segment.size)
    lat, lon = (segment.numbers[name].astype(float) for name in ("lat", "lon"))
    remote = segment.numbers["remote"] > 0
    kinds: list[Any] = segment.labels["kind"].values
    named = tuple(dict.fromkeys(kind[1] for kind in kinds))
    number = {keys: code for code, keys in enumerate(named)}
    of_kind = np.array([number[kind[1]] for kind in kinds], dtype=np.int64)
    codes = {
        name: (segment.sets if name in segment.sets else segment.labels)[name].codes.astype(
            np.int64
        )
        for name in CODES
        if name != "named"
    }
    codes["named"] = of_kind[segment.labels["kind"].codes]
    return RivalRows(
        size=segment.size,
        place=place,
        flags={
            "bound": _bound(segment)[codes["served"]],
            "placed": ~np.isnan(lat) & ~remote,
            "remote": remote,
        },
        codes=codes,
        numbers={name: segment.numbers[name].astype(float) for name in NUMBERS},
        lat=lat,
        lon=lon,
        named=named,
    )


def values_of(
    segment: Segment, rows: RivalRows, ask: Ask, facts: Facts, vocabulary: Vocabulary
) -> dict[str, Any]:
    """Every parameter of a question by name; NaN in a table = unknown."""
    person, travelling = ask.person, ask.travelling
    assert person.age_low is not None  # noqa: S101 - ours
    tables = {**facts.tables, "sort": facts.opening[0], "vague": facts.opening[1]}
    fits = _fits(segment, rows, ask, vocabulary)
    tables |= fits
    may = _passing(facts, "category")
    values: dict[str, Any] = {
        **_box(ask),
        **_areas(segment, facts),
        "cats": np.flatnonzero((fits["fit_category"] > 0) & may),
        "naming": np.flatnonzero(fits["fit_named"] > 0),
        "radius": travelling.radius_m,
        "limit_minutes": float(travelling.limit),
        "age": float(person.age_low),
        "years": float(math.floor(person.age_low)),
        "today": float(ask.on.toordinal()),
        "half_cost": float(HALF_AT_FOR_POOR if facts.masks["poor"] else HALF_AT),
        "poor": bool(facts.masks["poor"]),
        "level": bool(facts.masks["access"][0]),
        "fetched": bool(facts.masks["access"][1]),
        "whole": float(sum(weight for _, weight, _ in facts.heard)),
    }
    values |= {f"w_{key}": float(weight) for key, weight, _ in facts.heard}
    values |= {f"g_{name}": _passing(facts, name) for name in GATED}
    values |= {f"t_{name}": tables[name] for name in TABLES}
    for number, (wait, speed, _) in enumerate(travelling.means):
        values[f"wait_{number}"] = float(wait)
        values[f"slow_{number}"] = DETOUR / speed
    return values


def _fits(segment: Segment, rows: RivalRows, ask: Ask, vocabulary: Vocabulary) -> dict[str, Floats]:
    """What a category answers, and what the needs a place names answer: the better one counts."""
    need = ask.need.key
    categories: list[Any] = segment.labels["category"].values
    return {
        "fit_category": np.array([kind_fit((key, ()), need, vocabulary) for key in categories]),
        "fit_named": np.array([kind_fit((None, keys), need, vocabulary) for keys in rows.named]),
    }


def _box(ask: Ask) -> dict[str, float]:
    point = ask.point
    assert point is not None  # noqa: S101 - ours
    up = ask.travelling.radius_m / METRES_A_DEGREE
    aside = up / math.cos(math.radians(min(89.0, abs(point.lat) + up)))
    return {
        "west": point.lon - aside,
        "south": point.lat - up,
        "east": point.lon + aside,
        "north": point.lat + up,
        "lat": point.lat,
        "lon": point.lon,
        "cos_lat": math.cos(math.radians(point.lat)),
    }


def _areas(segment: Segment, facts: Facts) -> dict[str, Any]:
    """Areas that may be the person's, and those that are."""
    area, bound = facts.tables["area"], _bound(segment)
    return {
        "served": np.flatnonzero(bound & (area != 0)),
        "in_area": np.flatnonzero(bound & (area == 1)),
    }


def _passing(facts: Facts, name: str) -> Bools:
    """Codes of a column that pass all its gates; what is not known passes."""
    gates = [key for key in {**LABELS, **SETS}[name] if key in GATES]
    passing: Bools = np.logical_and.reduce([facts.tables[key] != 0 for key in gates])
    return passing


def _bound(segment: Segment) -> Bools:
    """Codes of served areas that bind a resource to them."""
    values: list[Any] = segment.labels["served"].values
    return np.array([value is not None and value != (ANYWHERE,) for value in values], dtype=bool)
