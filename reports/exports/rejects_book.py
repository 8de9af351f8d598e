"""Rows that could not be taken as an Excel workbook: read, corrected in place and imported again."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from ingest.rejects import FILE, NUMBER, REASON, Reject, safe_cell

_LONGEST = 32_767
_WIDTHS = {FILE: 22, NUMBER: 8, REASON: 60}
_WIDTH = 18


def rejects_workbook(rejects: Sequence[Reject]) -> bytes:
    """A sheet for every layout: three columns of ours, then the row's own columns as text.

    Nothing in it runs as a formula; zeros and dates stay as they were.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    groups: dict[tuple[str, ...], list[Reject]] = {}
    for reject in rejects:
        groups.setdefault(reject.header, []).append(reject)
    with xlsxwriter.Workbook(out, options) as book:
        styles = {
            "head": book.add_format({"bold": True, "bg_color": "#E6EEF5", "text_wrap": True}),
            "ours": book.add_format({"bold": True, "bg_color": "#FFF3C4", "text_wrap": True}),
            "why": book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#FFFBEA"}),
            "cell": book.add_format({"num_format": "@", "valign": "top"}),
        }
        if not groups:
            _sheet(book.add_worksheet("却下1"), (), [], styles)
        for number, (header, rows) in enumerate(groups.items(), start=1):
            _sheet(book.add_worksheet(f"却下{number}"), header, rows, styles)
    return out.getvalue()


def _sheet(
    sheet: Any,  # noqa: ANN401 - untyped library
    header: tuple[str, ...],
    rows: Sequence[Reject],
    styles: dict[str, Any],
) -> None:
    columns = (FILE, NUMBER, REASON, *header)
    for place, name in enumerate(columns):
        ours = place < len(_WIDTHS)
        sheet.set_column(place, place, _WIDTHS.get(name, _WIDTH) if ours else _WIDTH)
        sheet.write_string(0, place, name[:_LONGEST], styles["ours" if ours else "head"])
    for line, reject in enumerate(rows, start=1):
        where = f"{reject.path}（{reject.sheet}）" if reject.sheet else reject.path
        for place, text in enumerate((where, str(reject.number), reject.reason)):
            sheet.write_string(line, place, safe_cell(text)[:_LONGEST], styles["why"])
        for place, text in enumerate(reject.cells, start=len(_WIDTHS)):
            if text:
                sheet.write_string(line, place, safe_cell(text)[:_LONGEST], styles["cell"])
    sheet.freeze_panes(1, len(_WIDTHS))
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
