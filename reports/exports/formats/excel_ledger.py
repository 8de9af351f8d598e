"""The ledger as an Excel workbook: every cell is text, so that zeros and dates stay as they are."""

from pathlib import Path

import xlsxwriter

from graph.store import GraphStore
from graph.vocabulary.protocol import Vocabulary
from ingest.rejects import safe_cell
from reports.exports.exporter import Exporter
from reports.exports.ledger import ledger_header, ledger_rows

#: Excelの一つのセルに入る文字数の上限。
_LONGEST = 32_767


def write(store: GraphStore, out: Path, vocabulary: Vocabulary, public: bool) -> int:  # noqa: FBT001 - the seam's signature
    """Write the sheet 資源; gives the number of rows."""
    count = 0
    with store.read() as view, xlsxwriter.Workbook(str(out), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("資源")
        bold = book.add_format({"bold": True, "bg_color": "#E6EEF5"})
        plain = book.add_format({"num_format": "@"})
        header = ledger_header(view, public=public)
        for column, label in enumerate(header):
            sheet.write_string(0, column, label, bold)
        sheet.freeze_panes(1, 2)
        for row in ledger_rows(view, header, vocabulary, public=public):
            count += 1
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(count, column, safe_cell(cell)[:_LONGEST], plain)
    return count


EXPORTER = Exporter(key="xlsx", label="台帳（Excel）", suffixes=(".xlsx",), write=write)
