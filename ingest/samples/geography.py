"""Makes the areas of the fictional みほん市: 48 towns that tile the city without overlap.

The towns are cells of a bent, jittered grid whose edges are drawn once and shared by both
neighbours, so 圏域, 区 and 市 (unions of towns) tile exactly. Same seed, same shapes.
Run ``python -m ingest.samples.geography FOLDER`` to write 区域.geojson and 区域.csv.
"""

import csv
import json
import math
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shapely import set_precision
from shapely.geometry import Polygon, mapping
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

SEED = 20260401
#: South-west corner and size of the grid. The hills there hold no town of this name.
ORIGIN_LAT, ORIGIN_LON = 35.405, 140.145
CELL_KM = 1.45
KM_PER_DEGREE = 111.0
COLUMNS, ROWS = 8, 6
STEPS_PER_EDGE = 5
GRID_DEGREES = 1e-6

_COLUMNS = (
    "区域ID",
    "名称",
    "種別",
    "親区域",
    "緯度",
    "経度",
    "人口",
    "世帯数",
    "高齢者人口",
)
CITY = ("MH", "みほん市")
WARDS: Mapping[str, tuple[str, str]] = {
    "K": ("MH-K", "川辺区"),
    "H": ("MH-H", "本町区"),
    "S": ("MH-S", "里山区"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sphere:
    """A 日常生活圏域 of four towns. ``people`` is its population, ``old`` the share aged 65+."""

    code: str
    name: str
    ward: str
    towns: tuple[str, str, str, str]
    people: int
    old: float
    household: float


#: Rows from south to north, columns from west to east.
SPHERES: Sequence[Sequence[Sphere]] = (
    (
        Sphere(code="01", name="川原圏域", ward="K", towns=("川原町", "下川原", "砂場", "工場前"), people=11200, old=0.33, household=2.2),
        Sphere(code="05", name="南本町圏域", ward="H", towns=("南本町一丁目", "南本町二丁目", "寺町", "学校前"), people=21800, old=0.25, household=2.1),
        Sphere(code="06", name="城山圏域", ward="H", towns=("城山一丁目", "城山二丁目", "城下町", "御堂"), people=17300, old=0.31, household=2.2),
        Sphere(code="09", name="大沢圏域", ward="S", towns=("大沢", "小沢", "滝口", "炭焼"), people=6100, old=0.42, household=2.5),
    ),
    (
        Sphere(code="02", name="柳町圏域", ward="K", towns=("柳町一丁目", "柳町二丁目", "弁天", "渡し場"), people=15900, old=0.30, household=2.0),
        Sphere(code="07", name="中央圏域", ward="H", towns=("本町一丁目", "本町二丁目", "大手町", "市役所前"), people=26400, old=0.22, household=1.8),
        Sphere(code="08", name="駅東圏域", ward="H", towns=("駅東一丁目", "駅東二丁目", "栄町", "さくら通り"), people=24700, old=0.21, household=1.9),
        Sphere(code="10", name="谷津圏域", ward="S", towns=("谷津", "上谷津", "古沼", "花田"), people=8900, old=0.39, household=2.4),
    ),
    (
        Sphere(code="03", name="新橋圏域", ward="K", towns=("新橋一丁目", "新橋二丁目", "橋詰", "水車町"), people=14600, old=0.34, household=2.1),
        Sphere(code="04", name="船渡圏域", ward="K", towns=("船渡", "北船渡", "染物町", "舟入団地"), people=12100, old=0.38, household=1.9),
        Sphere(code="11", name="みどり台圏域", ward="S", towns=("みどり台一丁目", "みどり台二丁目", "みどり台三丁目", "ふれあい団地"), people=18700, old=0.35, household=2.3),
        Sphere(code="12", name="山王圏域", ward="S", towns=("山王", "山王台", "牧場", "長者原"), people=7800, old=0.37, household=2.5),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaRow:
    """One area as both files hold it."""

    id: str
    name: str
    kind: str
    parent: str
    population: int
    households: int
    elderly: int
    shape: BaseGeometry


Spot = tuple[float, float]


def _rng(key: str) -> random.Random:
    return random.Random(key)  # noqa: S311 - shapes of a fictional town, not secrets


class _Mesh:
    """The shared lines of the grid."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def corner(self, column: int, row: int) -> Spot:
        """Corner of cells, in grid units, moved a little."""
        rng = _rng(f"{self._seed}:{column}:{row}")
        return column + rng.uniform(-0.24, 0.24), row + rng.uniform(-0.24, 0.24)

    def edge(self, start: tuple[int, int], end: tuple[int, int]) -> list[Spot]:
        """The bent line between two corners, the same whichever neighbour asks."""
        low, high = sorted((start, end))
        rng = _rng(f"{self._seed}:{low}:{high}")
        (x0, y0), (x1, y1) = self.corner(*low), self.corner(*high)
        line = [(x0, y0)]
        for step in range(1, STEPS_PER_EDGE):
            t = step / STEPS_PER_EDGE
            side = rng.uniform(-0.07, 0.07)
            line.append(
                (x0 + (x1 - x0) * t - (y1 - y0) * side, y0 + (y1 - y0) * t + (x1 - x0) * side)
            )
        line.append((x1, y1))
        return line if start == low else line[::-1]

    def cell(self, column: int, row: int) -> Polygon:
        """One town."""
        a, b = (column, row), (column + 1, row)
        c, d = (column + 1, row + 1), (column, row + 1)
        ring: list[Spot] = []
        for start, end in ((a, b), (b, c), (c, d), (d, a)):
            ring += self.edge(start, end)[:-1]
        return Polygon([_to_degrees(x, y) for x, y in ring])


def _to_degrees(x: float, y: float) -> Spot:
    """Longitude and latitude of a grid spot; the whole grid is bent so that it looks grown."""
    bent_x = x + 0.35 * math.sin(y * 0.9)
    bent_y = y + 0.30 * math.sin(x * 0.7 + 1.0)
    lat = ORIGIN_LAT + bent_y * CELL_KM / KM_PER_DEGREE
    lon = ORIGIN_LON + bent_x * CELL_KM / (KM_PER_DEGREE * math.cos(math.radians(ORIGIN_LAT)))
    return round(lon, 6), round(lat, 6)


def _share(total: int, parts: int, rng: random.Random) -> list[int]:
    """Divide people among towns unevenly; the parts sum to the total."""
    weights = [rng.uniform(0.6, 1.5) for _ in range(parts)]
    counts = [int(total * w / sum(weights)) for w in weights]
    counts[0] += total - sum(counts)
    return counts


def _sphere_rows(sphere: Sphere, column: int, row: int, mesh: _Mesh) -> list[AreaRow]:
    rng = _rng(f"{SEED}:{sphere.code}")
    ward_id = WARDS[sphere.ward][0]
    sphere_id = f"{ward_id}-{sphere.code}"
    cells = [mesh.cell(column * 2 + i, row * 2 + j) for j in (0, 1) for i in (0, 1)]
    people = _share(sphere.people, 4, rng)
    towns = [
        AreaRow(
            id=f"{sphere_id}-{number}",
            name=name,
            kind="町",
            parent=sphere_id,
            population=count,
            households=int(count / (sphere.household * rng.uniform(0.94, 1.06))),
            elderly=int(count * sphere.old * rng.uniform(0.85, 1.15)),
            shape=cell,
        )
        for number, (name, count, cell) in enumerate(
            zip(sphere.towns, people, cells, strict=True), start=1
        )
    ]
    return [_whole(sphere_id, sphere.name, "日常生活圏域", ward_id, towns), *towns]


def _whole(key: str, name: str, kind: str, parent: str, parts: Sequence[AreaRow]) -> AreaRow:
    """An area made of others; its people are theirs."""
    return AreaRow(
        id=key,
        name=name,
        kind=kind,
        parent=parent,
        population=sum(part.population for part in parts),
        households=sum(part.households for part in parts),
        elderly=sum(part.elderly for part in parts),
        shape=set_precision(unary_union([part.shape for part in parts]), GRID_DEGREES),
    )


def areas() -> list[AreaRow]:
    """Every area, widest first."""
    mesh = _Mesh(SEED)
    inner: list[AreaRow] = []
    for row, line in enumerate(SPHERES):
        for column, sphere in enumerate(line):
            inner += _sphere_rows(sphere, column, row, mesh)
    towns = [area for area in inner if area.kind == "町"]
    wards = [
        _whole(key, name, "区", CITY[0], [town for town in towns if town.id.startswith(key)])
        for key, name in WARDS.values()
    ]
    city = _whole(*CITY, "市", "", wards)
    return [city, *wards, *sorted(inner, key=lambda area: area.id)]


def features(rows: Sequence[AreaRow]) -> Iterator[dict[str, object]]:
    """GeoJSON features with the ledger's column names as properties."""
    for area in rows:
        yield {
            "type": "Feature",
            "properties": {
                "区域ID": area.id,
                "名称": area.name,
                "種別": area.kind,
                "親区域": area.parent,
                "人口": area.population,
                "世帯数": area.households,
                "高齢者人口": area.elderly,
            },
            "geometry": mapping(area.shape),
        }


def write(folder: Path) -> None:
    """Write both files."""
    rows = areas()
    lines = ",\n".join(json.dumps(f, ensure_ascii=False) for f in features(rows))
    (folder / "区域.geojson").write_text(
        f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n', encoding="utf-8"
    )
    with (folder / "区域.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(_COLUMNS)
        for area in rows:
            spot = area.shape.representative_point()
            writer.writerow(
                [area.id, area.name, area.kind, area.parent, f"{spot.y:.5f}", f"{spot.x:.5f}",
                 area.population, area.households, area.elderly]
            )  # fmt: skip


if __name__ == "__main__":
    write(Path(sys.argv[1]))
