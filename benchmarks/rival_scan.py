"""Two more rivals: numpy over every row, and a plain loop over a networkx graph."""

import math
from typing import Any

import networkx as nx
import numpy as np

from benchmarks.facts import LABELS, Facts, facts_of
from benchmarks.questions import Question
from graph.geo import haversine_m
from graph.vocabulary.protocol import Vocabulary
from matching.ask import Ask
from matching.criteria.capacity import STALE_AFTER
from matching.criteria.cost import HALF_AT, HALF_AT_FOR_POOR, TOO_MUCH
from matching.criteria.freshness import HALF_DAYS
from matching.criteria.nearness import REMOTE_WORTH
from matching.criteria.schedule import ENOUGH
from matching.criteria.setting import NONE_HELPS
from matching.criteria.target import LIMITED_TO_OTHERS, MEANT_FOR_OTHERS, YEARS_BESIDE
from matching.criterion import gates
from matching.index.fit import answering_of
from matching.index.rows import Floats, Ints, Rows
from matching.index.search import (
    DECIMALS,
    LEAST_OF_CATEGORY,
    SHARE_OF_CATEGORY,
    Heard,
    Weights,
)
from matching.index.segment import Segment

Answer = list[tuple[int, float]]


class NumpyScan:
    """Every criterion over every row, no index. Also the oracle the lists are held against."""

    name = "numpy_scan"

    def __init__(self, segment: Segment, vocabulary: Vocabulary, weights: Weights) -> None:
        self._segment = segment
        self._vocabulary = vocabulary
        self._weights = weights
        self._all = np.arange(segment.size, dtype=np.int64)
        self._places = np.empty(segment.size, dtype=np.int64)
        self._places[segment.by_id] = np.arange(segment.size)

    def prepare(self, question: Question) -> Question:
        """Nothing to prepare."""
        return question

    def answer(self, question: Question, top: int) -> Answer:
        """Rows of the list with their scores."""
        ask = question.ask(self._vocabulary)
        answering = answering_of(self._segment, ask.need.key, self._vocabulary).kinds
        index = self._all[answering[self._segment.labels["kind"].codes]]
        rows, total = scored(self._segment, index, ask, self._weights.heard(ask))
        category = self._segment.labels["category"].codes[rows]
        found = zip(
            (-total).tolist(),
            self._places[rows].tolist(),
            category.tolist(),
            rows.tolist(),
            strict=True,
        )
        return spread(sorted(found), top)


def scored(segment: Segment, index: Ints, ask: Ask, heard: Heard) -> tuple[Ints, Floats]:
    """Gates in their order, then every preference of what passes them all, each by its own code."""
    rows = Rows(segment, index)
    passed = np.ones(rows.n, dtype=bool)
    for gate in gates():
        passed &= gate.score(rows, ask) != 0
    rows = Rows(segment, index[passed])
    total, whole = np.zeros(rows.n), 0.0
    for criterion, weight in heard:
        score = criterion.score(rows, ask)
        total += weight * np.where(np.isnan(score), criterion.neutral, score)
        whole += weight
    return rows.index, np.round(total / whole, DECIMALS) if whole else total


def spread(ordered: list[tuple[float, int, int, int]], top: int) -> Answer:
    """The list with no category taking more than its share while others answer."""
    share = max(LEAST_OF_CATEGORY, int(top * SHARE_OF_CATEGORY))
    taken: dict[int, int] = {}
    chosen: list[tuple[float, int, int, int]] = []
    rest: list[tuple[float, int, int, int]] = []
    for item in ordered:
        taken[item[2]] = taken.get(item[2], 0) + 1
        (chosen if taken[item[2]] <= share else rest).append(item)
        if len(chosen) == top:
            break
    chosen = sorted([*chosen, *rest[: top - len(chosen)]])
    return [(row, -score) for score, _, _, row in chosen]


class NetworkxLoop:
    """What one writes first: a graph in memory, a loop over its resources, plain Python."""

    name = "networkx"

    def __init__(self, segment: Segment, vocabulary: Vocabulary, weights: Weights) -> None:
        self._segment = segment
        self._vocabulary = vocabulary
        self._weights = weights
        self._g = graph_of(segment)

    def prepare(self, question: Question) -> tuple[Question, Facts]:
        """The tables of the question; not counted."""
        facts = facts_of(self._segment, question.ask(self._vocabulary), self._weights)
        return question, facts

    def answer(self, prepared: tuple[Question, Facts], top: int) -> Answer:
        """Rows of the list with their scores."""
        question, facts = prepared
        ask = question.ask(self._vocabulary)
        fits = dict(zip(facts.kinds.tolist(), facts.fits.tolist(), strict=True))
        point = ask.point
        assert point is not None  # noqa: S101 - ours
        found: list[tuple[float, int, int, int]] = []
        for row, node in self._g.nodes(data=True):
            if node.get("kind") not in fits:
                continue
            score = _score(node, ask, facts, fits[node["kind"]])
            if score is not None:
                found.append((-score, node["place"], node["category"], row))
        return spread(sorted(found), top)


def graph_of(segment: Segment) -> "nx.DiGraph[Any]":
    """Resources with their facts, joined to the areas they serve."""
    g: nx.DiGraph[Any] = nx.DiGraph()
    place = np.empty(segment.size, dtype=np.int64)
    place[segment.by_id] = np.arange(segment.size)
    numbers = {name: array.astype(float).tolist() for name, array in segment.numbers.items()}
    codes = {name: item.codes.tolist() for name, item in segment.labels.items()}
    sets = {
        name: [
            _members(words) if known else None
            for words, known in zip(item.table, item.known, strict=True)
        ]
        for name, item in segment.sets.items()
    }
    set_codes = {name: item.codes.tolist() for name, item in segment.sets.items()}
    served = segment.labels["served"].values
    for row in range(segment.size):
        facts: dict[str, Any] = {name: values[row] for name, values in numbers.items()}
        facts |= {name: values[row] for name, values in codes.items()}
        facts |= {name: sets[name][values[row]] for name, values in set_codes.items()}
        g.add_node(row, place=int(place[row]), **facts)
        for area in served[codes["served"][row]] or ():
            g.add_edge(row, f"area:{area}")
    return g


def _members(words: Any) -> frozenset[int]:  # noqa: ANN401 - a row of words
    bits = np.unpackbits(words.view(np.uint8), bitorder="little")
    return frozenset(np.flatnonzero(bits).tolist())


def _score(node: dict[str, Any], ask: Any, facts: Facts, fit: float) -> float | None:  # noqa: ANN401
    def worth(name: str, key: str) -> float:
        return float(facts.tables[key][node[name]])

    age = ask.person.age_low
    for name, keys in LABELS.items():
        for key in keys:
            if key in _GATES and worth(name, key) == 0:
                return None
    if age < node["age_low"] or math.floor(age) > node["age_high"]:
        return None
    if node["ineligible"] and node["ineligible"] & facts.places("ineligible"):
        return None
    metres = float(haversine_m(ask.point, [node["lat"]], [node["lon"]])[0])
    minutes = min(w + metres * (1.3 / s) for w, s, _ in ask.travelling.means)
    listed = worth("served", "area") == 1 and facts.listed[node["served"]]
    if not listed and not node["remote"] and minutes > ask.travelling.beyond:
        return None
    parts = _parts(node, ask, facts, minutes)
    parts["need_fit"] = fit
    parts |= {
        "situation": worth("category", "situation"),
        "language": worth("talks", "language"),
    }
    total = sum(
        weight * (neutral if parts[key] is None or math.isnan(parts[key]) else parts[key])
        for key, weight, neutral in facts.heard
    )
    return round(total / sum(weight for _, weight, _ in facts.heard), DECIMALS)


_GATES = frozenset(
    {"area", "eligibility", "gender", "status", "referral", "stage", "suitability", "already"}
)
_NAN = math.nan


def _parts(node: dict[str, Any], ask: Any, facts: Facts, minutes: float) -> dict[str, float]:  # noqa: ANN401
    near = 2 ** (-minutes / ask.travelling.limit)
    if node["remote"]:
        near = REMOTE_WORTH if math.isnan(near) else max(near, REMOTE_WORTH)
    poor = facts.masks["poor"]
    cost = 2 ** (-node["yen_a_visit"] / (HALF_AT_FOR_POOR if poor else HALF_AT))
    if poor and node["yen_a_visit"] >= TOO_MUCH:
        cost = 0.0
    told = ask.on.toordinal() - node["vacancy_as_of"] <= STALE_AFTER
    likes = node["activities"]
    return {
        "target": _target(node, ask, facts),
        "nearness": near,
        "schedule": _schedule(node, facts),
        "cost": cost,
        "capacity": float(facts.tables["capacity"][node["vacancy"]]) if told else _NAN,
        "setting": _setting(node, facts),
        "interests": (1.0 if likes & facts.places("activities") else 0.3) if likes else _NAN,
        "access": _access(node, facts),
        "introduction": node["introduction_way"],
        "freshness": 2 ** (-max(0.0, ask.on.toordinal() - node["assured"]) / HALF_DAYS)
        if not math.isnan(node["assured"])
        else _NAN,
    }


def _target(node: dict[str, Any], ask: Any, facts: Facts) -> float:  # noqa: ANN401
    found = []
    if node["eligible"]:
        other = LIMITED_TO_OTHERS if node["eligible_only"] else MEANT_FOR_OTHERS
        found.append(1.0 if node["eligible"] & facts.places("situations") else other)
    low, high = node["usual_low"], node["usual_high"]
    if not (math.isnan(low) and math.isnan(high)):
        age = ask.person.age_low
        under = 0.0 if math.isnan(low) else max(0.0, low - age)
        over = 0.0 if math.isnan(high) else max(0.0, math.floor(age) - high)
        found.append(1 - min(1.0, max(under, over) / YEARS_BESIDE))
    return min(found, default=_NAN)


def _schedule(node: dict[str, Any], facts: Facts) -> float:
    by_sort, vague = (float(table[node["opening_sort"]]) for table in facts.opening)
    if not math.isnan(by_sort):
        return by_sort
    if node["week"] is None:
        return _NAN
    fit = min(1.0, len(node["week"] & facts.masks["week"]) / ENOUGH)
    return _NAN if fit == 0 and vague == 1 else fit


def _setting(node: dict[str, Any], facts: Facts) -> float:
    if not node["settings"]:
        return _NAN
    wishes = facts.wishes
    if not wishes:
        return _NAN
    met = sum(bool(node["settings"] & wish) for wish in wishes) / len(wishes)
    return NONE_HELPS + (1 - NONE_HELPS) * met


def _access(node: dict[str, Any], facts: Facts) -> float:
    level, fetched = facts.masks["access"]
    found = [
        0.15 if node[name] == 0 else node[name]
        for needed, name in ((level, "wheelchair"), (fetched, "comes"))
        if needed and not math.isnan(node[name])
    ]
    return float(min(found, default=_NAN))
