"""Distances to many cards at once: one by one they cost more than everything else in a sentence."""

from collections.abc import Iterable

import numpy as np

from graph.geo import haversine_m
from matching.ask import Ask
from matching.card import ResourceCard


def measure_ahead(cards: Iterable[ResourceCard], ask: Ask) -> None:
    """Let :func:`matching.distance.metres_to` find the distances of these cards at hand."""
    origin = ask.point
    if origin is None:
        return
    points = [card.point for card in cards if card.point is not None]
    lats, lons = (
        np.array([getattr(p, name) for p in points], dtype=np.float32) for name in ("lat", "lon")
    )
    metres = haversine_m(origin, lats, lons).tolist()
    ask.memo.update((("metres", point), far) for point, far in zip(points, metres, strict=True))
