"""The engine over a little town: whole results, why, almost, and following the store."""

import json
from dataclasses import replace

import pytest

from graph.errors import NotFoundError
from graph.model.codec import to_node
from graph.model.resource import Status
from matching.case import parse_case
from matching.engine import Matcher, open_matcher
from matching.result import MatchResult, Outcome, to_json
from tests.matching.world import SALON, TODAY, VOCABULARY, little_town, put

CASE = {
    "case_id": "C-1",
    "area": "東区",
    "point": {"lat": 35.6, "lon": 140.12},
    "travel": {"modes": ["徒歩"], "max_minutes": 30},
    "members": [{"id": "m1", "role": "本人", "age": 66, "needs": ["ibasho", "money"]}],
}


@pytest.fixture
def matcher() -> Matcher:
    return open_matcher(little_town(), VOCABULARY)


def match(matcher: Matcher, **changes: object) -> MatchResult:
    member = {**CASE["members"][0], **changes}  # type: ignore[index]
    return matcher.match(parse_case({**CASE, "members": [member]}), on=TODAY)


def test_points_sum_to_the_score(matcher: Matcher) -> None:
    result = match(matcher)
    shown = [s for m in result.members for n in m.needs for s in n.suggestions]
    assert shown
    for suggestion in shown:
        assert sum(c.points for c in suggestion.contributions) == pytest.approx(
            suggestion.score, abs=1e-9
        )
        assert suggestion.score_low <= suggestion.score <= suggestion.score_high


def test_the_right_kind_comes_first_and_is_introduced(matcher: Matcher) -> None:
    need = match(matcher).members[0].needs[0]
    assert [s.resource_id for s in need.suggestions] == ["r1", "r2"]
    assert need.outcome is Outcome.AVAILABLE
    assert [h.name for h in need.suggestions[0].introduction if h.kind == "contact"] == [
        "CSW（東区）"
    ]


def test_a_known_contradiction_excludes_and_names_the_change(matcher: Matcher) -> None:
    need = match(matcher, age=58).members[0].needs[0]
    assert "r1" not in [s.resource_id for s in need.suggestions]
    assert need.excluded == {"age": 1}
    assert need.outcome is Outcome.WIDEN
    assert need.almost[0].missing[0].change == "対象年齢を55歳以上に広げると"


def test_why_of_an_excluded_resource(matcher: Matcher) -> None:
    case = parse_case({**CASE, "members": [{**CASE["members"][0], "age": 58}]})  # type: ignore[index]
    why = matcher.why("東サロン", case, on=TODAY)
    need = why.needs[0]
    assert not need.fits
    assert need.failed == ("age",)
    assert "対象年齢が合いません（60歳以上・本人58歳）" in need.summary
    assert matcher.why("r1", case, on=TODAY) == why


def test_why_of_nothing_says_what_to_do(matcher: Matcher) -> None:
    with pytest.raises(NotFoundError, match="台帳にありません"):
        matcher.why("ないもの", parse_case(CASE), on=TODAY)


def test_an_edit_is_in_the_next_match(matcher: Matcher) -> None:
    before = match(matcher)
    changed = replace(SALON, status=Status.CLOSED)
    put(matcher.store, ([to_node(changed)], []))
    assert matcher.refresh() == 1
    after = match(matcher)
    assert after.data_version != before.data_version
    assert after.members[0].needs[0].excluded == {"status": 1}
    fresh = open_matcher(matcher.store, VOCABULARY)
    assert to_json(match(fresh)) == to_json(after)
    put(matcher.store, ([to_node(SALON)], []))
    matcher.refresh()
    assert to_json(match(matcher)) == to_json(before)


def test_a_result_is_json(matcher: Matcher) -> None:
    text = json.dumps(to_json(match(matcher)), ensure_ascii=False)
    assert "居場所" in text
