"""Whose and which need a single list is for."""

from datetime import date
from typing import Any

import pytest

from graph.areas import AreaTree
from graph.errors import InputError
from graph.vocabulary.load import load_vocabulary
from matching.case import Case, Member, parse_case
from matching.one_need import Wanted, key_of, member_of, named, only, person_of, with_need
from matching.profile import Household
from matching.resolve import resolve_household

_VOCABULARY = load_vocabulary()


def _case(*members: dict[str, Any]) -> Case:
    return parse_case({"members": list(members)})


def _read(case: Case) -> Household:
    return resolve_household(case, _VOCABULARY, AreaTree([], {}), date(2026, 11, 20))


def _only(case: Case) -> str | None:
    member = case.members[0]
    need = only(person_of(_read(case), member), member)
    return None if need is None else need.key


def test_a_member_is_the_only_one_or_the_one_named() -> None:
    one, two = {"id": "a", "needs": ["買い物"]}, {"id": "b", "needs": ["買い物"]}
    assert member_of(_case(one), Wanted()).id == "a"
    assert member_of(_case(one, two), Wanted(member="b")).id == "b"


@pytest.mark.parametrize(
    ("case", "wanted"),
    [
        (Case(), Wanted()),
        (Case(members=(Member(id="a"), Member(id="b"))), Wanted()),
        (Case(members=(Member(id="a"),)), Wanted(member="b")),
    ],
)
def test_a_member_that_is_not_decided_is_asked_for(case: Case, wanted: Wanted) -> None:
    with pytest.raises(InputError) as caught:
        member_of(case, wanted)
    assert "member" in caught.value.hint
    assert caught.value.facts == {}


def test_the_need_told_comes_before_those_that_a_situation_brings() -> None:
    case = _case({"needs": ["買い物"], "attributes": ["ひきこもり", "生活困窮"]})
    person = person_of(_read(case), case.members[0])
    assert len(person.needs) > 1
    assert _only(case) == key_of(Wanted(need="買い物"), _VOCABULARY)


def test_a_wish_is_the_need_where_no_need_is_told() -> None:
    assert _only(_case({"wishes": ["仲間づくり"]})) == key_of(
        Wanted(need="仲間づくり"), _VOCABULARY
    )


def test_what_was_written_and_not_understood_is_no_fault() -> None:
    assert _only(_case({"needs": ["ほげほげぴよ"]})) is None


@pytest.mark.parametrize("member", [{"needs": ["買い物", "仲間づくり"]}, {"age": 40}])
def test_a_need_that_is_not_decided_is_asked_for(member: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        _only(_case(member))
    assert "need" in caught.value.hint
    assert caught.value.facts == {}


def test_a_need_is_added_to_one_member_alone() -> None:
    case = _case({"id": "a", "needs": ["買い物"]}, {"id": "b"})
    more = with_need(case, case.members[1], "仲間づくり")
    assert [member.needs for member in more.members] == [("買い物",), ("仲間づくり",)]
    key = key_of(Wanted(need="仲間づくり"), _VOCABULARY)
    assert key is not None
    household = _read(more)
    assert named(person_of(household, more.members[1]), key) is not None
    assert named(person_of(household, more.members[0]), key) is None
