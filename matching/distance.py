"""Distance from the person to resources: worked out once for all criteria that ask.

Places are kept as unit vectors: the squared chord between two of them is three differences and
grows with the distance, so that far places are told from near ones without trigonometry.
"""

from collections.abc import Iterable, Sequence
from math import inf, pi, sin
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.geo import EARTH_RADIUS_M
from graph.model.values import Point
from matching.ask import Ask
from matching.card import ResourceCard
from matching.index.kernel_numpy import chords
from matching.index.rows import Floats, Rows

#: Where a question keeps the metres to each point.
_METRES = "metres"


def unit_vectors(lat: npt.NDArray[Any], lon: npt.NDArray[Any]) -> Floats:
    """Points on the unit sphere, one row each; NaN where a place is not known."""
    up, along = np.radians(lat.astype(np.float64)), np.radians(lon.astype(np.float64))
    level = np.cos(up)
    return np.stack((level * np.cos(along), level * np.sin(along), np.sin(up)), axis=1)


def unit_vector(point: Point) -> tuple[float, float, float]:
    """One point on the unit sphere."""
    x, y, z = unit_vectors(np.array([point.lat]), np.array([point.lon]))[0].tolist()
    return x, y, z


def metres_of_chords(squared: Floats) -> Floats:
    """Metres on the sphere for squared chords (within 0.6 % of the ellipsoid)."""
    half: Floats = np.minimum(1.0, np.sqrt(squared) / 2)
    metres: Floats = 2 * EARTH_RADIUS_M * np.arcsin(half)
    return metres


def chord_within(metres: float) -> float:
    """The squared chord of so many metres; a distance beyond half the globe is never reached."""
    angle = metres / (2 * EARTH_RADIUS_M)
    return inf if angle >= pi / 2 else (2 * sin(angle)) ** 2


def metres_of(rows: Rows, ask: Ask) -> Floats:
    """Straight-line metres to each row; NaN where a place or the home is not known."""
    origin = ask.point
    if origin is None:
        return np.full(rows.n, np.nan)
    return rows.once(("metres", origin), lambda: _metres(rows.places(), origin))


def _metres(places: Floats, origin: Point) -> Floats:
    return metres_of_chords(chords(places, *unit_vector(origin)))


def metres_to(card: ResourceCard, ask: Ask) -> float | None:
    """Straight-line metres to one resource, as :func:`metres_of` has it."""
    if card.point is None or ask.point is None:
        return None
    known = _known(ask)
    metres = known.get(card.point)
    if metres is None:
        measure_ahead((card,), (ask,))
        metres = known[card.point]
    return metres


def measure_ahead(cards: Iterable[ResourceCard], asks: Sequence[Ask]) -> None:
    """Have the distances of some cards at hand for all questions of one house.

    Measured one by one they cost ten times as much.
    """
    if not asks or (origin := asks[0].point) is None:
        return
    known = _known(asks[0])
    for ask in asks:
        ask.memo.setdefault(_METRES, known)
    points = list({card.point: None for card in cards if card.point is not None})
    if points:
        # 列と同じ精度（32ビット）に丸めてから測り、説明と計算の値をそろえる。
        lat, lon = np.array([(point.lat, point.lon) for point in points], dtype=np.float32).T
        metres = _metres(unit_vectors(lat, lon), origin).tolist()
        known.update(zip(points, metres, strict=True))


def _known(ask: Ask) -> dict[Point, float]:
    return ask.once(_METRES, dict)
