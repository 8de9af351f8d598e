"""答えの届かなかったやり取り：読みも書きも、分かるまでもう一度行う。時間が過ぎたら知らせる。"""

from collections.abc import Callable

import pytest
from neo4j.exceptions import IncompleteCommit

from graph.backends.server import Server
from graph.errors import StoreUnavailableError


class Flaky(Server):
    """A server whose first answers are lost at the commit."""

    def __init__(self, lost: int, limit: float) -> None:
        self.url = "bolt://127.0.0.1:7687"
        self._limit = limit
        self.calls = 0
        self._lost = lost

    def _patiently(self, call: Callable[..., object]) -> object:  # type: ignore[override]
        del call
        self.calls += 1
        if self.calls <= self._lost:
            raise IncompleteCommit("connection lost")
        return "answer"


@pytest.mark.parametrize("work", ["read", "write"])
def test_a_lost_answer_is_asked_for_again(work: str) -> None:
    server = Flaky(lost=2, limit=30)
    assert getattr(server, work)(lambda tx: tx) == "answer"
    assert server.calls == 3


@pytest.mark.parametrize("work", ["read", "write"])
def test_an_answer_that_stays_lost_is_told(work: str) -> None:
    server = Flaky(lost=1000, limit=0)
    with pytest.raises(StoreUnavailableError) as caught:
        getattr(server, work)(lambda tx: tx)
    assert caught.value.code == "outcome_unknown"
