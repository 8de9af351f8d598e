"""HSDS 1.x to 3.1: JSON (one service, a list, a page) and the tables of a package.

The tables are read together, from ``services.csv`` (or ``service.csv``) and the files beside it;
the other files of the package belong to it and are not read a second time.
"""

import csv
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ingest.hsds_rows import ALIASES, HEADER, TABLES, Record, rows_of_services, rows_of_tables
from ingest.reader import Reader, Row, Table
from ingest.readers.json_records import load_json
from ingest.source import Limits, Source, refuse

_NESTED = (b'"service_at_locations"', b'"eligibility_description"', b'"service_areas"')
_MAIN = ("services", "service")
_OTHERS = ("organizations", "organization", "locations", "location", "service_at_location")


def sniff(source: Source) -> float:
    """A JSON of services, or a CSV named like a table of a package that has its main tables."""
    if source.suffix == ".csv" and source.stem in TABLES and _is_package(source.path.parent):
        return 0.98
    if source.name == "datapackage.json" and _is_package(source.path.parent):
        return 0.98
    head = source.head.lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith((b"{", b"[")) and sum(mark in source.head for mark in _NESTED) > 1:
        return 0.97
    return 0.0


def read_tables(source: Source, limits: Limits) -> Sequence[Table]:
    """One table of all services at their locations. Raises FileRefusedError for broken files."""
    missing: Counter[str] = Counter()
    if source.suffix == ".csv" or source.name == "datapackage.json":
        if source.stem not in _MAIN:
            return ()
        found = list(rows_of_tables(_package(source, limits), missing))
    else:
        found = list(rows_of_services(_services(source, limits)))
    rows = [Row(i, tuple(row.get(n, "") for n in HEADER)) for i, row in enumerate(found, start=1)]
    notes = {code: n for code, n in missing.items() if n}
    return (
        Table(
            header=HEADER, rows=lambda: iter(rows), encoding="utf-8", notes=notes, mapping="hsds"
        ),
    )


def _is_package(folder: Path) -> bool:
    return any((folder / f"{n}.csv").is_file() for n in _MAIN) and any(
        (folder / f"{n}.csv").is_file() for n in _OTHERS
    )


def _services(source: Source, limits: Limits) -> list[Record]:
    data: Any = load_json(source, limits)
    if isinstance(data, dict):
        data = data.get("contents") or data.get("services") or [data]
    if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
        raise refuse(
            source,
            "はHSDSのサービスの並びではありません。",
            "サービス（service）の一覧を書き出したJSONにしてください。",
            "bad_hsds",
        )
    return [s for item in data for s in (item.get("services") or [item]) if isinstance(s, dict)]


def _package(source: Source, limits: Limits) -> dict[str, list[Record]]:
    tables: dict[str, list[Record]] = {}
    csv.field_size_limit(limits.cell_characters)
    for path in sorted(source.path.parent.glob("*.csv")):
        name = ALIASES.get(path.stem, path.stem)
        if path.stem not in TABLES or path.stat().st_size > limits.json_bytes:
            continue
        try:
            with path.open(encoding="utf-8-sig", newline="") as stream:
                records = [{k: v for k, v in row.items() if k} for row in csv.DictReader(stream)]
        except (UnicodeDecodeError, csv.Error) as fault:
            raise refuse(
                source,
                f"と同じ組の「{path.name}」を読めません。",
                "CSV（UTF-8）で保存し直してください。",
                "not_text",
            ) from fault
        tables.setdefault(name, []).extend(records)
    return tables


def _sample() -> tuple[str, bytes, int]:
    place = {"id": "l1", "location_type": "physical", "latitude": 35.6, "longitude": 140.1}
    at = [{"id": "a1", "location": place}]
    service = {
        "id": "s1", "name": "相談室", "status": "active", "eligibility_description": "どなたでも",
        "service_areas": [{"id": "x", "name": "本町"}], "service_at_locations": at,
    }  # fmt: skip
    return "services.json", json.dumps([service], ensure_ascii=False).encode(), 1


READER = Reader(
    key="hsds",
    label="HSDS",
    suffixes=(".json", ".csv"),
    sniff=sniff,
    tables=read_tables,
    sample=_sample,
)
