"""Which source a table is an edition of, so that a re-import is known as one."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from graph.model.codec import canonical_json, from_node, to_node
from graph.model.element import Node, NodeKind
from graph.model.provenance import SourceRecord
from graph.store import View
from ingest.mapping import Mapping
from ingest.records import digest_of
from ingest.source import Source

#: 取り込みそのものの記録（出典の一覧と、取込の一覧）。
REGISTRY = "tsunagu:datasets"
BATCHES = "tsunagu:batches"
SHARED_ROWS = 0.6
KEPT_SAMPLE = 400
_HOLE = re.compile(r"\{([^{}]+)\}")


def dataset_name(mapping: Mapping, source: Source, sheet: str | None, code: str | None) -> str:
    """Name of the source a table comes from.

    A mapping may name it (with ``{code}`` for the municipality); else it is the mapping with the
    folder and name of the file.
    """
    if mapping.dataset is not None:
        return _HOLE.sub(lambda m: (code or "") if m[1] == "code" else m[0], mapping.dataset)
    return f"{mapping.key}:{file_name(source, sheet)}"


def file_name(source: Source, sheet: str | None) -> str:
    """Folder and name of a file, with its sheet."""
    parts = source.shown.replace("\\", "/").split("/")
    name = unicodedata.normalize("NFKC", "/".join(parts[-2:]))
    return f"{name}#{sheet}" if sheet else name


def most_common(values: Sequence[str]) -> str | None:
    """The value most rows have."""
    counted = Counter(value for value in values if value)
    return counted.most_common(1)[0][0] if counted else None


def registry_record(
    dataset: str, mapping: Mapping, keys: Sequence[str], batch: str, now: datetime
) -> SourceRecord:
    """The entry of a dataset in the list of sources: mapping, number of rows, a sample of keys."""
    step = max(1, len(keys) // KEPT_SAMPLE)
    fields = {"mapping": mapping.key, "rows": str(len(keys)), "kind": mapping.kind.value}
    cells = canonical_json({"keys": sorted(keys)[::step]})
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


def unchanged(held: Node | None, record: SourceRecord) -> bool:
    """Whether a registry entry says the same already."""
    return held is not None and held.props.get("digest") == to_node(record).props["digest"]
