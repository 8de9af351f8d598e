"""Resources with a known place as GeoJSON points, properties under the ledger's headings."""

import json
from pathlib import Path

from graph.store import GraphStore
from graph.vocabulary.protocol import Vocabulary
from reports.exports.exporter import Exporter
from reports.exports.ledger import ledger_header, ledger_rows
from reports.exports.view import exported


def write(store: GraphStore, out: Path, vocabulary: Vocabulary, public: bool) -> int:  # noqa: FBT001 - the seam's signature
    """Write a FeatureCollection; a resource without a usable point has the geometry null.

    A confidential place never gets a point here, whoever asks.
    """
    count = 0
    with store.read() as view, out.open("w", encoding="utf-8") as stream:
        header = ledger_header(view, public=public)
        rows = ledger_rows(view, header, vocabulary, public=public)
        stream.write('{"type":"FeatureCollection","features":[')
        for item, row in zip(exported(view, public=public), rows, strict=True):
            place = item.facility
            point = place.point if place is not None else None
            feature = {
                "type": "Feature",
                "id": item.resource.id,
                "geometry": None
                if point is None
                else {"type": "Point", "coordinates": [point.lon, point.lat]},
                "properties": {
                    label: cell for label, cell in zip(header, row, strict=True) if cell
                },
            }
            stream.write((",\n" if count else "\n") + json.dumps(feature, ensure_ascii=False))
            count += 1
        stream.write("\n]}\n")
    return count


EXPORTER = Exporter(key="geojson", label="GeoJSON", suffixes=(".geojson", ".json"), write=write)
