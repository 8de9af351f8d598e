"""Brings one table into the store: compares with what is there, writes only what differs."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from graph.model.codec import from_node, to_node
from graph.model.element import NodeKind, Ref
from graph.model.provenance import SourceRecord
from graph.store import View
from ingest.area_rows import complete_area, join_parts
from ingest.change import (
    Changes,
    compose,
    held_edges,
    lonely_facilities,
    records_of,
)
from ingest.differences import differences
from ingest.mapping import Mapping, bind
from ingest.matching_entities import Identities
from ingest.planned import parts_of_built
from ingest.previous import previous_of
from ingest.reader import Row, Table
from ingest.records import digest_of, merge_records, person_conflicts
from ingest.relink import LATER
from ingest.report import Difference, FileReport
from ingest.row_marks import Fault
from ingest.rows import BLANK, Ready, RowReader
from ingest.run import Run, Seen
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
        self._bound = bind(job.mapping, job.table.header)
        self._new: set[str] = set()

    def execute(self) -> None:
        """Read, compare and write all rows; then mark what has vanished."""
        reader = self._reader()
        # 全体を一度読み、読めないファイルなら何も書かないうちに断る。
        total = sum(1 for _ in reader.table.rows())
        self.run.progress(self.job.file.path, 0, total)
        reader = self._reader()
        ready = self._ready(reader)
        if self.kind in (Kind.AREAS, Kind.POPULATION):
            ready = iter(self._joined(ready))
        while chunk := list(itertools.islice(ready, ROWS_AT_ONCE)):
            self._chunk(chunk)
            self.run.progress(self.job.file.path, min(reader.given, total), total)
        self._finish()

    def _reader(self) -> RowReader:
        job = self.job
        forced = self.run.options.dataset is not None
        return RowReader(job.table, self._bound, job.file.path, job.dataset, forced=forced)

    def _ready(self, reader: RowReader) -> Iterator[Ready]:
        file = self.job.file
        for row, outcome in reader.read():
            file.read += 1
            if isinstance(outcome, Ready):
                yield self._completed(outcome)
            else:
                self._set_aside(reader, row, outcome)
        if reader.dittos:
            file.warnings["ditto_filled"] = reader.dittos

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
        if self.kind in (Kind.AREAS, Kind.POPULATION):
            return complete_area(ready)
        if self.kind is not Kind.RESOURCES or not self.job.mapping.area_default:
            return ready
        if ready.cells.get("area") or not self.run.options.municipality:
            return ready
        if self.run.context.municipality is None:
            self.job.file.warnings["municipality_not_stored"] += 1
            return ready
        cells = {**ready.cells, "area": self.run.context.municipality_name()}
        return replace(ready, cells=cells, digest=digest_of(cells, ready.extra))

    def _joined(self, ready: Iterable[Ready]) -> list[Ready]:
        joined, parts = join_parts(ready)
        self.job.file.merged += parts
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
        records = [item.record(run.batch, self.job.mapping.rank, run.now) for item in chunk]
        chunk, records = self._first_seen(chunk, records)
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
        said = {record.id: item for item, record in [*fresh, *changed]}
        self._new = {record.id for _, record in fresh}
        by_id = {record.id: record for _, record in [*fresh, *changed]}
        return self._compose(by_id, targets, view, said)

    def _seen(self, dataset: str) -> Seen:
        if dataset not in self.run.seen:
            self.run.seen[dataset] = Seen(self.job.mapping, self.job.file)
        return self.run.seen[dataset]

    def _first_seen(
        self, chunk: list[Ready], records: list[SourceRecord]
    ) -> tuple[list[Ready], list[SourceRecord]]:
        """Leave out rows that an earlier file of the same source has given in this import."""
        kept: list[tuple[Ready, SourceRecord]] = []
        for item, record in zip(chunk, records, strict=True):
            seen = self._seen(item.dataset)
            before = seen.digests.setdefault(record.id, record.digest)
            if before is record.digest:  # この行がはじめて入れた値そのもの
                kept.append((item, record))
                continue
            self.job.file.merged += 1
            if before != record.digest:
                self.job.file.warnings["same_key_in_earlier_file"] += 1
        return [item for item, _ in kept], [record for _, record in kept]

    def _compose(
        self,
        records: dict[str, SourceRecord],
        targets: dict[str, Ref],
        view: View,
        said: dict[str, Ready],
    ) -> Changes:
        run = self.run
        changes = Changes()
        there = [ref for ref in dict.fromkeys(targets.values()) if self.identities.known(ref)]
        existing = records_of(view, there)
        targets = self._with_news(targets, existing, said)
        touched = dict.fromkeys(targets.values())
        edges = held_edges(view, [ref for ref in touched if self.identities.known(ref)])
        by_target: dict[Ref, dict[str, SourceRecord]] = {
            ref: {record.id: record for record in existing.get(ref, ())} for ref in touched
        }
        for key, target in targets.items():
            by_target[target][key] = records[key]
            changes.nodes[Ref(NodeKind.SOURCE_RECORD, key)] = to_node(records[key])
            edge = self.identities.asserts(records[key], target)
            changes.edges[edge.key] = edge
        for ref, all_records in by_target.items():
            built, merged = compose(ref, all_records.values(), run.context)
            self.job.file.warnings.update(w for w in built.warnings if w not in LATER)
            self._kept(
                ref,
                merged.cells.get("name", ""),
                person_conflicts(merged, list(all_records.values())),
            )
            old = existing.get(ref) if self.identities.known(ref) else None
            run.report.note(differences(ref, merge_records(old) if old else None, merged))
            changes.add(built, edges.get(ref, ()))
            if ref.id in run.added and run.options.duplicates:
                run.planned[ref.id] = parts_of_built(built)
            self.identities.remember(ref)
        lonely_facilities(view, changes)
        return changes

    def _with_news(
        self,
        targets: dict[str, Ref],
        existing: dict[Ref, list[SourceRecord]],
        said: dict[str, Ready],
    ) -> dict[str, Ref]:
        """Leave out rows that say exactly what is already known of their thing.

        So a ledger that was exported comes back without a trace, also where its rows had come
        from other sources or from people.
        """
        if not self.job.mapping.own_id:
            return targets
        merged = {ref: merge_records(held) for ref, held in existing.items() if held}
        news: dict[str, Ref] = {}
        for key, ref in targets.items():
            for record in existing.get(ref, ()):
                # IDのない行が、書き出した台帳でIDの付いた行として戻ってきたとき、消えた行とはみない。
                if record.dataset == said[key].dataset:
                    self._seen(record.dataset).digests.setdefault(record.id, record.digest)
            if ref in merged and said[key].repeats(merged[ref], self._bound):
                self.job.file.unchanged += 1
                if key in self._new:
                    self.job.file.merged -= 1
                else:
                    self.job.file.changed -= 1
            else:
                news[key] = ref
        return news

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
        if file.added or file.changed or file.merged:
            areas = self.kind in (Kind.AREAS, Kind.POPULATION)
            run.areas_changed |= areas
            run.stale |= areas
            run.contacts_changed |= self.kind is Kind.CONTACTS
