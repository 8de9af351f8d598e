"""国土地理院 AddressSearch (msearch.gsi.go.jp), as a geopy geocoder."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location

from graph.model.place import Precision
from ingest.clean.addresses import read_address
from ingest.online import Service

_BASE_URL = "https://msearch.gsi.go.jp"


class GsiGeocoder(Geocoder):  # type: ignore[misc] # geopyは型を持たない
    """Asks ``/address-search/AddressSearch?q=`` and takes the first answer that starts alike."""

    def __init__(self, user_agent: str, base_url: str = _BASE_URL) -> None:
        super().__init__(user_agent=user_agent)
        self._base_url = base_url.rstrip("/")

    def geocode(
        self, query: str, *, exactly_one: bool = True, timeout: object = DEFAULT_SENTINEL
    ) -> Location | list[Location] | None:
        """The best answer, or all with ``exactly_one=False``; ``None`` when there is none."""
        url = f"{self._base_url}/address-search/AddressSearch?{urlencode({'q': query})}"

        def read(answer: object) -> Location | list[Location] | None:
            found = [_location(item) for item in answer] if isinstance(answer, list) else []
            if not found:
                return None
            return found[0] if exactly_one else found

        result: Location | list[Location] | None = self._call_geocoder(url, read, timeout=timeout)
        return result


def _location(item: Mapping[str, Any]) -> Location:
    lon, lat = item["geometry"]["coordinates"][:2]
    return Location(item["properties"]["title"], (float(lat), float(lon)), item)


def _precision(raw: Mapping[str, Any]) -> Precision:
    """How fine the answer is, from the words of its title."""
    parts = read_address(str(raw["properties"]["title"]))
    if parts is None or not parts.town:
        return Precision.CITY
    if parts.numbers:
        return Precision.BLOCK
    return Precision.CHOME if parts.chome is not None else Precision.TOWN


SERVICE = Service(
    key="gsi",
    label="国土地理院",
    terms="https://www.gsi.go.jp/kikakuchousei/kikakuchousei40182.html",
    delay_s=1.0,
    make=lambda user_agent, base_url: GsiGeocoder(user_agent, base_url or _BASE_URL),
    precision=_precision,
)
