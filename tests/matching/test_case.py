"""A case is read as it was written: odd values are kept for people, never fatal, never invented."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import InputError
from matching.case import MAX_MEMBERS, Case, Consent, parse_case

EXAMPLE = json.loads(
    """{"case_id": "C-2026-0012", "on": "2026-11-20", "area": "千葉市中央区",
 "point": {"lat": 35.607, "lon": 140.106}, "consent": "agreed", "memo": "80代の母と60代の息子。",
 "travel": {"modes": ["徒歩", "バス"], "max_minutes": 30},
 "members": [{"id": "m1", "role": "本人", "age": 62, "attributes": ["ひきこもり"],
   "needs": ["日中の居場所"], "wishes": ["釣り"], "barriers": ["人が多い場は苦手"],
   "free": ["平日 13:00-17:00"], "readiness": "会いたくない"}],
 "already": ["あんしんケアセンター"]}"""
)


def test_the_example_of_the_interface_is_read_whole() -> None:
    case = parse_case(EXAMPLE)
    assert case.notes == ()
    assert case.consent is Consent.AGREED
    assert case.travel.max_minutes == 30
    assert case.members[0].needs == ("日中の居場所",)
    assert case.members[0].readiness == "会いたくない"


@pytest.mark.parametrize(
    "data", [{}, {"members": []}, {"memo": "  "}, {"area": "中央区"}, [], "メモ", None, 3]
)
def test_without_members_and_memo_there_is_a_sentence(data: object) -> None:
    with pytest.raises(InputError) as caught:
        parse_case(data)
    assert caught.value.hint.endswith("。")


def test_what_can_not_be_read_is_kept_in_words() -> None:
    case = parse_case(
        {
            "members": [{"age": "八十くらい", "needs": "食べ物"}, {"age": -3}, {"age": 200}],
            "point": "駅の近く",
            "on": "きのう",
            "consent": "たぶん",
            "travel": {"max_minutes": "少し"},
        }
    )
    assert case.members[0].needs == ("食べ物",)
    assert [m.age for m in case.members] == [None, None, None]
    assert {note.field for note in case.notes} == {
        "age",
        "point",
        "on",
        "consent",
        "travel.max_minutes",
    }


def test_too_many_members_are_refused_with_the_limit() -> None:
    with pytest.raises(InputError, match="人"):
        parse_case({"members": [{} for _ in range(MAX_MEMBERS + 1)]})


def test_two_members_with_one_id_stay_two() -> None:
    case = parse_case({"members": [{"id": "a"}, {"id": "a"}]})
    assert len({member.id for member in case.members}) == 2


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
fields = ("case_id", "on", "area", "point", "consent", "travel", "members", "already", "memo")


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(fields, json_values)))
def test_any_json_is_read_or_refused_with_a_sentence(data: dict[str, object]) -> None:
    try:
        read: object = parse_case(data)
    except InputError as error:
        read = error
    if isinstance(read, InputError):
        assert read.message.endswith("。") and read.hint.endswith("。")  # noqa: PT018 - one sentence pair
    else:
        assert isinstance(read, Case)
