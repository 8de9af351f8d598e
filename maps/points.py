"""Rows of resources, shared by the layers that list them."""

from collections import Counter
from collections.abc import Callable, Sequence

from maps.data import MapData, Spot
from maps.place import Placement
from maps.sheet import Feature, Mark, Sheet
from maps.symbols import MARKS, mark_of
from maps.words import assured_text, is_stale, remarks

#: More points than a browser of an office PC draws with ease: beyond, they are gathered on a grid.
MOST_POINTS = 20_000
_GRID_DEGREES = 0.01
_ORDER = {key: index for index, key in enumerate(MARKS)}
COLUMNS = ("分類", "対象", "日時", "費用", "電話", "最終確認", "しるし")


def resource_feature(spot: Spot, data: MapData, mark: Mark | None = None) -> Feature:
    """One resource as a row."""
    resource = spot.resource
    return Feature(
        key=resource.id,
        title=resource.name,
        group=data.area_name(spot.area),
        cells=(
            data.category_label(resource),
            resource.eligibility_text or "",
            resource.schedule_text or "",
            resource.cost_text or "",
            resource.phone or "",
            assured_text(resource, data.on),
            remarks(resource, public=data.public),
        ),
        placement=spot.placement,
        placement_text=spot.placement_text,
        geometry=None
        if spot.point is None
        else {"type": "Point", "coordinates": [round(spot.point.lon, 6), round(spot.point.lat, 6)]},
        mark=mark or mark_of(resource.category, data.vocabulary),
        stale=is_stale(resource, data.on),
        filter_key=data.category_label(resource),
    )


def resource_sheet(
    data: MapData,
    wanted: Callable[[Spot], bool],
    *,
    mark: Callable[[Spot], Mark] | None = None,
    notes: Sequence[str] = (),
) -> Sheet:
    """A sheet of the resources wanted; gathered on a grid where there are too many to draw."""
    spots = [spot for spot in data.spots if wanted(spot)]
    features = [resource_feature(s, data, mark(s) if mark else None) for s in spots]
    features.sort(key=lambda f: (f.group, f.cells[0], f.title, f.key))
    seen = {f.mark.key: f.mark for f in features if f.mark}
    marks = sorted(seen.values(), key=lambda m: (_ORDER.get(m.key, len(_ORDER)), m.key))
    if sum(f.placement is Placement.PLACED for f in features) > MOST_POINTS:
        return gathered(features, marks, notes)
    counts = Counter(f.filter_key for f in features)
    return Sheet(
        title_column="名称",
        columns=COLUMNS,
        features=features,
        marks=marks,
        notes=notes,
        filters={key: f"{key}（{n}）" for key, n in sorted(counts.items())},
    )


def gathered(features: Sequence[Feature], marks: Sequence[Mark], notes: Sequence[str]) -> Sheet:
    """Rows counted by grid cell of about 1 km, symbol and area, for more points than can be drawn."""
    counts: Counter[tuple[str, str, str, str]] = Counter()
    centres: dict[tuple[str, str, str, str], tuple[float, float] | None] = {}
    by_key = {mark.key: mark for mark in marks}
    for feature in features:
        cell = _cell(feature)
        spot = "" if cell is None else f"{cell[0]:.3f},{cell[1]:.3f}"
        key = (feature.group, feature.mark.key if feature.mark else "", feature.placement, spot)
        counts[key] += 1
        centres[key] = cell
    rows = [
        Feature(
            title=f"{by_key[mark].label if mark in by_key else 'そのほか'} {n}か所",
            group=group,
            cells=(str(n),),
            placement=Placement(placement),
            geometry=None
            if (c := centres[key]) is None
            else {"type": "Point", "coordinates": [*c]},
            mark=by_key.get(mark),
        )
        for key, n in sorted(counts.items())
        for group, mark, placement, _ in [key]
    ]
    total = f"{len(features):,}件は一枚の地図に描くには多いため、約1km四方ごとの数で示しています。区域を選ぶと一件ずつ出ます。"
    return Sheet(
        title_column="まとまり",
        columns=("件数",),
        features=rows,
        marks=marks,
        notes=(total, *notes),
    )


def _cell(feature: Feature) -> tuple[float, float] | None:
    if feature.placement is not Placement.PLACED or feature.geometry is None:
        return None
    lon, lat = feature.geometry["coordinates"]
    half = _GRID_DEGREES / 2
    return (
        round(lon // _GRID_DEGREES * _GRID_DEGREES + half, 4),
        round(lat // _GRID_DEGREES * _GRID_DEGREES + half, 4),
    )
