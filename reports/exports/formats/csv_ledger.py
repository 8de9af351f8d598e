"""The ledger as CSV: UTF-8 with BOM for Excel, cells that can't run as formulas."""

import csv
from pathlib import Path

from graph.store import GraphStore
from graph.vocabulary.protocol import Vocabulary
from ingest.rejects import safe_cell
from reports.exports.exporter import Exporter
from reports.exports.ledger import ledger_header, ledger_rows


def write(store: GraphStore, out: Path, vocabulary: Vocabulary, public: bool) -> int:  # noqa: FBT001 - the seam's signature
    """Write the ledger; gives the number of rows."""
    count = 0
    with store.read() as view, out.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        header = ledger_header(view, public=public)
        writer.writerow(header)
        for row in ledger_rows(view, header, vocabulary, public=public):
            writer.writerow([safe_cell(cell) for cell in row])
            count += 1
    return count


EXPORTER = Exporter(key="csv", label="台帳（CSV）", suffixes=(".csv",), write=write)
