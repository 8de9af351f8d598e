"""Marks what a new edition of a source no longer holds; nothing is deleted.

Done after all files of an import, since one source may come in several files. A file that holds
less than half of what its source held before is taken as a part: nothing is marked, and it is
said so.
"""

from dataclasses import replace

from graph.model.codec import from_node, to_node
from graph.model.element import EdgeKind, NodeKind, Ref
from graph.model.provenance import SourceRecord
from graph.store import Direction, View
from ingest.change import Changes, compose, held_edges, lonely_facilities, records_of
from ingest.dataset import registry_record, unchanged
from ingest.previous import previous_of
from ingest.records import record_ref
from ingest.report import Difference
from ingest.run import Run, Seen

_AT_ONCE = 2000


def mark_vanished(run: Run) -> None:
    """Mark the vanished rows of every source of this import; keep the list of sources."""
    for dataset, seen in run.seen.items():
        with run.store.read() as view:
            absent = _absent(run, dataset, seen, view)
            entry = registry_record(dataset, seen.mapping, list(seen.digests), run.batch, run.now)
            before = view.get(record_ref(entry))
            listed = unchanged(before, entry)
        if before is not None:
            entry = replace(entry, previous=previous_of(from_node(before, SourceRecord)))
        for start in range(0, len(absent), _AT_ONCE):
            _mark(run, seen, absent[start : start + _AT_ONCE])
        partial = seen.file.part or bool(seen.file.warnings.get("partial_file"))
        if run.wrote and not listed and not partial:
            with run.store.write(actor=run.options.actor) as writer:
                writer.put([to_node(entry)])
            run.wrote = True


def _absent(run: Run, dataset: str, seen: Seen, view: View) -> list[SourceRecord]:
    if run.options.whole is False or seen.file.part or not seen.digests:
        return []
    held = 0
    absent: list[SourceRecord] = []
    for node in view.find(NodeKind.SOURCE_RECORD, "dataset", dataset):
        if node.props.get("missing_since") is not None:
            continue
        held += 1
        if node.id not in seen.digests:
            absent.append(from_node(node, SourceRecord))
    if absent and run.options.whole is None and len(absent) * 2 > held:
        seen.file.warnings["partial_file"] = len(absent)
        return []
    return absent


def _mark(run: Run, seen: Seen, absent: list[SourceRecord]) -> None:
    marked = {
        record.id: replace(
            record, missing_since=run.now, batch=run.batch, previous=previous_of(record)
        )
        for record in absent
    }
    seen.file.missing += len(marked)
    if run.options.dry_run:
        with run.store.read() as view:
            _note(run, _targets(view, marked), marked)
        return
    with run.store.write(actor=run.options.actor) as writer, run.store.read() as view:
        targets = _targets(view, marked)
        _note(run, targets, marked)
        changes = Changes()
        for record in marked.values():
            changes.nodes[record_ref(record)] = to_node(record)
        refs = list(dict.fromkeys(targets.values()))
        edges = held_edges(view, refs)
        for ref, records in records_of(view, refs).items():
            built, _ = compose(ref, [marked.get(r.id, r) for r in records], run.context)
            changes.add(built, edges[ref])
        lonely_facilities(view, changes)
        changes.apply(writer, run.shared)
        run.wrote = True


def _targets(view: View, marked: dict[str, SourceRecord]) -> dict[str, Ref]:
    refs = [record_ref(record) for record in marked.values()]
    found = view.neighbours(refs, (EdgeKind.ASSERTS,), Direction.OUT)
    return {edge.source.id: node.ref for edge, node in found}


def _note(run: Run, targets: dict[str, Ref], marked: dict[str, SourceRecord]) -> None:
    run.report.note(
        Difference(id=ref.id, name=marked[key].record_key, action="missing")
        for key, ref in targets.items()
    )
