"""Cases nobody should write, and some do: an answer with what was not understood, in bounded time."""

import json
from dataclasses import replace

import pytest

from matching.case import parse_case
from matching.engine import Matcher, open_matcher
from matching.result import MatchResult, to_json
from tests.matching.world import EAST, SALON, TODAY, VOCABULARY, little_town, place, put


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return open_matcher(little_town(), VOCABULARY)


def match(matcher: Matcher, case: dict[str, object]) -> MatchResult:
    result = matcher.match(parse_case(case), on=TODAY)
    json.dumps(to_json(result), ensure_ascii=False, allow_nan=False)
    return result


CASES: dict[str, dict[str, object]] = {
    "contradictory_ages": {"members": [{"age": 5, "age_band": "80代", "needs": ["ibasho"]}]},
    "unreadable_time": {"members": [{"age": 70, "needs": ["ibasho"], "free": ["気が向いたら"]}]},
    "point_in_the_sea": {"point": {"lat": 30, "lon": 150}, "members": [{"needs": ["ibasho"]}]},
    "point_far_away": {"point": {"lat": -80, "lon": -170}, "members": [{"needs": ["ibasho"]}]},
    "unknown_area": {"area": "どこか市", "members": [{"needs": ["ibasho"]}]},
    "no_time_to_go": {"travel": {"max_minutes": 0}, "members": [{"needs": ["ibasho"]}]},
    "strange_means": {"travel": {"modes": ["ロケット"]}, "members": [{"needs": ["ibasho"]}]},
    "no_needs": {"members": [{"age": 40}]},
    "unknown_words": {"members": [{"needs": ["ぱぴぷぺぽ"], "attributes": ["ぺけぺけ"]}]},
}


@pytest.mark.parametrize("name", CASES)
def test_a_strange_case_gets_an_answer(matcher: Matcher, name: str) -> None:
    result = match(matcher, CASES[name])
    assert result.members


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("unreadable_time", "気が向いたら"),
        ("unknown_area", "どこか市"),
        ("strange_means", "ロケット"),
        ("unknown_words", "ぱぴぷぺぽ"),
    ],
)
def test_what_was_not_understood_is_told(matcher: Matcher, name: str, text: str) -> None:
    assert text in [item.text for item in match(matcher, CASES[name]).unresolved]


def test_sixty_members_and_two_hundred_needs(matcher: Matcher) -> None:
    members = [
        {"id": f"m{i}", "age": i, "needs": ["ibasho", "money", "care_load"]} for i in range(60)
    ]
    result = match(matcher, {"area": "東区", "members": members})
    assert len(result.members) == 60
    assert sum(len(member.needs) for member in result.members) <= 60
    assert len(result.ranking) == len({place.resource_id for place in result.ranking})


def test_a_kind_the_vocabulary_no_longer_has_stops_nothing() -> None:
    """Not even where it comes first, so that the pathway begins with it."""
    store = little_town()
    gone = replace(SALON, name="古い種類の場", category="gone_kind", needs=("ibasho",))
    put(store, place(gone, serves=(EAST,)))
    result = match(
        open_matcher(store, VOCABULARY),
        {"area": "東区", "members": [{"age": 70, "needs": ["ibasho"]}]},
    )
    assert result.ranking[0].name == "古い種類の場"
    assert any("古い種類の場" in step.what for step in result.pathway)


def test_an_empty_store_answers_with_what_is_missing() -> None:
    from graph.backends.open import open_store

    matcher = open_matcher(open_store("memory:"), VOCABULARY)
    result = matcher.match(parse_case({"members": [{"needs": ["ibasho"]}]}), on=TODAY)
    assert [str(u.route) for u in result.unmet] == ["create"]
    assert result.ranking == ()


def test_protected_people_get_no_distance(matcher: Matcher) -> None:
    from dataclasses import replace

    from matching.profile import NeedAsk, Person

    case = parse_case(
        {"area": "東区", "point": {"lat": 35.6, "lon": 140.12}, "members": [{"age": 66}]}
    )
    household = matcher.household(case, on=TODAY)
    need = NeedAsk(key="ibasho", label="日中の居場所", text="", origin="needs")
    person = Person(id="m1", situations=frozenset({"dv_victim"}), needs=(need,))
    hits = matcher.search(replace(household, persons=(person,)), person, need, on=TODAY)
    assert hits.hits
    assert all(hit.parts["nearness"] != hit.parts["nearness"] for hit in hits.hits)
