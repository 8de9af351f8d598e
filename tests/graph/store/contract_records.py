"""The contract: records come back as they were, or are refused."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from graph.errors import InputError
from graph.model.element import Node, NodeKind, Ref
from graph.model.values import Point, Value
from graph.store import GraphStore, Writer
from tests.graph.store.contract_base import Contract, attempt, everything, full, resource, write

K = NodeKind


class RecordContract(Contract):
    """Records come back as they were, or are refused."""

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
