"""One question as plain tables, for the rivals: what each distinct fact is worth to this person.

The rivals need not know the vocabulary or the meaning of a criterion; they get, ready made, the
value of every code (area sets, categories, timetable sorts …) and the person's own numbers. What
they still have to do is the work: find the rows, join the values, score, order. Making these
tables is not counted against them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.vocabulary.concept import Family
from matching.ask import Ask
from matching.criteria import access, schedule, setting
from matching.criterion import all_criteria
from matching.index.fit import answering_of
from matching.index.rows import Rows
from matching.index.search import Weights
from matching.index.segment import Segment
from matching.index.shared import ANYWHERE
from matching.traits import has_trait

Floats = npt.NDArray[np.float64]
#: Columns that are handed over as codes with a table of values for each question.
LABELS: Mapping[str, tuple[str, ...]] = {
    "served": ("area",),
    "limited_to": ("eligibility",),
    "gender_only": ("gender",),
    "status": ("status",),
    "referral_way": ("referral",),
    "gathering": ("stage",),
    "category": ("suitability", "already", "situation"),
    "vacancy": ("capacity",),
    "talks": ("language",),
}


#: The same for distinct sets, where a criterion looks at nothing but the set.
SETS: Mapping[str, tuple[str, ...]] = {
    "settings": ("setting",),
    "activities": ("interests",),
    "ineligible": ("ineligible",),
}


class OneOfEach:
    """A source of columns with a row for each distinct value of one: what each is worth."""

    def __init__(self, segment: Segment, name: str) -> None:
        self._segment = segment
        self._name = name
        values = segment.labels[name].values if name in segment.labels else segment.sets[name].table
        self.size = len(values)

    def label(self, name: str) -> Any:  # noqa: ANN401 - a column as criteria see it
        """Codes 0, 1, 2 … of the one label."""
        item = self._segment.labels[name]
        return type(item)(np.arange(len(item.values)), item.values)

    def number(self, name: str) -> npt.NDArray[Any]:
        """Whatever else is asked counts as just now told, so that only the label decides."""
        del name
        return np.full(self.size, 1e7)

    def coded(self, name: str) -> npt.NDArray[Any] | None:
        """Codes 0, 1, 2 … of the one label or set; ``None`` for a number."""
        held = name in self._segment.labels or name in self._segment.sets
        return np.arange(self.size) if held else None

    def places(self) -> Floats:
        """Nowhere: no distance is asked for."""
        return np.full((self.size, 3), np.nan)

    def bits(self, name: str) -> Any:  # noqa: ANN401 - a column as criteria see it
        """Codes 0, 1, 2 … of the one set."""
        item = self._segment.sets[name]
        return type(item)(np.arange(len(item.table)), item.table, item.known, item.universe)


@dataclass(frozen=True, slots=True)
class Facts:
    """A question in numbers. ``tables``: value of each code, by criterion; NaN = unknown."""

    tables: Mapping[str, Floats]
    kinds: npt.NDArray[np.int64]
    fits: Floats
    masks: Mapping[str, Any]
    opening: tuple[Floats, Floats]
    heard: tuple[tuple[str, float, float], ...]
    listed: npt.NDArray[np.bool_]
    wishes: tuple[frozenset[int], ...]
    _places: Mapping[str, frozenset[int]]

    def places(self, name: str) -> frozenset[int]:
        """The person's keys as numbers of the set columns."""
        return self._places[name]


def facts_of(segment: Segment, ask: Ask, weights: Weights) -> Facts:
    """Work out the tables of one question."""
    criteria = {criterion.key: criterion for criterion in all_criteria()}
    tables: dict[str, Floats] = {}
    for name, keys in (*LABELS.items(), *SETS.items()):
        rows = one_of_each(segment, name)
        for key in keys:
            tables[key] = criteria[key].measure(rows, ask)
    tables["week"] = week_worth(segment, ask)
    tables["eligible"] = eligible_worth(segment, ask)
    answering = answering_of(segment, ask.need.key, ask.vocabulary)
    kinds = np.flatnonzero(answering.kinds)
    free = ask.person.free or ()
    sorts: list[Any] = segment.labels["opening_sort"].values
    return Facts(
        tables=tables,
        kinds=kinds,
        fits=answering.fit.at(kinds),
        masks={
            "situations": ask.person.situations,
            "week": schedule.week_of(free),
            "settings": setting.helpful(ask),
            "activities": ask.person.activities,
            "gives": ask.person.gives,
            "poor": has_trait(ask.person.barriers, Family.BARRIER, "cost", ask.vocabulary),
            "access": access.asks_for(ask),
        },
        opening=(
            np.array([np.nan if (v := schedule.by_sort(s, free)) is None else v for s in sorts]),
            np.array([schedule.meets_vague(s, free) for s in sorts]),
        ),
        heard=tuple((c.key, weight, c.neutral) for c, weight in weights.heard(ask)),
        listed=np.array(
            [v is not None and v != (ANYWHERE,) for v in segment.labels["served"].values]
        ),
        wishes=tuple(_numbers(segment, "settings", keys) for keys in setting.helpful(ask)),
        _places={
            "situations": _numbers(segment, "eligible", ask.person.situations),
            "ineligible": _numbers(segment, "ineligible", ask.person.situations),
            "activities": _numbers(segment, "activities", ask.person.activities),
        },
    )


def one_of_each(segment: Segment, name: str) -> Rows:
    """A row for each distinct value of a label or set."""
    source = OneOfEach(segment, name)
    return Rows(source, np.arange(source.size))


def week_worth(segment: Segment, ask: Ask) -> Floats:
    """How far each distinct timetable meets the person's free times."""
    shared = one_of_each(segment, "week").count("week", schedule.week_of(ask.person.free or ()))
    worth: Floats = np.minimum(1.0, shared / schedule.ENOUGH)
    return worth


def eligible_worth(segment: Segment, ask: Ask) -> Floats:
    """1 where a distinct set of eligible situations holds one of the person's, else 0."""
    rows = one_of_each(segment, "eligible")
    filled = rows.size("eligible") > 0
    worth: Floats = np.where(filled, rows.any("eligible", ask.person.situations), np.nan)
    return worth


def _numbers(segment: Segment, name: str, keys: Iterable[str]) -> frozenset[int]:
    universe = segment.sets[name].universe
    return frozenset(universe[key] for key in keys if key in universe)
