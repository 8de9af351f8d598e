"""Takes back the last import: records it made go, records it changed are as before.

Things are then made again from the records that are left, so edits by people and other sources
stay. Areas, contacts and programmes are taken back the same way.
"""

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
from ingest.options import ImportOptions
from ingest.previous import restored
from ingest.records import record_ref
from ingest.run import Run, open_run

_AT_ONCE = 2000
_DECISIONS = (NodeKind.DECISION,)


def last_batch(view: View) -> str | None:
    """The newest import that is still in force; ``None`` in a store without imports."""
    names = {
        str(node.props["batch"]) for node in view.find(NodeKind.SOURCE_RECORD, "dataset", REGISTRY)
    }
    return max(names, default=None)


def undo_import(
    store: GraphStore, batch: str, *, by: str, now: datetime, vocabulary: Vocabulary
) -> int:
    """Take back an import; gives how many rows that touched.

    Raises NotFoundError when the import is unknown or a later one has touched all its rows.
    """
    run = open_run(store, ImportOptions(actor=by), vocabulary, now)
    with store.read() as view:
        records = [
            from_node(node, SourceRecord)
            for node in view.find(NodeKind.SOURCE_RECORD, "batch", batch)
        ]
    rows = [record for record in records if record.dataset not in (REGISTRY, GAZETTEER)]
    if not records:
        raise NotFoundError(
            "取り消せる取込が見つかりません。",
            hint="取込の一覧から、いちばん新しい取込を選んでください。",
            facts={"batch": batch},
        )
    for start in range(0, len(rows), _AT_ONCE):
        with store.write(actor=by) as writer, store.read() as view:
            _take_back(view, rows[start : start + _AT_ONCE], run).apply(writer, run.shared)
    _forget(run, [r for r in records if r.dataset in (REGISTRY, GAZETTEER)], by)
    return len(rows)


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


def _forget(run: Run, listed: list[SourceRecord], by: str) -> None:
    """The list of sources and the gazetteer are as before."""
    before = {record_ref(record): restored(record) for record in listed}
    with run.store.write(actor=by) as writer:
        writer.put([to_node(record) for record in before.values() if record is not None])
        writer.delete([ref for ref, record in before.items() if record is None])
