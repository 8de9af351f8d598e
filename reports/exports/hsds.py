"""Resources as whole HSDS 3.1 service objects, valid against the compiled schema.

A resource is a service at a location, so each becomes one service with one service_at_location.
Unknown is left out, never null. What HSDS has no place for (祝日の休み, 空きの状態) goes into
notes or attributes. No need, match or referral ever enters here.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from graph.errors import NotFoundError
from graph.model.place import Area, Facility
from graph.model.resource import CostKind, Publication, Resource, Slot, Status, Vacancy
from graph.store import View
from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary
from ingest.clean.addresses import read_address
from ingest.records import stable_id
from reports.exports.view import Exported, exported, hidden_place

Json = dict[str, Any]
_JAPAN = timezone(timedelta(hours=9))
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_STATUS = {Status.OPEN: "active", Status.SUSPENDED: "temporarily closed", Status.CLOSED: "defunct"}
_EMAIL = re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+", re.ASCII)
_DAY_MINUTES = 1440
_UNIT = "人"


def services(view: View, vocabulary: Vocabulary, *, public: bool) -> Iterator[Json]:
    """All resources that may be given out as service objects, in the order of their ids."""
    for item in exported(view, public=public):
        yield service_object(item, vocabulary, public=public)


def service_object(item: Exported, vocabulary: Vocabulary, *, public: bool) -> Json:
    """One resource as a service object nested as in ``/services/{id}``."""
    resource = item.resource
    key = hsds_id(resource.id)
    data: Json = {
        "id": key,
        "name": resource.name,
        "status": _STATUS.get(resource.status or Status.OPEN, "active"),
        "description": resource.description,
        "url": safe_url(resource.url),
        "email": safe_email(resource.email),
        "application_process": resource.application,
        "fees_description": resource.cost_text,
        "eligibility_description": resource.eligibility_text,
        "minimum_age": resource.minimum_age,
        "maximum_age": resource.maximum_age,
        "assured_date": _date(resource.assured_date),
        "last_modified": _moment(resource.updated_at),
        "phones": _phones(resource, key),
        "schedules": _schedules(resource, key),
        "service_areas": _areas(item.areas, key),
        "service_at_locations": [_at_location(item, key, public=public)],
        "languages": _languages(resource, key),
        "organization": _organization(item),
        "cost_options": _costs(resource, key),
        "capacities": _capacities(resource, key),
        "attributes": _attributes(resource, key, vocabulary),
    }
    organization = data["organization"]
    if organization is not None:
        data["organization_id"] = organization["id"]
    return {name: value for name, value in data.items() if value not in (None, [], "")}


def hsds_id(text: str) -> str:
    """A UUID: the id itself where it is one, else one made from it.

    >>> hsds_id("6f1c1d0a-3a53-5f0e-9d4e-2d6a5f0c7b11")
    '6f1c1d0a-3a53-5f0e-9d4e-2d6a5f0c7b11'
    """
    if re.fullmatch(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", text):
        return text
    return stable_id("hsds", text)


def safe_url(text: str | None) -> str | None:
    """A URL in ASCII: Japanese hosts as punycode, paths percent-encoded; ``None`` if it is none.

    >>> safe_url("https://ひだまり.jp/案内?a=あ")
    'https://xn--g9j9axb9b.jp/%E6%A1%88%E5%86%85?a=%E3%81%82'
    """
    if not text:
        return None
    try:
        parts = urlsplit(text.strip())
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in ("http", "https") or not re.fullmatch(r"[A-Za-z0-9.\-]+", host):
        return None
    keep = "/%:@!$&'()*+,;=-._~"
    return urlunsplit(
        (
            parts.scheme,
            host + port,
            quote(parts.path, safe=keep),
            quote(parts.query, safe=keep + "?"),
            quote(parts.fragment, safe=keep + "?"),
        )
    )


def safe_email(text: str | None) -> str | None:
    """A plain mail address, or ``None``."""
    return text if text and _EMAIL.fullmatch(text) else None


def _date(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _moment(value: datetime | None) -> str | None:
    if value is None:
        return None
    zoned = value if value.tzinfo else value.replace(tzinfo=_JAPAN)
    return zoned.astimezone(_JAPAN).isoformat(timespec="seconds")


def _phones(resource: Resource, key: str) -> list[Json]:
    if not resource.phone:
        return []
    number, _, extension = resource.phone.partition("（内線")
    phone: Json = {
        "id": stable_id("phone", key),
        "service_id": key,
        "number": number.strip(),
        "type": "voice",
    }
    inner = re.sub(r"\D", "", extension)
    return [phone | ({"extension": int(inner)} if inner else {})]


def _schedules(resource: Resource, key: str) -> list[Json]:
    notes = " ".join(
        text
        for text in (
            resource.schedule_text,
            "祝日は休み" if resource.closed_on_holidays else None,
        )
        if text
    )
    slots = resource.schedule or ()
    if not slots:
        return (
            [{"id": stable_id("schedule", key), "service_id": key, "description": notes}]
            if notes
            else []
        )
    return [_schedule(slot, i, key, notes) for i, slot in enumerate(slots)]


def _schedule(slot: Slot, index: int, key: str, notes: str) -> Json:
    day = _DAYS[slot.weekday]
    monthly = bool(slot.weeks)
    data: Json = {
        "id": stable_id("schedule", key, str(index)),
        "service_id": key,
        "freq": "MONTHLY" if monthly else "WEEKLY",
        "interval": 2 if slot.biweekly and not monthly else 1,
        "byday": ",".join(f"{week}{day}" for week in slot.weeks) if monthly else day,
        "wkst": "MO",
        "timezone": 9,
        "opens_at": _clock(slot.start),
        "closes_at": _clock(slot.end),
        "notes": notes or None,
    }
    return {name: value for name, value in data.items() if value is not None}


def _clock(minutes: int | None) -> str | None:
    if minutes is None:
        return None
    # HSDS の時刻は一日の中だけ。日をまたぐ終わりは翌日の時刻で書き、文は notes にある。
    hour, minute = divmod(minutes % _DAY_MINUTES, 60)
    return time(hour, minute).strftime("%H:%M:00+09:00")


def _areas(areas: tuple[Area, ...], key: str) -> list[Json]:
    found: list[Json] = []
    for area in areas:
        data: Json = {
            "id": stable_id("service_area", key, area.id),
            "service_id": key,
            "name": area.name,
        }
        if area.polygon:
            data |= {"extent": area.polygon, "extent_type": "geojson"}
        found.append(data)
    return found


def _at_location(item: Exported, key: str, *, public: bool) -> Json:
    at = stable_id("service_at_location", key)
    data: Json = {"id": at, "service_id": key}
    areas = [{**area, "service_at_location_id": at} for area in _areas(item.areas, at)]
    for area in areas:
        del area["service_id"]
    if areas:
        data["service_areas"] = areas
    location = _location(item, public=public)
    if location is not None:
        data |= {"location_id": location["id"], "location": location}
    return data


def _location(item: Exported, *, public: bool) -> Json | None:
    place = item.facility
    secret = item.resource.publication is Publication.CONFIDENTIAL_LOCATION
    if hidden_place(item, public=public) or secret or place is None:
        if item.resource.online and not secret:
            return {"id": stable_id("location", item.resource.id), "location_type": "virtual"}
        return None
    data: Json = {
        "id": hsds_id(place.id),
        "location_type": "physical",
        "name": place.name or item.resource.name,
    }
    if place.point is not None:
        data |= {"latitude": place.point.lat, "longitude": place.point.lon}
    address = _address(place)
    if address is not None:
        data["addresses"] = [address]
    if item.resource.wheelchair is not None:
        said = "車椅子で利用できます" if item.resource.wheelchair else "車椅子では利用できません"
        data["accessibility"] = [{"id": stable_id("accessibility", place.id), "description": said}]
    return data


def _address(place: Facility) -> Json | None:
    # 郵便番号のない住所はHSDSで認められないため、住所ごと出さない（所在地は緯度経度と名で示す）。
    if not place.address or not place.postal_code:
        return None
    parts = read_address(place.address)
    if parts is None or not (parts.city or parts.ward):
        return None
    return {
        "id": stable_id("address", place.id),
        "location_id": hsds_id(place.id),
        "address_1": place.address,
        **({"address_2": place.building} if place.building else {}),
        "city": f"{parts.city or ''}{parts.ward or ''}",
        "state_province": parts.prefecture or parts.city or parts.ward or "",
        "postal_code": place.postal_code,
        "country": "JP",
        "address_type": "physical",
    }


def _languages(resource: Resource, key: str) -> list[Json]:
    return [
        {"id": stable_id("language", key, name), "service_id": key, "name": name}
        for name in resource.languages or ()
    ]


def _organization(item: Exported) -> Json | None:
    held = item.organization
    if held is None:
        return None
    key = hsds_id(held.id)
    data: Json = {"id": key, "name": held.name, "description": held.organization_kind or held.name}
    if held.legal_entity_number:
        data["organization_identifiers"] = [
            {
                "id": stable_id("identifier", key),
                "organization_id": key,
                "identifier_scheme": "JP-JCN",
                "identifier_type": "法人番号",
                "identifier": held.legal_entity_number,
            }
        ]
    return data


def _costs(resource: Resource, key: str) -> list[Json]:
    if resource.cost_kind is None:
        return []
    data: Json = {
        "id": stable_id("cost", key),
        "service_id": key,
        "option": resource.cost_kind.value,
    }
    if resource.cost_yen is not None and resource.cost_kind is not CostKind.VARIES:
        data |= {"currency": "jpy", "amount": resource.cost_yen}
    if resource.cost_text:
        data["amount_description"] = resource.cost_text
    return [data]


def _capacities(resource: Resource, key: str) -> list[Json]:
    moment = resource.updated_at
    if resource.vacancy_as_of is not None:
        moment = datetime.combine(resource.vacancy_as_of, time(0), tzinfo=_JAPAN)
    updated = _moment(moment)
    if resource.capacity is None or updated is None or resource.vacancy is None:
        return []
    full = resource.vacancy in (Vacancy.NONE, Vacancy.WAITLIST)
    unit = {"id": stable_id("unit", _UNIT), "name": _UNIT}
    data: Json = {
        "id": stable_id("capacity", key),
        "service_id": key,
        "unit": unit,
        "unit_id": unit["id"],
        "available": 0 if full else 1,
        "maximum": resource.capacity,
        "description": f"空きの状態：{resource.vacancy.value}（空きの数は分からず、あれば1と書く）",
        "updated": updated,
    }
    return [data]


def _attributes(resource: Resource, key: str, vocabulary: Vocabulary) -> list[Json]:
    found: list[Json] = []
    if resource.category is not None:
        found.append(_term(key, Family.CATEGORY, resource.category, "service_category", vocabulary))
    told = (
        (Family.SITUATION, "eligibility", resource.eligible),
        (Family.NEED, "need", resource.needs),
    )
    for family, link, concepts in told:
        found.extend(_term(key, family, concept, link, vocabulary) for concept in concepts or ())
    return found


def _term(key: str, family: Family, concept: str, link: str, vocabulary: Vocabulary) -> Json:
    try:
        held = vocabulary.get(family, concept)
        name, description = held.label, held.definition or held.label
    except NotFoundError:
        name = description = concept
    term = stable_id("term", family.value, concept)
    return {
        "id": stable_id("attribute", key, link, concept),
        "link_id": key,
        "link_entity": "service",
        "link_type": link,
        "taxonomy_term_id": term,
        "taxonomy_term": {"id": term, "code": concept, "name": name, "description": description},
    }


__all__ = ["hsds_id", "safe_email", "safe_url", "service_object", "services"]
