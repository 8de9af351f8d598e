"""The kept index: opened again it answers the same; a foreign or old one is passed over."""

from dataclasses import replace
from pathlib import Path

import pytest

from graph.model.codec import to_node
from graph.model.resource import Resource
from matching.case import parse_case
from matching.engine import Matcher, open_matcher
from matching.index import snapshot
from matching.result import to_json
from tests.matching.world import DESK, EAST, SALON, TODAY, VOCABULARY, little_town, place, put

CASE = parse_case({"area": "東区", "members": [{"age": 70, "needs": ["ibasho"]}]})


def names(matcher: Matcher) -> list[str]:
    return [r.name for r in matcher.match(CASE, on=TODAY).ranking]


def test_a_kept_index_answers_the_same(tmp_path: Path) -> None:
    store = little_town()
    first = open_matcher(store, VOCABULARY, cache=tmp_path)
    again = open_matcher(store, VOCABULARY, cache=tmp_path)
    assert (tmp_path / "base" / snapshot.META).exists()
    assert to_json(again.match(CASE, on=TODAY)) == to_json(first.match(CASE, on=TODAY))


def test_what_changed_meanwhile_is_taken_in(tmp_path: Path) -> None:
    store = little_town()
    open_matcher(store, VOCABULARY, cache=tmp_path)
    put(store, place(replace(SALON, id="r9", name="新サロン"), serves=(EAST,)))
    again = open_matcher(store, VOCABULARY, cache=tmp_path)
    assert "新サロン" in names(again)
    assert again.index.changed == 1


def test_the_index_of_another_store_is_not_used(tmp_path: Path) -> None:
    open_matcher(little_town(), VOCABULARY, cache=tmp_path)
    other = little_town()
    put(other, ([to_node(replace(DESK, name="別の相談"))], []))
    assert "別の相談" in names(open_matcher(other, VOCABULARY, cache=tmp_path))


@pytest.mark.parametrize("name", [snapshot.META, "n-lat.npy"])
def test_a_damaged_index_is_compiled_anew(tmp_path: Path, name: str) -> None:
    store = little_town()
    expected = names(open_matcher(store, VOCABULARY, cache=tmp_path))
    (tmp_path / "base" / name).write_bytes(b"broken")
    assert names(open_matcher(store, VOCABULARY, cache=tmp_path)) == expected


def test_too_many_changes_are_folded_into_a_new_base(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = little_town()
    matcher = open_matcher(store, VOCABULARY, cache=tmp_path)
    monkeypatch.setattr("matching.refresh.DELTA_AT_MOST", 2)
    for number in range(4):
        resource = Resource(id=f"x{number}", name=f"サロン{number}", category="salon")
        put(store, place(resource, serves=(EAST,)))
    matcher.refresh()
    assert matcher.index.changed == 0
    assert len(matcher.index) == 6
    assert "サロン3" in names(matcher)
