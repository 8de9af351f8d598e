"""Where a row lies: its own point checked against its address, else what the gazetteer says.

An online service is asked last, and only when switched on (:mod:`ingest.online`). A doubtful point
is kept as a sentence and not used.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from geopy.geocoders.base import Geocoder
from geopy.location import Location
from shapely.geometry import Point as Spot
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from graph.areas import AreaTree
from graph.geo import distance_m, in_japan, is_on_earth, rough_m, swapped
from graph.model.place import AreaKind, Facility, Precision
from graph.model.values import Point
from ingest.clean.addresses import read_address
from ingest.clean.prefectures import PREFECTURES
from ingest.gazetteer import Gazetteer, Geocoded, TownRow

#: 境界線の描き方と測位の誤差。これより外なら、その市区町村の中とはみなさない。
TOLERANCE_M = 100.0
_MUNICIPAL = frozenset({AreaKind.CITY, AreaKind.WARD})
_LONGEST_PLACE = 24
#: 町丁目の中心から実際の場所までの、ありうる隔たり（大きな大字を含む）。
_FAR_M = {
    Precision.BLOCK: 2_000.0,
    Precision.CHOME: 8_000.0,
    Precision.TOWN: 10_000.0,
    Precision.CITY: 60_000.0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PointCheck:
    """``point`` when it may be used for distances; else ``doubt`` says why not (Japanese)."""

    point: Point | None
    doubt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """The outcome for one row, in the terms of :class:`graph.model.place.Facility`."""

    point: Point | None = None
    precision: Precision | None = None
    point_doubt: str | None = None
    matched: str | None = None


class OnlineGeocoder(Protocol):
    """An online service behind the geopy seam (:mod:`ingest.online`)."""

    def find(self, address: str) -> Geocoded | None:
        """The place of an address, or ``None`` when it is not known or no answer came."""


@dataclass(frozen=True, slots=True)
class _Question:
    address: str | None
    prefecture: str | None = None
    city: str | None = None
    code: str | None = None


class Locator:
    """Places rows: checks given points, asks the gazetteer, then what is switched on."""

    def __init__(
        self, *, gazetteer: Gazetteer | None = None, online: Sequence[OnlineGeocoder] = ()
    ) -> None:
        self._gazetteer = gazetteer
        self._online = tuple(online)
        self._towns: tuple[AreaTree | None, Gazetteer] | None = None

    def place(self, facility: Facility, areas: AreaTree) -> Facility:
        """The facility with point, precision and doubt as far as they can be known."""
        question = _Question(facility.address, code=facility.local_government_code)
        found = self._locate(question, facility.point, areas)
        if found.point is None and found.point_doubt is None:
            return facility
        return replace(
            facility, point=found.point, precision=found.precision, point_doubt=found.point_doubt
        )

    def locate(
        self,
        address: str | None,
        *,
        areas: AreaTree | None = None,
        given: Point | None = None,
        prefecture: str | None = None,
        city: str | None = None,
    ) -> Located:
        """Where a row lies. ``prefecture`` and ``city`` are its other columns."""
        return self._locate(_Question(address, prefecture, city), given, areas)

    def _locate(self, asked: _Question, given: Point | None, areas: AreaTree | None) -> Located:
        found = self._find(asked, areas)
        doubt: str | None = None
        if given is not None:
            place, boundary = _boundary(asked, found, areas)
            check = check_point(given, boundary=boundary, place=place, expected=found)
            if check.point is not None:
                return Located(point=check.point, precision=Precision.GIVEN)
            doubt = check.doubt
        if found is None or found.precision is Precision.CITY:
            found = self._ask(asked.address) or found
        if found is None:
            return Located(point_doubt=doubt)
        return Located(
            point=found.point, precision=found.precision, point_doubt=doubt, matched=found.matched
        )

    def _find(self, asked: _Question, areas: AreaTree | None) -> Geocoded | None:
        text = asked.address or asked.city
        if not text:
            return None
        found = None
        if self._gazetteer is not None:
            found = self._gazetteer.find(text, prefecture=asked.prefecture, city=asked.city)
        if found is not None and found.precision is not Precision.CITY:
            return found
        towns = self._towns_of(areas)
        if not len(towns):
            return found
        town = towns.find(text, prefecture=asked.prefecture, city=asked.city)
        if town is None or town.precision is Precision.CITY:
            return found
        # 区域は町の広がりだけを言う。番地や丁目の位置とは名乗らない。
        return replace(town, precision=Precision.TOWN)

    def _towns_of(self, areas: AreaTree | None) -> Gazetteer:
        """The towns among the office's own areas, as a gazetteer; made once for a tree."""
        if self._towns is None or self._towns[0] is not areas:
            self._towns = (areas, area_gazetteer(areas) if areas else Gazetteer())
        return self._towns[1]

    def _ask(self, address: str | None) -> Geocoded | None:
        if not address:
            return None
        return next((hit for service in self._online if (hit := service.find(address))), None)


def area_gazetteer(areas: AreaTree) -> Gazetteer:
    """The towns of an area tree with their middles: for towns no gazetteer file knows."""
    return Gazetteer.from_rows(_town_rows(areas))


def _town_rows(areas: AreaTree) -> Iterator[TownRow]:
    for area in areas.areas.values():
        if area.kind is not AreaKind.TOWN:
            continue
        above = [areas.areas[key] for key in areas.ancestors(area.id)[1:] if key in areas.areas]
        place = [held for held in above if held.kind in _MUNICIPAL]
        middle = areas.centre(area.id)
        if not place or middle is None:
            continue
        city = "".join(held.name for held in reversed(place))
        prefecture = next((held.name for held in above if held.kind is AreaKind.PREFECTURE), "")
        yield TownRow(prefecture=prefecture, city=city, town=area.name, point=middle)


def _boundary(
    asked: _Question, found: Geocoded | None, areas: AreaTree | None
) -> tuple[str, BaseGeometry | None]:
    """The narrowest municipality the row names that has a polygon, and how to call it."""
    if areas is None or not areas.has_polygons:
        return "住所の市区町村", None
    parts = read_address(asked.address) if asked.address else None
    names = [found.city if found else None, asked.city]
    if parts:
        names[1:1] = [f"{parts.city or ''}{parts.ward or ''}", parts.city]
    if named := _municipality_in(asked.address, areas):
        return areas.label(named), areas.polygon(named)
    for name in filter(None, [*names, asked.code]):
        for area_id in areas.find(name):
            polygon = areas.polygon(area_id)
            if polygon is not None:
                return areas.areas[area_id].name if name == asked.code else name, polygon
    return next(filter(None, [*names, asked.prefecture]), "住所の市区町村"), None


def _municipality_in(address: str | None, areas: AreaTree) -> str | None:
    """The ward, else the city, an address begins with, where it has a polygon and is one alone."""
    plain = "".join((address or "").split())
    for text in (
        plain,
        plain.removeprefix(next((p for p in PREFECTURES if plain.startswith(p)), "")),
    ):
        for size in range(min(len(text), _LONGEST_PLACE), 2, -1):
            found = areas.find(text[:size])
            known = [key for key in found if areas.areas[key].kind in _MUNICIPAL]
            if len(known) == 1 and len(found) == 1 and areas.polygon(known[0]) is not None:
                return known[0]
    return None


def check_point(
    point: Point,
    *,
    boundary: BaseGeometry | None = None,
    place: str = "住所の市区町村",
    expected: Geocoded | None = None,
    tolerance_m: float = TOLERANCE_M,
) -> PointCheck:
    """Whether a published point may be used: on earth, in Japan, in its municipality, near its town.

    >>> check_point(Point(140.1, 35.6)).doubt
    '緯度と経度が入れ替わっています（緯度140.1、経度35.6）。元のファイルの列を確かめてください。'
    >>> check_point(Point(53.41291, -8.24389)).doubt
    '日本の外を指しています（緯度53.41291、経度-8.24389）。元のファイルの緯度・経度を確かめてください。'
    >>> check_point(Point(35.6, 140.1)).point
    Point(lat=35.6, lon=140.1)
    """
    said = (
        f"緯度{point.lat:g}、経度{point.lon:g}"
        if point.lat % 1 == 0
        else f"緯度{point.lat}、経度{point.lon}"
    )
    if not (is_on_earth(point) and in_japan(point)):
        other = swapped(point)
        if is_on_earth(other) and in_japan(other):
            return _doubt(
                f"緯度と経度が入れ替わっています（{said}）。元のファイルの列を確かめてください。"
            )
        if not is_on_earth(point):
            return _doubt(
                f"緯度・経度としてありえない数です（{said}）。元のファイルの値を確かめてください。"
            )
        return _doubt(
            f"日本の外を指しています（{said}）。元のファイルの緯度・経度を確かめてください。"
        )
    if boundary is not None:
        off = metres_outside(point, boundary)
        if off > tolerance_m:
            return _doubt(
                f"{place}の外を指しています（境から{_far(off)}）。住所か緯度・経度のどちらかを確かめてください。"
            )
    if expected is not None:
        off = rough_m(point, expected.point)
        if off > _FAR_M[expected.precision]:
            return _doubt(
                f"住所（{expected.matched}）から{_far(off)}離れた所を指しています。住所か緯度・経度のどちらかを確かめてください。"
            )
    return PointCheck(point=point)


def metres_outside(point: Point, boundary: BaseGeometry) -> float:
    """Metres from a point to a polygon; 0 inside it."""
    spot = Spot(point.lon, point.lat)
    if boundary.intersects(spot):
        return 0.0
    edge = nearest_points(boundary, spot)[0]
    return distance_m(point, Point(edge.y, edge.x))


def _doubt(sentence: str) -> PointCheck:
    return PointCheck(point=None, doubt=sentence)


def _far(metres: float) -> str:
    return f"約{metres / 1000:,.0f}km" if metres >= 10_000 else f"約{metres:,.0f}m"  # noqa: PLR2004 - 10km未満はm


class GazetteerGeocoder(Geocoder):  # type: ignore[misc] # geopyは型を持たない
    """The offline gazetteer as a geopy geocoder, so that any tool of geopy can use it."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        super().__init__()
        self._gazetteer = gazetteer

    def geocode(
        self, query: str, *, exactly_one: bool = True, timeout: object = None
    ) -> Location | list[Location] | None:
        """A geopy ``Location`` whose ``raw`` holds the :class:`Geocoded`."""
        del timeout  # 手元の表を引くだけで、待つものがない。
        hit = self._gazetteer.find(query)
        if hit is None:
            return None
        location: Any = Location(hit.matched, (hit.point.lat, hit.point.lon), {"geocoded": hit})
        return location if exactly_one else [location]
