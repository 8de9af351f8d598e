"""Which source a table is an edition of, so that a re-import is known as one."""

import json
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from graph.model.codec import canonical_json, from_node, to_node
from graph.model.element import Node, NodeKind
from graph.model.provenance import SourceRecord
from graph.store import View
from ingest.mapping import Mapping, bind
from ingest.reader import Table
from ingest.records import digest_of
from ingest.rows import Ready, RowReader
from ingest.source import Source

#: 取り込みそのものの記録（出典の一覧。取込の一覧は ingest/history.py）。
REGISTRY = "tsunagu:datasets"
SHARED_ROWS = 0.6
KEPT_SAMPLE = 400


def dataset_name(mapping: Mapping, source: Source, sheet: str | None) -> str:
    """Name of the source a table comes from.

    A mapping may name it (its rows then may say more, see ``Bound.dataset``); else it is the
    mapping with the folder and name of the file.
    """
    if mapping.dataset is not None:
        return mapping.dataset
    return f"{mapping.key}:{file_name(source, sheet)}"


def file_name(source: Source, sheet: str | None) -> str:
    """Folder and name of a file, with its sheet."""
    parts = source.shown.replace("\\", "/").split("/")
    name = unicodedata.normalize("NFKC", "/".join(parts[-2:]))
    return f"{name}#{sheet}" if sheet else name


def registry_record(
    dataset: str, mapping: Mapping, keys: Sequence[str], batch: str, now: datetime
) -> SourceRecord:
    """The entry of a dataset in the list of sources: mapping, number of rows, a sample of keys."""
    step = max(1, len(keys) // KEPT_SAMPLE)
    plain = sorted(key.removeprefix(f"{dataset}#") for key in keys)
    fields = {"mapping": mapping.key, "rows": str(len(keys)), "kind": mapping.kind.value}
    cells = canonical_json({"keys": plain[::step]})
    return SourceRecord(
        id=f"{REGISTRY}#{dataset}",
        dataset=REGISTRY,
        record_key=dataset,
        digest=digest_of({**fields, "keys": cells}, {}),
        cells=cells,
        fields=canonical_json(fields),
        batch=batch,
        seen_at=now,
    )


def known_datasets(view: View) -> list[SourceRecord]:
    """All sources that were ever imported, ordered by name."""
    return [
        from_node(n, SourceRecord) for n in view.find(NodeKind.SOURCE_RECORD, "dataset", REGISTRY)
    ]


class Editions:
    """Known sources, to recognise a new edition under another file name by the rows it shares."""

    def __init__(self, known: Sequence[SourceRecord] = ()) -> None:
        self._known = {record.record_key: record for record in known}
        self._taken: set[str] = set()

    def of(self, name: str, mapping: Mapping, table: Table) -> str | None:
        """The known source whose sampled rows the table mostly holds; ``None`` for a new one."""
        self._taken.add(name)
        if name in self._known:
            return name
        rivals = {
            key: set(json.loads(record.cells)["keys"])
            for key, record in self._known.items()
            if key not in self._taken and json.loads(record.fields)["mapping"] == mapping.key
        }
        if not rivals:
            return None
        held = _keys(mapping, table)
        shares = {key: len(sample & held) / max(len(sample), 1) for key, sample in rivals.items()}
        best = max(shares, key=lambda key: shares[key])
        if shares[best] < SHARED_ROWS:
            return None
        self._taken.add(best)
        return best


def _keys(mapping: Mapping, table: Table) -> set[str]:
    reader = RowReader(table, bind(mapping, table.header), "", "")
    return {outcome.record_key for _, outcome in reader.read() if isinstance(outcome, Ready)}


def unchanged(held: Node | None, record: SourceRecord) -> bool:
    """Whether a registry entry says the same already."""
    return held is not None and held.props.get("digest") == to_node(record).props["digest"]
