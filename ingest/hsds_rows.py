"""HSDS records of any version (1.x to 3.1, the older CSV dialect) as rows of the ledger's fields.

Tables come by their names in any of the versions; rows are joined by id. A reference that leads
nowhere is kept in a column of its own and counted, never dropped.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Record = Mapping[str, Any]
Tables = Mapping[str, Sequence[Record]]

HEADER = (
    "id", "name", "category", "description", "organization", "address", "building", "postal_code",
    "lat", "lon", "area", "eligibility", "minimum_age", "maximum_age", "schedule", "cost",
    "application", "languages", "phone", "email", "url", "status", "assured_date", "wheelchair",
    "参照先のない項目",
)  # fmt: skip
#: 版や方言による表の名前を、一つの名前に寄せる。
ALIASES: Mapping[str, str] = {
    "service": "services", "organization": "organizations", "location": "locations",
    "services_at_location": "service_at_locations", "service_at_location": "service_at_locations",
    "service_at_locations": "service_at_locations", "phone": "phones", "address": "addresses",
    "physical_address": "addresses", "physical_addresses": "addresses", "postal_addresses": "postal_addresses",
    "regular_schedule": "schedules", "regular_schedules": "schedules", "schedule": "schedules",
    "service_area": "service_areas", "language": "languages", "cost_option": "cost_options",
    "service_taxonomy": "services_taxonomy", "services_taxonomy": "services_taxonomy",
    "taxonomy": "taxonomy", "taxonomy_term": "taxonomy_terms", "attribute": "attributes",
    "contact": "contacts", "accessibility_for_disabilities": "accessibility",
}  # fmt: skip
TABLES = frozenset(
    {*ALIASES, *ALIASES.values(), "metadata", "meta_table_descriptions", "funding", "programs",
     "units", "service_capacity", "url", "taxonomies", "holiday_schedules", "required_documents",
     "payments_accepted", "eligibility", "organization_identifiers", "internet_resource", "contacts"}
)  # fmt: skip
_STATUS = {
    "active": "運営中", "inactive": "休止", "defunct": "廃止", "temporarily closed": "休止",
}  # fmt: skip
_DAYS = dict(zip(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), "月火水木金土日", strict=True))
_DAY_NAMES = dict(
    zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "月火水木金土日", strict=True)
)


def rows_of_tables(tables: Tables, missing: Counter[str]) -> Iterator[dict[str, str]]:
    """A row for every service at a location, and for services and locations that stand alone."""
    services, locations, owners = (
        _by_id(tables, n) for n in ("services", "locations", "organizations")
    )
    links = [dict(link) for link in tables.get("service_at_locations", ())]
    linked = {_text(link.get("service_id")) for link in links}
    for alone in services.values():
        key = _id(alone)
        if key not in linked:
            links.append({"service_id": key, "location_id": _text(alone.get("location_id"))})
    related = {name: _index(tables, name) for name in _RELATED}
    for link in links:
        service_key, place_key = _text(link.get("service_id")), _text(link.get("location_id"))
        service: Record | None = services.get(service_key)
        place: Record | None = locations.get(place_key)
        lost = [
            f"{name}={key}"
            for name, key, found in (
                ("service_id", service_key, service),
                ("location_id", place_key, place),
            )
            if key and found is None
        ]
        owner_key = _text((service or place or {}).get("organization_id"))
        owner = owners.get(owner_key)
        if owner_key and owner is None:
            lost.append(f"organization_id={owner_key}")
        missing["dangling_reference"] += len(lost)
        whole = _nested(service or {}, place, owner, link, related)
        yield {
            **row_of_service(whole, whole["service_at_locations"][0]),
            "参照先のない項目": ";".join(lost),
        }
    _dangling_children(tables, services, locations, owners, missing)


def rows_of_services(services: Sequence[Record]) -> Iterator[dict[str, str]]:
    """A row for every place of nested service objects."""
    for service in services:
        for at in service.get("service_at_locations") or [{}]:
            yield row_of_service(service, at)


def row_of_service(service: Record, at: Record) -> dict[str, str]:
    """The ledger fields of one service at one location."""
    place: Record = at.get("location") or {}
    owner: Record = service.get("organization") or {}
    address = _first(place.get("addresses") or place.get("physical_addresses"))
    phones = [
        *_all(at, "phones"),
        *_all(service, "phones"),
        *_all(place, "phones"),
        *_all(owner, "phones"),
    ]
    areas = _all(at, "service_areas") or _all(service, "service_areas")
    schedules = _all(at, "schedules") or _all(service, "schedules") or _all(place, "schedules")
    where: tuple[object, ...] = tuple(
        address.get(name) for name in ("state_province", "city", "address_1")
    )
    if _text(address.get("address_1")).startswith(_text(address.get("state_province")) or "\0"):
        where = (address.get("address_1"),)
    name = _text(service.get("name")) or _text(place.get("name"))
    row = {
        "id": "@".join(filter(None, (_id(service), _id(place)))),
        "name": name,
        "category": ";".join(_categories(service)),
        "description": _text(service.get("description") or service.get("short_desc")),
        "organization": _text(owner.get("name")),
        "address": "".join(_text(part) for part in where)
        if _japanese(where)
        else ", ".join(filter(None, (_text(part) for part in reversed(where)))),
        "building": _text(address.get("address_2")),
        "postal_code": _text(address.get("postal_code")),
        "lat": _text(place.get("latitude")),
        "lon": _text(place.get("longitude")),
        "area": ";".join(_text(a.get("name") or a.get("service_area")) for a in areas),
        "eligibility": _text(service.get("eligibility_description") or service.get("eligibility")),
        "minimum_age": _text(service.get("minimum_age")),
        "maximum_age": _text(service.get("maximum_age")),
        "schedule": schedule_text(schedules) or _text(service.get("service_hours")),
        "cost": _text(service.get("fees_description") or service.get("fees")) or _cost(service),
        "application": _text(service.get("application_process") or service.get("how_to_apply")),
        "languages": ";".join(
            _text(a.get("name") or a.get("language")) for a in _all(service, "languages")
        ),
        "phone": _text(_first(phones).get("number") or _first(phones).get("phone_number")),
        "email": _text(service.get("email") or owner.get("email")),
        "url": _text(service.get("url") or owner.get("website") or owner.get("url")),
        "status": _STATUS.get(_text(service.get("status")), ""),
        "assured_date": _text(service.get("assured_date")),
        "wheelchair": "有"
        if any("wheelchair" in _text(a) for a in _all(place, "accessibility"))
        else "",
    }
    return {name: text for name, text in row.items() if text}


def schedule_text(schedules: Sequence[Record]) -> str:
    """Opening hours of HSDS in words that are read as slots again.

    >>> schedule_text([{"freq": "MONTHLY", "byday": "2WE,4WE", "opens_at": "10:00:00+09:00", "closes_at": "12:00"}])
    '第2・4水 10:00〜12:00'
    >>> schedule_text([{"weekday": "Monday", "opens_at": "9:00", "closes_at": "17:00"}])
    '月 9:00〜17:00'
    """
    parts: list[str] = []
    for schedule in schedules:
        days = _days(schedule)
        times = [_text(schedule.get(name))[:5].rstrip(":") for name in ("opens_at", "closes_at")]
        hours = "〜".join(times) if any(times) else ""
        notes = _text(schedule.get("notes") or schedule.get("description"))
        parts.append(" ".join(filter(None, (days, hours))) or notes)
    return "、".join(dict.fromkeys(part for part in parts if part))


def _days(schedule: Record) -> str:
    weekday = _text(schedule.get("weekday")).strip()
    if weekday.isdigit():
        # 1.1 の weekday は 1（月曜）から 7（日曜）。
        return "月火水木金土日"[(int(weekday) - 1) % 7]
    if weekday:
        return _DAY_NAMES.get(weekday[:3].lower(), weekday)
    grouped: dict[str, list[str]] = {}
    for part in _text(schedule.get("byday")).split(","):
        day = _DAYS.get(part[-2:].upper(), "")
        if day:
            grouped.setdefault(part[:-2].lstrip("+"), []).append(day)
    weeks: dict[str, list[str]] = {}
    for number, days in grouped.items():
        weeks.setdefault("".join(days), []).append(number)
    texts = []
    for day, numbers in weeks.items():
        nth = "・".join(n for n in numbers if n and n != "-1")
        texts.append(f"第{nth}{day}" if nth else f"最終{day}" if "-1" in numbers else day)
    return "・".join(texts)


_RELATED = {
    "phones": ("service_at_location_id", "service_id", "location_id", "organization_id"),
    "schedules": ("service_at_location_id", "service_id", "location_id"),
    "addresses": ("location_id",),
    "service_areas": ("service_at_location_id", "service_id"),
    "languages": ("service_id", "location_id"),
    "cost_options": ("service_id",),
    "accessibility": ("location_id",),
    "attributes": ("link_id",),
    "services_taxonomy": ("service_id",),
}


def _nested(
    service: Record,
    place: Record | None,
    owner: Record | None,
    link: Record,
    related: Any,  # noqa: ANN401 - index by table, column and id
) -> dict[str, Any]:
    def of(table: str, column: str, key: str) -> list[Record]:
        return related[table].get((column, key), []) if key else []

    service_key, link_key, place_key = _id(service), _id(link), _id(place or {})
    at: dict[str, Any] = {**link}
    for name in ("phones", "schedules", "service_areas"):
        at[name] = of(name, "service_at_location_id", link_key)
    if place is not None:
        spot = {**place}
        for name in ("phones", "schedules", "addresses", "accessibility"):
            spot[name] = of(name, "location_id", place_key)
        at["location"] = spot
    whole: dict[str, Any] = {**service, "service_at_locations": [at]}
    for name in ("phones", "schedules", "service_areas", "languages", "cost_options"):
        whole[name] = of(name, "service_id", service_key)
    whole["taxonomy"] = of("services_taxonomy", "service_id", service_key)
    if owner is not None:
        whole["organization"] = {**owner, "phones": of("phones", "organization_id", _id(owner))}
    return whole


def _dangling_children(
    tables: Tables,
    services: Mapping[str, Record],
    locations: Mapping[str, Record],
    owners: Mapping[str, Record],
    missing: Counter[str],
) -> None:
    homes = {"service_id": services, "location_id": locations, "organization_id": owners}
    for name in _RELATED:
        for record in tables.get(name, ()):
            keys = [(c, _text(record.get(c))) for c in homes if _text(record.get(c))]
            if any(key not in homes[column] for column, key in keys):
                missing["dangling_reference"] += 1


def _by_id(tables: Tables, name: str) -> dict[str, Record]:
    return {_id(record): record for record in tables.get(name, ()) if _id(record)}


def _index(tables: Tables, name: str) -> dict[tuple[str, str], list[Record]]:
    found: dict[tuple[str, str], list[Record]] = {}
    for record in tables.get(name, ()):
        for column in _RELATED[name]:
            key = _text(record.get(column))
            if key:
                found.setdefault((column, key), []).append(record)
                break
    return found


def _id(record: Record) -> str:
    for name in ("id", "service_id", "location_id", "organization_id"):
        if _text(record.get(name)):
            return _text(record.get(name))
    return ""


def _categories(service: Record) -> Iterator[str]:
    for attribute in _all(service, "attributes"):
        if attribute.get("link_type") in (None, "service_category", "taxonomy"):
            term = attribute.get("taxonomy_term") or {}
            if term.get("name"):
                yield str(term["name"])
    for link in _all(service, "taxonomy"):
        if link.get("taxonomy_detail"):
            yield str(link["taxonomy_detail"])


def _cost(service: Record) -> str:
    for option in _all(service, "cost_options"):
        if option.get("amount_description"):
            return _text(option["amount_description"])
        if option.get("amount") not in (None, ""):
            return f"{_text(option['amount'])}{_text(option.get('currency'))}"
    return ""


def _japanese(parts: Sequence[object]) -> bool:
    return any(ord(mark) > 0x3000 for part in parts for mark in _text(part))  # noqa: PLR2004 - かな・漢字の始まり


def _all(record: Record, name: str) -> list[Record]:
    value = record.get(name)
    return [v for v in value if isinstance(v, Mapping)] if isinstance(value, list) else []


def _first(records: Any) -> Record:  # noqa: ANN401 - a list or nothing
    return (
        records[0]
        if isinstance(records, list) and records and isinstance(records[0], Mapping)
        else {}
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
