"""Graphs and edit sequences made by Hypothesis, and the small graph most tests begin with."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import strategies as st

from graph.model.element import EDGE_ENDS, Edge, EdgeKind, Node, NodeKind, Ref
from graph.model.values import Point, Value

K = NodeKind
E = EdgeKind

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_IDS = ("a", "b", "c", "い", "ろ", "𠮷", "\uffee", "e\u0301", "é")
_FLOAT = st.floats(allow_nan=False, allow_infinity=False)
_JST = timezone(timedelta(hours=9))


def values() -> st.SearchStrategy[Value]:
    """Every type a property may have."""
    return st.one_of(
        _TEXT,
        st.integers(),
        st.integers(min_value=-(2**80), max_value=2**80),
        _FLOAT,
        st.booleans(),
        st.dates(),
        st.datetimes(),
        st.datetimes(timezones=st.sampled_from([UTC, _JST])),
        st.timezones().flatmap(lambda zone: st.datetimes(timezones=st.just(zone))),
        points(),
        st.lists(_TEXT, max_size=3).map(tuple),
        st.lists(st.integers(), max_size=3).map(tuple),
        st.lists(_FLOAT, max_size=3).map(tuple),
    )


def points() -> st.SearchStrategy[Point]:
    """Places on Earth, many of them close together."""
    near = st.builds(Point, st.floats(35.5, 35.7), st.floats(140.0, 140.2))
    return near | st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


def props() -> st.SearchStrategy[Mapping[str, Value]]:
    """Properties, among them those a store treats in a way of its own."""
    own = {
        "name": st.sampled_from(["𠮷野", "サロン", ""]),
        "point": points(),
        "publication": st.sampled_from(["public", "restricted", "confidential_location"]),
        "phone": values(),
    }
    free = st.dictionaries(_TEXT.filter(bool), values(), max_size=3)
    return st.builds(lambda a, b: {**a, **b}, free, st.fixed_dictionaries({}, optional=own))


def refs() -> st.SearchStrategy[Ref]:
    """Keys out of a small set, so that edits meet each other."""
    return st.builds(Ref, st.sampled_from(NodeKind), st.sampled_from(_IDS[:4]))


def nodes() -> st.SearchStrategy[Node]:
    """A node with any properties."""
    return st.builds(
        lambda ref, p: Node(kind=ref.kind, id=ref.id, props=p),
        st.builds(Ref, st.sampled_from(NodeKind), st.sampled_from(_IDS)),
        props(),
    )


@st.composite
def edges_among(draw: st.DrawFn, present: list[Ref]) -> Edge | None:
    """An edge between two nodes that exist, or ``None`` where no kind joins any."""
    kind = draw(st.sampled_from(EdgeKind))
    sources = [ref for ref in present if ref.kind in EDGE_ENDS[kind][0]]
    targets = [ref for ref in present if ref.kind in EDGE_ENDS[kind][1]]
    if not sources or not targets:
        return None
    extra = draw(st.just({}) | st.fixed_dictionaries({"w": values()}))
    return Edge(
        kind=kind,
        source=draw(st.sampled_from(sources)),
        target=draw(st.sampled_from(targets)),
        props=extra,
    )


def small_graph() -> tuple[list[Node], list[Edge]]:
    """Two places of one organisation in one area; one of them at a hidden address."""
    day = date(2026, 11, 20)
    made = [
        Node(kind=K.ORGANIZATION, id="o1", props={"name": "みほん社協"}),
        Node(kind=K.AREA, id="city", props={"name": "みほん市", "kind": "city"}),
        Node(kind=K.AREA, id="east", props={"name": "東区", "kind": "ward"}),
        Node(
            kind=K.FACILITY,
            id="f1",
            props={"point": Point(35.60, 140.10), "publication": "public"},
        ),
        Node(
            kind=K.FACILITY,
            id="f2",
            props={"point": Point(35.61, 140.10), "publication": "restricted"},
        ),
        Node(kind=K.FACILITY, id="f3", props={"point": Point(35.62, 140.10)}),
        Node(
            kind=K.RESOURCE,
            id="r1",
            props={"name": "茶の間", "publication": "public", "assured_date": day},
        ),
        Node(
            kind=K.RESOURCE,
            id="r2",
            props={"name": "安全な家", "publication": "confidential_location"},
        ),
        Node(kind=K.RESOURCE, id="r3", props={"name": "内部の資源", "publication": "restricted"}),
        Node(kind=K.UNMET, id="u1", props={"need": "ibasho", "publication": "public"}),
    ]
    ref = {node.id: node.ref for node in made}
    pairs = [
        (E.OFFERED_BY, "r1", "o1"),
        (E.OFFERED_BY, "r2", "o1"),
        (E.OFFERED_BY, "r3", "o1"),
        (E.LOCATED_AT, "r1", "f1"),
        (E.HIDDEN_AT, "r2", "f3"),
        (E.LOCATED_AT, "r3", "f2"),
        (E.SERVES, "r1", "east"),
        (E.PART_OF, "east", "city"),
        (E.WITHIN, "f1", "east"),
        (E.CONCERNS, "u1", "east"),
    ]
    return made, [Edge(kind=k, source=ref[a], target=ref[b]) for k, a, b in pairs]


NOW = datetime(2026, 11, 20, 9, 0, tzinfo=_JST)
