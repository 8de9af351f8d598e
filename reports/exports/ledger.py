"""Resources as rows of the ledger: the words the office gave, in the ledger's columns.

Importing the rows again changes nothing: the cells are those the sources gave, not what was
understood of them.
"""

from collections.abc import Iterator, Mapping

from graph.errors import NotFoundError
from graph.model.resource import Publication, Resource
from graph.store import View
from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary
from ingest.schema import LEDGER, MORE_RESOURCE
from ingest.typed import SCHEDULE_PARTS, hours_text
from reports.exports.view import PLACE_FIELDS, Exported, exported, hidden_place

_PUBLICATION = {
    Publication.PUBLIC: "公開",
    Publication.RESTRICTED: "関係者限り",
    Publication.CONFIDENTIAL_LOCATION: "所在地非公開",
}
_COLUMNS = {**LEDGER, **MORE_RESOURCE}


def ledger_header(view: View, *, public: bool) -> list[str]:
    """The ledger's columns, then those further ones that any resource fills."""
    filled: dict[str, None] = {}
    extra: dict[str, None] = {}
    for item in exported(view, public=public):
        if item.merged is not None:
            filled.update(dict.fromkeys(item.merged.cells))
            extra.update(dict.fromkeys(item.merged.extra))
    more = [label for name, label in MORE_RESOURCE.items() if name in filled]
    known = {*LEDGER.values(), *more}
    return [*LEDGER.values(), *more, *(name for name in extra if name not in known)]


def ledger_rows(
    view: View, header: list[str], vocabulary: Vocabulary, *, public: bool
) -> Iterator[list[str]]:
    """One row of cells for each resource, in the order of the header."""
    for item in exported(view, public=public):
        cells = _cells(item, vocabulary)
        if hidden_place(item, public=public):
            cells = {name: text for name, text in cells.items() if name not in PLACE_FIELDS}
        by_label = {_COLUMNS[name]: text for name, text in cells.items() if name in _COLUMNS}
        extra = item.merged.extra if item.merged is not None else {}
        hidden = hidden_place(item, public=public)
        yield [by_label.get(label, "" if hidden else extra.get(label, "")) for label in header]


def template_header() -> list[str]:
    """The columns of an empty ledger."""
    return list(LEDGER.values())


def _cells(item: Exported, vocabulary: Vocabulary) -> Mapping[str, str]:
    if item.merged is None:
        return typed_cells(item, vocabulary)
    cells = {**item.merged.cells, "id": item.resource.id}
    if "schedule" not in cells and any(name in cells for name in SCHEDULE_PARTS):
        cells["schedule"] = hours_text(cells) or ""
    return cells


def typed_cells(item: Exported, vocabulary: Vocabulary) -> dict[str, str]:
    """Ledger cells of a resource that no source record speaks for (made by another way)."""
    resource, place = item.resource, item.facility
    cells: dict[str, str | None] = {
        "id": resource.id,
        "name": resource.name,
        "name_kana": resource.name_kana,
        "category": resource.category_text or _label(vocabulary, resource),
        "description": resource.description,
        "organization": item.organization.name if item.organization else None,
        "department": ";".join(item.departments) or None,
        "address": place.address if place else None,
        "lat": str(place.point.lat) if place and place.point else None,
        "lon": str(place.point.lon) if place and place.point else None,
        "area": resource.area_text or ";".join(area.name for area in item.areas) or None,
        "eligibility": resource.eligibility_text,
        "minimum_age": _number(resource.minimum_age),
        "maximum_age": _number(resource.maximum_age),
        "schedule": resource.schedule_text,
        "cost": resource.cost_text,
        "capacity": _number(resource.capacity),
        "application": resource.application,
        "phone": resource.phone,
        "email": resource.email,
        "url": resource.url,
        "publication": _PUBLICATION[resource.publication],
        "assured_date": resource.assured_date.isoformat() if resource.assured_date else None,
        "assured_method": resource.assured_method,
        "note": resource.note,
    }
    return {name: text for name, text in cells.items() if text}


def _label(vocabulary: Vocabulary, resource: Resource) -> str | None:
    if resource.category is None:
        return None
    try:
        return vocabulary.get(Family.CATEGORY, resource.category).label
    except NotFoundError:
        return resource.category


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:g}"
