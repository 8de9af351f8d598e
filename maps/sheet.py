"""What a layer gives: rows that are both the table and the map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from maps.place import PLACEMENT_TEXT, Placement


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A symbol told apart by shape and letter as well as by colour."""

    key: str
    label: str
    letter: str
    shape: str
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One row. ``cells`` match the sheet's columns; ``geometry`` is GeoJSON (WGS 84).

    ``shade`` 0–4 tints an area, ``outline`` leaves it untinted; ``map_label`` stands on the map
    itself; ``filter_key`` is what the choice of category selects.
    """

    title: str
    group: str
    cells: Sequence[str]
    placement: Placement
    placement_text: str = ""
    geometry: Mapping[str, Any] | None = None
    mark: Mark | None = None
    stale: bool = False
    shade: int = 0
    outline: bool = False
    map_label: str = ""
    filter_key: str = ""
    key: str = ""

    def __post_init__(self) -> None:
        if not self.placement_text:
            object.__setattr__(self, "placement_text", PLACEMENT_TEXT[self.placement])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A layer's rows. ``filters`` are the choices that ``filter_key`` refers to."""

    title_column: str
    columns: Sequence[str]
    features: Sequence[Feature]
    marks: Sequence[Mark] = ()
    shades: Sequence[str] = ()
    notes: Sequence[str] = ()
    filters: Mapping[str, str] = field(default_factory=dict)
