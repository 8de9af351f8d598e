"""What every store must do. Each backend subclasses this once and gives one fixture, ``place``."""

import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graph.backends.settings import StoreSettings
from graph.changes import Follower
from graph.errors import DanglingEdgeError, InputError, StoreError, StoreLockedError
from graph.model.element import Edge, EdgeKind, Node, NodeKind, Ref
from graph.model.values import Point, Value
from graph.store import Change, ChangeAction, Direction, GraphStore, Scope, View, Writer
from tests.graph.store.graphs import NOW, edges_among, nodes, refs, small_graph
from tests.graph.store.oracle import Oracle

K = NodeKind
E = EdgeKind
A = ChangeAction


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a store is, and how to open it again as somebody else would."""

    opener: Callable[[StoreSettings], GraphStore]
    settings: StoreSettings
    url: str

    def open(self, **changes: object) -> GraphStore:
        return self.opener(replace(self.settings, **changes))  # type: ignore[arg-type]


def write(store: GraphStore, nodes: list[Node], edges: list[Edge] | None = None) -> None:
    with store.write(actor="試験") as w:
        w.put(nodes)
        w.link(edges or [])


def attempt(store: GraphStore, work: Callable[[Writer], None]) -> None:
    """A write that is expected to fail as a whole."""
    with store.write(actor="試験") as w:
        work(w)


def resource(key: str, **props: Value) -> Node:
    return Node(kind=K.RESOURCE, id=key, props=props)


def facility(key: str, lat: float, lon: float) -> Node:
    return Node(kind=K.FACILITY, id=key, props={"point": Point(lat, lon)})


def typed(value: object) -> object:
    """The value with its type, all the way down: 1, 1.0 and True are not the same."""
    if isinstance(value, tuple):
        return ("tuple", *(typed(item) for item in value))
    if isinstance(value, datetime):
        return ("datetime", value.replace(tzinfo=None), value.utcoffset())
    return (type(value).__name__, value)


def full(node: Node | None) -> object:
    assert node is not None
    return (node.ref, {name: typed(value) for name, value in node.props.items()})


def everything(view: View) -> tuple[list[object], list[Edge]]:
    """All of a graph, with types."""
    return (
        [full(node) for kind in NodeKind for node in view.nodes(kind)],
        [edge for kind in EdgeKind for edge in view.edges(kind)],
    )


class StoreContract:
    """The suite. ``lasting``: the store outlives the process that made it."""

    lasting: ClassVar[bool] = True
    examples: ClassVar[int] = 60

    @pytest.fixture
    def store(self, place: Place) -> GraphStore:
        return place.open(clock=lambda: NOW)

    # --- 記録

    def test_fresh_store_is_empty(self, store: GraphStore) -> None:
        with store.read() as view:
            assert everything(view) == ([], [])
            assert dict(view.counts()) == {}
        assert (store.head(), store.floor(), list(store.changes(0))) == (0, 0, [])
        assert store.check() == ()
        assert store.schema_version() >= 1

    @pytest.mark.parametrize(
        "value",
        [
            "",
            "子ども食堂",
            "𠮷野家で😀",
            'a"\\\n\t\x00\u2028',
            "e\u0301",
            "é",
            0,
            -1,
            2**63 - 1,
            2**63,
            -(10**40),
            0.0,
            -0.0,
            1.0,
            0.1,
            1e308,
            5e-324,
            True,
            False,
            date(1, 1, 1),
            date(2026, 4, 1),
            datetime(2026, 4, 1, 9, 30, 15, 123456),  # noqa: DTZ001 - kept without a zone
            datetime(2026, 4, 1, 9, 30, tzinfo=UTC),
            datetime(2026, 4, 1, 9, 30, tzinfo=timezone(timedelta(hours=9))),
            datetime(2026, 4, 1, 9, 30, tzinfo=ZoneInfo("Asia/Tokyo")),
            datetime(2026, 10, 25, 1, 30, fold=1, tzinfo=ZoneInfo("Europe/London")),
            Point(35.607, 140.106),
            Point(-90.0, -180.0),
            (),
            ("",),
            ("茶", "𠮷"),
            (1, 2**70),
            (1.0, 0.1),
        ],
        ids=repr,
    )
    def test_every_value_comes_back_as_it_was(self, store: GraphStore, value: Value) -> None:
        node = Node(kind=K.RESOURCE, id="r", props={"name": value, "x": value})
        write(store, [node])
        with store.read() as view:
            assert full(view.get(node.ref)) == full(node)
            if not isinstance(value, tuple):
                assert [full(n) for n in view.find(K.RESOURCE, "x", value)] == [full(node)]

    def test_zone_names_are_kept(self, store: GraphStore) -> None:
        moment = datetime(2026, 4, 1, 9, 30, tzinfo=ZoneInfo("Asia/Tokyo"))
        write(store, [resource("r", at=moment)])
        with store.read() as view:
            node = view.get(Ref(K.RESOURCE, "r"))
        assert node is not None
        found = node.props["at"]
        assert isinstance(found, datetime)
        assert getattr(found.tzinfo, "key", None) == "Asia/Tokyo"

    def test_unknown_is_kept_apart_from_empty(self, store: GraphStore) -> None:
        write(store, [resource("known", needs=(), note=""), resource("unknown")])
        with store.read() as view:
            known, unknown = view.nodes(K.RESOURCE)
        assert dict(known.props) == {"needs": (), "note": ""}
        assert dict(unknown.props) == {}

    def test_put_replaces_whole(self, store: GraphStore) -> None:
        write(store, [resource("r", name="前", phone="1", note="x")])
        write(store, [resource("r", name="後")])
        with store.read() as view:
            assert dict(next(view.nodes(K.RESOURCE)).props) == {"name": "後"}
            assert list(view.find(K.RESOURCE, "name", "前")) == []
            assert list(view.find(K.RESOURCE, "phone", "1")) == []

    def test_a_kept_node_is_not_the_callers_dictionary(self, store: GraphStore) -> None:
        props: dict[str, Value] = {"name": "前"}
        write(store, [Node(kind=K.RESOURCE, id="r", props=props)])
        props["name"] = "後"
        with store.read() as view:
            assert next(view.nodes(K.RESOURCE)).props["name"] == "前"

    def test_ids_are_apart_by_kind(self, store: GraphStore) -> None:
        write(store, [resource("x", name="資源"), Node(kind=K.AREA, id="x", props={"name": "区"})])
        with store.read() as view:
            assert dict(view.counts()) == {K.AREA: 1, K.RESOURCE: 1}
            area = view.get(Ref(K.AREA, "x"))
        assert area is not None
        assert area.props["name"] == "区"

    @pytest.mark.parametrize(
        "node",
        [
            Node(kind=K.RESOURCE, id=""),
            Node(kind=K.RESOURCE, id="\ud800"),
            Node(kind=K.RESOURCE, id="x" * 1001),
            resource("r", name="\udfff"),
            resource("r", x=float("nan")),
            resource("r", x=float("inf")),
            resource("r", x=Point(91.0, 0.0)),
            resource("r", x=Point(float("nan"), 0.0)),
            resource("r", x=None),  # type: ignore[arg-type]
            resource("r", x=["a"]),  # type: ignore[arg-type]
            resource("r", x=b"a"),  # type: ignore[arg-type]
            resource("r", x=(None,)),  # type: ignore[arg-type]
        ],
        ids=lambda node: repr(node)[:60],
    )
    def test_what_cannot_be_kept_exactly_is_refused(self, store: GraphStore, node: Node) -> None:
        def work(w: Writer) -> None:
            w.put([resource("good"), node])

        with pytest.raises(InputError) as caught:
            attempt(store, work)
        assert caught.value.code == "bad_record"
        with store.read() as view:
            assert everything(view) == ([], [])

    # --- 並び

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

    # --- 書き込み

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

    # --- 読み出し

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

    # --- 変更の記録

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

    # --- 二人で使う

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

    # --- でたらめな編集と突き合わせ

    def test_any_edits_agree_with_the_oracle(self, place: Place) -> None:
        @settings(
            max_examples=self.examples,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            # 縮めるたびにストアを書き直すので、見つかった例をそのまま見せる。
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
        )
        @given(data=st.data())
        def run(data: st.DataObject) -> None:
            store = place.open()
            with store.write(actor="掃除") as w, store.read() as view:
                w.delete([node.ref for kind in NodeKind for node in view.nodes(kind)])
            before = store.head()
            oracle = Oracle()
            for _ in range(data.draw(st.integers(1, 4))):
                self._edit(store, oracle, data)
            self._compare(store, oracle, data)
            touched = {c.source for c in store.changes(before, limit=10**6)}
            assert set(oracle.g) <= touched

        run()

    def _edit(self, store: GraphStore, oracle: Oracle, data: st.DataObject) -> None:
        with store.write(actor="試験") as w:
            for _ in range(data.draw(st.integers(1, 4))):
                step = data.draw(st.sampled_from(["put", "link", "unlink", "delete"]))
                if step == "put":
                    made = data.draw(st.lists(nodes(), min_size=1, max_size=8))
                    w.put(made)
                    oracle.put(made)
                elif step == "delete":
                    gone = data.draw(st.lists(refs(), max_size=2))
                    w.delete(gone)
                    oracle.delete(gone)
                else:
                    strategy = st.lists(edges_among(sorted(oracle.g)), min_size=1, max_size=8)
                    edges = [edge for edge in data.draw(strategy) if edge is not None]
                    if step == "link":
                        w.link(edges)
                        oracle.link(edges)
                    else:
                        w.unlink(edges)
                        oracle.unlink(edges)

    def _compare(self, store: GraphStore, oracle: Oracle, data: st.DataObject) -> None:
        with store.read() as view:
            for kind in NodeKind:
                assert [full(n) for n in view.nodes(kind)] == [full(n) for n in oracle.nodes(kind)]
            for edge_kind in EdgeKind:
                found, wanted = list(view.edges(edge_kind)), oracle.edges(edge_kind)
                assert found == wanted
                assert [typed(e.props.get("w")) for e in found] == [
                    typed(e.props.get("w")) for e in wanted
                ]
            roots = data.draw(st.lists(refs(), max_size=3))
            direction = data.draw(st.sampled_from(Direction))
            kinds = data.draw(st.lists(st.sampled_from(EdgeKind), max_size=6))
            assert list(view.neighbours(roots, kinds, direction)) == oracle.neighbours(
                roots, kinds, direction
            )
            g = view.subgraph(roots, list(EdgeKind), 2)
            assert (set(g), set(g.edges(keys=True))) == oracle.subgraph(roots, list(EdgeKind), 2)
