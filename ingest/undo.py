"""Takes back the last import: records it made go, records it changed are as before.

Things are then made again from the records that are left, so edits by people and other sources
stay. Areas, contacts and programmes are taken back the same way.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from graph.errors import NotFoundError
from graph.model.codec import from_node, to_node
from graph.model.element import EdgeKind, NodeKind, Ref
from graph.model.provenance import SourceRecord
from graph.store import Direction, GraphStore, View
from graph.vocabulary.protocol import Vocabulary
from ingest.change import Changes, compose, held_edges, lonely_facilities
from ingest.change import records_of as all_records_of
from ingest.dataset import REGISTRY
from ingest.gazetteer_store import DATASET as GAZETTEER
from ingest.history import BATCHES, last_import, marked_undone
from ingest.options import ImportOptions
from ingest.previous import restored
from ingest.records import (
    PERSON,
    decode_fields,
    digest_of,
    encode_fields,
    merge_records,
    record_ref,
)
from ingest.run import Run, open_run

_AT_ONCE = 2000
_NAMED = 100
_DECISIONS = (NodeKind.DECISION,)


def last_batch(view: View) -> str | None:
    """The newest import that is still in force; ``None`` in a store without imports."""
    found = last_import(view)
    return found.batch if found is not None else None


def undo_import(
    store: GraphStore, batch: str, *, by: str, now: datetime, vocabulary: Vocabulary
) -> int:
    """Take back an import; gives how many rows that touched.

    Raises NotFoundError when the import is unknown or a later one has touched all its rows.
    """
    run = open_run(store, ImportOptions(actor=by), vocabulary, now)
    with store.read() as view:
        records = records_of_batch(view, batch)
        entry = view.get(Ref(NodeKind.SOURCE_RECORD, f"{BATCHES}#{batch}"))
        newest = last_batch(view)
    rows = [record for record in records if record.dataset not in (REGISTRY, GAZETTEER)]
    if not records or batch != newest:
        raise NotFoundError(
            "取り消せる取込が見つかりません。",
            hint="取込の一覧から、いちばん新しい取込を選んでください。",
            facts={"batch": batch},
        )
    for start in range(0, len(rows), _AT_ONCE):
        with store.write(actor=by) as writer, store.read() as view:
            _take_back(view, rows[start : start + _AT_ONCE], run).apply(writer, run.shared)
    _forget(run, [r for r in records if r.dataset in (REGISTRY, GAZETTEER)], by)
    if entry is not None:
        past = marked_undone(from_node(entry, SourceRecord), by=by, now=now)
        with store.write(actor=by) as writer:
            writer.put([to_node(past)])
    return len(rows)


def records_of_batch(view: View, batch: str) -> list[SourceRecord]:
    """The source records that an import wrote last, without the entry in the list of imports."""
    found = (from_node(n, SourceRecord) for n in view.find(NodeKind.SOURCE_RECORD, "batch", batch))
    return [record for record in found if record.dataset != BATCHES]


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoing:
    """What taking an import back would do: rows that go, rows as they were, marks that go.

    ``gone`` and ``back`` name the first of them, ``edits`` what people changed of the things the
    import touched: those edits stay.
    """

    made: int
    restored: int
    unmarked: int
    gone: tuple[str, ...]
    back: tuple[str, ...]
    edits: tuple[tuple[str, str, tuple[str, ...]], ...]


def what_goes(view: View, batch: str) -> Undoing:
    """Tell what :func:`undo_import` would do, without doing it."""
    rows = [r for r in records_of_batch(view, batch) if r.dataset not in (REGISTRY, GAZETTEER)]
    before = {row.id: restored(row) for row in rows}
    made = [row for row in rows if before[row.id] is None]
    marked = [row for row in rows if row.missing_since and before[row.id] is not None]
    changed = [row for row in rows if before[row.id] is not None and not row.missing_since]
    return Undoing(
        made=len(made),
        restored=len(changed),
        unmarked=len(marked),
        gone=_names(view, made[:_NAMED]),
        back=_names(view, [*changed, *marked][:_NAMED]),
        edits=tuple(_edits(view, set(before))),
    )


def _names(view: View, rows: list[SourceRecord]) -> tuple[str, ...]:
    found = view.neighbours([record_ref(r) for r in rows], (EdgeKind.ASSERTS,), Direction.OUT)
    return tuple(dict.fromkeys(str(node.props.get("name", "")) for _, node in found))


def _edits(view: View, batch: set[str]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """People's edits of things that the import touched: id, name and the fields."""
    people = (
        from_node(n, SourceRecord) for n in view.find(NodeKind.SOURCE_RECORD, "dataset", PERSON)
    )
    while some := {record_ref(r): r for r in itertools.islice(people, _AT_ONCE)}:
        targets = {
            edge.source: node
            for edge, node in view.neighbours(list(some), (EdgeKind.ASSERTS,), Direction.OUT)
        }
        refs = list(dict.fromkeys(node.ref for node in targets.values()))
        touched = {
            ref
            for ref, held in all_records_of(view, refs).items()
            if any(r.id in batch for r in held)
        }
        for source, node in targets.items():
            if node.ref in touched:
                fields, _ = decode_fields(some[source].fields)
                yield node.id, str(node.props.get("name", "")), tuple(fields)


def _take_back(view: View, rows: list[SourceRecord], run: Run) -> Changes:
    changes = Changes()
    refs = [record_ref(row) for row in rows]
    touched: dict[Ref, None] = {}
    for _, node in view.neighbours(refs, (EdgeKind.ASSERTS,), Direction.OUT):
        touched[node.ref] = None
    now_held: dict[str, SourceRecord | None] = {row.id: restored(row) for row in rows}
    for row in rows:
        before = now_held[row.id]
        if before is None:
            changes.gone[record_ref(row)] = None
        else:
            changes.nodes[record_ref(row)] = to_node(before)
    edges = held_edges(view, list(touched))
    for ref, records in all_records_of(view, list(touched)).items():
        kept = [held for r in records if (held := now_held.get(r.id, r)) is not None]
        if kept:
            kept = _named(view, ref, kept, changes)
            built, _ = compose(ref, kept, run.context)
            changes.add(built, edges[ref])
        else:
            changes.gone[ref] = None
            changes.stale.update({edge.key: edge for edge in edges[ref]})
            for edge, node in view.neighbours([ref], (EdgeKind.CONCERNS,), Direction.IN):
                if node.kind in _DECISIONS and edge.target == ref:
                    changes.gone[node.ref] = None
    lonely_facilities(view, changes)
    return changes


def _named(view: View, ref: Ref, kept: list[SourceRecord], changes: Changes) -> list[SourceRecord]:
    """Give a person's edit of something the import had brought the name it was made under."""
    node = view.get(ref)
    if node is None or merge_records(kept).cells.get("name"):
        return kept
    first = kept[0]
    fields, extra = decode_fields(first.fields)
    said = {"name": str(node.props["name"]), **{k: v for k, v in fields.items() if k != "name"}}
    named = replace(first, fields=encode_fields(said, extra), digest=digest_of(said, extra))
    changes.nodes[record_ref(named)] = to_node(named)
    return [named, *kept[1:]]


def _forget(run: Run, listed: list[SourceRecord], by: str) -> None:
    """The list of sources and the gazetteer are as before."""
    before = {record_ref(record): restored(record) for record in listed}
    with run.store.write(actor=by) as writer:
        writer.put([to_node(record) for record in before.values() if record is not None])
        writer.delete([ref for ref, record in before.items() if record is None])
