"""Where things are: facilities (GIF 施設, HSDS location) and areas."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from graph.model.element import NodeKind
from graph.model.resource import Publication
from graph.model.values import Point


class Precision(StrEnum):
    """How a point came to be, finest first."""

    GIVEN = "given"
    BLOCK = "block"
    CHOME = "chome"
    TOWN = "town"
    CITY = "city"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """A building or spot. ``point_doubt`` says why a given point is not used for distance."""

    KIND: ClassVar[NodeKind] = NodeKind.FACILITY

    id: str
    name: str | None = None
    address: str | None = None
    building: str | None = None
    postal_code: str | None = None
    local_government_code: str | None = None
    point: Point | None = None
    precision: Precision | None = None
    point_doubt: str | None = None
    publication: Publication = Publication.RESTRICTED
    source: str | None = None


class AreaKind(StrEnum):
    """Levels of area, widest first. Areas of one level may overlap areas of another."""

    COUNTRY = "country"
    PREFECTURE = "prefecture"
    CITY = "city"
    WARD = "ward"
    SPHERE = "sphere"
    SCHOOL_DISTRICT = "school_district"
    ASSOCIATION = "association"
    TOWN = "town"


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """市 → 区 → 日常生活圏域 → 町. ``polygon`` is a GeoJSON geometry as text (WGS 84)."""

    KIND: ClassVar[NodeKind] = NodeKind.AREA

    id: str
    name: str
    kind: AreaKind
    local_government_code: str | None = None
    point: Point | None = None
    population: int | None = None
    households: int | None = None
    elderly_population: int | None = None
    polygon: str | None = None
    source: str | None = None
