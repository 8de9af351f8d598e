"""An area (市, 区, 圏域, 町 …) with its polygon, population and place in the tree."""

import json
from collections.abc import Mapping

from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape
from shapely.ops import unary_union
from shapely.validation import make_valid

from graph.model.codec import canonical_json
from graph.model.element import Edge, EdgeKind, NodeKind, Ref
from graph.model.place import Area, AreaKind
from graph.model.values import Point
from ingest.area_codes import city_of_ward, full_code
from ingest.build import BY, Built
from ingest.clean.lists import split_list
from ingest.context import Context
from ingest.records import Merged
from ingest.typed import read_count, read_point
from ingest.words import read_area_kind

#: 行が名指しした上の区域どうしを結ぶ線の名乗り手。
_CHAIN = "chain"
_POLYGONS = ("Polygon", "MultiPolygon", "GeometryCollection")


def build_area(key: str, merged: Merged, context: Context) -> Built:
    """Make the area, the city or prefecture above it where the row names them, and PART_OF."""
    cells = merged.cells
    built = Built(Ref(NodeKind.AREA, key))
    kind_text = cells.get("kind")
    kind = read_area_kind(kind_text) if kind_text else None
    if kind is None:
        kind = AreaKind.TOWN
        built.warn(["area_kind_unread"])
    code = full_code(cells.get("local_government_code"))
    polygon = _polygon(cells.get("geometry"), built)
    built.put(
        Area(
            id=key,
            name=cells["name"],
            kind=kind,
            local_government_code=code if kind in (AreaKind.CITY, AreaKind.WARD) else None,
            point=_point(cells),
            population=_count(cells, "population", built),
            households=_count(cells, "households", built),
            elderly_population=_count(cells, "elderly_population", built),
            polygon=polygon,
            source="／".join(merged.datasets),
        )
    )
    _parents(built, cells, kind, code, context)
    return built


def union_geometries(texts: list[str]) -> str:
    """One geometry of several (an area drawn as several islands). Unreadable ones are left out."""
    shapes = []
    for text in texts:
        try:
            shapes.append(make_valid(shape(json.loads(text))))
        except (ValueError, KeyError, TypeError, AttributeError, ShapelyError):
            continue
    return canonical_json(mapping(unary_union(shapes))) if shapes else ""


def _polygon(text: str | None, built: Built) -> str | None:
    if not text:
        return None
    try:
        geometry = make_valid(shape(json.loads(text)))
    except (ValueError, KeyError, TypeError, AttributeError, ShapelyError):
        built.warn(["geometry_unread"])
        return None
    if geometry.geom_type not in _POLYGONS or geometry.is_empty:
        return None
    return text if geometry.geom_type != "GeometryCollection" else canonical_json(mapping(geometry))


def _point(cells: Mapping[str, str]) -> Point | None:
    lat, lon = cells.get("lat"), cells.get("lon")
    if not lat and (both := cells.get("point")):
        lat, _, lon = both.partition(",")
    return read_point(lat or "", lon or "") if lat and lon else None


def _count(cells: Mapping[str, str], name: str, built: Built) -> int | None:
    text = cells.get(name)
    if not text:
        return None
    found = read_count(text)
    if found is None:
        built.warn([f"{name}_unread"])
    return found


def _parents(
    built: Built, cells: Mapping[str, str], kind: AreaKind, code: str | None, context: Context
) -> None:
    named = split_list(cells.get("parent", ""))
    for word in named:
        known = [*context.areas.find(word), *context.new_areas.get(word, ())]
        found = [key for key in known if key != built.ref.id]
        if not found:
            built.warn(["parent_unknown"])
        for key in found[:1]:
            built.link(EdgeKind.PART_OF, Ref(NodeKind.AREA, key))
    if not named and code is not None:
        _chain(built, cells, kind, code)


def _chain(built: Built, cells: Mapping[str, str], kind: AreaKind, code: str) -> None:
    """Join it to the ward, city and prefecture its row names, made where they are not there."""
    city_code = city_of_ward(code) or code
    above: list[Area] = []
    if kind not in (AreaKind.CITY, AreaKind.WARD) and city_code != code and cells.get("ward"):
        above.append(_known(code, cells["ward"], AreaKind.WARD))
    # 郡の町村は、郡の名の列と町村の名の列に分かれて書かれている。
    city = cells.get("city") if city_code != code else cells.get("ward") or cells.get("city")
    if kind is not AreaKind.CITY and city:
        above.append(_known(city_code, city, AreaKind.CITY))
    if cells.get("prefecture"):
        above.append(Area(id=code[:2], name=cells["prefecture"], kind=AreaKind.PREFECTURE))
    below = built.ref
    for area in above:
        target = built.share(area)
        if below == built.ref:
            built.link(EdgeKind.PART_OF, target)
        else:
            built.edges.append(
                Edge(kind=EdgeKind.PART_OF, source=below, target=target, props={BY: _CHAIN})
            )
        below = target


def _known(code: str, name: str, kind: AreaKind) -> Area:
    return Area(id=code, name=name, kind=kind, local_government_code=code)
