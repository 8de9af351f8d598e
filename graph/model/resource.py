"""The unit of matching: a service at a location (HSDS ``service_at_location``).

One row of the 地域資源台帳 is one resource. Whom it is for, where it reaches and when it is open
belong to it and not to its organisation, since one programme may differ from place to place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from graph.model.element import NodeKind


class Publication(StrEnum):
    """公開区分."""

    PUBLIC = "public"
    RESTRICTED = "restricted"
    CONFIDENTIAL_LOCATION = "confidential_location"


class Vacancy(StrEnum):
    """空き, in the terms of FHIR SDOH capacity states."""

    AVAILABLE = "capacity"
    NONE = "no-capacity"
    WAITLIST = "waitlist"
    ASK = "additional-assessment-required"


class Status(StrEnum):
    """Whether it is running."""

    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class Referral(StrEnum):
    """紹介: may a person come alone, or must somebody introduce them."""

    SELF = "self"
    REQUIRED = "required"


class AreaScope(StrEnum):
    """How to read the SERVES edges. ``None`` on the record means the area is not known."""

    LISTED = "listed"
    ANYWHERE = "anywhere"


class CostKind(StrEnum):
    """What ``cost_yen`` is counted by."""

    FREE = "free"
    PER_VISIT = "per_visit"
    PER_MONTH = "per_month"
    PER_YEAR = "per_year"
    ACTUAL = "actual"
    VARIES = "varies"


class Opening(StrEnum):
    """What the schedule is like when no weekly slot can be given."""

    REGULAR = "regular"
    BY_APPOINTMENT = "by_appointment"
    ALWAYS = "always"
    IRREGULAR = "irregular"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Slot:
    """A weekly or nth-weekday opening.

    ``weekday`` 0 = Monday … 6 = Sunday; ``start``/``end`` minutes after midnight (``end`` may pass
    1440); ``weeks`` the nth weekdays of the month (1–5, -1 = last), empty = every week;
    ``biweekly`` = 隔週. ``start``/``end`` are ``None`` where the hours are not known.
    """

    weekday: int
    start: int | None = None
    end: int | None = None
    weeks: tuple[int, ...] = ()
    biweekly: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A place, service or activity a person can be joined to.

    Vocabulary fields (``category``, ``needs``, ``activities``, ``roles``, ``settings``,
    ``eligible``, ``ineligible``) hold concept keys; the office's own words stay beside them.
    Ages are years, decimals allowed (HSDS #163). ``assured_date`` (最終確認日) is the date a person
    checked the entry, never the date it was saved (``updated_at``).
    """

    KIND: ClassVar[NodeKind] = NodeKind.RESOURCE

    id: str
    name: str
    name_kana: str | None = None
    category: str | None = None
    category_text: str | None = None
    description: str | None = None
    needs: tuple[str, ...] | None = None
    activities: tuple[str, ...] | None = None
    roles: tuple[str, ...] | None = None
    settings: tuple[str, ...] | None = None
    eligibility_text: str | None = None
    minimum_age: float | None = None
    maximum_age: float | None = None
    eligible: tuple[str, ...] | None = None
    eligible_only: bool | None = None
    ineligible: tuple[str, ...] | None = None
    area_scope: AreaScope | None = None
    area_text: str | None = None
    schedule_text: str | None = None
    schedule: tuple[Slot, ...] | None = None
    opening: Opening | None = None
    closed_on_holidays: bool | None = None
    cost_text: str | None = None
    cost_kind: CostKind | None = None
    cost_yen: int | None = None
    capacity: int | None = None
    vacancy: Vacancy | None = None
    vacancy_as_of: date | None = None
    application: str | None = None
    referral: Referral | None = None
    transport: bool | None = None
    online: bool | None = None
    outreach: bool | None = None
    wheelchair: bool | None = None
    languages: tuple[str, ...] | None = None
    phone: str | None = None
    email: str | None = None
    url: str | None = None
    status: Status | None = None
    publication: Publication = Publication.RESTRICTED
    assured_date: date | None = None
    assured_method: str | None = None
    note: str | None = None
    legal_entity_number: str | None = None
    provider_number: str | None = None
    unresolved: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)
    source: str | None = None
    updated_at: datetime | None = None
