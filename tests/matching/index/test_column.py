"""Remembering by object gives what asking each time gives, also when it remembers few."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.index import column
from matching.index.column import once_each


def counted(asked: list[object]) -> Callable[[object], str]:
    def make(thing: object) -> str:
        asked.append(thing)
        return repr(thing)

    return make


def test_each_object_is_asked_once() -> None:
    asked: list[object] = []
    of = once_each(counted(asked))
    one, same = (1, 2), (1, 2.0)
    assert [of(one), of(same), of(one), of(same)] == ["(1, 2)", "(1, 2.0)"] * 2
    assert asked == [one, same]


@given(st.lists(st.tuples(st.integers(0, 9)), max_size=40), st.integers(1, 4))
def test_it_never_mixes_objects_up(things: list[tuple[int]], at_most: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(column, "_REMEMBERED", at_most)
        of = once_each(repr)
        # 使い終わった物の番号（id）は、次の物にまた使われる。
        assert [of((*thing, 0)) for thing in things] == [repr((*thing, 0)) for thing in things]
