"""CSV: the counted cells, with BOM so that Excel reads Japanese."""

import csv
import io

from matching.gaps.report import GapReport
from reports.cells import safe_cell
from reports.tables import tables
from reports.writer import GapWriter


def render(report: GapReport) -> bytes:
    """The first table of the report; a withheld count reads 「N未満」."""
    table = tables(report)[0]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.head)
    for row in table.rows:
        writer.writerow(
            [f"{report.threshold}未満等" if cell is None else safe_cell(cell) for cell in row]
        )
    return out.getvalue().encode("utf-8-sig")


WRITER = GapWriter(suffix=".csv", label="CSV", media_type="text/csv; charset=utf-8", render=render)
