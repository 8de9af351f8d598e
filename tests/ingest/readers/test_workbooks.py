"""Workbooks that would use up the memory, hide rows, or are no workbooks at all."""

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from ingest.source import FileRefusedError, Limits
from ingest.workbook import Extent, extent_of
from tests.ingest.importing import bring, memory, write

_NS = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def _book(path: Path, *, far: bool = False, blank: int = 0, hidden: int = 0) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("一覧")
        grey = book.add_format({"bg_color": "#eeeeee"})
        sheet.write_row(0, 0, ["名称", "住所"])
        for row in range(1, 4):
            sheet.write_row(row, 0, [f"{row}号館", "みほん市本町1"])
        for row in range(4, 4 + blank):
            sheet.write_blank(row, 0, None, grey)
        for row in range(1, 1 + hidden):
            sheet.set_row(row, None, None, {"hidden": True})
        if far:
            sheet.write(1_048_575, 16_383, "x")
    return path


def _ods(path: Path, cell: str, row: str) -> Path:
    body = (
        "<table:table-row><table:table-cell><text:p>名称</text:p></table:table-cell>"
        "<table:table-cell><text:p>住所</text:p></table:table-cell></table:table-row>"
        f"<table:table-row {row}><table:table-cell {cell}><text:p>A館</text:p></table:table-cell>"
        "</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {_NS}><office:body><office:spreadsheet>"
            f'<table:table table:name="S">{body}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def test_a_cell_at_the_far_corner_is_refused_before_a_grid_is_made(tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="1,048,576行×16,384列") as caught:
        bring(memory(), _book(tmp_path / "遠い.xlsx", far=True))
    assert caught.value.code == "sheet_too_large"


def test_too_many_filled_cells_are_refused_and_empty_ones_are_not(tmp_path: Path) -> None:
    path = _book(tmp_path / "罫線.xlsx", blank=2_000)
    few = Limits(sheet_cells=100)
    assert bring(memory(), path, limits=few).totals()["read"] == 3
    with pytest.raises(FileRefusedError) as caught:
        bring(memory(), path, limits=Limits(sheet_cells=7))
    assert caught.value.code == "sheet_too_large"


def test_repeated_cells_of_an_open_document_are_counted(tmp_path: Path) -> None:
    bomb = _ods(
        tmp_path / "爆弾.ods",
        'table:number-columns-repeated="3000"',
        'table:number-rows-repeated="300000"',
    )
    with pytest.raises(FileRefusedError) as caught:
        bring(memory(), bomb)
    assert caught.value.code == "sheet_too_large"
    with zipfile.ZipFile(_ods(tmp_path / "並.ods", "", "")) as archive:
        assert extent_of(archive, 100) == Extent(cells=3)


def test_entities_of_a_workbook_are_not_followed(tmp_path: Path) -> None:
    plain = _book(tmp_path / "元.xlsx")
    stream = io.BytesIO()
    with zipfile.ZipFile(plain) as held, zipfile.ZipFile(stream, "w") as archive:
        for name in held.namelist():
            data = held.read(name)
            if name == "xl/sharedStrings.xml":
                data = (
                    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
                    b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
                    + b"<si><t>&e;</t></si>" * 8
                    + b"</sst>"
                )
            archive.writestr(name, data)
    path = tmp_path / "実体.xlsx"
    path.write_bytes(stream.getvalue())
    with pytest.raises(FileRefusedError) as caught:
        bring(memory(), path)
    assert caught.value.code == "damaged_workbook"


def test_a_password_is_named(tmp_path: Path) -> None:
    path = tmp_path / "鍵.xlsx"
    mark = "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + mark + b"\0" * 600)
    with pytest.raises(FileRefusedError, match="パスワードが付いています"):
        bring(memory(), path)


def test_a_web_page_named_xls_is_named(tmp_path: Path) -> None:
    page = "<html><body><table><tr><td>名称</td></tr></table></body></html>"
    with pytest.raises(FileRefusedError, match="ウェブページ") as caught:
        bring(memory(), write(tmp_path, "一覧.xls", page))
    assert caught.value.code == "not_what_name_says"


def test_hidden_rows_are_read_and_counted(tmp_path: Path) -> None:
    (file,) = bring(memory(), _book(tmp_path / "絞り込み.xlsx", hidden=2)).files
    assert file.added == 3
    assert file.warnings["hidden_rows"] == 2
