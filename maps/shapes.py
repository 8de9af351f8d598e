"""Shapes of areas as GeoJSON, made small enough to carry in a page."""

from typing import Any

from shapely import set_precision
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

#: About 10 m: finer detail is not seen on an office map and would swell the file.
_TOLERANCE_DEGREES = 0.0001
_GRID_DEGREES = 1e-5


def light(shape: BaseGeometry | None) -> dict[str, Any] | None:
    """GeoJSON of a shape, simplified to about 10 m; ``None`` where there is none."""
    if shape is None or shape.is_empty:
        return None
    thin = set_precision(shape.simplify(_TOLERANCE_DEGREES), _GRID_DEGREES)
    if thin.is_empty:
        thin = shape
    data: dict[str, Any] = mapping(thin)
    return {"type": data["type"], "coordinates": _rounded(data["coordinates"])}


def _rounded(value: Any) -> Any:  # noqa: ANN401 - nested coordinates
    if isinstance(value, float):
        return round(value, 5)
    return [_rounded(item) for item in value]
