"""Every record survives the way to a node and back; unknown stays apart from empty."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.codec import Record, from_node, to_node
from graph.model.people import Contact, Department, Organization, Program, Service
from graph.model.place import Area, Facility
from graph.model.provenance import Decision, SourceRecord
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
