"""Areas with their people: 市, 区, 日常生活圏域."""

from collections import Counter

from graph.model.place import Area, AreaKind
from maps.data import MapData
from maps.layer import Draw, Layer
from maps.place import Placement
from maps.shapes import light
from maps.sheet import Feature, Sheet

_KINDS = (AreaKind.CITY, AreaKind.WARD, AreaKind.SPHERE)
_KIND_TEXT = {AreaKind.CITY: "市", AreaKind.WARD: "区", AreaKind.SPHERE: "日常生活圏域"}
#: Upper ends of the shades of 高齢化率; the share of the whole country is about 0.29 (2023).
_STEPS = (0.21, 0.28, 0.35, 0.42)


def collect(data: MapData) -> Sheet:
    """Rows of areas, widest first; the narrowest level is tinted by its share of people over 64."""
    inside = _resources_inside(data)
    features = [
        _feature(data.areas.areas[key], data, inside[key]) for key in data.shown_areas(_KINDS)
    ]
    return Sheet(
        title_column="区域",
        columns=("種別", "人口", "世帯数", "65歳以上", "高齢化率", "資源の数", "人口千人あたり"),
        features=features,
        shades=tuple(_shade_text(i) for i in range(len(_STEPS) + 1)),
        notes=("資源の数は、その区域の中に位置がわかるものの数です。",),
    )


def _resources_inside(data: MapData) -> Counter[str]:
    counts: Counter[str] = Counter()
    for spot in data.spots:
        if spot.area is not None:
            counts.update(data.areas.ancestors(spot.area))
    return counts


def _feature(area: Area, data: MapData, resources: int) -> Feature:
    share = _share(area)
    geometry = light(data.areas.polygon(area.id))
    outline = area.kind is not data.level
    cells = (
        _KIND_TEXT[area.kind],
        _number(area.population),
        _number(area.households),
        _number(area.elderly_population),
        "不明" if share is None else f"{share:.1%}",
        str(resources),
        f"{resources / area.population * 1000:.1f}" if area.population else "不明",
    )
    return Feature(
        key=area.id,
        title=data.areas.label(area.id),
        group=_KIND_TEXT[area.kind],
        cells=cells,
        placement=Placement.PLACED if geometry else Placement.NOT_DRAWN,
        geometry=geometry,
        shade=0 if share is None else sum(share > step for step in _STEPS),
        outline=outline,
        map_label="" if outline else f"{area.name}　{cells[4]}",
    )


def _share(area: Area) -> float | None:
    if not area.population or area.elderly_population is None:
        return None
    return area.elderly_population / area.population


def _number(value: int | None) -> str:
    return "不明" if value is None else f"{value:,}"


def _shade_text(index: int) -> str:
    if index == 0:
        return f"高齢化率 {_STEPS[0]:.0%}まで（不明を含む）"
    if index == len(_STEPS):
        return f"{_STEPS[-1]:.0%}をこえる"
    return f"{_STEPS[index - 1]:.0%}をこえ{_STEPS[index]:.0%}まで"


LAYER = Layer(
    key="areas",
    label="区域と人口",
    about="市・区・日常生活圏域の範囲と、人口、高齢化率、資源の数",
    draw=Draw.AREAS,
    order=10,
    collect=collect,
    example="みほん市川辺区新橋圏域",
    shown=True,
    public=True,
)
