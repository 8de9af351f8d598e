"""The house as a whole on the sample: stages, emergencies from a memo, who is meant for whom."""

from datetime import date
from typing import Any

import pytest

from graph.store import GraphStore
from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary
from matching.case import Case, parse_case
from matching.engine import Matcher, open_matcher
from matching.gaps.run import needs_of_cases
from matching.result import Outcome
from matching.team import is_meant_for

ON = date(2026, 11, 20)


@pytest.fixture(scope="module")
def matcher(mihon: GraphStore, vocabulary: Vocabulary) -> Matcher:
    return open_matcher(mihon, vocabulary)


def house(**fields: Any) -> Case:
    return parse_case({"area": "みほん市川辺区柳町一丁目", **fields})


def test_an_emergency_of_the_memo_is_heard_beside_given_members(matcher: Matcher) -> None:
    case = house(
        members=[{"role": "本人", "age": 55, "needs": ["仕事探し"]}, {"role": "妻", "age": 50}],
        memo="55歳男性。昨日から何も食べていない。所持金もない。妻と二人。",
    )
    result = matcher.match(case, on=ON)
    assert result.emergencies
    assert result.ranking[0].urgent
    assert any(need.label == "仕事探し" for need in result.members[0].needs)


def test_the_memo_adds_nothing_else_to_what_a_person_wrote(matcher: Matcher) -> None:
    written = {"role": "本人", "age": 55, "needs": ["仕事探し"]}
    memo = "55歳男性。料理を覚えたい。囲碁が好き。"
    plain = matcher.household(house(members=[written]), on=ON)
    told = matcher.household(house(members=[written], memo=memo), on=ON)
    assert told.persons == plain.persons


def test_who_wants_to_meet_nobody_is_sent_to_no_place(matcher: Matcher) -> None:
    son = {
        "id": "s",
        "role": "息子",
        "age": 61,
        "attributes": ["ひきこもり"],
        "needs": ["日中の居場所"],
    }
    result = matcher.match(house(members=[son | {"readiness": "誰とも会いたくない"}]), on=ON)
    need = next(n for n in result.members[0].needs if n.need == "ibasho")
    assert need.outcome is Outcome.NOT_NOW
    assert all(ranked.need != "ibasho" for ranked in result.ranking)
    assert result.pathway
    assert all(unmet.need != "ibasho" for unmet in result.unmet)


def test_who_asks_for_a_place_is_not_held_back_by_a_word_alone(matcher: Matcher) -> None:
    person = {"role": "本人", "age": 28, "attributes": ["ひきこもり"], "needs": ["日中の居場所"]}
    result = matcher.match(house(members=[person]), on=ON)
    need = next(n for n in result.members[0].needs if n.need == "ibasho")
    assert need.outcome is not Outcome.NOT_NOW


def test_a_place_that_rests_is_offered_to_nobody(matcher: Matcher) -> None:
    parent = {"role": "母", "age": 30, "needs": ["子育ての仲間がほしい", "子どもの遊び場"]}
    result = matcher.match(parse_case({"area": "船渡", "members": [parent]}), on=ON, top=50)
    shown = {s.name for m in result.members for n in m.needs for s in n.suggestions}
    assert shown
    assert not {name for name in shown if "船渡キッズルーム" in name}


def test_an_agency_for_the_young_is_not_meant_for_the_old(vocabulary: Vocabulary) -> None:
    station = vocabulary.get(Family.CATEGORY, "wakamono_support")
    assert is_meant_for(station, 20, 20)
    assert not is_meant_for(station, 61, 61)
    assert is_meant_for(station, None, None)


def test_an_area_two_towns_share_is_said_and_still_answered(matcher: Matcher) -> None:
    result = matcher.match(
        parse_case({"area": "どこにもない町", "members": [{"age": 70, "needs": ["話し相手"]}]}),
        on=ON,
    )
    assert any(item.field == "area" for item in result.unresolved)
    assert result.ranking


def test_a_point_in_the_sea_is_not_used(matcher: Matcher) -> None:
    person = {"age": 70, "needs": ["話し相手"]}
    case = house(point={"lat": 30.0, "lon": 150.0}, members=[person])
    household = matcher.household(case, on=ON)
    assert any(item.field == "point" for item in household.unresolved)
    assert household.point is None or not household.point_is_given


def test_what_nobody_said_is_only_looked_for(matcher: Matcher, vocabulary: Vocabulary) -> None:
    person = {"id": "m1", "role": "本人", "age": 70, "needs": ["話し相手"]}
    on_demand = next(c for c in vocabulary.concepts(Family.NEED) if c.label == "移動の足")
    plain = house(members=[person])
    sounding = house(members=[person | {"possible": [on_demand.label]}])
    told, result = (matcher.match(case, on=ON) for case in (plain, sounding))
    assert [n.need for n in result.members[0].possible] == [on_demand.key]
    assert on_demand.key not in {n.need for n in result.members[0].needs}
    assert on_demand.key in {ranked.need for ranked in result.ranking}
    assert result.ranking[0].need != on_demand.key
    assert (result.team, result.pathway, result.unmet) == (told.team, told.pathway, told.unmet)
    assert [label for _, label in result.members[0].called()][-1] == "移動の足？"


def test_what_nobody_said_is_no_gap(matcher: Matcher) -> None:
    person = {"id": "m1", "role": "本人", "age": 70, "needs": ["話し相手"]}
    cases = [house(members=[person]), house(members=[person | {"possible": ["移動の足"]}])]
    plain, sounding = (needs_of_cases(matcher, [case], on=ON).asked for case in cases)
    assert plain
    assert sounding == plain


def test_who_is_not_met_yet_is_not_guessed_about(matcher: Matcher) -> None:
    person = {"id": "m1", "role": "本人", "age": 40, "readiness": "誰とも会いたくない"}
    result = matcher.match(house(members=[person | {"possible": ["趣味・楽しみ"]}]), on=ON)
    assert result.members[0].possible == ()
