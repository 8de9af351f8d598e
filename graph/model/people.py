"""Who stands behind a resource: organisations, contacts, departments and their programmes."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from graph.model.element import NodeKind
from graph.model.resource import Publication


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """運営主体. ``organization_kind`` keeps the office's word (社会福祉法人, NPO, 町会 …)."""

    KIND: ClassVar[NodeKind] = NodeKind.ORGANIZATION

    id: str
    name: str
    organization_kind: str | None = None
    legal_entity_number: str | None = None
    phone: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A programme offered at several places (HSDS ``service``): what its resources share."""

    KIND: ClassVar[NodeKind] = NodeKind.SERVICE

    id: str
    name: str
    category: str | None = None
    description: str | None = None
    law: str | None = None
    source: str | None = None


class ContactKind(StrEnum):
    """種別 of a 連絡先."""

    CSW = "csw"
    SEIKATSU_SHIEN_COORDINATOR = "seikatsu_shien_coordinator"
    MINSEI_IIN = "minsei_iin"
    COUNSELLOR = "counsellor"
    DESK = "desk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody who can introduce: a post, not a private person. Territory = COVERS edges."""

    KIND: ClassVar[NodeKind] = NodeKind.CONTACT

    id: str
    name: str
    kind: ContactKind | None = None
    kind_text: str | None = None
    organization_name: str | None = None
    territory_text: str | None = None
    phone: str | None = None
    email: str | None = None
    note: str | None = None
    publication: Publication = Publication.RESTRICTED
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """所管課: where a gap ends."""

    KIND: ClassVar[NodeKind] = NodeKind.DEPARTMENT

    id: str
    name: str
    phone: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A 取組項目 of an action plan. ``edition`` tells the old and the new plan apart."""

    KIND: ClassVar[NodeKind] = NodeKind.PROGRAM

    id: str
    name: str
    plan: str | None = None
    edition: str | None = None
    pillar: str | None = None
    number: str | None = None
    summary: str | None = None
    department_text: str | None = None
    needs: tuple[str, ...] | None = None
    categories: tuple[str, ...] | None = None
    source: str | None = None
