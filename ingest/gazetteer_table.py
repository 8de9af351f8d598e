"""Brings a table of town names and points (住所辞書) into the store."""

from collections import Counter
from dataclasses import replace

from graph.model.codec import from_node, to_node
from graph.model.element import NodeKind
from graph.model.provenance import SourceRecord
from ingest.gazetteer import TownRow
from ingest.gazetteer_store import gazetteer_records
from ingest.mapping import bind
from ingest.previous import previous_of
from ingest.row_marks import Fault
from ingest.rows import RowReader
from ingest.run import Run
from ingest.table import Job

_NO_POINT = Fault(
    "no_point", "市区町村名か緯度・経度がありません。町の名と緯度・経度のある行にしてください。"
)


def import_gazetteer(run: Run, job: Job) -> None:
    """Read all rows, compare municipality by municipality, write those that differ."""
    reader = RowReader(job.table, bind(job.mapping, job.table.header), job.file.path, job.dataset)
    rows: list[TownRow] = []
    file = job.file
    for row in job.table.rows():
        file.read += 1
        if not any(cell.strip() for cell in row.cells):
            file.blank += 1
            continue
        town = TownRow.read(reader.bound.read(row.cells))
        if town is None:
            file.rejected += 1
            run.report.rejects.append(reader.reject(row, _NO_POINT))
        else:
            rows.append(town)
    file.warnings.update(job.table.notes)
    _write(run, job, rows)


def _write(run: Run, job: Job, rows: list[TownRow]) -> None:
    counts = Counter((row.prefecture, row.city) for row in rows)
    records = gazetteer_records(rows, run.batch, run.now)
    with run.store.read() as view:
        held = {
            node.id: node
            for node in view.get_many(NodeKind.SOURCE_RECORD, [r.id for r in records.values()])
        }
    fresh = []
    for key, record in records.items():
        before = held.get(record.id)
        if before is None:
            job.file.added += counts[key]
            fresh.append(record)
        elif before.props["digest"] == record.digest:
            job.file.unchanged += counts[key]
        else:
            job.file.changed += counts[key]
            fresh.append(replace(record, previous=previous_of(from_node(before, SourceRecord))))
    if fresh and not run.options.dry_run:
        with run.store.write(actor=run.options.actor) as writer:
            writer.put([to_node(record) for record in fresh])
        run.wrote = True
