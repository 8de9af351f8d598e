"""GeoJSON: each feature a row, its properties the columns, its place in columns of its own.

A point gives ``geometry_lat`` and ``geometry_lon``; any other shape stands as GeoJSON text in
``geometry``.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from ingest.reader import Reader, Row, Table
from ingest.readers.json_records import load_json, text_of
from ingest.source import Limits, Source, refuse

LAT, LON, SHAPE = "geometry_lat", "geometry_lon", "geometry"
#: 市区町村コードを名前にもつファイル（12207.json）の、そのコード。属性には名称しかないことが多い。
FILE_CODE = "ファイル名のコード"
_CODE = re.compile(r"\d{5,6}")


def sniff(source: Source) -> float:
    """A JSON text that says it is a FeatureCollection or a Feature."""
    head = source.head.lstrip(b"\xef\xbb\xbf \r\n\t")
    if not head.startswith(b"{"):
        return 0.0
    named = b'"FeatureCollection"' in head or b'"Feature"' in head
    return 0.95 if named else 0.0


def read_tables(source: Source, limits: Limits) -> Sequence[Table]:
    """One table of all features. Raises FileRefusedError when the text is no GeoJSON."""
    data = load_json(source, limits)
    features = data.get("features", [data]) if isinstance(data, dict) else None
    if not isinstance(features, list) or not all(isinstance(f, dict) for f in features):
        raise refuse(
            source,
            "はGeoJSONの形をしていません。",
            "GISのソフトでGeoJSON（WGS 84）として書き出し直してください。",
            "bad_geojson",
        )
    columns: dict[str, None] = {}
    for feature in features:
        columns.update(dict.fromkeys(map(str, feature.get("properties") or {})))
    code = (source.stem,) if _CODE.fullmatch(source.stem) else ()
    header = (*(FILE_CODE for _ in code), *columns, LAT, LON, SHAPE)
    rows = [Row(i, (*code, *_cells(f, tuple(columns)))) for i, f in enumerate(features, start=1)]
    return (Table(header=header, rows=lambda: iter(rows), encoding="utf-8"),)


def _cells(feature: dict[str, Any], columns: tuple[str, ...]) -> tuple[str, ...]:
    properties = feature.get("properties") or {}
    values = [text_of(properties.get(column)) for column in columns]
    geometry = feature.get("geometry") or {}
    spot = geometry.get("coordinates") if geometry.get("type") == "Point" else None
    if isinstance(spot, list) and len(spot) >= 2:  # noqa: PLR2004 - 経度と緯度
        return (*values, text_of(spot[1]), text_of(spot[0]), "")
    if geometry:
        return (*values, "", "", json.dumps(geometry, separators=(",", ":")))
    return (*values, "", "", "")


def _sample() -> tuple[str, bytes, int]:
    feature = {
        "type": "Feature",
        "properties": {"名称": "本町公園", "住所": "みほん市本町1"},
        "geometry": {"type": "Point", "coordinates": [140.1, 35.6]},
    }
    data = {"type": "FeatureCollection", "features": [feature]}
    return "公園.geojson", json.dumps(data, ensure_ascii=False).encode(), 1


READER = Reader(
    key="geojson",
    label="GeoJSON",
    suffixes=(".geojson",),
    sniff=sniff,
    tables=read_tables,
    sample=_sample,
)
