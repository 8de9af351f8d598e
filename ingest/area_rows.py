"""Rows about areas: names split into prefecture, city and ward, parts of one area joined, ids."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ingest.area_codes import city_of_ward, full_code
from ingest.build_area import union_geometries
from ingest.clean.addresses import read_address
from ingest.context import Context
from ingest.records import digest_of, stable_id
from ingest.rows import Ready

MUNICIPALITY = "市区町村"
_COUNTS = ("population", "households", "elderly_population")


def complete_area(item: Ready) -> Ready:
    """A row of 市区町村 with its prefecture, city, ward and the right 種別.

    A plain name such as 千葉県千葉市美浜区 is split; the name of the area is its last part.
    """
    cells = dict(item.cells)
    if cells.get("kind") != MUNICIPALITY:
        return item
    code = full_code(cells.get("local_government_code"))
    if "prefecture" not in cells:
        parts = read_address(cells["name"])
        if parts is not None and (parts.city or parts.ward):
            found = {"prefecture": parts.prefecture, "city": parts.city, "ward": parts.ward}
            cells.update({name: text for name, text in found.items() if text})
            cells["name"] = parts.ward or parts.city or cells["name"]
    ward = bool(cells.get("ward") and cells.get("city"))
    if code is not None:
        ward = city_of_ward(code) is not None
        cells["local_government_code"] = code
    cells["kind"] = "区" if ward else "市"
    return replace(item, cells=cells, digest=digest_of(cells, item.extra))


def join_parts(items: Iterable[Ready]) -> tuple[list[Ready], int]:
    """Rows of one area (islands, outlying parts) as one; gives also how many were joined in."""
    groups: dict[str, list[Ready]] = {}
    for item in items:
        groups.setdefault(item.record_key, []).append(item)
    joined = [_joined(group) for group in groups.values()]
    return joined, sum(len(group) - 1 for group in groups.values())


def area_id(item: Ready, context: Context) -> str:
    """Id of the area: its own, else that of a stored area of its full name, its code, its name."""
    if item.own_id is not None:
        return item.own_id
    cells = item.cells
    if cells.get("kind") not in ("市", "区"):
        return stable_id("area", item.record_key)
    code = full_code(cells.get("local_government_code"))
    parts = (cells.get("prefecture"), cells.get("city"), cells["name"])
    full = "".join(dict.fromkeys(part for part in parts if part))
    for name in filter(None, (code, full)):
        found = context.areas.find(name)
        if len(found) == 1:
            return found[0]
    return code or stable_id("area", full)


def _joined(group: list[Ready]) -> Ready:
    if len(group) == 1:
        return group[0]
    # 飛び地の行は人口が0のことが多いので、人口の多い行を主とする。
    ordered = sorted(group, key=_size, reverse=True)
    cells: dict[str, str] = {}
    for item in ordered:
        cells = {**item.cells, **cells}
    shapes = [text for item in group if (text := item.cells.get("geometry"))]
    if shapes:
        cells["geometry"] = union_geometries(shapes)
    return replace(ordered[0], cells=cells, digest=digest_of(cells, ordered[0].extra))


def _size(item: Ready) -> int:
    return max((_number(item.cells, name) for name in _COUNTS), default=0)


def _number(cells: Mapping[str, str], name: str) -> int:
    text = cells.get(name, "")
    return int(text) if text.isdigit() else 0
