"""The contract: writes are all or nothing."""

from dataclasses import replace
from datetime import date

import pytest

from graph.errors import DanglingEdgeError, InputError
from graph.model.element import Edge, EdgeKind, NodeKind, Ref
from graph.store import ChangeAction, GraphStore, Writer
from tests.graph.store.contract_base import Contract, attempt, everything, full, resource, write
from tests.graph.store.graphs import small_graph

K = NodeKind
E = EdgeKind
A = ChangeAction


class WriteContract(Contract):
    """Writes are all or nothing."""

    def test_a_failed_write_leaves_nothing(self, store: GraphStore) -> None:
        write(store, [resource("r", name="前")])
        head = store.head()

        def work(w: Writer) -> None:
            w.put([resource("r", name="後"), resource("s")])
            w.delete([Ref(K.RESOURCE, "r")])
            raise RuntimeError

        with pytest.raises(RuntimeError):
            attempt(store, work)
        with store.read() as view:
            assert [full(n) for n in view.nodes(K.RESOURCE)] == [full(resource("r", name="前"))]
        assert store.head() == head
        write(store, [resource("t")])
        assert [c.seq for c in store.changes(head)] == [head + 1]

    def test_a_writer_sees_its_own_writes_and_others_do_not(self, store: GraphStore) -> None:
        write(store, [resource("r", name="前"), resource("gone")])
        with store.write(actor="試験") as w:
            w.put([resource("r", name="後"), resource("new")])
            w.delete([Ref(K.RESOURCE, "gone")])
            assert full(w.get(Ref(K.RESOURCE, "r"))) == full(resource("r", name="後"))
            assert w.get(Ref(K.RESOURCE, "new")) == resource("new")
            assert w.get(Ref(K.RESOURCE, "gone")) is None
            assert w.get(Ref(K.RESOURCE, "never")) is None
            with store.read() as view:
                assert [n.id for n in view.nodes(K.RESOURCE)] == ["gone", "r"]
                assert next(view.find(K.RESOURCE, "name", "前")).id == "r"

    def test_what_is_equal_leaves_no_change(self, store: GraphStore) -> None:
        made, edges = small_graph()
        write(store, made, edges)
        head = store.head()
        write(store, made, edges)
        with store.write(actor="試験") as w:
            w.delete([Ref(K.RESOURCE, "never")])
            w.unlink([Edge(kind=E.SERVES, source=made[6].ref, target=made[1].ref)])
        with store.write(actor="試験"):
            pass
        assert store.head() == head

    def test_a_loose_edge_is_refused_with_its_keys(self, store: GraphStore) -> None:
        edge = Edge(kind=E.SERVES, source=Ref(K.RESOURCE, "r"), target=Ref(K.AREA, "ない"))

        def work(w: Writer) -> None:
            w.put([resource("r")])
            w.link([edge])

        with pytest.raises(DanglingEdgeError) as caught:
            attempt(store, work)
        assert "ない" in str(caught.value.facts["edges"])
        with store.read() as view:
            assert everything(view) == ([], [])

    def test_an_edge_to_what_this_write_deleted_is_loose(self, store: GraphStore) -> None:
        made, edges = small_graph()
        write(store, made, edges)

        def work(w: Writer) -> None:
            w.delete([edges[0].target])
            w.link([edges[0]])

        with pytest.raises(DanglingEdgeError):
            attempt(store, work)

    def test_an_edge_of_wrong_ends_is_refused(self, store: GraphStore) -> None:
        made, _ = small_graph()
        wrong = Edge(kind=E.PART_OF, source=made[6].ref, target=made[1].ref)

        def work(w: Writer) -> None:
            w.put(made)
            w.link([wrong])

        with pytest.raises(InputError):
            attempt(store, work)
        assert store.head() == 0

    def test_edges_keep_properties_and_are_replaced(self, store: GraphStore) -> None:
        made, edges = small_graph()
        write(store, made, edges)
        heavier = replace(edges[0], props={"minutes": 12, "since": date(2026, 4, 1)})
        write(store, [], [heavier])
        with store.read() as view:
            assert next(view.edges(E.OFFERED_BY)) == heavier
        write(store, [], [edges[0]])
        with store.read() as view:
            assert list(view.edges(E.OFFERED_BY)) == edges[:3]

    def test_delete_takes_edges_along(self, store: GraphStore) -> None:
        made, edges = small_graph()
        write(store, made, edges)
        with store.write(actor="試験") as w:
            w.delete([Ref(K.ORGANIZATION, "o1"), Ref(K.ORGANIZATION, "never")])
        with store.read() as view:
            assert list(view.edges(E.OFFERED_BY)) == []
            assert len(list(view.edges(E.LOCATED_AT))) == 2
            assert view.get(Ref(K.ORGANIZATION, "o1")) is None
            assert list(view.find(K.ORGANIZATION, "name", "みほん社協")) == []
        last = store.changes(store.head() - 4)
        assert [c.action for c in last] == [A.UNLINK] * 3 + [A.DELETE]

    def test_a_node_made_again_has_no_old_edges(self, store: GraphStore) -> None:
        made, edges = small_graph()
        write(store, made, edges)
        with store.write(actor="試験") as w:
            w.delete([made[0].ref])
            w.put([made[0]])
            w.link([edges[1]])
        with store.read() as view:
            assert list(view.edges(E.OFFERED_BY)) == [edges[1]]

    def test_unlink(self, store: GraphStore) -> None:
        made, edges = small_graph()
        write(store, made, edges)
        with store.write(actor="試験") as w:
            w.unlink([edges[0], edges[0]])
        with store.read() as view:
            assert list(view.edges(E.OFFERED_BY)) == edges[1:3]
        with store.write(actor="試験") as w:
            w.unlink([edges[1]])
            w.link([edges[1]])
        with store.read() as view:
            assert list(view.edges(E.OFFERED_BY)) == edges[1:3]
