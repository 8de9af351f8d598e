"""Following the feed: only the next number is accepted."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import cast

import pytest

from graph.changes import Follower, feed_hole, feed_pruned
from graph.errors import StoreError
from graph.model.element import NodeKind, Ref
from graph.store import Change, ChangeAction, GraphStore


def change(seq: int) -> Change:
    moment = datetime(2026, 11, 20, tzinfo=UTC)
    return Change(
        seq=seq, at=moment, action=ChangeAction.PUT, source=Ref(NodeKind.RESOURCE, str(seq))
    )


class Feed:
    """A feed whose parts appear out of order, as they may on a server."""

    def __init__(self) -> None:
        self.there: set[int] = set()
        self.top = 0
        self.bottom = 0
        self.error: StoreError | None = None

    def head(self) -> int:
        return self.top

    def changes(self, after: int, limit: int) -> Sequence[Change]:
        if self.error:
            raise self.error
        if after < self.bottom:
            raise feed_pruned(after, self.bottom)
        found: list[Change] = []
        while after + 1 + len(found) in self.there and len(found) < limit:
            found.append(change(after + 1 + len(found)))
        if not found and self.top > after:
            raise feed_hole(after + 1)
        return found


@pytest.fixture
def feed() -> Feed:
    return Feed()


def follower(feed: Feed, clock: list[float]) -> Follower:
    store = cast("GraphStore", feed)
    return Follower(store=store, position=0, now=lambda: clock[0], patience_s=5, too_far=100)


def test_a_hole_is_waited_for(feed: Feed) -> None:
    clock = [0.0]
    reader = follower(feed, clock)
    feed.there, feed.top = {1, 3}, 3
    assert [c.seq for c in reader.poll().changes] == [1]
    assert (reader.poll().changes, reader.poll().rebuild) == ((), False)
    clock[0] = 4.9
    assert not reader.poll().rebuild
    feed.there.add(2)
    assert [c.seq for c in reader.poll().changes] == [2, 3]


def test_a_lasting_hole_asks_for_a_rebuild(feed: Feed) -> None:
    clock = [0.0]
    reader = follower(feed, clock)
    feed.there, feed.top = {2}, 2
    assert not reader.poll().rebuild
    clock[0] = 5.0
    batch = reader.poll()
    assert (batch.rebuild, batch.head, reader.position) == (True, 2, 2)


def test_patience_begins_anew_after_a_step(feed: Feed) -> None:
    clock = [0.0]
    reader = follower(feed, clock)
    feed.there, feed.top = {2}, 2
    reader.poll()
    clock[0] = 4.0
    feed.there = {1, 2, 4}
    feed.top = 4
    assert [c.seq for c in reader.poll().changes] == [1, 2]
    clock[0] = 6.0
    assert not reader.poll().rebuild


def test_too_far_behind_or_ahead_asks_for_a_rebuild(feed: Feed) -> None:
    reader = follower(feed, [0.0])
    feed.top = 101
    assert reader.poll().rebuild
    feed.top = 3
    assert reader.poll().rebuild


def test_a_pruned_part_asks_for_a_rebuild(feed: Feed) -> None:
    reader = follower(feed, [0.0])
    feed.bottom = feed.top = 7
    batch = reader.poll()
    assert (batch.rebuild, batch.head) == (True, 7)


def test_other_errors_are_passed_on(feed: Feed) -> None:
    feed.error = StoreError("別の失敗")
    with pytest.raises(StoreError):
        follower(feed, [0.0]).poll()
