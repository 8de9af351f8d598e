"""The gazetteer inside the store, so that every backend, backup and move carries it along.

One source record a municipality.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from graph.model.codec import canonical_json, from_node
from graph.model.element import NodeKind
from graph.model.provenance import SourceRecord
from graph.model.values import Point
from graph.store import View
from ingest.gazetteer import Gazetteer, TownRow
from ingest.records import digest_of

DATASET = "tsunagu:gazetteer"


def gazetteer_records(
    rows: Iterable[TownRow], batch: str, now: datetime
) -> dict[tuple[str, str], SourceRecord]:
    """Source records of the towns, one for each municipality."""
    towns: dict[tuple[str, str], list[list[object]]] = {}
    for row in rows:
        held = towns.setdefault((row.prefecture, row.city), [])
        held.append([row.town, row.point.lat, row.point.lon, *([row.block] if row.block else [])])
    return {
        key: _record(key, canonical_json(sorted(held, key=str)), batch, now)
        for key, held in towns.items()
    }


def load_gazetteer(view: View) -> Gazetteer | None:
    """The gazetteer of a store, or ``None`` when none was imported."""
    rows = [
        town
        for node in view.find(NodeKind.SOURCE_RECORD, "dataset", DATASET)
        for town in _towns(from_node(node, SourceRecord))
    ]
    return Gazetteer.from_rows(rows) if rows else None


def _record(key: tuple[str, str], cells: str, batch: str, now: datetime) -> SourceRecord:
    name = "".join(key)
    return SourceRecord(
        id=f"{DATASET}#{name}",
        dataset=DATASET,
        record_key=name,
        digest=digest_of({"towns": cells}, {}),
        cells=cells,
        fields=canonical_json({"prefecture": key[0], "city": key[1]}),
        batch=batch,
        seen_at=now,
    )


def _towns(record: SourceRecord) -> Iterable[TownRow]:
    where: Mapping[str, str] = json.loads(record.fields)
    for town, lat, lon, *block in json.loads(record.cells):
        yield TownRow(
            prefecture=where["prefecture"],
            city=where["city"],
            town=town,
            point=Point(lat, lon),
            block=block[0] if block else None,
        )
