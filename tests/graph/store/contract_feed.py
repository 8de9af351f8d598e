"""The contract: every change is in the feed, without a hole."""

from datetime import timedelta

import pytest

from graph.backends.bulk import Refillable
from graph.changes import Follower
from graph.errors import StoreError
from graph.model.element import Edge, EdgeKind, Node, NodeKind, Ref
from graph.store import Change, ChangeAction, GraphStore
from tests.graph.store.contract_base import Contract, Place, resource, write
from tests.graph.store.graphs import NOW

K = NodeKind
E = EdgeKind
A = ChangeAction


class FeedContract(Contract):
    """Every change is in the feed, without a hole."""

    def test_the_feed_tells_what_was_done(self, store: GraphStore) -> None:
        write(store, [resource("r"), Node(kind=K.AREA, id="𠮷")])
        edge = Edge(kind=E.SERVES, source=Ref(K.RESOURCE, "r"), target=Ref(K.AREA, "𠮷"))
        write(store, [], [edge])
        with store.write(actor="試験") as w:
            w.unlink([edge])
        with store.write(actor="試験") as w:
            w.delete([edge.source])
        far = {"edge": E.SERVES, "target": edge.target}
        found = list(store.changes(0))
        assert {change.source for change in found[:2]} == {edge.source, edge.target}
        assert [c.action for c in found[:2]] == [A.PUT, A.PUT]
        assert found[2:] == [
            Change(seq=3, at=NOW, action=A.LINK, source=edge.source, **far),  # type: ignore[arg-type]
            Change(seq=4, at=NOW, action=A.UNLINK, source=edge.source, **far),  # type: ignore[arg-type]
            Change(seq=5, at=NOW, action=A.DELETE, source=edge.source),
        ]
        assert [c.seq for c in store.changes(2, limit=2)] == [3, 4]
        assert list(store.changes(5)) == []
        assert store.head() == 5
        with store.read() as view:
            assert view.head() == 5

    def test_old_changes_are_pruned_with_a_floor(self, place: Place) -> None:
        moment = [NOW]
        store = place.open(clock=lambda: moment[0])
        for day in range(4):
            moment[0] = NOW + timedelta(days=day)
            write(store, [resource(f"r{day}"), resource(f"s{day}")])
        assert store.prune(NOW - timedelta(days=1)) == 0
        assert store.floor() == 0
        assert store.prune(NOW + timedelta(days=2)) == 4
        assert (store.floor(), store.head()) == (4, 8)
        assert [c.seq for c in store.changes(4)] == [5, 6, 7, 8]
        with pytest.raises(StoreError) as caught:
            store.changes(3)
        assert caught.value.code == "feed_pruned"
        assert store.prune(NOW + timedelta(days=9)) == 4
        assert (store.floor(), store.head(), list(store.changes(8))) == (8, 8, [])
        assert store.check() == ()
        write(store, [resource("t")])
        assert [c.seq for c in store.changes(8)] == [9]

    def test_every_raising_of_the_floor_has_a_name_of_its_own(self, place: Place) -> None:
        moment = [NOW]
        store = place.open(clock=lambda: moment[0])
        write(store, [resource("a")])
        assert store.floor_mark() is None
        assert store.prune(NOW) == 0
        assert store.floor_mark() is None
        seen = []
        for day in range(1, 3):
            moment[0] = NOW + timedelta(days=day)
            write(store, [resource("a", day=day)])
            store.prune(moment[0])
            seen.append(store.floor_mark())
            # 何も消えない整理と、新しい書き込みは、名前を変えない。
            store.prune(moment[0])
            write(store, [resource("b", day=day)])
            assert store.floor_mark() == seen[-1]
        assert [mark and mark[0] for mark in seen] == [1, 3]
        assert isinstance(store, Refillable)
        for head in (6, 7):
            store.refill([resource("a")], [], actor="試験")
            seen.append(store.floor_mark())
            assert seen[-1] is not None
            assert (seen[-1][0], store.head()) == (head, head)
        assert len({mark and mark[1] for mark in seen}) == len(seen)
        if self.lasting:
            again = place.open()
            assert again.floor_mark() == seen[-1]
            again.close()

    def test_a_follower_builds_anew_when_too_far_behind(self, place: Place) -> None:
        store = place.open(clock=lambda: NOW)
        behind = Follower(store=store, position=0, now=lambda: 0.0)
        write(store, [resource("a"), resource("b")])
        assert [c.source.id for c in behind.poll().changes] == ["a", "b"]
        write(store, [resource("c")])
        store.prune(NOW + timedelta(days=1))
        batch = behind.poll()
        assert (batch.rebuild, batch.head) == (True, 3)
        write(store, [resource("d")])
        assert [c.source.id for c in behind.poll().changes] == ["d"]

    def test_what_a_reader_misses_is_in_the_feed(self, store: GraphStore) -> None:
        write(store, [resource(f"r{i}") for i in range(5)])
        with store.read() as view:
            stream = view.nodes(K.RESOURCE)
            held = {next(stream).id}
            with store.write(actor="試験") as w:
                w.delete([Ref(K.RESOURCE, "r1")])
                w.put([resource("s")])
            held |= {node.id for node in stream}
            since = view.head()
        for change in store.changes(since):
            if change.action is A.DELETE:
                held.discard(change.source.id)
            elif change.action is A.PUT:
                held.add(change.source.id)
        assert held == {"r0", "r2", "r3", "r4", "s"}
