"""A need that found no place, counted without identity: the evidence for 資源開拓."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from graph.model.element import NodeKind


class UnmetReason(StrEnum):
    """Reasons of casework.md §4; one list for engine, receivers and people."""

    NONE_EXISTS = "none_exists"
    LACK_OF_RESOURCES = "lack_of_resources"
    NOT_ELIGIBLE = "not_eligible"
    OUT_OF_AREA = "out_of_area"
    SCHEDULE = "schedule"
    NO_CAPACITY = "no_capacity"
    WAITLIST = "waitlist"
    ACCESSIBILITY_LANGUAGE = "accessibility_language"
    TRANSPORT = "transport"
    COST = "cost"
    MISSING_DOCUMENT = "missing_document"
    DECLINED_BY_PERSON = "declined_by_person"
    DECLINED_BY_PROVIDER = "declined_by_provider"
    NO_CONTACT = "no_contact"
    INFO_STALE = "info_stale"
    OTHER = "other"


class Evidence(StrEnum):
    """Who said so: the engine, a receiver or a person."""

    NO_CANDIDATE = "no_candidate"
    DECLINED = "declined"
    REPORTED = "reported"


class Route(StrEnum):
    """Where an unmet need leads."""

    WIDEN = "widen"
    CREATE = "create"
    SUPPORT = "support"
    FOLLOW = "follow"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmetRecord:
    """need × area × month × situation group × reason × evidence (engine.md §4)."""

    KIND: ClassVar[NodeKind] = NodeKind.UNMET

    id: str
    need: str
    area_id: str | None
    month: str
    group: str | None
    reason: UnmetReason
    route: Route
    evidence: Evidence
    resource_id: str | None = None
    note: str | None = None
