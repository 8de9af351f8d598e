"""HSDS service objects flattened into the tables of the tabular datapackage."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ingest.rejects import safe_cell

Json = dict[str, Any]
#: 国番号から始まる電話番号。「+」から始まるが、式ではない。
_PHONE = re.compile(r"\+\d{1,3}[-\d() ]{6,}")
_TABLES = {
    "phones": "phones",
    "schedules": "schedules",
    "service_areas": "service_areas",
    "service_at_locations": "service_at_location",
    "languages": "languages",
    "cost_options": "cost_options",
    "capacities": "service_capacity",
    "attributes": "attributes",
    "addresses": "addresses",
    "accessibility": "accessibility",
    "organization_identifiers": "organization_identifiers",
}
_ONE = {
    "organization": "organizations",
    "location": "locations",
    "taxonomy_term": "taxonomy_terms",
    "unit": "units",
}


def write_package(services: Iterable[Json], out: Path) -> int:
    """Write the zip; gives the number of services. Every row appears once."""
    tables: dict[str, dict[str, Json]] = {"services": {}}
    count = 0
    for service in services:
        _flatten("services", service, tables)
        count += 1
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in sorted(tables.items()):
            archive.writestr(f"{name}.csv", _csv(rows.values()))
        archive.writestr("datapackage.json", _package(tables))
    return count


def _flatten(table: str, record: Json, tables: dict[str, dict[str, Json]]) -> None:
    flat: Json = {}
    for name, value in record.items():
        if name in _ONE and isinstance(value, dict):
            flat.setdefault(f"{name}_id", value["id"])
            _flatten(_ONE[name], value, tables)
        elif name in _TABLES and isinstance(value, list):
            for child in value:
                _flatten(_TABLES[name], _owned(table, record, child), tables)
        else:
            flat[name] = value
    tables.setdefault(table, {}).setdefault(record["id"], flat)


def _owned(table: str, owner: Json, child: Json) -> Json:
    column = {"locations": "location_id", "organizations": "organization_id"}.get(table)
    return {**child, column: owner["id"]} if column and column not in child else child


def _csv(rows: Iterable[Json]) -> str:
    held = list(rows)
    columns: dict[str, None] = {"id": None}
    for row in held:
        columns.update(dict.fromkeys(row))
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(columns))
    writer.writeheader()
    writer.writerows({name: _safe(name, value) for name, value in row.items()} for row in held)
    return stream.getvalue()


def _safe(column: str, value: object) -> object:
    """A text that a spreadsheet does not run; telephone numbers stay as machines expect them."""
    if not isinstance(value, str) or (column == "number" and _PHONE.fullmatch(value)):
        return value
    return safe_cell(value)


def _package(tables: dict[str, dict[str, Json]]) -> str:
    resources = []
    for name, rows in sorted(tables.items()):
        columns: dict[str, None] = {"id": None}
        for row in rows.values():
            columns.update(dict.fromkeys(row))
        fields = [{"name": column, "type": _type(column, rows)} for column in columns]
        resources.append(
            {
                "name": name,
                "path": f"{name}.csv",
                "schema": {"primaryKey": "id", "fields": fields},
            }
        )
    package = {
        "name": "human_services_data",
        "profile": "tabular-data-package",
        "resources": resources,
    }
    return json.dumps(package, ensure_ascii=False, indent=1)


def _type(column: str, rows: dict[str, Json]) -> str:
    values = [row[column] for row in rows.values() if column in row]
    numeric = bool(values) and all(isinstance(v, (int, float)) for v in values)
    return "number" if numeric else "string"
