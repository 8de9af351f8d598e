"""A contact (CSW, 生活支援コーディネーター, 民生委員 …), its territory and the resources it leads to."""

from graph.model.element import Edge, EdgeKind, NodeKind, Ref
from graph.model.people import Contact, Organization
from ingest.build import BY, Built, organization_id
from ingest.clean.lists import split_list
from ingest.context import Context
from ingest.records import Merged
from ingest.typed import read_email, read_phone
from ingest.words import read_contact_kind


def build_contact(key: str, merged: Merged, context: Context) -> Built:
    """Make the contact with COVERS, BELONGS_TO and, from its resources, CONTACTED_THROUGH."""
    cells = merged.cells
    built = Built(Ref(NodeKind.CONTACT, key))
    kind_text = cells.get("kind")
    kind = read_contact_kind(kind_text) if kind_text else None
    built.warn(["contact_kind_unread"] if kind_text and kind is None else [])
    built.put(
        Contact(
            id=key,
            name=cells["name"],
            kind=kind,
            kind_text=kind_text,
            organization_name=cells.get("organization"),
            territory_text=cells.get("territory"),
            phone=_read(cells.get("phone"), read_phone),
            email=_read(cells.get("email"), read_email),
            note=cells.get("note"),
            source="／".join(merged.datasets),
        )
    )
    _territory(built, cells.get("territory"), context)
    if name := cells.get("organization"):
        organization = Organization(id=organization_id(name, None), name=name)
        built.link(EdgeKind.BELONGS_TO, built.share(organization))
    _resources(built, cells.get("resources"), context)
    return built


def _read(text: str | None, read: object) -> str | None:
    if text is None:
        return None
    found = read(text) if callable(read) else None
    return found if isinstance(found, str) else text


def _territory(built: Built, text: str | None, context: Context) -> None:
    if not text:
        return
    read = context.read_areas(text)
    built.warn(["territory_unresolved"] * len(read.rest))
    for key in read.ids:
        built.link(EdgeKind.COVERS, Ref(NodeKind.AREA, key))


def _resources(built: Built, text: str | None, context: Context) -> None:
    for word in split_list(text or ""):
        found = context.resources_named(word)
        if not found:
            built.warn(["resource_unknown"])
        for key in found:
            built.edges.append(
                Edge(
                    kind=EdgeKind.CONTACTED_THROUGH,
                    source=Ref(NodeKind.RESOURCE, key),
                    target=built.ref,
                    props={BY: built.ref.id},
                )
            )
