"""GeoJSON of the filtered list and of map layers."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class FeatureWire(BaseModel):
    """One row; ``geometry`` is null where it may not or can't be drawn."""

    type: Literal["Feature"] = "Feature"
    geometry: dict[str, Any] | None
    properties: dict[str, Any]


class FeatureCollectionWire(BaseModel):
    """Rows as GeoJSON (WGS 84)."""

    model_config = ConfigDict(extra="allow")

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[FeatureWire] = Field(default_factory=list)
