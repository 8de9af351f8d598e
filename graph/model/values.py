"""Values a node or an edge may hold."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """A place on the ground, WGS 84 / JGD2011, decimal degrees."""

    lat: float
    lon: float


Scalar: TypeAlias = str | int | float | bool | date | datetime | Point
Value: TypeAlias = Scalar | tuple[str, ...] | tuple[int, ...] | tuple[float, ...]
