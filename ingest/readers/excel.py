"""Excel workbooks (xlsx, xlsm, xls, ods), read with calamine.

Every visible sheet that holds a table is read; sheets of examples and instructions are left
alone. Numbers come back as offices typed them (12101, not 12101.0), dates as ISO dates, times as
H:MM. A cell merged downwards gives its value to the rows it covers in columns of grouping names.
"""

import zipfile
import zlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from ingest.blocks import Block, find_blocks, two_line_header
from ingest.header import column_key, is_comment, known_columns
from ingest.reader import Reader, Row, Table
from ingest.source import FileRefusedError, Limits, Source, refuse
from ingest.workbook import Extent, extent_of

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: これより小さい整数は、小数で持たれていても正確に書ける。
_WHOLE = 1e15
_EXAMPLES = (
    "入力例",
    "記入例",
    "記載例",
    "見本",
    "記入要領",
    "入力要領",
    "記入方法",
    "注意事項",
    "凡例",
    "選択肢",
    "リスト",
    "説明",
)
_EXAMPLE_TITLES = ("(例)", "（例）", "【例】", "記入例", "入力例")


def sniff(source: Source) -> float:
    """By the bytes, not the name: a zip that holds a workbook, or an OLE file named xls."""
    if source.head.startswith(_OLE):
        return 0.9
    if not source.head.startswith(_ZIP):
        return 0.0
    try:
        with zipfile.ZipFile(source.path) as archive:
            names = set(archive.namelist()[:5000])
    except (zipfile.BadZipFile, OSError):
        return 0.0
    return (
        0.95
        if "xl/workbook.xml" in names or "xl/workbook.bin" in names or "content.xml" in names
        else 0.0
    )


def read_tables(source: Source, limits: Limits) -> Sequence[Table]:
    """A table for every sheet with a header. Raises FileRefusedError for a damaged workbook."""
    hidden = _check_workbook(source, limits)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(source.path.read_bytes()))
        tables, passed = _sheets(book, source, limits)
    except FileRefusedError:
        raise
    except (CalamineError, ValueError, OSError, RuntimeError) as fault:
        raise _damaged(source) from fault
    except BaseException as fault:
        # 壊れたファイルで読み取りの部品が止まると、Exceptionではないものが飛んでくる。
        if type(fault).__name__ != "PanicException":
            raise
        raise _damaged(source) from fault
    if not tables:
        raise refuse(
            source,
            "に、見出しのある表のシートがありません。",
            "一行に一件、見出しの付いた表のシートを用意してください。",
            "no_rows",
        )
    if passed:
        tables[0].notes["example_sheets_skipped"] = passed
    if hidden:
        # 絞り込みで隠れた行も表の行。読んだうえで、隠れていたことを知らせる。
        tables[0].notes["hidden_rows"] = hidden
    return tables


def _check_workbook(source: Source, limits: Limits) -> int:
    """Refuse what can't be read within bounds; gives the number of hidden rows."""
    if source.head.startswith(_OLE) and _ENCRYPTED in source.head:
        raise refuse(
            source,
            "には、パスワードが付いています。",
            "Excelで開き、パスワードを外して保存し直してください。",
            "damaged_workbook",
        )
    too_large = source.size > limits.workbook_bytes
    extent = Extent()
    if not too_large and source.head.startswith(_ZIP):
        with zipfile.ZipFile(source.path) as archive:
            too_large = sum(i.file_size for i in archive.infolist()) > 6 * limits.workbook_bytes
            if not too_large:
                extent = _extent(archive, source, limits)
    if extent.cells > limits.sheet_cells or extent.grid > limits.sheet_grid:
        raise refuse(
            source,
            f"に、大きすぎるシートがあります（{_said(extent, limits)}）。",
            "表から遠く離れたセルの書き込みを消すか、表の部分だけを新しいシートに写すか、CSVで保存し直してください。",
            "sheet_too_large",
        )
    if too_large:
        raise refuse(
            source,
            "は、Excelのファイルとしては大きすぎます。",
            "CSVで保存し直すか、シートを分けてください。",
            "file_too_large",
        )
    return extent.hidden


def _extent(archive: zipfile.ZipFile, source: Source, limits: Limits) -> Extent:
    try:
        return extent_of(archive, limits.sheet_cells)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as fault:
        raise _damaged(source) from fault


def _said(extent: Extent, limits: Limits) -> str:
    if extent.cells > limits.sheet_cells:
        return f"値のあるセルが{limits.sheet_cells:,}個を超えています"
    return f"{extent.rows:,}行×{extent.columns:,}列に広がっています"


def _damaged(source: Source) -> FileRefusedError:
    return refuse(
        source,
        "はExcelのファイルとして開けません（壊れているか、パスワードが付いています）。",
        "Excelで開けるか確かめ、パスワードを外して保存し直してください。",
        "damaged_workbook",
    )


def _sheets(book: Any, source: Source, limits: Limits) -> tuple[list[Table], int]:  # noqa: ANN401 - calamine has no types
    tables: list[Table] = []
    passed = 0
    for meta in book.sheets_metadata:
        if meta.typ != SheetTypeEnum.WorkSheet or meta.visible != SheetVisibleEnum.Visible:
            continue
        if any(word in meta.name for word in _EXAMPLES):
            passed += 1
            continue
        sheet = book.get_sheet_by_name(meta.name)
        if sheet.total_width > limits.columns:
            raise refuse(
                source,
                f"のシート「{meta.name}」は列が多すぎます（{sheet.total_width:,}列）。",
                f"使う列だけを残し、{limits.columns:,}列までにしてください。",
                "too_many_columns",
            )
        tables += _tables(sheet, meta.name, source, limits)
    return _ledger_only(tables), passed


def _ledger_only(tables: list[Table]) -> list[Table]:
    # 台帳のブックは、シート名で種類が決まっている。ほかのシート（集計・メモ）は読まない。
    named = [t for t in tables if t.sheet in ("資源", "連絡先", "区域", "施策")]
    return named or tables


def _tables(sheet: Any, name: str, source: Source, limits: Limits) -> list[Table]:  # noqa: ANN401
    first = (sheet.start or (0, 0))[0]
    rows = [
        Row(first + i, tuple(_text(cell) for cell in cells))
        for i, cells in enumerate(sheet.to_python(skip_empty_area=True), start=1)
    ]
    for row in rows:
        if any(len(cell) > limits.cell_characters for cell in row.cells):
            raise refuse(
                source,
                f"のシート「{name}」{row.number}行目に、長すぎるセルがあります。",
                "貼り付けた長文を短くしてください。",
                "cell_too_long",
            )
    cells = [row.cells for row in rows]
    filled = _fill_merged(sheet, rows, first)
    return [
        table
        for block in find_blocks(cells)
        if (table := _block(cells, filled, block, name)) is not None
    ]


def _block(
    cells: Sequence[Sequence[str]], rows: list[Row], block: Block, name: str
) -> Table | None:
    """One table of a sheet: its header, its rows, and the title that stands above it."""
    at = block.header
    if block.end == at + 1 and not _looks_named(cells[at]):
        return None
    above = cells[block.start : at]
    if any(title in "".join(line)[:40] for line in above for title in _EXAMPLE_TITLES):
        return None
    header, start = two_line_header(cells[: block.end], at)
    kept = [row for row in _without_ghosts(rows[start : block.end]) if not is_comment(row.cells)]
    notes = {"title_lines_skipped": at - block.start} if at > block.start else {}
    shown = f"{name}・{block.title}" if block.number > 1 else name
    return Table(header=header, rows=lambda: iter(kept), sheet=shown, notes=notes)


def _looks_named(cells: Sequence[str]) -> bool:
    return sum(column_key(cell) in known_columns() for cell in cells) > 1


def _fill_merged(sheet: Any, rows: list[Row], first: int) -> list[Row]:  # noqa: ANN401
    """Cells merged downwards give their value to every row they cover."""
    ranges = getattr(sheet, "merged_cell_ranges", None) or []
    left = (sheet.start or (0, 0))[1]
    grid = {i: list(row.cells) for i, row in enumerate(rows)}
    for (top, west), (bottom, _east) in ranges:
        column, head = west - left, top - first
        if column < 0 or head not in grid or column >= len(grid[head]):
            continue
        for line in range(head + 1, bottom - first + 1):
            if line in grid and not grid[line][column].strip():
                grid[line][column] = grid[head][column]
    return [Row(row.number, tuple(grid[i])) for i, row in enumerate(rows)]


def _without_ghosts(rows: list[Row]) -> list[Row]:
    # 罫線や書式だけが残った末尾の行は、行ではない。
    end = len(rows)
    while end and not any(cell.strip() for cell in rows[end - 1].cells):
        end -= 1
    return rows[:end]


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < _WHOLE
        return str(int(value)) if whole else repr(value)
    return _time_text(value) if isinstance(value, (date, time, timedelta)) else str(value or "")


def _time_text(value: date | time | timedelta) -> str:
    if isinstance(value, datetime):
        bare = value.time() == time(0, 0)
        return value.date().isoformat() if bare else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value.hour}:{value.minute:02d}"
    minutes = round(value.total_seconds() / 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def _sample() -> tuple[str, bytes, int]:
    import xlsxwriter  # noqa: PLC0415 - only the tests make a workbook here

    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("資源")
        for r, cells in enumerate((["台帳"], ["名称", "住所"], ["本町会館", "みほん市本町1"])):
            sheet.write_row(r, 0, cells)
        example = book.add_worksheet("入力例")
        example.write_row(0, 0, ["名称", "住所"])
        example.write_row(1, 0, ["○○会館", "××市"])
    return "台帳.xlsx", stream.getvalue(), 1


READER = Reader(
    key="excel",
    label="Excel",
    suffixes=(".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"),
    sniff=sniff,
    tables=read_tables,
    sample=_sample,
)
