"""Resources around a point, through the same grid that matching uses."""

from collections.abc import Collection, Sequence

import numpy as np

from graph.geo import haversine_m
from graph.model.values import Point
from matching.index.candidates import (
    Around,
    free_spans,
    near_spans,
    only_categories,
    rows_in,
    with_named,
)
from matching.index.live import Part
from matching.index.rows import Ints
from matching.index.segment import Segment


def resources_near(
    parts: Sequence[Part], point: Point, radius_m: float, categories: Collection[str] | None = None
) -> tuple[tuple[str, float], ...]:
    """Ids and metres, nearest first, then by id. What has no known place is not among them."""
    found: list[tuple[float, str]] = []
    for segment, gone in parts:
        rows = rows_near(segment, point, radius_m, category_codes(segment, categories))
        if gone is not None:
            rows = rows[~gone[rows]]
        metres = haversine_m(point, segment.numbers["lat"][rows], segment.numbers["lon"][rows])
        within = np.flatnonzero(metres <= radius_m)
        found.extend((float(metres[i]), segment.id_of(int(rows[i]))) for i in within.tolist())
    return tuple((key, metres) for metres, key in sorted(found))


def category_codes(segment: Segment, categories: Collection[str] | None) -> Ints:
    """Codes of the wanted categories in a segment; of all when none are named."""
    values = segment.labels["category"].values
    return np.array(
        [code for code, key in enumerate(values) if categories is None or key in categories],
        dtype=np.int64,
    )


def rows_near(segment: Segment, point: Point, radius_m: float, codes: Ints) -> Ints:
    """Rows of some categories whose cell touches the disc's box, or that have no cell."""
    around = Around((), frozenset(), point, radius_m)
    groups = with_named(segment, codes)
    spans = (free_spans(segment, groups, around), near_spans(segment, groups, around))
    return only_categories(segment, codes, [rows_in(each) for each in spans])
