"""One self-contained HTML file: map, legend and the tables the map is drawn from."""

import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from graph.errors import InputError
from graph.model.place import AreaKind
from graph.model.unmet import UnmetRecord
from graph.store import View
from graph.vocabulary.protocol import Vocabulary
from maps.assets import own, script_text, style_text, vendored
from maps.data import MapData
from maps.frame import Bounds, make_map, needed, pieces
from maps.guard import check_self_contained
from maps.layer import Draw, Layer, choose_layers
from maps.place import PLACEMENT_TEXT, Placement
from maps.sheet import Feature, Mark, Sheet
from maps.symbols import OUTLINES
from maps.words import is_stale

#: Opacity of the shades of an area, as the script has them.
FILLS = (0.06, 0.18, 0.32, 0.46, 0.6)
#: A layer with at most this many rows is listed open.
_OPEN_UP_TO = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerSummary:
    """What one layer holds: its rows, those on the map, and why the others are not."""

    key: str
    label: str
    rows: int
    placed: int
    unplaced: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapSummary:
    """What was written."""

    path: Path
    bytes: int
    on: date
    area: str | None
    public: bool
    layers: tuple[LayerSummary, ...]

    @property
    def placed(self) -> int:
        """Rows on the map, over all layers."""
        return sum(layer.placed for layer in self.layers)

    @property
    def unplaced(self) -> int:
        """Rows only in the tables, over all layers."""
        return sum(layer.rows - layer.placed for layer in self.layers)

    def lines(self) -> Iterator[str]:
        """One sentence a layer, for people."""
        for layer in self.layers:
            reasons = "、".join(f"{text} {n}件" for text, n in layer.unplaced.items())
            rest = f"、一覧だけ {layer.rows - layer.placed}件（{reasons}）" if reasons else ""
            yield f"{layer.label}：地図 {layer.placed}件{rest}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    id: str
    data: Markup
    title: str
    cells: Sequence[str]
    on_map: bool
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    layer: Layer
    sheet: Sheet
    groups: Mapping[str, Sequence[_Row]]
    unplaced: Mapping[str, int]
    shown: bool
    open: bool
    filter_cell: int


def render_map(  # noqa: PLR0913 - one keyword per choice on the command line
    view: View,
    out: Path,
    *,
    layers: Sequence[str] | None = None,
    area: str | None = None,
    public: bool = False,
    on: date,
    vocabulary: Vocabulary,
    unmet: Iterable[UnmetRecord] = (),
) -> MapSummary:
    """Write the map of a view to ``out`` and say what is on it.

    ``layers`` are keys (``None`` = all), ``area`` the name of one area, ``public`` leaves out what
    citizens may not see, ``unmet`` adds needs of cases matched on the spot. The file is written whole or not at all. Raises InputError for an unknown
    layer or area, an empty store, or a folder that is not there; NotSelfContainedError when the
    page would reach outside.
    """
    chosen = choose_layers(layers, public=public)
    data = MapData.load(view, vocabulary=vocabulary, on=on, area=area, public=public, unmet=unmet)
    if not data.spots and not data.areas.areas:
        raise InputError(
            "地図にするものがまだありません。",
            hint="tsunagu import で台帳や区域を取り込んでから、もう一度実行してください。",
        )
    sheets = {layer.key: layer.collect(data) for layer in chosen}
    page = _page(chosen, sheets, data)
    check_self_contained(page)
    size = _write(page, out)
    return MapSummary(
        path=out,
        bytes=size,
        on=on,
        area=data.areas.label(data.area) if data.area else None,
        public=public,
        layers=tuple(_summary(layer, sheets[layer.key]) for layer in chosen),
    )


def _page(chosen: Sequence[Layer], sheets: Mapping[str, Sheet], data: MapData) -> str:
    shapes: dict[str, object] = {}
    parts = [_part(layer, sheets[layer.key], shapes, alone=len(chosen) == 1) for layer in chosen]
    made = make_map(
        _bounds(sheets.values(), data),
        f"台帳は{data.on.isoformat()}現在",
    )
    map_html, map_script = pieces(made)
    scripts, styles = needed(made)
    marks: dict[str, Mark] = {m.key: m for sheet in sheets.values() for m in sheet.marks}
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=False, lstrip_blocks=False
    )
    template = environment.from_string(
        files("maps").joinpath("static", "page.html").read_text(encoding="utf-8")
    )
    return template.render(
        title=_title(data),
        on=data.on.isoformat(),
        public=data.public,
        stale=sum(is_stale(spot.resource, data.on) for spot in data.spots),
        parts=parts,
        marks=list(marks.values()),
        outlines=OUTLINES,
        fills=FILLS,
        filters=_filters(sheets.values()),
        map_html=Markup(map_html),  # noqa: S704 - made by folium from our constants
        map_script=Markup(script_text(map_script)),  # noqa: S704 - made by folium from our constants
        styles=[Markup(style_text(vendored(n))) for n in styles] + [Markup(own("map.css"))],  # noqa: S704
        scripts=[Markup(script_text(vendored(n))) for n in scripts]  # noqa: S704 - shipped files
        + [Markup(script_text(own("map.js")))],  # noqa: S704 - shipped file
        shapes=Markup(json_text(shapes)),  # noqa: S704 - escaped by json_text
    )


def json_text(value: object) -> str:
    """JSON that can stand inside ``<script>``: no character in it has a meaning in HTML."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _title(data: MapData) -> str:
    if data.area is not None:
        return f"地域資源の地図：{data.areas.label(data.area)}"
    cities = [a.name for a in data.areas.areas.values() if a.kind is AreaKind.CITY]
    return f"地域資源の地図：{cities[0]}" if len(cities) == 1 else "地域資源の地図"


def _part(layer: Layer, sheet: Sheet, shapes: dict[str, object], *, alone: bool) -> _Part:
    groups: dict[str, list[_Row]] = {}
    for number, feature in enumerate(sheet.features):
        row = _row(layer, feature, f"r-{layer.key}-{number}", shapes)
        groups.setdefault(feature.group, []).append(row)
    return _Part(
        layer=layer,
        sheet=sheet,
        groups=groups,
        unplaced=_unplaced(sheet),
        shown=layer.shown or alone,
        open=len(sheet.features) <= _OPEN_UP_TO,
        filter_cell=_filter_cell(layer, sheet),
    )


def _filter_cell(layer: Layer, sheet: Sheet) -> int:
    """Index of the table cell that the choice of category compares; -1 = not filtered."""
    if layer.draw is Draw.REACH:
        return 0
    return 1 if sheet.filters else -1


def _row(layer: Layer, feature: Feature, row_id: str, shapes: dict[str, object]) -> _Row:
    on_map = feature.placement is Placement.PLACED and feature.geometry is not None
    data: dict[str, str] = {}
    if on_map and feature.geometry is not None:
        if layer.draw is Draw.POINTS:
            lon, lat = feature.geometry["coordinates"]
            data |= {"lat": str(lat), "lon": str(lon)}
        else:
            shapes[row_id] = feature.geometry
            data |= {"shape": row_id, "shade": str(feature.shade)}
        data |= {"mark": feature.mark.key} if feature.mark else {}
        data |= {"old": "1"} if feature.stale else {}
        data |= {"outline": "1"} if feature.outline else {}
        data |= {"label": feature.map_label} if feature.map_label else {}
    where = feature.placement_text
    return _Row(
        id=row_id,
        data=Markup("".join(f' data-{k}="{escape(v)}"' for k, v in data.items())),  # noqa: S704
        title=feature.title,
        cells=feature.cells,
        on_map=on_map,
        where=where.removeprefix(PLACEMENT_TEXT[Placement.PLACED]) if on_map else where,
    )


def _unplaced(sheet: Sheet) -> dict[str, int]:
    counts = Counter(
        PLACEMENT_TEXT[feature.placement]
        for feature in sheet.features
        if feature.placement is not Placement.PLACED
    )
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _summary(layer: Layer, sheet: Sheet) -> LayerSummary:
    unplaced = _unplaced(sheet)
    rows = len(sheet.features)
    return LayerSummary(
        key=layer.key,
        label=layer.label,
        rows=rows,
        placed=rows - sum(unplaced.values()),
        unplaced=unplaced,
    )


def _filters(sheets: Iterable[Sheet]) -> dict[str, str]:
    """Choices of category: those of the fullest sheet (the resources)."""
    fullest = max(sheets, key=lambda sheet: len(sheet.filters), default=None)
    return dict(fullest.filters) if fullest else {}


def _bounds(sheets: Iterable[Sheet], data: MapData) -> Bounds | None:
    """What the map opens on: the areas, else the points without the outermost hundredth.

    One place with a slip in its coordinates must not shrink the town to a dot.
    """
    shapes = [data.areas.polygon(key) for key in data.shown_areas()]
    boxes = [shape.bounds for shape in shapes if shape is not None]
    if boxes:
        west, south, east, north = zip(*boxes, strict=True)
        return (min(south), min(west)), (max(north), max(east))
    features = chain.from_iterable(sheet.features for sheet in sheets)
    spots = [spot for f in features if f.geometry for spot in _spots(f.geometry["coordinates"])]
    if not spots:
        return None
    lons, lats = (sorted(values) for values in zip(*spots, strict=True))
    cut = len(spots) // 100
    return (lats[cut], lons[cut]), (lats[-1 - cut], lons[-1 - cut])


def _spots(coordinates: Any) -> Iterator[tuple[float, float]]:  # noqa: ANN401 - nested GeoJSON
    if isinstance(coordinates[0], int | float):
        yield float(coordinates[0]), float(coordinates[1])
        return
    for item in coordinates:
        yield from _spots(item)


def _write(page: str, out: Path) -> int:
    folder = out.parent
    if not folder.is_dir():
        raise InputError(
            f"書き出す先のフォルダ「{folder}」がありません。",
            hint="フォルダを作るか、別の場所を指定してください。",
            facts={"folder": str(folder)},
        )
    content = page.encode("utf-8")
    handle, name = tempfile.mkstemp(dir=folder, prefix=".tsunagu-map-", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return len(content)
