"""A fixed grid over Japan: cells of 0.02° by 0.025°, about 2.2 km each way."""

from math import cos, radians

import numpy as np
import numpy.typing as npt

from graph.geo import JAPAN_NORTH_EAST, JAPAN_SOUTH_WEST
from graph.model.values import Point

STEP_LAT = 0.02
STEP_LON = 0.025
HIGH = round((JAPAN_NORTH_EAST.lat - JAPAN_SOUTH_WEST.lat) / STEP_LAT)
WIDE = round((JAPAN_NORTH_EAST.lon - JAPAN_SOUTH_WEST.lon) / STEP_LON)
METRES_A_DEGREE = 111_000.0
#: Cell 0 = no place; a category's keys begin at its code times this.
CELLS = 1 << 21

Int32s = npt.NDArray[np.int32]


def cells_of(lat: npt.NDArray[np.float64], lon: npt.NDArray[np.float64]) -> Int32s:
    """Cell of each point, 0 where it is NaN. A point outside falls into the cell at the border."""
    known = ~np.isnan(lat)
    row = _clip((np.where(known, lat, 0) - JAPAN_SOUTH_WEST.lat) / STEP_LAT, HIGH)
    col = _clip((np.where(known, lon, 0) - JAPAN_SOUTH_WEST.lon) / STEP_LON, WIDE)
    return np.where(known, 1 + row * WIDE + col, 0).astype(np.int32)


def ranges(centre: Point, radius_m: float) -> tuple[Int32s, Int32s]:
    """First and past-the-end cell of each grid row that the disc's box touches."""
    up = radius_m / METRES_A_DEGREE
    widest = min(89.0, abs(centre.lat) + up)
    aside = radius_m / (METRES_A_DEGREE * cos(radians(widest)))
    low, high = (
        int(_clip(np.array((centre.lat + d - JAPAN_SOUTH_WEST.lat) / STEP_LAT), HIGH))
        for d in (-up, up)
    )
    left, right = (
        int(_clip(np.array((centre.lon + d - JAPAN_SOUTH_WEST.lon) / STEP_LON), WIDE))
        for d in (-aside, aside)
    )
    rows = np.arange(low, high + 1, dtype=np.int32) * WIDE + 1
    return rows + np.int32(left), rows + np.int32(right + 1)


def _clip(value: npt.NDArray[np.float64], size: int) -> npt.NDArray[np.int64]:
    return np.clip(np.floor(value), 0, size - 1).astype(np.int64)
