"""OpenStreetMap Nominatim through geopy; its terms allow one request a second and ask for a name."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from geopy.geocoders import Nominatim
from geopy.geocoders.base import Geocoder

from graph.model.place import Precision
from ingest.online import Service

_HOUSE, _STREET, _SUBURB = 30, 26, 18


def _make(user_agent: str, base_url: str | None) -> Geocoder:
    if base_url is None:
        return Nominatim(user_agent=user_agent)
    parts = urlsplit(base_url)
    return Nominatim(
        user_agent=user_agent, domain=parts.netloc + parts.path.rstrip("/"), scheme=parts.scheme
    )


def _precision(raw: Mapping[str, Any]) -> Precision:
    """From ``place_rank`` (30 house, 26 street, 18 and up: quarters and towns)."""
    rank = int(raw.get("place_rank") or 0)
    if rank >= _HOUSE:
        return Precision.BLOCK
    if rank >= _STREET:
        return Precision.CHOME
    return Precision.TOWN if rank >= _SUBURB else Precision.CITY


SERVICE = Service(
    key="nominatim",
    label="OpenStreetMap Nominatim",
    terms="https://operations.osmfoundation.org/policies/nominatim/",
    delay_s=1.1,
    make=_make,
    precision=_precision,
)
