"""A fixed grid over Japan: cells of 0.02° by 0.025°, about 2.2 km each way."""

from math import cos, floor, radians

import numpy as np
import numpy.typing as npt

from graph.geo import JAPAN_NORTH_EAST, JAPAN_SOUTH_WEST
from graph.model.values import Point

STEP_LAT = 0.02
STEP_LON = 0.025
HIGH = round((JAPAN_NORTH_EAST.lat - JAPAN_SOUTH_WEST.lat) / STEP_LAT)
WIDE = round((JAPAN_NORTH_EAST.lon - JAPAN_SOUTH_WEST.lon) / STEP_LON)
METRES_A_DEGREE = 111_000.0
#: Cell 0 = no place; a group's keys begin at its number times this.
CELLS = 1 << 21
_BANDS_AT_MOST = 160

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]


def cells_of(lat: npt.NDArray[np.float64], lon: npt.NDArray[np.float64]) -> Int32s:
    """Cell of each point, 0 where it is NaN. A point outside falls into the cell at the border."""
    known = ~np.isnan(lat)
    row = _clip((np.where(known, lat, 0) - JAPAN_SOUTH_WEST.lat) / STEP_LAT, HIGH)
    col = _clip((np.where(known, lon, 0) - JAPAN_SOUTH_WEST.lon) / STEP_LON, WIDE)
    return np.where(known, 1 + row * WIDE + col, 0).astype(np.int32)


class Marks:
    """Where each group, and each band of grid rows in it, begins among sorted keys.

    ``keys``: group times :data:`CELLS` plus cell, ascending.
    """

    def __init__(self, keys: npt.NDArray[np.int32], groups: int) -> None:
        bands = min(max(1, len(keys) // (4 * max(1, groups))), _BANDS_AT_MOST)
        self.height = -(-HIGH // bands)
        bases = np.arange(groups, dtype=np.int64) * CELLS
        steps = 1 + np.arange(0, HIGH + self.height, self.height, dtype=np.int64) * WIDE
        #: rows of each band (down) and group (across); the last line is where they end
        self.bands = np.searchsorted(keys, (bases + steps[:, None]).astype(np.int32))
        self.starts = np.searchsorted(keys, bases.astype(np.int32))

    def around(self, centre: Point, radius_m: float) -> tuple[Int64s, Int64s]:
        """For each group the rows between which all in the disc's box lie."""
        low, high, _, _ = _box(centre, radius_m)
        return self.bands[low // self.height], self.bands[high // self.height + 1]


def ranges(centre: Point, radius_m: float) -> tuple[Int64s, Int64s]:
    """First and past-the-end cell of each grid row that the disc's box touches."""
    low, high, left, right = _box(centre, radius_m)
    rows = np.arange(low * WIDE + 1, high * WIDE + 2, WIDE)
    return rows + left, rows + (right + 1)


def _box(centre: Point, radius_m: float) -> tuple[int, int, int, int]:
    """First and last grid row, first and last grid column of the disc's box."""
    up = radius_m / METRES_A_DEGREE
    widest = min(89.0, abs(centre.lat) + up)
    aside = radius_m / (METRES_A_DEGREE * cos(radians(widest)))
    south, west = JAPAN_SOUTH_WEST.lat, JAPAN_SOUTH_WEST.lon
    low, high = (_step((centre.lat + d - south) / STEP_LAT, HIGH) for d in (-up, up))
    left, right = (_step((centre.lon + d - west) / STEP_LON, WIDE) for d in (-aside, aside))
    return low, high, left, right


def _step(value: float, size: int) -> int:
    return min(max(floor(value), 0), size - 1)


def _clip(value: npt.NDArray[np.float64], size: int) -> npt.NDArray[np.int64]:
    return np.clip(np.floor(value), 0, size - 1).astype(np.int64)
