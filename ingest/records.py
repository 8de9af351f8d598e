"""Source records: every row that was read is kept and says what it says; nothing is overwritten.

A record of the graph is made from its source records: for each field the highest rank that has a
value speaks, a person above all. ``fields`` of a source record is canonical JSON with the ledger
fields as text and, under ``extra``, columns no mapping knows; a field present but empty was
emptied on purpose (only a person does that).
"""

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from graph.model.codec import canonical_json
from graph.model.element import NodeKind, Ref
from graph.model.provenance import SourceRecord

NAMESPACE = uuid.UUID("6f1c1d0a-3a53-5f0e-9d4e-2d6a5f0c7b11")
_SPACE = NAMESPACE.bytes
PERSON = "person"
PERSON_RANK = 100
EXTRA = "extra"

#: 一緒に決まる項目。住所を直した人の記録に、別の記録の座標を付けない。
_PLACE = ("address", "building", "postal_code", "prefecture", "city", "local_government_code")
_SPOT = ("lat", "lon", "point")


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sources say different things; ``kept`` of ``winner`` stands."""

    field: str
    kept: str
    offered: str
    winner: str
    other: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What the source records of one thing say together."""

    cells: Mapping[str, str]
    extra: Mapping[str, str]
    origin: Mapping[str, str]
    conflicts: tuple[Conflict, ...]
    seen_at: datetime | None
    datasets: tuple[str, ...]


def stable_id(*parts: str) -> str:
    r"""A UUIDv5 of the parts: the same on every machine and at every re-import.

    >>> stable_id("ledger", "本町会館") == str(uuid.uuid5(NAMESPACE, "ledger\x1f本町会館"))
    True
    """
    # uuid.uuid5 と同じ値を、UUIDの物を作らずに求める（一行に二、三度要る）。
    digest = bytearray(
        hashlib.sha1(_SPACE + "\x1f".join(parts).encode(), usedforsecurity=False).digest()[:16]
    )
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def digest_of(cells: Mapping[str, str], extra: Mapping[str, str]) -> str:
    """Tells whether a row changed: over what it says, not over how its file is laid out."""
    text = canonical_json([dict(cells), dict(extra)])
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def encode_fields(cells: Mapping[str, str], extra: Mapping[str, str]) -> str:
    """Canonical JSON of a record's fields."""
    return canonical_json({**cells, EXTRA: dict(extra)} if extra else dict(cells))


def decode_fields(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """Fields and unknown columns of a record."""
    held = json.loads(text)
    extra: dict[str, str] = held.pop(EXTRA, {})
    return held, extra


def record_id(dataset: str, record_key: str) -> str:
    """Id of a source record."""
    return f"{dataset}\x1f{record_key}" if "\x1f" in dataset else f"{dataset}#{record_key}"


def record_ref(record: SourceRecord) -> Ref:
    """Its key in the store."""
    return Ref(NodeKind.SOURCE_RECORD, record.id)


def merge_records(records: Iterable[SourceRecord]) -> Merged:
    """Join what several records say: highest rank first, then the newest, then by id.

    A record whose row has vanished from its source still speaks, after those that are present.
    """
    ordered = sorted(records, key=_precedence)
    cells: dict[str, str] = {}
    extra: dict[str, str] = {}
    origin: dict[str, str] = {}
    conflicts: list[Conflict] = []
    for record in ordered:
        own, own_extra = decode_fields(record.fields)
        own = _without_foreign_spot(own, cells)
        for name, text in own.items():
            if name not in origin:
                cells[name], origin[name] = text, record.id
            elif cells[name] != text and text:
                conflicts.append(Conflict(name, cells[name], text, origin[name], record.id))
        for name, text in own_extra.items():
            extra.setdefault(name, text)
    seen = [record.seen_at for record in ordered if record.seen_at is not None]
    return Merged(
        {name: text for name, text in cells.items() if text},
        extra,
        origin,
        tuple(conflicts),
        max(seen, default=None),
        tuple(dict.fromkeys(record.dataset for record in ordered)),
    )


def person_conflicts(merged: Merged, records: Sequence[SourceRecord]) -> list[Conflict]:
    """Conflicts in which a person's edit stands against a source."""
    people = {record.id for record in records if record.dataset == PERSON}
    return [c for c in merged.conflicts if c.winner in people and c.other not in people]


def _precedence(record: SourceRecord) -> tuple[int, bool, float, str]:
    seen = record.seen_at.timestamp() if record.seen_at else 0.0
    return (-record.rank, record.missing_since is not None, -seen, record.id)


def _without_foreign_spot(own: dict[str, str], above: Mapping[str, str]) -> dict[str, str]:
    """Drop what belongs to another address than the one that stands."""
    address = above.get("address")
    if not address or own.get("address") in (None, address):
        return own
    return {name: text for name, text in own.items() if name not in (*_SPOT, *_PLACE[1:])}
