"""Online geocoding, only when switched on: cached on disk, one request at a time, slowly."""

import json
import threading
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from geopy.exc import GeopyError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders.base import Geocoder

from graph.discovery import discover
from graph.errors import InputError
from graph.geo import in_japan
from graph.model.place import Precision
from graph.model.values import Point
from ingest import geocoders
from ingest.clean.addresses import plain_address, read_address
from ingest.gazetteer import Geocoded


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A geocoding service. ``delay_s`` is the least time between two requests its terms allow."""

    key: str
    label: str
    terms: str
    delay_s: float
    make: Callable[[str, str | None], Geocoder]
    precision: Callable[[Mapping[str, Any]], Precision]


class AnswerCache(MutableMapping[str, "str | None"]):
    """Answers kept in one JSON-lines file, also that an address is not known."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._answers: dict[str, str | None] = {}
        self._lock = threading.Lock()
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                if line.strip():
                    key, answer = json.loads(line)
                    self._answers[key] = answer

    def __getitem__(self, key: str) -> str | None:
        return self._answers[key]

    def __setitem__(self, key: str, value: str | None) -> None:
        with self._lock:
            self._answers[key] = value
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps([key, value], ensure_ascii=False) + "\n")

    def __delitem__(self, key: str) -> None:
        """Forget in memory only; the file keeps what was answered."""
        del self._answers[key]

    def __iter__(self) -> Any:  # noqa: ANN401 - MutableMapping asks for an iterator of str
        return iter(dict(self._answers))

    def __len__(self) -> int:
        return len(self._answers)


class Online:
    """One switched-on service. Trouble on the line gives ``None`` and is not cached."""

    def __init__(
        self,
        service: Service,
        *,
        user_agent: str,
        cache: MutableMapping[str, str | None],
        base_url: str | None = None,
        delay_s: float | None = None,
    ) -> None:
        if not user_agent.strip():
            raise InputError(
                f"{service.label}を使うには、問い合わせ元の名乗りが要ります。",
                hint="設定に組織名と連絡先（例：みほん市福祉課 tel 000-000-0000）を入れてください。",
            )
        self._service = service
        self._cache = cache
        self._ask = RateLimiter(
            service.make(user_agent, base_url).geocode,
            min_delay_seconds=service.delay_s if delay_s is None else delay_s,
            max_retries=0,
            swallow_exceptions=False,
        )

    def find(self, address: str) -> Geocoded | None:
        """The place of an address; the building is never sent, only the place name and numbers."""
        query = _without_building(address)
        key = f"{self._service.key}|{query}"
        if key not in self._cache:
            try:
                hit = self._ask(query)
            except (GeopyError, OSError, ValueError, KeyError):
                return None
            self._cache[key] = None if hit is None else _kept(hit, self._service)
        answer = self._cache[key]
        return None if answer is None else _read(answer)


def services() -> tuple[Service, ...]:
    """All services there are, by file name."""
    return discover(geocoders, "SERVICE", Service)


def open_online(
    key: str,
    *,
    user_agent: str,
    cache: MutableMapping[str, str | None],
    base_url: str | None = None,
    delay_s: float | None = None,
) -> Online:
    """Switch a service on. Raises InputError for a key that is none of :func:`services`."""
    known = {service.key: service for service in services()}
    if key not in known:
        raise InputError(
            f"「{key}」という位置検索はありません。",
            hint=f"{'、'.join(known)} のどれかを選んでください。",
        )
    return Online(
        known[key], user_agent=user_agent, cache=cache, base_url=base_url, delay_s=delay_s
    )


def _without_building(address: str) -> str:
    plain = plain_address(address).replace(" ", "")
    parts = read_address(plain)
    if parts and parts.building and plain.endswith(parts.building.replace(" ", "")):
        return plain[: -len(parts.building.replace(" ", ""))]
    return plain


def _kept(hit: Any, service: Service) -> str | None:  # noqa: ANN401 - geopyの返り値は型を持たない
    point = Point(float(hit.latitude), float(hit.longitude))
    if not in_japan(point):
        return None
    raw = cast("Mapping[str, Any]", hit.raw)
    answer = [point.lat, point.lon, service.precision(raw).value, f"{service.label}：{hit.address}"]
    return json.dumps(answer, ensure_ascii=False)


def _read(answer: str) -> Geocoded:
    lat, lon, precision, matched = json.loads(answer)
    return Geocoded(
        point=Point(lat, lon),
        precision=Precision(precision),
        matched=matched,
        prefecture="",
        city="",
    )
