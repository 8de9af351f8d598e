"""Excel: a summary sheet and one sheet a table, with filters that work."""

import io
from typing import Any

import xlsxwriter

from matching.gaps.report import GapReport
from reports.tables import Table, summary, tables
from reports.writer import GapWriter

_NAMES = {
    "cells": "件数",
    "needs": "困りごと",
    "widen": "広げる",
    "create": "つくる",
    "departments": "所管課",
    "reasons": "理由",
}
_NARROW, _WIDE = 8, 48


def render(report: GapReport) -> bytes:
    """The workbook; text is never read as a formula or a link."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_calc_mode("auto")
        styles = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "head": book.add_format(
                {"bold": True, "bg_color": "#E8F1FE", "border": 1, "text_wrap": True}
            ),
            "cell": book.add_format({"border": 1, "text_wrap": True, "valign": "top"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        _summary(book.add_worksheet("概要"), report, styles)
        for table in tables(report):
            _table(book.add_worksheet(_NAMES[table.key]), table, report.threshold, styles)
    return out.getvalue()


def _summary(sheet: Any, report: GapReport, styles: dict[str, Any]) -> None:  # noqa: ANN401 - untyped library
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, "不足している資源の報告", styles["title"])
    row = 2
    for sentence in report.sentences:
        sheet.merge_range(row, 0, row, 1, sentence, styles["wrap"])
        sheet.set_row(row, 32)
        row += 1
    row += 1
    for label, value in summary(report):
        sheet.write_string(row, 0, label, styles["head"])
        sheet.write(row, 1, value, styles["cell"])
        row += 1
    sheet.merge_range(row + 1, 0, row + 1, 1, report.caveat, styles["wrap"])
    sheet.set_row(row + 1, 48)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _table(sheet: Any, table: Table, threshold: int, styles: dict[str, Any]) -> None:  # noqa: ANN401 - untyped library
    for column, head in enumerate(table.head):
        width = max([len(head) * 2, *(_width(row[column]) for row in table.rows)])
        sheet.set_column(column, column, min(max(width, _NARROW), _WIDE))
        sheet.write_string(0, column, head, styles["head"])
    for number, row in enumerate(table.rows, start=1):
        for column, value in enumerate(row):
            shown = f"{threshold}未満等" if value is None else value
            sheet.write(number, column, shown, styles["cell"])
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.head) - 1)
    if table.note:
        sheet.write_string(len(table.rows) + 2, 0, table.note)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _width(value: object) -> int:
    return sum(1 if ch.isascii() else 2 for ch in str(value or ""))


WRITER = GapWriter(
    suffix=".xlsx",
    label="Excel",
    media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    render=render,
)
