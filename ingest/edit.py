"""Edits by a person: kept as a source record of their own that outranks every import.

The web form and the API write through here, so that an edit survives re-imports and the conflict
with a source can be shown. 最終確認 changes only by :func:`verify_resource`.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from graph.errors import InputError, NotFoundError
from graph.model.codec import from_node, to_node
from graph.model.element import Edge, EdgeKind, NodeKind, Ref
from graph.model.provenance import Decision, Judgement
from graph.model.resource import Resource
from graph.store import GraphStore, View
from graph.vocabulary.protocol import Vocabulary
from ingest.change import Changes, records_of
from ingest.decisions import get_decision, join, make_decision, part, put_decisions
from ingest.options import ImportOptions
from ingest.person import person_record, said_in, with_record
from ingest.records import (
    PERSON,
    Merged,
    merge_records,
    record_id,
)
from ingest.run import open_run
from ingest.schema import FIELDS, Kind

_RESOURCE_FIELDS = FIELDS[Kind.RESOURCES]
_LABEL_TO_FIELD = {label: name for name, label in _RESOURCE_FIELDS.items()}
_BY_VERIFY = ("assured_date", "assured_method")


def edit_resource(
    store: GraphStore,
    id: str,  # noqa: A002 - the name offices use
    changes: Mapping[str, str],
    *,
    by: str,
    now: datetime,
    vocabulary: Vocabulary,
) -> Resource:
    """Set ledger fields (keys or Japanese headings) of a resource; an empty text clears a field.

    A resource that does not exist is made when ``名称`` is among the changes. Raises InputError
    for an unknown field or an empty name, NotFoundError for an unknown resource.
    """
    cells = _known_cells(changes)
    for name in _BY_VERIFY:
        if name in cells:
            raise InputError(
                "最終確認日は、ここでは変えられません。",
                hint="「確認した」の操作から、確かめた日と方法を記録してください。",
                code="verify_only",
            )
    return _say(store, id, cells, by=by, now=now, vocabulary=vocabulary)


def verify_resource(  # noqa: PLR0913 - who, how and when are all needed
    store: GraphStore,
    id: str,  # noqa: A002 - the name offices use
    *,
    by: str,
    method: str,
    on: date,
    now: datetime,
    vocabulary: Vocabulary,
) -> Resource:
    """Record that a person checked the entry on a day, and how (電話, 訪問, 所管課照会 …)."""
    cells = {"assured_date": on.isoformat(), "assured_method": method}
    return _say(store, id, cells, by=by, now=now, vocabulary=vocabulary)


def resource_cells(view: View, id: str) -> Merged:  # noqa: A002 - the name offices use
    """The ledger fields of a resource as its sources give them, with who says what.

    Raises NotFoundError for a resource without source records.
    """
    ref = Ref(NodeKind.RESOURCE, id)
    records = records_of(view, [ref])[ref]
    if not records:
        raise NotFoundError(
            "この資源は見つかりません。",
            hint="一覧を開き直して、もう一度選んでください。",
            facts={"id": id},
        )
    return merge_records(records)


def decide_pair(  # noqa: PLR0913 - a decision has these parts
    store: GraphStore,
    left: str,
    right: str,
    judgement: Judgement,
    *,
    by: str,
    now: datetime,
    vocabulary: Vocabulary,
    note: str | None = None,
) -> Decision:
    """A person's answer to a possible duplicate: the same (left stays) or two different things.

    What the rules had found about the pair stays with the decision; ``note`` is the person's own
    reason.
    """
    run = open_run(store, ImportOptions(actor=by), vocabulary, now)
    decision = make_decision(left, right, judgement, by=by, now=now)
    with store.write(actor=by) as writer, store.read() as view:
        for key in (left, right):
            if view.get(Ref(NodeKind.RESOURCE, key)) is None:
                raise NotFoundError(
                    "この資源は見つかりません。",
                    hint="一覧を開き直して、もう一度選んでください。",
                    facts={"id": key},
                )
        held = view.get(Ref(NodeKind.DECISION, decision.id))
        if held is not None:
            found = from_node(held, Decision)
            decision = replace(decision, reasons=found.reasons, score=found.score)
        decision = replace(decision, note=note)
        same = judgement is Judgement.SAME
        changes = join(view, [(left, right)], run.context) if same else Changes()
        put_decisions(view, [decision], changes)
        changes.apply(writer, run.shared)
    return decision


def undo_decision(
    store: GraphStore,
    key: str,
    *,
    by: str,
    now: datetime,
    vocabulary: Vocabulary,
    to: Judgement = Judgement.DIFFERENT,
) -> Decision:
    """Part what was joined: from now on the two are different, also after re-imports.

    With ``to`` REVIEW the pair waits for a person again.
    """
    run = open_run(store, ImportOptions(actor=by), vocabulary, now)
    with store.write(actor=by) as writer, store.read() as view:
        held = get_decision(view, key)
        same = held.judgement is Judgement.SAME
        changes = part(view, held, run.context) if same else Changes()
        decision = replace(held, judgement=to, by=by, decided_at=now, note=None)
        node = to_node(decision)
        changes.nodes[node.ref] = node
        for name in (held.left, held.right):
            target = Ref(NodeKind.RESOURCE, name)
            if target in changes.nodes or view.get(target) is not None:
                edge = Edge(kind=EdgeKind.CONCERNS, source=node.ref, target=target)
                changes.edges[edge.key] = edge
        changes.apply(writer, run.shared)
    return decision


def _known_cells(changes: Mapping[str, str]) -> dict[str, str]:
    cells = {_LABEL_TO_FIELD.get(name, name): text.strip() for name, text in changes.items()}
    unknown = sorted(name for name in cells if name not in _RESOURCE_FIELDS)
    if unknown:
        raise InputError(
            "台帳にない項目です：" + "、".join(unknown),
            hint="台帳の見出しのとおりの項目名にしてください（docs/reference/ledger.md）。",
            code="unknown_field",
            facts={"fields": unknown},
        )
    if cells.get("name") == "":
        raise InputError("名称は空にできません。", hint="名称を入れてください。", code="no_name")
    return cells


def _say(
    store: GraphStore,
    key: str,
    cells: Mapping[str, str],
    *,
    by: str,
    now: datetime,
    vocabulary: Vocabulary,
) -> Resource:
    run = open_run(store, ImportOptions(actor=by), vocabulary, now)
    ref = Ref(NodeKind.RESOURCE, key)
    with store.write(actor=by) as writer, store.read() as view:
        records = records_of(view, [ref])[ref]
        before = next((r for r in records if r.id == record_id(PERSON, key)), None)
        node = view.get(ref)
        if node is None and not cells.get("name"):
            raise NotFoundError(
                "この資源は見つかりません。",
                hint="一覧を開き直して、もう一度選んでください。",
                facts={"id": key},
            )
        if not records and node is not None:
            cells = {"name": str(node.props["name"]), **cells}
        said = said_in(before).with_fields(cells, by=by, now=now)
        record = person_record(key, before, said, by=by, now=now)
        others = [r for r in records if r is not before]
        with_record(view, ref, others, record, run.context).apply(writer, run.shared)
    with store.read() as view:
        found = view.get(ref)
    if found is None:  # 書いた直後に消えることはないが、型のために確かめる。
        raise NotFoundError("この資源は見つかりません。", facts={"id": key})
    return from_node(found, Resource)
