"""How many people reach a category of resource within fifteen minutes on foot (an estimate)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import cos, radians

from shapely import affinity, unary_union
from shapely.geometry import Point as ShapelyPoint
from shapely.geometry.base import BaseGeometry
from shapely.prepared import prep

from graph.model.place import Area, AreaKind
from graph.model.values import Point
from maps.data import MapData
from maps.layer import Draw, Layer
from maps.place import Placement
from maps.shapes import light
from maps.sheet import Feature, Sheet
from matching.travel import DETOUR, MEANS

MINUTES = 15
#: The most numerous categories; more would hide each other and swell the page.
MOST_CATEGORIES = 24
FEWEST_PLACES = 2
_KM_PER_DEGREE = 111.32
_COUNTED = (AreaKind.TOWN, AreaKind.SPHERE, AreaKind.WARD, AreaKind.CITY)
_HARDLY = 0.1
_SEGMENTS = 8


def radius_m() -> float:
    """Straight-line metres of a fifteen-minute walk, as the match counts them."""
    return MINUTES * MEANS["walk"][1] / DETOUR


def collect(data: MapData) -> Sheet:
    """One row a category: the share of people within a walk, and the areas it hardly reaches."""
    places: dict[str, list[Point]] = defaultdict(list)
    for spot in data.spots:
        if spot.point is not None:
            places[data.category_label(spot.resource)].append(spot.point)
    often = sorted(places, key=lambda label: (-len(places[label]), label))[:MOST_CATEGORIES]
    people = _people(data)
    rows = [
        _feature(label, places[label], people, data)
        for label in sorted(often)
        if len(places[label]) >= FEWEST_PLACES
    ]
    return Sheet(
        title_column="分類",
        columns=("場所の数", "歩いて15分で届く人（推計）", "割合（推計）", "ほとんど届かない区域"),
        features=rows,
        notes=(
            f"歩いて{MINUTES}分は直線で約{radius_m():.0f}mとみた推計です。",
            f"分速は{MEANS['walk'][1]:.0f}m、道のりは直線の{DETOUR}倍としました。",
            "人は区域の中に一様に住むものとして数えています。",
            "地図では、分類を選ぶとその分類だけを示します。",
        ),
    )


def _feature(
    label: str, points: Sequence[Point], people: Mapping[str, Area], data: MapData
) -> Feature:
    reach = reach_of(points)
    shares = _shares(reach, people, data)
    known = sum(people[key].population or 0 for key in shares)
    reached = sum((people[key].population or 0) * share for key, share in shares.items())
    poor = _poorly_reached(shares, people, data)
    return Feature(
        key=label,
        title=label,
        group="歩いて15分",
        cells=(
            str(len(points)),
            f"{reached:,.0f}人" if known else "人口がわからない",
            f"{reached / known:.0%}" if known else "不明",
            "、".join(poor) or "なし",
        ),
        placement=Placement.PLACED,
        geometry=light(reach),
        filter_key=label,
        outline=True,
    )


def reach_of(points: Sequence[Point]) -> BaseGeometry:
    """Union of circles of :func:`radius_m` round the points, in degrees."""
    high = radius_m() / 1000 / _KM_PER_DEGREE
    circles = []
    for point in points:
        circle = ShapelyPoint(point.lon, point.lat).buffer(high, quad_segs=_SEGMENTS)
        circles.append(affinity.scale(circle, xfact=1 / cos(radians(point.lat))))
    return unary_union(circles)


def _people(data: MapData) -> dict[str, Area]:
    """The areas people are counted in: the narrowest level that has population and a place."""
    for kind in _COUNTED:
        areas = {
            key: data.areas.areas[key]
            for key in data.shown_areas((kind,))
            if data.areas.areas[key].population
            and (data.areas.polygon(key) is not None or data.areas.areas[key].point is not None)
        }
        if areas:
            return areas
    return {}


def _shares(reach: BaseGeometry, people: Mapping[str, Area], data: MapData) -> dict[str, float]:
    near = prep(reach)
    shares: dict[str, float] = {}
    for key, area in people.items():
        polygon = data.areas.polygon(key)
        if polygon is None or polygon.area == 0:
            spot = area.point
            shares[key] = float(spot is not None and near.covers(ShapelyPoint(spot.lon, spot.lat)))
        elif near.intersects(polygon):
            shares[key] = reach.intersection(polygon).area / polygon.area
        else:
            shares[key] = 0.0
    return shares


def _poorly_reached(
    shares: Mapping[str, float], people: Mapping[str, Area], data: MapData
) -> list[str]:
    """Areas of the working level where hardly anyone lives within the walk."""
    total: dict[str, float] = defaultdict(float)
    reached: dict[str, float] = defaultdict(float)
    for key, share in shares.items():
        above = data.area_at_level(key)
        if above is not None:
            total[above] += people[key].population or 0
            reached[above] += (people[key].population or 0) * share
    return [data.areas.areas[k].name for k in sorted(total) if reached[k] < total[k] * _HARDLY]


LAYER = Layer(
    key="reach",
    label="歩いて15分の範囲",
    about="分類ごとに、歩いて15分で届く範囲と人の割合（推計）",
    draw=Draw.REACH,
    order=50,
    collect=collect,
    example="ふれあい・いきいきサロン",
    public=True,
    colour="#15803d",
)
