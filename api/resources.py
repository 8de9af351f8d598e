"""One resource whole, and the two things people do to it: check it and correct it.

A person's words are kept as a source record of their own that outranks every import, so that
neither a check nor a correction is lost when the file is imported again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from api.errors import RequestError
from api.office import Office
from graph.errors import InputError, NotFoundError
from graph.model.codec import R, from_node
from graph.model.element import EdgeKind, Node, NodeKind, Ref
from graph.model.people import Contact, Department, Organization
from graph.model.place import Facility
from graph.model.provenance import SourceRecord
from graph.model.resource import Publication, Resource
from graph.vocabulary.concept import Family
from ingest.change import records_of
from ingest.edit import edit_resource, verify_resource
from ingest.mapping import shipped_mappings
from ingest.records import PERSON, decode_fields, digest_of, merge_records
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
_SENT_BY_SCREEN = "画面/"


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
        sources=tuple(dict.fromkeys(source_name(r) for r in records)),
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
    verify_resource(
        office.store,
        resource_id,
        by=_ACTOR,
        method=method.strip()[:100],
        on=on,
        now=office.now(),
        vocabulary=office.vocabulary,
    )


def correct(
    office: Office,
    resource_id: str,
    said: Mapping[str, str],
    *,
    version: str | None,
    by: str = _ACTOR,
) -> None:
    """Keep a person's corrections (ledger fields as text; an empty text empties the field).

    Raises RequestError 409 when somebody changed the entry since ``version`` was read,
    InputError when the name was emptied, NotFoundError.
    """
    with office.lock:
        held = read_detail(office, resource_id)
        if version is not None and version != held.version:
            raise RequestError(
                _CONFLICT,
                "開いている間に、ほかの人がこの資源を直しました。",
                hint="いまの内容と、あなたの入力を見くらべて、必要なところをもう一度保存してください。",
                code="edit_conflict",
            )
        standing = {field.name: field.text for field in held.fields}
        changed = {
            name: text.strip()
            for name, text in said.items()
            if name not in _CHECK_FIELDS and text.strip() != standing.get(name, "")
        }
        if changed:
            edit_resource(
                office.store,
                resource_id,
                changed,
                by=by,
                now=office.now(),
                vocabulary=office.vocabulary,
            )


def _field_views(records: Sequence[SourceRecord], *, hidden: bool) -> list[FieldView]:
    merged = merge_records(records)
    names = {record.id: source_name(record) for record in records}
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


def source_name(record: SourceRecord) -> str:
    """Where a record comes from, for people: the list and its file, or the office itself."""
    return source_name_of(record.dataset)


def source_name_of(dataset: str) -> str:
    """The name of a source for people."""
    if dataset == PERSON:
        return "職員の入力"
    key, mark, rest = dataset.partition(":")
    labels = _source_labels()
    label = labels.get(key, key.removeprefix("own-"))
    return label + (f"（{rest.removeprefix(_SENT_BY_SCREEN)}）" if mark else "")


@cache
def _source_labels() -> Mapping[str, str]:
    """Labels by mapping, and by the name that a mapping gives its source."""
    shipped = shipped_mappings()
    named = {m.dataset.partition(":")[0]: m.label for m in shipped if m.dataset}
    return named | {mapping.key: mapping.label for mapping in shipped}


def _version(records: Sequence[SourceRecord]) -> str:
    return digest_of({record.id: record.digest for record in records}, {})


def _absent(resource_id: str) -> NotFoundError:
    return NotFoundError(
        "その資源は登録されていません。",
        hint="名前で検索し直してください。取込で入れ替わった場合もあります。",
        facts={"resource_id": resource_id},
    )
