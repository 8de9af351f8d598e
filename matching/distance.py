"""Distance from the person to resources: worked out once for all criteria that ask."""

import numpy as np

from graph.geo import haversine_m
from matching.ask import Ask
from matching.card import ResourceCard
from matching.index.rows import Floats, Rows


def metres_of(rows: Rows, ask: Ask) -> Floats:
    """Straight-line metres to each row; NaN where a place or the home is not known."""
    origin = ask.point
    if origin is None:
        return np.full(rows.n, np.nan)
    return rows.once(
        ("metres", origin), lambda: haversine_m(origin, rows.number("lat"), rows.number("lon"))
    )


def metres_to(card: ResourceCard, ask: Ask) -> float | None:
    """Straight-line metres to one resource, as :func:`metres_of` has it."""
    if card.point is None or ask.point is None:
        return None
    key = ("metres", card.point)
    known: float | None = ask.memo.get(key)
    if known is None:
        # 列と同じ精度（32ビット）に丸めてから測り、説明と計算の値をそろえる。
        lat, lon = (np.array([v], dtype=np.float32) for v in (card.point.lat, card.point.lon))
        known = ask.memo[key] = float(haversine_m(ask.point, lat, lon)[0])
    return known
