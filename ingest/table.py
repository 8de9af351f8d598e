"""Brings one table into the store: compares with what is there, writes only what differs."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from graph.model.codec import canonical_json, from_node, to_node
from graph.model.element import NodeKind, Ref
from graph.model.provenance import SourceRecord
from graph.store import View
from ingest.build_area import union_geometries
from ingest.change import (
    NODE_OF_KIND,
    Changes,
    compose,
    held_edges,
    lonely_facilities,
    records_of,
)
from ingest.dataset import REGISTRY, registry_record, unchanged
from ingest.differences import differences
from ingest.mapping import Mapping, bind
from ingest.matching_entities import Identities
from ingest.reader import Row, Table
from ingest.records import asserts, digest_of, person_conflicts, record_id, stable_id
from ingest.report import Difference, FileReport
from ingest.rows import BLANK, Fault, Ready, RowReader
from ingest.run import Run
from ingest.schema import Kind

#: これより少ない行のファイルは、全部まとめて一度に書く（途中までの取り込みを残さない）。
ROWS_AT_ONCE = 5000


@dataclass
class Job:
    """One table to import."""

    table: Table
    mapping: Mapping
    dataset: str
    file: FileReport


class TableImport:
    """The import of one table."""

    def __init__(self, run: Run, job: Job) -> None:
        self.run = run
        self.job = job
        self.kind = job.mapping.kind
        self.identities = Identities(run, job)
        self.keys: list[str] = []

    def execute(self) -> None:
        """Read, compare and write all rows; then mark what has vanished."""
        reader = RowReader(
            self.job.table, bind(self.job.mapping, self.job.table.header), self.job.file.path
        )
        for row, _ in reader.read():  # 全体を一度読み、読めないファイルなら何も書かないうちに断る。
            del row
        reader = RowReader(reader.table, reader.bound, reader.path)
        ready = self._ready(reader)
        if self.kind in (Kind.AREAS, Kind.POPULATION):
            ready = iter(self._joined(ready))
        done = 0
        while chunk := list(itertools.islice(ready, ROWS_AT_ONCE)):
            self._chunk(chunk)
            done += len(chunk)
            self.run.progress(self.job.file.path, done, None)
        self._finish()

    def _ready(self, reader: RowReader) -> Iterator[Ready]:
        file = self.job.file
        for row, outcome in reader.read():
            file.read += 1
            if isinstance(outcome, Ready):
                yield self._completed(outcome)
            else:
                self._set_aside(reader, row, outcome)

    def _set_aside(self, reader: RowReader, row: Row, fault: Fault) -> None:
        file = self.job.file
        if fault is BLANK:
            file.blank += 1
        elif fault.code == "repeated":
            file.merged += 1
        else:
            file.rejected += 1
            self.run.report.rejects.append(reader.reject(row, fault))

    def _completed(self, ready: Ready) -> Ready:
        """Fill the area of open data that names none: its own municipality."""
        if self.kind is not Kind.RESOURCES or not self.job.mapping.area_default:
            return ready
        if ready.cells.get("area") or not self.run.options.municipality:
            return ready
        cells = {
            **ready.cells,
            "area": self.run.context.municipality or self.run.options.municipality,
        }
        return replace(ready, cells=cells, digest=digest_of(cells, ready.extra))

    def _joined(self, ready: Iterable[Ready]) -> list[Ready]:
        """Rows of one area (islands, parts) as one."""
        groups: dict[str, list[Ready]] = {}
        for item in ready:
            groups.setdefault(item.record_key, []).append(item)
        joined: list[Ready] = []
        for items in groups.values():
            first = items[0]
            self.job.file.merged += len(items) - 1
            if len(items) > 1:
                cells = dict(first.cells)
                for item in items[1:]:
                    cells = {**item.cells, **cells}
                shapes = [i.cells["geometry"] for i in items if i.cells.get("geometry")]
                if shapes:
                    cells["geometry"] = union_geometries(shapes)
                first = replace(first, cells=cells, digest=digest_of(cells, first.extra))
            joined.append(first)
        names = self.run.context.new_areas
        for item in joined:
            key = self.identities.own_ref(item).id
            for word in {key, item.cells["name"]}:
                names.setdefault(word, []).append(key)
        return joined

    def _chunk(self, chunk: list[Ready]) -> None:
        run = self.run
        if run.options.dry_run:
            with run.store.read() as view:
                self._plan(chunk, view)
            return
        with run.store.write(actor=run.options.actor) as writer, run.store.read() as view:
            changes = self._plan(chunk, view)
            if changes:
                changes.apply(writer, run.shared)
                run.wrote = True

    def _plan(self, chunk: list[Ready], view: View) -> Changes:
        """Compare rows with their source records; compose what they touch."""
        run, file = self.run, self.job.file
        records = [
            item.record(self.job.dataset, run.batch, self.job.mapping.rank, run.now)
            for item in chunk
        ]
        self.keys.extend(record.id for record in records)
        held = {
            node.id: from_node(node, SourceRecord)
            for node in view.get_many(NodeKind.SOURCE_RECORD, [r.id for r in records])
        }
        fresh: list[tuple[Ready, SourceRecord]] = []
        changed: list[tuple[Ready, SourceRecord]] = []
        for item, record in zip(chunk, records, strict=True):
            before = held.get(record.id)
            if before is None:
                fresh.append((item, record))
            elif before.digest == record.digest and before.missing_since is None:
                file.unchanged += 1
            else:
                changed.append((item, replace(record, previous=previous_of(before))))
        file.changed += len(changed)
        targets = self.identities.of_fresh(fresh, view)
        targets |= self.identities.of_changed([record for _, record in changed], view)
        return self._compose({record.id: record for _, record in [*fresh, *changed]}, targets, view)

    def _compose(
        self, records: dict[str, SourceRecord], targets: dict[str, Ref], view: View
    ) -> Changes:
        run = self.run
        changes = Changes()
        touched = dict.fromkeys(targets.values())
        existing = records_of(view, [ref for ref in touched if self.identities.known(ref)])
        edges = held_edges(view, [ref for ref in touched if self.identities.known(ref)])
        by_target: dict[Ref, dict[str, SourceRecord]] = {
            ref: {record.id: record for record in existing.get(ref, ())} for ref in touched
        }
        for key, target in targets.items():
            by_target[target][key] = records[key]
            changes.nodes[Ref(NodeKind.SOURCE_RECORD, key)] = to_node(records[key])
            edge = asserts(records[key], target)
            changes.edges[edge.key] = edge
        for ref, all_records in by_target.items():
            built, merged = compose(ref, all_records.values(), run.context)
            self.job.file.warnings.update(built.warnings)
            self._kept(
                ref,
                merged.cells.get("name", ""),
                person_conflicts(merged, list(all_records.values())),
            )
            run.report.note(differences(view, built, new=not self.identities.known(ref)))
            changes.add(built, edges.get(ref, ()))
            self.identities.remember(ref)
        lonely_facilities(view, changes)
        return changes

    def _kept(self, ref: Ref, name: str, conflicts: Iterable[object]) -> None:
        for conflict in conflicts:
            self.job.file.warnings["person_edit_kept"] += 1
            self.run.report.note(
                [
                    Difference(
                        id=ref.id,
                        name=name,
                        action="kept",
                        field=getattr(conflict, "field", None),
                        before=getattr(conflict, "kept", None),
                        after=getattr(conflict, "offered", None),
                    )
                ]
            )

    def _finish(self) -> None:
        run, file = self.run, self.job.file
        file.warnings.update(self.job.table.notes)
        with run.store.read() as view:
            entry = registry_record(
                self.job.dataset, self.job.mapping, self.keys, run.batch, run.now
            )
            held = view.get(Ref(NodeKind.SOURCE_RECORD, entry.id))
            vanished = self._vanished(view)
        if vanished:
            self._mark(vanished)
        if not run.options.dry_run and not unchanged(held, entry) and self.keys:
            with run.store.write(actor=run.options.actor) as writer:
                writer.put([to_node(entry)])
        run.datasets.add(self.job.dataset)
        if file.added or file.changed or vanished:
            run.areas_changed |= self.kind in (Kind.AREAS, Kind.POPULATION)
            run.contacts_changed |= self.kind is Kind.CONTACTS

    def _vanished(self, view: View) -> list[SourceRecord]:
        """Records of this source that this edition no longer holds."""
        if self.run.options.whole is False or not self.keys:
            return []
        now_held = set(self.keys)
        records = 0
        absent: list[SourceRecord] = []
        for node in view.find(NodeKind.SOURCE_RECORD, "dataset", self.job.dataset):
            if node.props.get("missing_since") is not None:
                continue
            records += 1
            if node.id not in now_held:
                absent.append(from_node(node, SourceRecord))
        # 半分より多くが消えるときは、一部だけのファイルとみて印を付けない。
        if absent and self.run.options.whole is None and len(absent) * 2 > records:
            self.job.file.warnings["partial_file"] = len(absent)
            return []
        return absent

    def _mark(self, vanished: list[SourceRecord]) -> None:
        run = self.run
        self.job.file.missing = len(vanished)
        marked = [
            replace(record, missing_since=run.now, batch=run.batch, previous=previous_of(record))
            for record in vanished
        ]
        with run.store.read() as view:
            targets = self.identities.of_changed(marked, view)
            run.report.note(
                Difference(id=ref.id, name=record.record_key, action="missing")
                for record in marked
                if (ref := targets.get(record.id)) is not None
            )
        if run.options.dry_run:
            return
        with run.store.write(actor=run.options.actor) as writer, run.store.read() as view:
            changes = self._compose({record.id: record for record in marked}, targets, view)
            changes.apply(writer, run.shared)
            run.wrote = True


def previous_of(record: SourceRecord) -> str:
    """What an undo has to put back."""
    return canonical_json(
        {
            "digest": record.digest,
            "cells": record.cells,
            "fields": record.fields,
            "batch": record.batch,
            "rank": record.rank,
            "seen_at": record.seen_at.isoformat() if record.seen_at else None,
            "missing_since": record.missing_since.isoformat() if record.missing_since else None,
        }
    )


def entity_ref(kind: Kind, dataset: str, item: Ready) -> Ref:
    """The id a row gives what it is about."""
    node = NODE_OF_KIND[kind]
    if item.own_id is not None:
        return Ref(node, item.own_id)
    return Ref(node, stable_id(dataset, item.record_key))


__all__ = ["REGISTRY", "Job", "TableImport", "entity_ref", "previous_of", "record_id"]
