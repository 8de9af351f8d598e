"""Shapefiles: attributes as columns, the shape as GeoJSON in WGS 84.

The .dbf, .shx and .prj are found beside the .shp, the encoding from .cpg or by trying. Plane
rectangular coordinates (平面直角座標系, by .prj) are turned into degrees. Column names given in an
``attributes.csv`` beside the file (original_name, display_name) are used.
"""

import csv
import json
import struct
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import shapefile

from ingest.plane import projection_of
from ingest.reader import Reader, Row, Table
from ingest.readers.geojson import LAT, LON, SHAPE
from ingest.readers.json_records import text_of
from ingest.source import Limits, Source, refuse

_MAGIC = struct.pack(">i", 9994)


def sniff(source: Source) -> float:
    """A .shp by its file code."""
    return 0.95 if source.head.startswith(_MAGIC) and source.suffix == ".shp" else 0.0


def read_tables(source: Source, limits: Limits) -> Sequence[Table]:
    """One table of all shapes. Raises FileRefusedError when a part lacks or the .prj is foreign."""
    del limits
    if source.sibling(".dbf") is None:
        raise refuse(
            source,
            "のそばに属性のファイル（.dbf）がありません。",
            ".shp・.shx・.dbf・.prj を同じフォルダーに置くか、まとめて zip にしてください。",
            "missing_part",
        )
    prj = source.sibling(".prj")
    project = projection_of(prj.read_text(encoding="utf-8", errors="replace") if prj else "")
    if project is None:
        raise refuse(
            source,
            "の座標系が分かりません（.prj）。",
            "GISのソフトでWGS 84（緯度経度）のGeoJSONに書き出し直してください。",
            "unknown_projection",
        )
    for encoding in _encodings(source):
        try:
            return (_table(source, encoding, project),)
        except UnicodeDecodeError:
            continue
        except (shapefile.ShapefileException, struct.error, OSError, ValueError) as fault:
            raise refuse(
                source,
                "はシェープファイルとして読めません。",
                "GISのソフトで書き出し直してください。",
                "bad_shapefile",
            ) from fault
    raise refuse(
        source, "の属性の文字が読めません。", "属性をUTF-8で書き出し直してください。", "not_text"
    )


def _encodings(source: Source) -> list[str]:
    cpg = source.sibling(".cpg")
    named = cpg.read_text(encoding="ascii", errors="ignore").strip().lower() if cpg else ""
    first = {"sjis": "cp932", "shift_jis": "cp932", "932": "cp932", "utf8": "utf-8"}.get(
        named, named
    )
    known = [first] if first in ("cp932", "utf-8") else []
    return [*known, "utf-8", "cp932"]


def _table(source: Source, encoding: str, project: Any) -> Table:  # noqa: ANN401 - a function of two floats
    with warnings.catch_warnings():
        # .cpg の「Shift_JIS」を、機種依存文字も読める cp932 で読むことへの注意は要らない。
        warnings.simplefilter("ignore", UserWarning)
        reader = shapefile.Reader(str(source.path), encoding=encoding)
    with reader:
        columns = [str(f[0]) for f in reader.fields if f[0] != "DeletionFlag"]
        rows = []
        for number, record in enumerate(reader.iterShapeRecords(), start=1):
            values = [text_of(value).strip() for value in record.record]
            rows.append(Row(number, (*values, *_place(record.shape.__geo_interface__, project))))
    header = (*_labels(source.path, columns), LAT, LON, SHAPE)
    return Table(header=header, rows=lambda: iter(rows), encoding=encoding)


def _place(geometry: dict[str, Any], project: Any) -> tuple[str, str, str]:  # noqa: ANN401
    shape = {**geometry, "coordinates": _moved(geometry.get("coordinates", ()), project)}
    if shape.get("type") == "Point" and shape["coordinates"]:
        lon, lat = shape["coordinates"][:2]
        return text_of(lat), text_of(lon), ""
    return "", "", json.dumps(shape, separators=(",", ":"))


def _moved(part: Any, project: Any) -> Any:  # noqa: ANN401 - nested lists of any depth
    if len(part) and isinstance(part[0], (int, float)):
        lon, lat = project(float(part[0]), float(part[1]))
        return [round(lon, 7), round(lat, 7)]
    return [_moved(inner, project) for inner in part]


def _labels(path: Path, columns: Sequence[str]) -> tuple[str, ...]:
    """Display names from ``attributes.csv``, where the folder has one."""
    listed = path.parent / "attributes.csv"
    labels: dict[str, str] = {}
    if listed.is_file():
        try:
            with listed.open(encoding="utf-8-sig", newline="") as stream:
                for row in csv.DictReader(stream):
                    labels[row.get("original_name") or ""] = row.get("display_name") or ""
        except (UnicodeDecodeError, csv.Error):
            labels = {}
    names: list[str] = []
    for column in columns:
        label = labels.get(column) or column
        names.append(label if label not in names else f"{label}_{column}")
    return tuple(names)


def _sample() -> tuple[str, bytes, int]:
    # 一つの .shp だけでは読めないため、zip にまとめた見本にする。
    import zipfile  # noqa: PLC0415 - only for the sample
    from io import BytesIO  # noqa: PLC0415

    shp, shx, dbf, out = BytesIO(), BytesIO(), BytesIO(), BytesIO()
    with shapefile.Writer(shp=shp, shx=shx, dbf=dbf, encoding="utf-8") as writer:
        writer.field("学校名", "C", 40)
        writer.poly([[[140.0, 35.0], [140.0, 35.1], [140.1, 35.1], [140.0, 35.0]]])
        writer.record("本町小学校")
    with zipfile.ZipFile(out, "w") as archive:
        for suffix, part in ((".shp", shp), (".shx", shx), (".dbf", dbf)):
            archive.writestr(f"学区{suffix}", part.getvalue())
    return "学区.zip", out.getvalue(), 1


READER = Reader(
    key="shapefile",
    label="シェープファイル",
    suffixes=(".shp",),
    sniff=sniff,
    tables=read_tables,
    sample=_sample,
)
