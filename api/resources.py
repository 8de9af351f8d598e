"""One resource whole, and the two things people do to it: check it and correct it.

A person's words are kept as a source record of their own that outranks every import, so that
neither a check nor a correction is lost when the file is imported again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from api.errors import RequestError
from api.office import Office
from graph.errors import InputError, NotFoundError
from graph.model.codec import R, from_node, to_node
from graph.model.element import Edge, EdgeKind, Node, NodeKind, Ref
from graph.model.people import Contact, Department, Organization
from graph.model.place import Facility
from graph.model.provenance import SourceRecord
from graph.model.resource import Publication, Resource
from graph.vocabulary.concept import Family
from ingest.change import Changes, compose, held_edges, lonely_facilities, records_of
from ingest.options import ImportOptions
from ingest.records import (
    PERSON,
    PERSON_RANK,
    decode_fields,
    digest_of,
    encode_fields,
    merge_records,
    record_id,
    record_ref,
)
from ingest.run import open_run
from ingest.schema import LEDGER

_ACTOR = "office"
_EDGES = (
    EdgeKind.LOCATED_AT,
    EdgeKind.OFFERED_BY,
    EdgeKind.SERVES,
    EdgeKind.OVERSEEN_BY,
    EdgeKind.CONTACTED_THROUGH,
)
#: Fields that would tell where a confidential place is.
_PLACE_FIELDS = frozenset({"address", "lat", "lon"})
#: Set by a check, never by typing.
_CHECK_FIELDS = ("assured_date", "assured_method")
_CONFLICT = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """One column of the ledger: what stands, who says so, and what else was said."""

    name: str
    label: str
    text: str
    source: str | None
    others: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """A resource with everything it is joined to; nothing of a confidential place."""

    resource: Resource
    category_label: str
    facility: Facility | None
    organization: Organization | None
    department: Department | None
    contacts: tuple[Contact, ...]
    areas: tuple[str, ...]
    fields: tuple[FieldView, ...]
    version: str
    sources: tuple[str, ...]


def read_detail(office: Office, resource_id: str) -> Detail:
    """Read it. Raises NotFoundError."""
    ref = Ref(NodeKind.RESOURCE, resource_id)
    with office.view() as view:
        node = view.get(ref)
        if node is None:
            raise _absent(resource_id)
        joined = [(edge.kind, other) for edge, other in view.neighbours([ref], _EDGES)]
        records = records_of(view, [ref])[ref]
    resource = from_node(node, Resource)
    hidden = resource.publication is Publication.CONFIDENTIAL_LOCATION
    nodes: dict[EdgeKind, list[Node]] = {}
    for kind, other in joined:
        nodes.setdefault(kind, []).append(other)
    return Detail(
        resource=resource,
        category_label=category_label(office, resource),
        facility=_one(nodes, EdgeKind.LOCATED_AT, Facility) if not hidden else None,
        organization=_one(nodes, EdgeKind.OFFERED_BY, Organization),
        department=_one(nodes, EdgeKind.OVERSEEN_BY, Department),
        contacts=tuple(from_node(n, Contact) for n in nodes.get(EdgeKind.CONTACTED_THROUGH, ())),
        areas=tuple(office.areas.label(n.id) for n in nodes.get(EdgeKind.SERVES, ())),
        fields=tuple(_field_views(records, hidden=hidden)),
        version=_version(records),
        sources=tuple(dict.fromkeys(_source_name(r) for r in records)),
    )


def _one(nodes: Mapping[EdgeKind, list[Node]], kind: EdgeKind, record: type[R]) -> R | None:
    found = nodes.get(kind)
    return from_node(found[0], record) if found else None


def category_label(office: Office, resource: Resource) -> str:
    """The label of a resource's category, else the office's own word."""
    if resource.category is not None:
        try:
            return office.vocabulary.get(Family.CATEGORY, resource.category).label
        except NotFoundError:
            pass
    return resource.category_text or "分類なし"


def verify(office: Office, resource_id: str, *, method: str, on: date) -> None:
    """Note that a person checked the entry on a day, and how. Raises InputError, NotFoundError."""
    if not method.strip():
        raise InputError(
            "どうやって確かめたかが空です。",
            hint="「電話」「訪問」などを選んで、もう一度押してください。",
        )
    if on > office.today:
        raise InputError(
            "確認した日が先の日付です。", hint="今日か、それより前の日にしてください。"
        )
    said = {"assured_date": on.isoformat(), "assured_method": method.strip()[:100]}
    _say(office, resource_id, said, version=None)


def correct(
    office: Office, resource_id: str, said: Mapping[str, str], *, version: str | None
) -> None:
    """Keep a person's corrections (ledger fields as text; an empty text empties the field).

    Raises RequestError 409 when somebody changed the entry since ``version`` was read,
    InputError when the name was emptied, NotFoundError.
    """
    known = {name: text.strip() for name, text in said.items() if name in LEDGER}
    for name in (*_CHECK_FIELDS, "id"):
        known.pop(name, None)
    if known.get("name") == "":
        raise InputError("名称が空です。", hint="名称を入れて、もう一度保存してください。")
    _say(office, resource_id, known, version=version)


def _say(office: Office, resource_id: str, said: Mapping[str, str], *, version: str | None) -> None:
    ref = Ref(NodeKind.RESOURCE, resource_id)
    now = office.now()
    run = open_run(office.store, ImportOptions(actor=_ACTOR), office.vocabulary, now)
    with office.store.write(actor=_ACTOR) as writer, office.store.read() as view:
        if view.get(ref) is None:
            raise _absent(resource_id)
        records = {record.id: record for record in records_of(view, [ref])[ref]}
        if version is not None and version != _version(list(records.values())):
            raise RequestError(
                _CONFLICT,
                "開いている間に、ほかの人がこの資源を直しました。",
                hint="いまの内容と、あなたの入力を見くらべて、必要なところをもう一度保存してください。",
                code="edit_conflict",
            )
        key = record_id(PERSON, resource_id)
        held, extra = decode_fields(records[key].fields) if key in records else ({}, {})
        base = merge_records([r for r in records.values() if r.id != key]).cells
        cells = _differing({**held, **said}, base)
        record = SourceRecord(
            id=key,
            dataset=PERSON,
            record_key=resource_id,
            digest=digest_of(cells, extra),
            cells=encode_fields(cells, extra),
            fields=encode_fields(cells, extra),
            batch=f"{PERSON}-{now.isoformat(timespec='seconds')}",
            rank=PERSON_RANK,
            seen_at=now,
        )
        records[key] = record
        built, _ = compose(ref, records.values(), run.context)
        changes = Changes()
        changes.add(built, held_edges(view, [ref])[ref])
        changes.nodes[Ref(NodeKind.SOURCE_RECORD, key)] = to_node(record)
        edge = Edge(kind=EdgeKind.ASSERTS, source=record_ref(record), target=ref)
        changes.edges[edge.key] = edge
        lonely_facilities(view, changes)
        changes.apply(writer, {})


def _differing(cells: Mapping[str, str], base: Mapping[str, str]) -> dict[str, str]:
    """Only what a person says differently from the sources (a check is always the person's)."""
    return {
        name: text
        for name, text in cells.items()
        if name in _CHECK_FIELDS or text != base.get(name, "")
    }


def _field_views(records: Sequence[SourceRecord], *, hidden: bool) -> list[FieldView]:
    merged = merge_records(records)
    names = {record.id: _source_name(record) for record in records}
    said = {record.id: decode_fields(record.fields)[0] for record in records}
    views = []
    for name, label in LEDGER.items():
        if name == "id" or (hidden and name in _PLACE_FIELDS):
            continue
        text = merged.cells.get(name, "")
        origin = merged.origin.get(name)
        others = tuple(
            (names[key], cells[name])
            for key, cells in said.items()
            if key != origin and cells.get(name) not in (None, "", text)
        )
        views.append(
            FieldView(
                name=name,
                label=label,
                text=text,
                source=names.get(origin) if origin else None,
                others=others,
            )
        )
    return views


def _source_name(record: SourceRecord) -> str:
    return "職員の入力" if record.dataset == PERSON else record.dataset


def _version(records: Sequence[SourceRecord]) -> str:
    return digest_of({record.id: record.digest for record in records}, {})


def _absent(resource_id: str) -> NotFoundError:
    return NotFoundError(
        "その資源は登録されていません。",
        hint="名前で検索し直してください。取込で入れ替わった場合もあります。",
        facts={"resource_id": resource_id},
    )
