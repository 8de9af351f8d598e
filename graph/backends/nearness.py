"""Distance and search bands of ``View.near``, equal in every backend.

Great-circle distance on the mean Earth radius (IUGG, 6,371,008.8 m). Points are filed in bands of
latitude, so that a disc is a few (band, range of longitude) look-ups in any ordered index.
"""

from collections.abc import Iterator
from math import asin, cos, degrees, floor, pi, radians, sin, sqrt

from graph.model.values import Point

_RADIUS_M = 6_371_008.8
_BAND_DEGREES = 0.05
_MAX_BANDS = 64
_SLACK = 1.0 + 1e-9
_MERIDIAN = 180.0


def band_of(lat: float) -> int:
    """Number of the band of latitude (about 5.6 km) a point lies in."""
    return floor(lat / _BAND_DEGREES)


def metres_between(a: Point, b: Point) -> float:
    """Great-circle distance in metres."""
    dlat = radians(b.lat - a.lat) / 2
    dlon = radians(b.lon - a.lon) / 2
    root = sin(dlat) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(dlon) ** 2
    return 2 * _RADIUS_M * asin(min(1.0, sqrt(root)))


def band_range(centre: Point, radius_m: float) -> tuple[int, int] | None:
    """First and last band a disc touches; ``None`` when it is so wide that all must be read."""
    reach = degrees(radius_m / _RADIUS_M) * _SLACK
    low, high = band_of(centre.lat - reach), band_of(centre.lat + reach)
    return None if high - low > _MAX_BANDS else (low, high)


def longitude_ranges(centre: Point, radius_m: float) -> Iterator[tuple[float, float]]:
    """Ranges of longitude a disc touches (two where it crosses the 180th meridian)."""
    angle = radius_m / _RADIUS_M
    top = abs(radians(centre.lat)) + angle
    if top >= pi / 2 or sin(angle) >= cos(radians(centre.lat)):
        yield (-_MERIDIAN, _MERIDIAN)
        return
    reach = degrees(asin(sin(angle) / cos(radians(centre.lat)))) * _SLACK + 1e-9
    west, east = centre.lon - reach, centre.lon + reach
    yield (max(west, -_MERIDIAN), min(east, _MERIDIAN))
    if west < -_MERIDIAN:
        yield (west + 2 * _MERIDIAN, _MERIDIAN)
    if east > _MERIDIAN:
        yield (-_MERIDIAN, east - 2 * _MERIDIAN)
