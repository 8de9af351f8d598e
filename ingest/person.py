"""What people said of a resource, kept as a source record of its own that outranks every import.

``fields`` of the record holds the values that stand, ``cells`` also who said each and when, and
which word of a source a person has already answered.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from graph.model.codec import canonical_json, to_node
from graph.model.element import Edge, EdgeKind, Ref
from graph.model.provenance import SourceRecord
from graph.store import View
from ingest.change import Changes, compose, held_edges, lonely_facilities
from ingest.context import Context
from ingest.previous import previous_of
from ingest.records import PERSON, PERSON_RANK, decode_fields, digest_of, encode_fields, record_id

_BY, _TOLD, _SETTLED = "by", "told", "settled"


@dataclass(frozen=True, slots=True)
class Said:
    """The values people gave.

    ``told``: field → who and when (ISO 8601); ``settled``: field → the source's value that a
    person saw and decided against.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    settled: Mapping[str, str] = field(default_factory=dict)

    def with_fields(self, fields: Mapping[str, str], *, by: str, now: datetime) -> "Said":
        """With further values, said by somebody now; their conflicts are open again."""
        stamp = (by, now.isoformat())
        settled = {name: text for name, text in self.settled.items() if name not in fields}
        told = {**self.told, **dict.fromkeys(fields, stamp)}
        return Said({**self.fields, **fields}, told, settled)

    def without(self, name: str) -> "Said":
        """Without a value, so that the sources speak for the field."""
        return Said(*({k: v for k, v in held.items() if k != name} for held in self._parts()))

    def settling(self, name: str, offered: str) -> "Said":
        """With the answer that the person's value stands against what a source offers."""
        return Said(self.fields, self.told, {**self.settled, name: offered})

    def _parts(self) -> tuple[Mapping[str, Any], ...]:
        return (self.fields, self.told, self.settled)


def said_in(record: SourceRecord | None) -> Said:
    """What a person's record holds; older records don't tell who said which field."""
    if record is None:
        return Said()
    fields, _ = decode_fields(record.fields)
    cells = json.loads(record.cells)
    told = cells.get(_TOLD, {})
    if not isinstance(told, dict):
        told = {}
    known = (str(cells.get(_BY, "")), record.seen_at.isoformat() if record.seen_at else "")
    return Said(
        fields,
        {name: tuple(told.get(name, known)) for name in fields},
        dict(cells.get(_SETTLED, {})),
    )


def person_record(
    key: str, before: SourceRecord | None, said: Said, *, by: str, now: datetime
) -> SourceRecord:
    """The record of what people say of a resource now."""
    cells: dict[str, Any] = {**said.fields, _BY: by, _TOLD: dict(said.told)}
    if said.settled:
        cells[_SETTLED] = dict(said.settled)
    return SourceRecord(
        id=record_id(PERSON, key),
        dataset=PERSON,
        record_key=key,
        digest=digest_of(said.fields, {}),
        cells=canonical_json(cells),
        fields=encode_fields(said.fields, {}),
        batch=f"{now.isoformat(timespec='seconds')}-{PERSON}",
        rank=PERSON_RANK,
        seen_at=now,
        previous=previous_of(before) if before is not None else None,
    )


def with_record(
    view: View, ref: Ref, others: list[SourceRecord], record: SourceRecord, context: Context
) -> Changes:
    """What has to be written so that the record speaks of the resource beside the others."""
    changes = Changes()
    node = to_node(record)
    changes.nodes[node.ref] = node
    if record.previous is None:
        # 前からある行の線は張り直さない。まとめる前の元のIDを覚えていることがある。
        edge = Edge(kind=EdgeKind.ASSERTS, source=node.ref, target=ref)
        changes.edges[edge.key] = edge
    built, _ = compose(ref, [*others, record], context)
    changes.add(built, held_edges(view, [ref])[ref])
    lonely_facilities(view, changes)
    return changes
