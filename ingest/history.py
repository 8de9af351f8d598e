"""The list of imports: when, by whom, from which files, with what counts; which can be taken back.

Only the newest import can be taken back, once: a source record remembers one state before it.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from graph.model.codec import canonical_json, from_node, to_node
from graph.model.element import NodeKind
from graph.model.provenance import SourceRecord
from graph.store import View
from ingest.dataset import REGISTRY
from ingest.records import digest_of

if TYPE_CHECKING:
    from ingest.run import Run

BATCHES = "tsunagu:batches"
_COUNTS = ("added", "changed", "merged", "missing", "rejected")


@dataclass(frozen=True, slots=True, kw_only=True)
class PastImport:
    """One import that wrote something. ``files``: name, kind, and counts by name."""

    batch: str
    at: datetime | None
    by: str
    files: tuple[tuple[str, str, dict[str, int]], ...]
    undone_at: datetime | None = None
    undone_by: str | None = None

    def total(self, count: str) -> int:
        """Sum of one count over the files."""
        return sum(counts.get(count, 0) for _, _, counts in self.files)


def record_import(run: "Run") -> None:
    """Write the import into the list, if it wrote anything."""
    if not run.wrote:
        return
    files = [
        [PurePath(file.path).name + (f"（{file.sheet}）" if file.sheet else ""), file.mapping or "",
         {name: n for name in _COUNTS if (n := getattr(file, name))}]
        for file in run.report.files if file.error is None
    ]  # fmt: skip
    with run.store.read() as view:
        number = len(_records(view)) + 1
    cells = canonical_json({"number": number, "files": files, "by": run.options.actor})
    record = SourceRecord(
        id=f"{BATCHES}#{run.batch}",
        dataset=BATCHES,
        record_key=run.batch,
        digest=digest_of({"cells": cells}, {}),
        cells=cells,
        fields="{}",
        batch=run.batch,
        seen_at=run.now,
    )
    with run.store.write(actor=run.options.actor) as writer:
        writer.put([to_node(record)])


def history(view: View) -> list[PastImport]:
    """All imports that wrote something, newest first."""
    newest = sorted(_records(view), key=lambda r: int(json.loads(r.cells)["number"]), reverse=True)
    return [_past(record) for record in newest]


def last_import(view: View) -> PastImport | None:
    """The newest import while it can still be taken back."""
    past = history(view)
    if past:
        return past[0] if past[0].undone_at is None else None
    # この一覧ができる前の版で取り込んだ保存先では、出典の一覧から分かる。
    names = {str(n.props["batch"]) for n in view.find(NodeKind.SOURCE_RECORD, "dataset", REGISTRY)}
    newest = max(names, default=None)
    return PastImport(batch=newest, at=None, by="", files=()) if newest else None


def marked_undone(record: SourceRecord, *, by: str, now: datetime) -> SourceRecord:
    """The entry of an import that was taken back; it stays in the list."""
    cells: dict[str, Any] = json.loads(record.cells)
    cells |= {"undone_at": now.isoformat(), "undone_by": by}
    return replace(record, cells=canonical_json(cells))


def _records(view: View) -> list[SourceRecord]:
    found = view.find(NodeKind.SOURCE_RECORD, "dataset", BATCHES)
    return [from_node(node, SourceRecord) for node in found]


def _past(record: SourceRecord) -> PastImport:
    cells = json.loads(record.cells)
    undone = cells.get("undone_at")
    return PastImport(
        batch=record.batch,
        at=record.seen_at,
        by=cells["by"],
        files=tuple((name, mapping, counts) for name, mapping, counts in cells["files"]),
        undone_at=datetime.fromisoformat(undone) if undone else None,
        undone_by=cells.get("undone_by"),
    )
