"""Whether and where a resource may be drawn: a doubtful or confidential place has no point."""

from enum import StrEnum

from graph.model.place import Facility, Precision
from graph.model.resource import Publication, Resource
from graph.model.values import Point


class Placement(StrEnum):
    """What became of a row on the map."""

    PLACED = "placed"
    CONFIDENTIAL = "confidential"
    DOUBTFUL = "doubtful"
    COARSE = "coarse"
    UNKNOWN = "unknown"
    NOT_DRAWN = "not_drawn"


PLACEMENT_TEXT = {
    Placement.PLACED: "地図にあり",
    Placement.CONFIDENTIAL: "所在地非公開",
    Placement.DOUBTFUL: "位置に疑いあり",
    Placement.COARSE: "番地までわからない",
    Placement.UNKNOWN: "位置がわからない",
    Placement.NOT_DRAWN: "形がない",
}

#: A point this coarse would stand for hundreds of addresses.
_TOO_COARSE = frozenset({Precision.CITY})
_ABOUT = frozenset({Precision.TOWN, Precision.CHOME})


def place_of(resource: Resource, facility: Facility | None) -> tuple[Placement, Point | None, str]:
    """How a resource stands on the map, its point if it may be drawn, and the words for it."""
    if resource.publication is Publication.CONFIDENTIAL_LOCATION:
        return Placement.CONFIDENTIAL, None, PLACEMENT_TEXT[Placement.CONFIDENTIAL]
    if facility is None:
        return _without(Placement.UNKNOWN)
    if facility.point_doubt:
        return Placement.DOUBTFUL, None, f"位置に疑いあり（{facility.point_doubt}）"
    if facility.point is None:
        return _without(Placement.UNKNOWN)
    if facility.precision in _TOO_COARSE:
        return _without(Placement.COARSE)
    text = PLACEMENT_TEXT[Placement.PLACED]
    if facility.precision in _ABOUT:
        text += "（町の中ほど）"
    return Placement.PLACED, facility.point, text


def _without(placement: Placement) -> tuple[Placement, None, str]:
    return placement, None, PLACEMENT_TEXT[placement]
