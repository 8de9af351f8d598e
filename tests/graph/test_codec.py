"""Every record survives the way to a node and back; unknown stays apart from empty."""

from dataclasses import FrozenInstanceError, fields
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.codec import Record, from_node, to_node
from graph.model.element import Node
from graph.model.people import Contact, Department, Organization, Program, Service
from graph.model.place import Area, Facility
from graph.model.provenance import Decision, SourceRecord
from graph.model.quick import quick_in_order
from graph.model.resource import Resource, Slot
from graph.model.unmet import UnmetRecord

st.register_type_strategy(
    Slot,
    st.builds(
        Slot,
        weekday=st.integers(0, 6),
        start=st.none() | st.integers(0, 1440),
        end=st.none() | st.integers(0, 2000),
        weeks=st.lists(st.sampled_from([-1, 1, 2, 3, 4, 5]), max_size=3).map(tuple),
        biweekly=st.booleans(),
    ),
)
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))
st.register_type_strategy(date, st.dates())

RECORDS: list[type[Record]] = [
    Resource,
    Facility,
    Area,
    Organization,
    Service,
    Contact,
    Department,
    Program,
    SourceRecord,
    Decision,
    UnmetRecord,
]


@pytest.mark.parametrize("record_type", RECORDS, ids=lambda t: t.__name__)
@given(data=st.data())
def test_round_trip(record_type: type[Record], data: st.DataObject) -> None:
    record = data.draw(st.from_type(record_type))
    assert from_node(to_node(record), record_type) == record


def test_unknown_is_apart_from_empty() -> None:
    unknown = Resource(id="a", name="a")
    empty = Resource(id="a", name="a", needs=(), schedule=())
    assert "needs" not in to_node(unknown).props
    assert from_node(to_node(empty), Resource).needs == ()
    assert from_node(to_node(empty), Resource).schedule == ()
    assert from_node(to_node(unknown), Resource).schedule is None


@pytest.mark.parametrize("record_type", RECORDS, ids=lambda t: t.__name__)
@given(data=st.data())
def test_a_record_made_directly_is_the_same(record_type: type[Record], data: st.DataObject) -> None:
    record = data.draw(st.from_type(record_type))
    made = quick_in_order(record_type)(*(getattr(record, field.name) for field in fields(record)))
    assert made == record
    assert repr(made) == repr(record)
    with pytest.raises(FrozenInstanceError):
        made.id = "x"  # type: ignore[misc]


def test_what_a_node_leaves_out_is_its_own_each_time() -> None:
    bare = Node(kind=Resource.KIND, id="a", props={})
    one, other = from_node(bare, Resource), from_node(bare, Resource)
    assert one == Resource(id="a", name=None)  # type: ignore[arg-type]
    assert one.extra == {}
    assert one.extra is not other.extra


def test_a_value_the_enumeration_lacks_is_refused() -> None:
    node = Node(kind=Resource.KIND, id="a", props={"name": "a", "status": "何か"})
    with pytest.raises(ValueError, match="何か"):
        from_node(node, Resource)
