"""Bad input against the shipped vocabulary and the sample: an answer, and what was not understood.

The small strange cases are in test_bad_cases.py; here are the ones that need real towns, real
words, or many of them.
"""

import json
from datetime import date
from typing import Any

import pytest

from graph.model.codec import to_node
from graph.model.element import Edge, EdgeKind, NodeKind, Ref
from graph.model.place import Area, AreaKind
from graph.model.resource import AreaScope, Resource
from graph.model.values import Point
from graph.store import GraphStore
from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary
from matching.at_once import NEEDS_AT_MOST
from matching.case import MAX_MEMBERS, parse_case
from matching.engine import Matcher, open_matcher
from matching.result import MatchResult, NeedResult, to_json
from tests.matching.world import put, store_of

ON = date(2026, 11, 20)
TALK = "話し相手"


@pytest.fixture(scope="module")
def sample(mihon: GraphStore, vocabulary: Vocabulary) -> Matcher:
    return open_matcher(mihon, vocabulary)


def match(matcher: Matcher, case: dict[str, Any]) -> MatchResult:
    """The result, which must be JSON without NaN."""
    result = matcher.match(parse_case(case), on=ON)
    json.dumps(to_json(result), ensure_ascii=False, allow_nan=False)
    return result


def told(result: MatchResult, field: str) -> list[str]:
    """What was not understood of a field."""
    return [item.text for item in result.unresolved if item.field == field]


@pytest.mark.parametrize("text", ["火曜 25:00-99:00", "水曜 10:00-8:00", "火 99時から", "そのうち"])
def test_a_time_that_cannot_be_is_told_and_counts_as_not_known(sample: Matcher, text: str) -> None:
    person = {"age": 70, "needs": [TALK]}
    result = match(sample, {"members": [person | {"free": [text]}]})
    assert told(result, "free") == [text]
    without = match(sample, {"members": [person]})
    assert [place.resource_id for place in result.ranking] == [
        place.resource_id for place in without.ranking
    ]


def test_one_readable_time_beside_an_unreadable_one_is_used(sample: Matcher) -> None:
    person = {"age": 70, "needs": [TALK], "free": ["気が向いたら", "火曜 10:00-12:00"]}
    case = parse_case({"members": [person]})
    household = sample.household(case, on=ON)
    assert [(s.weekday, s.start, s.end) for s in household.persons[0].free or ()] == [(1, 600, 720)]
    assert told(match(sample, {"members": [person]}), "free") == ["気が向いたら"]


@pytest.mark.parametrize("age", ["五百", -3, 400, "わからない"])
def test_an_age_that_cannot_be_is_told_and_excludes_nobody(sample: Matcher, age: object) -> None:
    result = match(sample, {"members": [{"age": age, "needs": [TALK]}]})
    assert told(result, "age") == [str(age)]
    assert result.ranking
    needs = [need for member in result.members for need in member.needs]
    assert all("age" not in need.excluded for need in needs)


def test_ages_that_contradict_are_told_and_neither_excludes(sample: Matcher) -> None:
    """5歳 and 80代 can't both be: whoever reads it has to ask, and nothing is ruled out by either."""
    person = {"age": 5, "age_band": "80代", "needs": [TALK]}
    result = match(sample, {"members": [person]})
    (text,) = told(result, "age")
    assert "5歳" in text
    assert "80代" in text
    assert all("age" not in need.excluded for need in needs_of(result))
    assert told(match(sample, {"members": [person | {"age": 82}]}), "age") == []
    assert told(match(sample, {"members": [person | {"age": 80}]}), "age") == []
    assert told(match(sample, {"members": [person | {"age": 89}]}), "age") == []


def test_two_hundred_needs_are_answered_or_told(sample: Matcher, vocabulary: Vocabulary) -> None:
    labels = [need.label for need in vocabulary.concepts(Family.NEED)][:200]
    result = match(sample, {"members": [{"age": 70, "needs": labels}]})
    answered = {need.label for need in needs_of(result)}
    assert len(answered) == NEEDS_AT_MOST
    assert any("分けて尋ねてください" in text for text in told(result, "needs"))
    left = {label for label in labels if any(label in text for text in told(result, "needs"))}
    assert set(labels) <= answered | left
    assert len(told(result, "needs")) <= 1


def test_what_nobody_said_takes_no_room_from_what_was(
    sample: Matcher, vocabulary: Vocabulary
) -> None:
    labels = [need.label for need in vocabulary.concepts(Family.NEED)][:NEEDS_AT_MOST]
    first = {"id": "m1", "age": 70, "needs": labels[:30], "possible": labels[40:50]}
    second = {"id": "m2", "age": 40, "needs": labels[30:]}
    result = match(sample, {"members": [first, second]})
    assert told(result, "needs") == []
    assert [need.label for need in needs_of(result)] == labels
    assert all(member.possible == () for member in result.members)


def test_a_point_in_the_sea_changes_nothing_but_is_told(sample: Matcher) -> None:
    person = {"age": 70, "needs": [TALK]}
    result = match(sample, {"point": {"lat": 30.0, "lon": 150.0}, "members": [person]})
    assert told(result, "point")
    without = match(sample, {"members": [person]})
    assert [p.resource_id for p in result.ranking] == [p.resource_id for p in without.ranking]


def needs_of(result: MatchResult) -> list[NeedResult]:
    return [need for member in result.members for need in member.needs]


def test_sixty_members_each_get_an_answer(sample: Matcher, vocabulary: Vocabulary) -> None:
    labels = [need.label for need in vocabulary.concepts(Family.NEED)]
    members = [
        {"id": f"m{i}", "age": i + 1, "needs": [labels[i % len(labels)]]}
        for i in range(MAX_MEMBERS)
    ]
    result = match(sample, {"area": "みほん市", "members": members})
    assert [member.id for member in result.members] == [member["id"] for member in members]
    assert all(member.needs for member in result.members)
    assert len(needs_of(result)) == MAX_MEMBERS


def test_two_hundred_words_nobody_knows_all_come_back(sample: Matcher) -> None:
    words = [f"謎の言葉その{i}ぱぴぷぺぽ" for i in range(200)]
    result = match(sample, {"members": [{"age": 70, "needs": words}]})
    assert told(result, "needs") == words
    assert result.ranking == ()


# ---- 二つの町が同じ名を持つ -------------------------------------------------------------


@pytest.fixture(scope="module")
def two_towns(vocabulary: Vocabulary) -> Matcher:
    """中央町 is in two cities; each has its own place, and one resource tells almost nothing."""
    store = store_of()
    areas = [
        Area(id="n-city", name="北市", kind=AreaKind.CITY, point=Point(36.0, 140.0)),
        Area(id="s-city", name="南市", kind=AreaKind.CITY, point=Point(35.0, 140.0)),
        Area(id="n-town", name="中央町", kind=AreaKind.TOWN, point=Point(36.0, 140.0)),
        Area(id="s-town", name="中央町", kind=AreaKind.TOWN, point=Point(35.0, 140.0)),
    ]
    parts = [("n-town", "n-city"), ("s-town", "s-city")]
    serving = [("north", "n-city"), ("south", "s-city")]
    resources = [
        Resource(id="north", name="北のサロン", category="salon", area_scope=AreaScope.LISTED),
        Resource(id="south", name="南のサロン", category="salon", area_scope=AreaScope.LISTED),
        Resource(id="bare", name="名前と種類だけの集まり", category="salon"),
        Resource(id="nameonly", name="名前だけの何か"),
    ]

    def edge(kind: EdgeKind, source: tuple[NodeKind, str], target: str) -> Edge:
        return Edge(kind=kind, source=Ref(*source), target=Ref(NodeKind.AREA, target))

    put(
        store,
        (
            [*map(to_node, areas), *map(to_node, resources)],
            [
                *(edge(EdgeKind.PART_OF, (NodeKind.AREA, a), b) for a, b in parts),
                *(edge(EdgeKind.SERVES, (NodeKind.RESOURCE, r), a) for r, a in serving),
            ],
        ),
    )
    return open_matcher(store, vocabulary)


def test_a_name_two_towns_share_is_told_with_both_and_neither_is_ruled_out(
    two_towns: Matcher,
) -> None:
    result = match(two_towns, {"area": "中央町", "members": [{"age": 70, "needs": [TALK]}]})
    (text,) = told(result, "area")
    assert "北市" in text
    assert "南市" in text
    ids = {place.resource_id for place in result.ranking}
    assert {"north", "south"} <= ids
    sure = match(two_towns, {"area": "北市中央町", "members": [{"age": 70, "needs": [TALK]}]})
    assert told(sure, "area") == []
    assert "south" not in {place.resource_id for place in sure.ranking}


def test_a_record_that_misses_almost_everything_stays_and_nothing_is_made_up(
    two_towns: Matcher,
) -> None:
    case = {"area": "北市中央町", "members": [{"age": 70, "needs": [TALK], "free": ["火曜"]}]}
    result = match(two_towns, case)
    (need,) = needs_of(result)
    (bare,) = [s for s in need.suggestions if s.resource_id == "bare"]
    unknown = [c for c in bare.contributions if c.score is None]
    assert {"nearness", "schedule", "cost"} <= {c.criterion for c in unknown}
    assert not any(c.offered for c in unknown if c.criterion in ("schedule", "cost"))
    assert bare.score_low < bare.score < bare.score_high
    assert bare.confirm
    assert "bare" not in str(need.excluded)


def test_a_record_with_only_a_name_can_still_be_asked_about(two_towns: Matcher) -> None:
    case = parse_case({"area": "北市中央町", "members": [{"age": 70, "needs": [TALK]}]})
    why = two_towns.why("名前だけの何か", case, on=ON)
    assert why.needs
    assert all(not need.failed for need in why.needs)
