"""The contract: finding, neighbours, nearness, parts of the graph, and what the public sees."""

from collections.abc import Collection

import pytest

from graph.model.element import EDGE_ENDS, Edge, EdgeKind, Node, NodeKind, Ref
from graph.model.values import Point
from graph.store import Direction, GraphStore, Reached, Scope, View
from tests.graph.store.contract_base import Contract, Place, facility, resource, write
from tests.graph.store.graphs import small_graph
from tests.graph.store.oracle import Oracle

K = NodeKind
E = EdgeKind


def reached_by_neighbours(
    view: View,
    kind: NodeKind,
    ids: Collection[str],
    kinds: Collection[EdgeKind],
    inward: bool,
    whole: Collection[EdgeKind],
) -> Reached:
    """The same, node by node."""
    leads: dict[str, dict[EdgeKind, list[str]]] = {}
    nodes: dict[NodeKind, dict[str, Node]] = {}
    for key in ids:
        direction = Direction.IN if inward else Direction.OUT
        for edge, far in view.neighbours([Ref(kind, key)], kinds, direction):
            leads.setdefault(key, {}).setdefault(edge.kind, []).append(far.id)
            if edge.kind in whole:
                nodes.setdefault(far.kind, {})[far.id] = far
    return Reached(leads, nodes)


class ReadContract(Contract):
    """Finding, neighbours, nearness, parts of the graph, and what the public sees."""

    def test_find_tells_types_apart(self, store: GraphStore) -> None:
        write(store, [resource("a", x=1), resource("b", x=1.0), resource("c", x=True)])
        with store.read() as view:
            for value, key in ((1, "a"), (1.0, "b"), (True, "c")):
                assert [n.id for n in view.find(K.RESOURCE, "x", value)] == [key]
            assert list(view.find(K.RESOURCE, "x", "1")) == []
            assert list(view.find(K.AREA, "x", 1)) == []

    def test_find_by_name_is_exact_and_ordered(self, store: GraphStore) -> None:
        long = "長" * 3000
        write(
            store,
            [
                resource("い", name="サロン"),
                resource("a", name="サロン"),
                resource("b", name="サロン "),
                resource("c", name="ｻﾛﾝ"),
                resource("d", name=long),
                resource("e", name=5),
            ],
        )
        with store.read() as view:
            assert [n.id for n in view.find(K.RESOURCE, "name", "サロン")] == ["a", "い"]
            assert [n.id for n in view.find(K.RESOURCE, "name", long)] == ["d"]
            assert [n.id for n in view.find(K.RESOURCE, "name", 5)] == ["e"]

    def test_neighbours_in_both_directions(self, store: GraphStore) -> None:
        made, edges = small_graph()
        loop = Edge(kind=E.PART_OF, source=made[2].ref, target=made[2].ref)
        write(store, made, [*edges, loop])
        oracle = Oracle()
        oracle.put(made)
        oracle.link([*edges, loop])
        with store.read() as view:
            for direction in Direction:
                for asked in (["r1"], ["east"], ["o1", "f1", "east"], []):
                    roots = [node.ref for node in made if node.id in asked]
                    for kinds in (list(EdgeKind), [E.PART_OF], [E.WITHIN, E.SERVES], []):
                        assert list(view.neighbours(roots, kinds, direction)) == oracle.neighbours(
                            roots, kinds, direction
                        )

    @pytest.mark.parametrize("inward", [False, True])
    @pytest.mark.parametrize("scope", Scope)
    def test_what_is_reached_is_what_neighbours_tell(
        self, store: GraphStore, scope: Scope, inward: bool
    ) -> None:
        made, edges = small_graph()
        loop = Edge(kind=E.PART_OF, source=made[2].ref, target=made[2].ref)
        write(store, made, [*edges, loop])
        single = [kind for kind in EdgeKind if len(EDGE_ENDS[kind][not inward]) == 1]
        with store.read(scope) as view:
            for kind in NodeKind:
                ids = [node.id for node in made if node.kind is kind]
                assert view.present(kind, [*ids, "nobody"]) == {
                    node.id for node in view.get_many(kind, ids)
                }
                for kinds, whole in (
                    (single, single),
                    (single, [E.LOCATED_AT, E.BELONGS_TO, E.PART_OF]),
                    ([E.SERVES, E.PART_OF, E.SERVES], []),
                    ([], [E.SERVES]),
                ):
                    found = view.reached(
                        kind, [*ids, *ids, "nobody"], kinds, inward=inward, whole=whole
                    )
                    assert found == reached_by_neighbours(view, kind, ids, kinds, inward, whole)
            assert view.reached(K.RESOURCE, [], single, inward=inward) == Reached({}, {})

    def test_what_is_reached_by_id_alone_comes_from_one_kind(self, store: GraphStore) -> None:
        with store.read() as view:
            with pytest.raises(ValueError, match="asserts"):
                view.reached(K.SOURCE_RECORD, ["a"], [E.ASSERTS])
            with pytest.raises(ValueError, match="offered_by"):
                view.reached(K.ORGANIZATION, ["a"], [E.OFFERED_BY], inward=True)

    def test_near_is_ordered_by_distance_then_id(self, store: GraphStore) -> None:
        made = [
            facility("far", 35.70, 140.10),
            facility("b", 35.601, 140.10),
            facility("a", 35.601, 140.10),
            facility("here", 35.60, 140.10),
            Node(kind=K.FACILITY, id="nowhere"),
            Node(kind=K.AREA, id="here", props={"point": Point(35.60, 140.10)}),
        ]
        write(store, made)
        centre = Point(35.60, 140.10)
        with store.read() as view:
            found = list(view.near(K.FACILITY, centre, 200))
            assert [node.id for _, node in found] == ["here", "a", "b"]
            assert found[0][0] == 0
            assert found[1][0] == pytest.approx(111.2, abs=0.1)
            assert [n.id for _, n in view.near(K.FACILITY, centre, found[1][0])] == [
                "here",
                "a",
                "b",
            ]
            assert [n.id for _, n in view.near(K.FACILITY, centre, 1e8)] == [
                "here",
                "a",
                "b",
                "far",
            ]
            assert list(view.near(K.RESOURCE, centre, 1e8)) == []

    def test_near_follows_moves(self, store: GraphStore) -> None:
        write(store, [facility("f", 35.60, 140.10), facility("g", 35.60, 140.10)])
        write(store, [facility("f", 43.06, 141.35), Node(kind=K.FACILITY, id="g")])
        with store.read() as view:
            assert list(view.near(K.FACILITY, Point(35.60, 140.10), 5000)) == []
            at = view.near(K.FACILITY, Point(43.06, 141.35), 5000)
            assert [node.id for _, node in at] == ["f"]

    @pytest.mark.parametrize(
        ("centre", "there"),
        [
            (Point(0.0, 179.999), Point(0.0, -179.999)),
            (Point(0.0, -179.999), Point(0.0, 179.999)),
            (Point(89.999, 0.0), Point(89.999, 180.0)),
            (Point(-89.999, 10.0), Point(-89.999, -170.0)),
            (Point(35.0499999, 140.0), Point(35.0500001, 140.0)),
        ],
    )
    def test_near_crosses_edges_of_the_map(
        self, store: GraphStore, centre: Point, there: Point
    ) -> None:
        write(store, [facility("f", there.lat, there.lon)])
        with store.read() as view:
            assert [n.id for _, n in view.near(K.FACILITY, centre, 300)] == ["f"]

    def test_near_agrees_with_measuring_all(self, place: Place) -> None:
        store = place.open()
        centre = Point(35.6, 140.1)
        made = [
            facility(
                f"f{i}", 35.6 + ((i * 37) % 101 - 50) / 500, 140.1 + ((i * 53) % 97 - 48) / 400
            )
            for i in range(300)
        ]
        write(store, made)
        with store.read() as view:
            every = {node.id: metres for metres, node in view.near(K.FACILITY, centre, 1e8)}
            assert len(every) == len(made)
            for radius in (0.0, 50.0, 900.0, 4_000.0, 12_000.0, 250_000.0):
                found = [node.id for _, node in view.near(K.FACILITY, centre, radius)]
                inside = [key for key in every if every[key] <= radius]
                assert found == sorted(inside, key=lambda key: (every[key], key))

    def test_subgraph(self, store: GraphStore) -> None:
        made, edges = small_graph()
        write(store, made, edges)
        oracle = Oracle()
        oracle.put(made)
        oracle.link(edges)
        with store.read() as view:
            for hops in range(4):
                for kinds in (list(EdgeKind), [E.OFFERED_BY, E.SERVES]):
                    roots = [Ref(K.RESOURCE, "r1"), Ref(K.RESOURCE, "never")]
                    g = view.subgraph(roots, kinds, hops)
                    assert (set(g), set(g.edges(keys=True))) == oracle.subgraph(roots, kinds, hops)
                    assert all(g.nodes[ref]["node"].ref == ref for ref in g)
                    for a, b, kind in g.edges(keys=True):
                        assert g.edges[a, b, kind]["edge"].key == (kind, a, b)

    def test_the_public_sees_only_what_is_public(self, store: GraphStore) -> None:
        made, edges = small_graph()
        write(store, made, edges)
        seen = {"o1", "city", "east", "f1", "r1", "r2"}
        with store.read(Scope.PUBLIC) as view:
            assert {node.id for kind in NodeKind for node in view.nodes(kind)} == seen
            assert {node.id for node in made if view.get(node.ref)} == seen
            for kind in NodeKind:
                ids = [node.id for node in made if node.kind is kind]
                assert {n.id for n in view.get_many(kind, ids)} == seen & set(ids)
            assert sum(view.counts().values()) == len(seen)
            assert [view.id_at(K.RESOURCE, place) for place in range(3)] == ["r1", "r2", None]
            assert list(view.find(K.RESOURCE, "name", "内部の資源")) == []
            assert [n.id for _, n in view.near(K.FACILITY, Point(35.6, 140.1), 1e6)] == ["f1"]
            shown = {(e.source.id, e.target.id) for k in EdgeKind for e in view.edges(k)}
            assert shown == {
                ("r1", "o1"),
                ("r2", "o1"),
                ("r1", "f1"),
                ("r1", "east"),
                ("east", "city"),
                ("f1", "east"),
            }
            assert list(view.edges(E.HIDDEN_AT)) == []
            everywhere = list(
                view.neighbours([n.ref for n in made], list(EdgeKind), Direction.BOTH)
            )
            assert {(e.source.id, e.target.id) for e, _ in everywhere} == shown
            assert {
                ref.id for ref in view.subgraph([Ref(K.RESOURCE, "r2")], list(EdgeKind), 9)
            } == seen

    def test_the_public_never_sees_who_hides_at_a_public_place(self, store: GraphStore) -> None:
        # 公開の建物の中にある非公開の場：建物は見えても、そこにあることは見えない。
        made, edges = small_graph()
        hall = Node(kind=K.FACILITY, id="hall", props={"publication": "public"})
        home = next(node for node in made if node.id == "r2")
        hidden = Edge(kind=E.HIDDEN_AT, source=home.ref, target=hall.ref)
        write(store, [*made, hall], [*edges, hidden])
        with store.read(Scope.PUBLIC) as view:
            assert view.get(hall.ref) == hall
            assert list(view.edges(E.HIDDEN_AT)) == []
            assert list(view.links(K.RESOURCE, [E.HIDDEN_AT])) == []
            for end in (home, hall):
                assert list(view.neighbours([end.ref], [E.HIDDEN_AT], Direction.BOTH)) == []
                for inward in (False, True):
                    asked = view.reached(end.kind, [end.id], [E.HIDDEN_AT], inward=inward)
                    assert asked == Reached({}, {})
            seen = view.links(K.RESOURCE, [E.OFFERED_BY, E.LOCATED_AT, E.HIDDEN_AT])
            assert list(seen) == [
                ("r1", [(E.LOCATED_AT, "f1"), (E.OFFERED_BY, "o1")]),
                ("r2", [(E.OFFERED_BY, "o1")]),
            ]
        with store.read() as view:
            hidden_at = view.reached(K.RESOURCE, ["r2"], [E.HIDDEN_AT], whole=[E.HIDDEN_AT])
            assert hidden_at.ids == {"r2": {E.HIDDEN_AT: ["f3", "hall"]}}
            assert hidden_at.nodes[K.FACILITY]["hall"] == hall
            assert ("r2", [(E.HIDDEN_AT, "f3"), (E.HIDDEN_AT, "hall")]) in list(
                view.links(K.RESOURCE, [E.HIDDEN_AT])
            )

    def test_publication_is_followed(self, store: GraphStore) -> None:
        made, edges = small_graph()
        write(store, made, edges)
        with store.write(actor="試験") as w:
            w.put([resource("r1", name="茶の間", publication="restricted")])
            w.put([resource("r3", name="内部の資源", publication="public")])
            w.unlink([edges[4]])
        with store.read(Scope.PUBLIC) as view:
            assert [node.id for node in view.nodes(K.RESOURCE)] == ["r2", "r3"]
            assert [node.id for node in view.nodes(K.FACILITY)] == ["f1", "f3"]
