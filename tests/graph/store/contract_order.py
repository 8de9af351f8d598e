"""The contract: iteration is ordered, also over more than a page."""

import pytest

from graph.backends import neo4j_view
from graph.model.element import Edge, EdgeKind, Node, NodeKind
from graph.store import Direction, GraphStore
from tests.graph.store.contract_base import Contract, resource, write

K = NodeKind
E = EdgeKind


class OrderContract(Contract):
    """Iteration is ordered, also over more than a page."""

    def test_nodes_are_ordered_by_code_point(self, store: GraphStore) -> None:
        ids = ["a", "B", "é", "e\u0301", "い", "\uffee", "𠮷", "😀", "10", "9"]
        write(store, [resource(key) for key in ids])
        with store.read() as view:
            assert [node.id for node in view.nodes(K.RESOURCE)] == sorted(ids)
            assert [n.id for n in view.nodes(K.RESOURCE, after="い")] == [
                key for key in sorted(ids) if key > "い"
            ]
            assert [n.id for n in view.get_many(K.RESOURCE, [*ids, "none", "a"])] == sorted(ids)

    def test_edges_are_ordered_by_source_then_target(self, store: GraphStore) -> None:
        sources = [resource(key) for key in ("い", "𠮷", "a", "\uffee")]
        targets = [Node(kind=K.AREA, id=key) for key in ("z", "\uffee", "𠮷", "ろ")]
        edges = [Edge(kind=E.SERVES, source=s.ref, target=t.ref) for s in sources for t in targets]
        write(store, [*sources, *targets], edges)
        with store.read() as view:
            assert list(view.edges(E.SERVES)) == sorted(edges, key=lambda edge: edge.key)

    def test_edges_of_many_kinds_of_target_are_ordered(self, store: GraphStore) -> None:
        made = [Node(kind=kind, id=key) for kind in NodeKind for key in ("a", "𠮷")]
        record = Node(kind=K.SOURCE_RECORD, id="s")
        edges = [Edge(kind=E.ASSERTS, source=record.ref, target=node.ref) for node in made]
        write(store, [record, *made], edges)
        with store.read() as view:
            assert list(view.edges(E.ASSERTS)) == sorted(edges, key=lambda edge: edge.key)

    def test_edges_read_page_by_page_are_whole(
        self, store: GraphStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # 多い種類のつながりは、始点の頁ごとに読まれる。小さな頁で、頁の境と属性の有無を通す。
        monkeypatch.setattr(neo4j_view, "_FEW", 0)
        monkeypatch.setattr(neo4j_view, "_PAGE", 2)
        made = [Node(kind=kind, id=key) for kind in NodeKind for key in ("a", "𠮷")]
        records = [Node(kind=K.SOURCE_RECORD, id=f"s{i}") for i in range(5)]
        edges = [
            Edge(kind=E.ASSERTS, source=r.ref, target=n.ref, props={"n": i} if i % 2 else {})
            for r in records
            for i, n in enumerate(made)
        ]
        places = [resource(f"r{i}") for i in range(5)]
        area = Node(kind=K.AREA, id="x")
        serves = [
            Edge(kind=E.SERVES, source=p.ref, target=area.ref, props={"n": i} if i % 2 else {})
            for i, p in enumerate(places)
        ]
        write(store, [*records, *made, *places, area], [*edges, *serves])
        with store.read() as view:
            assert list(view.edges(E.ASSERTS)) == sorted(edges, key=lambda edge: edge.key)
            assert list(view.edges(E.SERVES)) == sorted(serves, key=lambda edge: edge.key)

    def test_more_than_a_page(self, store: GraphStore) -> None:
        count = 4321
        made = [resource(f"r{i:05}", name=f"名{i}") for i in range(count)]
        area = Node(kind=K.AREA, id="x")
        edges = [Edge(kind=E.SERVES, source=node.ref, target=area.ref) for node in made]
        write(store, [area, *made], edges)
        with store.read() as view:
            assert list(view.nodes(K.RESOURCE)) == made
            assert list(view.edges(E.SERVES)) == edges
            ids = [node.id for node in made]
            assert [n.id for n in view.get_many(K.RESOURCE, ids)] == ids
            at = view.neighbours([area.ref], [E.SERVES], Direction.IN)
            assert [node.id for _, node in at] == ids
        assert store.head() == 2 * count + 1
        seen = [change.seq for change in store.changes(0, limit=10 * count)]
        assert seen == list(range(1, 2 * count + 2))
        assert [c.seq for c in store.changes(1500, limit=700)] == list(range(1501, 2201))

    def test_the_id_at_a_place(self, store: GraphStore) -> None:
        ids = ["a", "B", "é", "い", "\uffee", "𠮷", "10"]
        write(store, [resource(key) for key in ids])
        with store.read() as view:
            found = [view.id_at(K.RESOURCE, place) for place in range(len(ids) + 2)]
            assert found == [*sorted(ids), None, None]
            assert view.id_at(K.AREA, 0) is None

    def test_links_are_ordered_and_whole(
        self, store: GraphStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(neo4j_view, "_FEW", 0)
        monkeypatch.setattr(neo4j_view, "_PAGE", 2)
        places = [resource(key) for key in ("い", "𠮷", "a", "\uffee", "lonely")]
        services = [Node(kind=K.SERVICE, id=key) for key in ("a", "い")]
        areas = [Node(kind=K.AREA, id=key) for key in ("z", "\uffee", "𠮷", "ろ")]
        firm = Node(kind=K.ORGANIZATION, id="い")
        edges = [
            *(Edge(kind=E.SERVES, source=p.ref, target=a.ref) for p in places[:3] for a in areas),
            *(Edge(kind=E.OFFERED_BY, source=p.ref, target=firm.ref) for p in places[1:4]),
            *(Edge(kind=E.OFFERED_BY, source=s.ref, target=firm.ref) for s in services),
            *(Edge(kind=E.INSTANCE_OF, source=p.ref, target=services[0].ref) for p in places[:4]),
        ]
        # 書いた順も行き先の順も、IDの順とは違う。
        write(store, [firm, *reversed(areas), *services, *reversed(places)], edges[::-1])
        asked = [E.SERVES, E.OFFERED_BY, E.SERVES, E.WITHIN]
        with store.read() as view:
            for kind in (K.RESOURCE, K.SERVICE):
                expected = links_in(edges, kind, asked)
                assert list(view.links(kind, asked)) == expected
                assert list(view.links(kind, asked, after="a")) == [
                    item for item in expected if item[0] > "a"
                ]
            assert list(view.links(K.RESOURCE, [])) == []
            assert list(view.links(K.FACILITY, asked)) == []
            with pytest.raises(ValueError, match="一種類"):
                list(view.links(K.SOURCE_RECORD, [E.ASSERTS]))


def links_in(
    edges: list[Edge], source: NodeKind, kinds: list[EdgeKind]
) -> list[tuple[str, list[tuple[EdgeKind, str]]]]:
    found: dict[str, list[tuple[EdgeKind, str]]] = {}
    for edge in edges:
        if edge.source.kind is source and edge.kind in kinds:
            found.setdefault(edge.source.id, []).append((edge.kind, edge.target.id))
    return [(key, sorted(found[key])) for key in sorted(found)]
