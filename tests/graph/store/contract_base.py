"""What the parts of the contract share: where a store is, and short ways to write to it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

import pytest

from graph.backends.settings import StoreSettings
from graph.model.element import Edge, EdgeKind, Node, NodeKind
from graph.model.values import Point, Value
from graph.store import ChangeAction, GraphStore, View, Writer
from tests.graph.store.graphs import NOW

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


class Contract:
    """One part of the suite. ``lasting``: the store outlives the process that made it."""

    lasting: ClassVar[bool] = True
    examples: ClassVar[int] = 60

    @pytest.fixture
    def store(self, place: Place) -> GraphStore:
        return place.open(clock=lambda: NOW)
