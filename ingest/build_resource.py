"""A resource from the ledger fields of its source records: typed values beside the office's words.

What can't be read stays as its text, is listed in ``unresolved`` and counted as a warning.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from graph.model.element import Edge, EdgeKind, NodeKind, Ref
from graph.model.people import Department, Organization
from graph.model.place import Facility, Precision
from graph.model.resource import AreaScope, CostKind, Publication, Resource, Status
from graph.model.values import Point
from graph.text import normalise
from graph.vocabulary.concept import Family
from ingest.build import Built, department_id, organization_id
from ingest.clean.choices import (
    read_publication,
    read_referral,
    read_status,
    read_vacancy,
    status_said,
)
from ingest.clean.lists import split_list
from ingest.context import Context
from ingest.geocode import Located
from ingest.reading import Reading
from ingest.records import Merged, stable_id
from ingest.typed import (
    hours_of,
    hours_text,
    read_age_limit,
    read_ages,
    read_capacity,
    read_date,
    read_email,
    read_fee_of,
    read_government_code,
    read_legal_entity_number,
    read_phone,
    read_point,
    read_postal_code,
    read_web,
    says_opening,
)

_MAX_LAT, _MAX_LON = 90.0, 180.0
_ONLY = re.compile(r"(?:に限る|限定|のみ|だけ)")
_LISTS: Mapping[str, tuple[Family, ...]] = {
    "needs": (Family.NEED,),
    "activities": (Family.ACTIVITY,),
    "roles": (Family.ROLE,),
    "settings": (Family.SETTING,),
}


def build_resource(key: str, merged: Merged, context: Context) -> Built:
    """Make the resource and everything that hangs on it."""
    reading = Reading(merged.cells, context)
    built = Built(Ref(NodeKind.RESOURCE, key))
    publication = reading.value("publication", read_publication) or Publication.RESTRICTED
    scope = _areas(reading, built)
    _organization(reading, built)
    _department(reading, built)
    _contacts(reading, built)
    _place(reading, built, publication)
    values = {
        **_plain(reading),
        **_lists(reading),
        **_eligibility(reading),
        **_schedule(reading),
        **_cost(reading),
        **_contact_values(reading),
        **_state(reading),
    }
    resource = Resource(
        id=key,
        name=merged.cells["name"],
        area_scope=scope,
        publication=publication,
        source="／".join(merged.datasets),
        updated_at=merged.seen_at,
        extra={**merged.extra, **{f"読めない値:{k}": v for k, v in reading.extra.items()}},
        unresolved=tuple(reading.unresolved),
        **values,
    )
    built.put(resource)
    built.nodes.insert(0, built.nodes.pop())
    built.warn(reading.warnings)
    return built


def _plain(reading: Reading) -> dict[str, Any]:
    category_text = reading.text("category")
    category = reading.context.concept(category_text, Family.CATEGORY) if category_text else None
    if category_text and category is None:
        for word in split_list(category_text):
            category = category or reading.context.concept(word, Family.CATEGORY)
        if category is None:
            reading.miss("category", category_text)
    elif category_text is None and (category := reading.context.category_in(reading.cells["name"])):
        # 公開データには種別の列がないことが多い。名前の言葉から分かるものは採り、数える。
        reading.warnings.append("category_from_name")
    return {
        "name_kana": reading.text("name_kana"),
        "category": category,
        "category_text": category_text,
        "description": reading.text("description"),
        "application": reading.text("application"),
        "assured_method": reading.text("assured_method"),
        "note": reading.text("note"),
        "provider_number": reading.text("provider_number"),
    }


def _lists(reading: Reading) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: reading.concepts(name, families) for name, families in _LISTS.items()
    }
    languages = reading.text("languages")
    found["languages"] = split_list(languages) if languages else None
    return found


def _eligibility(reading: Reading) -> dict[str, Any]:
    text = reading.text("eligibility")
    ages = read_ages(text) if text else None
    low, high = (ages.minimum, ages.maximum) if ages else (None, None)
    given_low = reading.value("minimum_age", read_age_limit)
    given_high = reading.value("maximum_age", read_age_limit)
    attributes = reading.text("attributes")
    eligible = reading.concepts("attributes", (Family.SITUATION, Family.SETTING))
    return {
        "eligibility_text": text,
        "minimum_age": given_low if given_low is not None else low,
        "maximum_age": given_high if given_high is not None else high,
        "eligible": eligible,
        "eligible_only": bool(_ONLY.search(attributes)) if attributes and eligible else None,
        "ineligible": reading.concepts("ineligible", (Family.SITUATION, Family.SETTING)),
    }


def _schedule(reading: Reading) -> dict[str, Any]:
    hours = hours_of(reading.cells)
    if hours is None:
        return {}
    if not says_opening(hours):
        reading.warnings.append("schedule_unread")
    return {
        "schedule_text": reading.text("schedule") or hours_text(reading.cells),
        "schedule": tuple(hours.slots) or None,
        "opening": hours.opening,
        "closed_on_holidays": hours.closed_on_holidays,
    }


def _cost(reading: Reading) -> dict[str, Any]:
    text = reading.text("cost")
    if text is None:
        return {}
    kind, yen = read_fee_of(text)
    if kind is None:
        reading.warnings.append("cost_unread")
    return {"cost_text": text, "cost_kind": kind, "cost_yen": 0 if kind is CostKind.FREE else yen}


def _contact_values(reading: Reading) -> dict[str, Any]:
    return {
        "phone": reading.value("phone", read_phone),
        "email": reading.value("email", read_email),
        "url": reading.value("url", read_web),
        "legal_entity_number": reading.value("legal_entity_number", read_legal_entity_number),
    }


def _state(reading: Reading) -> dict[str, Any]:
    vacancy = reading.value("vacancy", read_vacancy)
    as_of: date | datetime | None = reading.value("vacancy_as_of", read_date)
    assured = reading.value("assured_date", read_date)
    return {
        "capacity": reading.value("capacity", read_capacity),
        "vacancy": vacancy,
        # 空きは日付があってこそ。別に書かれていなければ最終確認日のもの。
        "vacancy_as_of": as_of or (assured if vacancy is not None else None),
        "assured_date": assured,
        "referral": reading.value("referral", read_referral),
        "status": reading.value("status", read_status) or _status_in_passing(reading),
        **{name: reading.mark(name) for name in ("transport", "online", "outreach", "wheelchair")},
    }


def _status_in_passing(reading: Reading) -> Status | None:
    """An office without a 状態 column writes 「休止中」 beside the hours or in the note."""
    said = (status_said(reading.text(name) or "") for name in ("schedule", "note", "description"))
    return next((status for status in said if status is not None), None)


def _areas(reading: Reading, built: Built) -> AreaScope | None:
    text = reading.text("area")
    if text is None:
        return None
    read = reading.context.read_areas(text)
    for rest in read.rest:
        reading.miss("area", rest)
    for key in read.ids:
        built.link(EdgeKind.SERVES, Ref(NodeKind.AREA, key))
    if read.anywhere:
        return AreaScope.ANYWHERE
    # 一部しか分からない区域は、分かった分だけで「ここでは使えない」と決めない。
    return AreaScope.LISTED if read.ids and not read.rest else None


def _organization(reading: Reading, built: Built) -> None:
    name = reading.text("organization")
    if name is None:
        return
    number_text = reading.text("legal_entity_number")
    number = read_legal_entity_number(number_text) if number_text else None
    organization = Organization(
        id=organization_id(name, number),
        name=name,
        organization_kind=reading.text("organization_kind"),
        legal_entity_number=number,
    )
    built.link(EdgeKind.OFFERED_BY, built.share(organization))


def _department(reading: Reading, built: Built) -> None:
    for name in split_list(reading.text("department") or ""):
        department = Department(id=department_id(name), name=name)
        built.link(EdgeKind.OVERSEEN_BY, built.share(department))


def _contacts(reading: Reading, built: Built) -> None:
    for key in split_list(reading.text("contact_ids") or ""):
        if key in reading.context.contacts:
            built.link(EdgeKind.CONTACTED_THROUGH, Ref(NodeKind.CONTACT, key))
        else:
            reading.miss("contact_ids", key)


def _place(reading: Reading, built: Built, publication: Publication) -> None:
    point, doubt = _given_point(reading)
    address = _full_address(reading)
    hall = reading.text("facility_name")
    if address is None and point is None and hall is None:
        return
    hidden = publication is Publication.CONFIDENTIAL_LOCATION
    # 会場の名だけでは、よその同じ名の集会所と分けられない。
    own = hidden or (address is None and point is None)
    given = Precision.GIVEN if point is not None else None
    located = Located(point=point, precision=given, point_doubt=doubt)
    if reading.context.locator is not None:
        located = reading.context.locator.locate(
            address,
            areas=reading.context.areas,
            given=point,
            prefecture=reading.text("prefecture"),
            city=reading.text("city"),
        )
    facility = Facility(
        id=_facility_id(built.ref.id if own else None, reading, address, point),
        name=hall,
        address=address,
        building=reading.text("building"),
        postal_code=reading.value("postal_code", read_postal_code),
        local_government_code=_code(reading),
        point=located.point,
        precision=located.precision,
        point_doubt=located.point_doubt,
        publication=publication,
    )
    if facility.point_doubt:
        reading.warnings.append("point_doubt")
    if facility.point is None:
        reading.warnings.append("no_point")
    target = built.put(facility)
    built.link(EdgeKind.HIDDEN_AT if hidden else EdgeKind.LOCATED_AT, target)
    _within(facility, built, reading.context)


def _code(reading: Reading) -> str | None:
    prefecture = reading.text("prefecture")
    found: str | None = reading.value(
        "local_government_code", lambda text: read_government_code(text, prefecture)
    )
    return found


def _given_point(reading: Reading) -> tuple[Point | None, str | None]:
    lat, lon, both = (reading.text(name) for name in ("lat", "lon", "point"))
    if both and not (lat and lon):
        lat, _, lon = both.partition(",")
    if not lat and not lon:
        return None, None
    point = read_point(lat or "", lon or "")
    if point is None or abs(point.lat) > _MAX_LAT or abs(point.lon) > _MAX_LON:
        reading.extra["緯度・経度"] = f"{lat or ''},{lon or ''}"
        reading.warnings.append("point_unread")
        return None, None
    return point, None


def _full_address(reading: Reading) -> str | None:
    address = reading.text("address")
    front = "".join(dict.fromkeys(filter(None, (reading.text("prefecture"), reading.text("city")))))
    if address is None:
        return None
    city = reading.text("city") or ""
    plain = normalise(address)
    if not front or plain.startswith(normalise(front)):
        return address
    prefecture = reading.text("prefecture") or ""
    if prefecture and plain.startswith(normalise(prefecture)):
        return address
    if city and plain.startswith(normalise(city)):
        return prefecture + address if not city.startswith(prefecture) else address
    # 市名から始まる住所に、区まで書かれた市区町村名を重ねない。
    if city and (match := re.match(r"^.+?[市郡]", city)) and plain.startswith(normalise(match[0])):
        return prefecture + address
    return front + address


def _facility_id(
    owner: str | None, reading: Reading, address: str | None, point: Point | None
) -> str:
    spot = f"{point.lat:.6f},{point.lon:.6f}" if point else ""
    parts = [normalise(p) for p in (address or "", reading.text("building") or "")]
    name = normalise(reading.text("facility_name") or "")
    # 所在地を明かさない場の建物は、ほかの場と分け合わない（たどれば分かってしまうため）。
    return stable_id("facility", owner or "", *parts, name, spot)


def _within(facility: Facility, built: Built, context: Context) -> None:
    for key in context.areas_of(facility):
        source, target = Ref(NodeKind.FACILITY, facility.id), Ref(NodeKind.AREA, key)
        built.edges.append(Edge(kind=EdgeKind.WITHIN, source=source, target=target))
