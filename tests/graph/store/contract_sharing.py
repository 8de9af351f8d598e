"""The contract: more than one reader and writer."""

import subprocess
import sys
import threading

import pytest

from graph.changes import Follower
from graph.errors import StoreLockedError
from graph.model.element import NodeKind, Ref
from graph.store import ChangeAction
from tests.graph.store.contract_base import Contract, Place, everything, resource, write
from tests.graph.store.graphs import small_graph

K = NodeKind
A = ChangeAction


class SharingContract(Contract):
    """More than one reader and writer."""

    def test_opened_again_it_is_the_same(self, place: Place) -> None:
        made, edges = small_graph()
        first = place.open()
        write(first, made, edges)
        with first.read() as view:
            before = everything(view)
        head, version = first.head(), first.schema_version()
        if self.lasting:
            first.close()
        second = place.open()
        with second.read() as view:
            assert everything(view) == before
        assert (second.head(), second.schema_version()) == (head, version)
        assert second.check() == ()

    def test_two_writers_lose_nothing(self, place: Place) -> None:
        write(place.open(), [resource("r", x=0)])
        rounds = 8

        def count_up() -> None:
            store = place.open()
            done = 0
            while done < rounds:
                try:
                    with store.write(actor="試験") as w:
                        node = w.get(Ref(K.RESOURCE, "r"))
                        assert node is not None
                        w.put([resource("r", x=int(str(node.props["x"])) + 1)])
                except StoreLockedError:
                    continue
                done += 1

        threads = [threading.Thread(target=count_up) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        store = place.open()
        with store.read() as view:
            assert next(view.nodes(K.RESOURCE)).props["x"] == 2 * rounds
        assert [c.seq for c in store.changes(0)] == list(range(1, 2 * rounds + 2))

    def test_a_second_process_is_followed(self, place: Place) -> None:
        if not self.lasting:
            pytest.skip("この保存先は一つの過程の中だけのものなので、別の過程からは見えません。")
        store = place.open()
        write(store, [resource("mine")])
        follower = Follower(store=store, position=store.head(), now=lambda: 0.0)
        with store.read() as view:
            assert [n.id for n in view.nodes(K.RESOURCE)] == ["mine"]
        settings = place.settings
        subprocess.run(
            [sys.executable, "-m", "tests.graph.store.other_process", place.url],
            input=f"{settings.user or ''}\n{settings.password or ''}\n{settings.database or ''}\n",
            text=True,
            check=True,
            timeout=120,
        )
        batch = follower.poll()
        assert [(c.action, c.source.id) for c in batch.changes] == [
            (A.PUT, "theirs"),
            (A.PUT, "theirs"),
        ]
        with store.read() as view:
            node = view.get(Ref(K.RESOURCE, "theirs"))
        assert node is not None
        assert node.props["round"] == 1
