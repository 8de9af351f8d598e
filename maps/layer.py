"""A map layer: one file of ``maps/layers`` that declares one constant ``LAYER``.

A layer turns the data of a store into a sheet: rows with words for the table and, where a row can
be placed, a geometry for the map. The map is drawn from the same rows as the table, so that both
always say the same.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from graph.discovery import discover
from graph.errors import InputError
from graph.store import View
from graph.vocabulary.protocol import Vocabulary
from maps.data import MapData
from maps.place import Placement
from maps.sheet import Feature, Sheet


class Draw(StrEnum):
    """How the rows of a layer are drawn."""

    POINTS = "points"
    AREAS = "areas"
    REACH = "reach"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer.

    ``key`` is used in URLs and on the command line; ``label`` and ``about`` are read by people;
    ``order`` says where it stands in the list; ``shown`` whether the map opens with it;
    ``public`` whether citizens may see it; ``colour`` draws its areas. ``collect`` makes its sheet. ``example`` names a title
    that the sheet of the sample municipality holds: run by a test, shown in the documentation.
    """

    key: str
    label: str
    about: str
    draw: Draw
    order: int
    collect: Callable[[MapData], Sheet]
    example: str
    shown: bool = False
    public: bool = False
    colour: str = "#1d4ed8"


def _faults(layer: Layer) -> Iterator[str]:
    if not layer.key.isidentifier() or not layer.key.islower():
        yield f"key「{layer.key}」は英小文字の識別子にしてください"
    for name in ("label", "about", "example"):
        if not getattr(layer, name).strip():
            yield f"{name} がありません"


@cache
def layers() -> Mapping[str, Layer]:
    """Every layer, in the order people see them."""
    import maps.layers as package  # noqa: PLC0415 - the layers import this module

    found = discover(package, "LAYER", Layer, _faults)
    return {unit.key: unit for unit in sorted(found, key=lambda unit: (unit.order, unit.key))}


def choose_layers(keys: Sequence[str] | None, *, public: bool) -> Sequence[Layer]:
    """The layers named, or all; raises InputError for one that is unknown or not public."""
    known = layers()
    allowed = {key: unit for key, unit in known.items() if unit.public or not public}
    if keys is None:
        return tuple(allowed.values())
    wrong = [key for key in keys if key not in allowed]
    if wrong:
        closed = [key for key in wrong if key in known]
        names = "、".join(f"{unit.key}（{unit.label}）" for unit in allowed.values())
        raise InputError(
            f"「{'、'.join(wrong)}」という重ねる情報は{'公開用の地図には載せられません' if closed else 'ありません'}。",
            hint=f"使えるのは {names} です。",
            facts={"layers": wrong},
        )
    return tuple(unit for key, unit in allowed.items() if key in set(keys))


def layer_geojson(
    key: str,
    view: View,
    *,
    vocabulary: Vocabulary,
    on: date,
    area: str | None = None,
    public: bool = False,
) -> dict[str, Any]:
    """One layer as a GeoJSON FeatureCollection.

    Rows that can't be placed are in it too, with a ``null`` geometry and the reason in
    ``properties.placement``. Raises InputError for an unknown layer or area.
    """
    (layer,) = choose_layers([key], public=public)
    sheet = layer.collect(
        MapData.load(view, vocabulary=vocabulary, on=on, area=area, public=public)
    )
    return {
        "type": "FeatureCollection",
        "name": layer.label,
        "as_of": on.isoformat(),
        "notes": list(sheet.notes),
        "columns": list(sheet.columns),
        "features": [_geojson(feature, sheet) for feature in sheet.features],
    }


def _geojson(feature: Feature, sheet: Sheet) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "title": feature.title,
        "group": feature.group,
        "placement": str(feature.placement),
        "placement_label": feature.placement_text,
        **dict(zip(sheet.columns, feature.cells, strict=True)),
    }
    if feature.mark is not None:
        properties["mark"] = feature.mark.key
    if feature.stale:
        properties["stale"] = True
    if feature.key:
        properties["id"] = feature.key
    geometry = feature.geometry if feature.placement is Placement.PLACED else None
    return {"type": "Feature", "geometry": geometry, "properties": properties}
