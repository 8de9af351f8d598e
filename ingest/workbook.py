"""Looks into an Excel file before it is read, so that no sheet can use up the memory.

A reader makes a full grid of a sheet, however far apart its cells lie. Counted here, without
reading the sheet, is how far its cells reach and how many of them hold something.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
#: 中身のあるセル（空のセルは <c …/> と書かれる）。
_CELL = re.compile(rb'<(?:\w+:)?c\b(?:[^<>]*?\br="([A-Z]{1,3})(\d{1,7})")?[^<>]*(?<!/)>')
_HIDDEN = re.compile(rb'<(?:\w+:)?row\b[^<>]*\bhidden="(?:1|true)"')
_TABLE_PART = re.compile(rb"<table:(table-row|table-cell)\b([^<>]*)(?<!/)>")
_REPEATED = re.compile(rb'number-(?:columns|rows)-repeated="(\d{1,12})"')
_CHUNK = 1 << 20
_OVERLAP = 4096
_LETTERS = 26


@dataclass(frozen=True, slots=True)
class Extent:
    """How far the filled cells of the largest sheet reach, how many there are, rows hidden."""

    rows: int = 0
    columns: int = 0
    cells: int = 0
    hidden: int = 0

    @property
    def grid(self) -> int:
        """Cells a full grid would have."""
        return self.rows * self.columns


def extent_of(archive: zipfile.ZipFile, most: int) -> Extent:
    """The largest sheet of a workbook; counting stops at ``most`` filled cells.

    ``hidden`` is over all sheets.
    """
    found = Extent()
    hidden = 0
    for name in archive.namelist():
        if name == "content.xml":
            found = max(found, _open_document(archive, name), key=lambda e: max(e.grid, e.cells))
        elif _SHEET.fullmatch(name):
            one = _sheet(archive, name, most)
            hidden += one.hidden
            found = max(found, one, key=lambda e: max(e.grid, e.cells))
    return Extent(found.rows, found.columns, found.cells, hidden)


def _sheet(archive: zipfile.ZipFile, name: str, most: int) -> Extent:
    rows = columns = cells = hidden = 0
    for text, fresh in _chunks(archive, name):
        for match in _CELL.finditer(text):
            if match.end() <= fresh:
                continue
            cells += 1
            if match[1]:
                columns = max(columns, column_number(match[1].decode()))
                rows = max(rows, int(match[2]))
        hidden += sum(match.end() > fresh for match in _HIDDEN.finditer(text))
        if cells > most:
            break
    return Extent(rows, columns, cells, hidden)


def _open_document(archive: zipfile.ZipFile, name: str) -> Extent:
    """An OpenDocument sheet may say that one filled cell or row repeats a million times."""
    cells = 0
    rows = 1
    for text, fresh in _chunks(archive, name):
        for match in _TABLE_PART.finditer(text):
            if match.end() <= fresh:
                continue
            found = _REPEATED.search(match[2])
            times = int(found[1]) if found else 1
            if match[1].endswith(b"row"):
                rows = times
            else:
                cells += rows * times
    return Extent(cells=cells)


def _chunks(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[bytes, int]]:
    """Pieces of a member with the end of the piece before, and where the new part begins."""
    with archive.open(name) as stream:
        tail = b""
        while piece := stream.read(_CHUNK):
            yield tail + piece, len(tail)
            tail = piece[-_OVERLAP:]


def column_number(letters: str) -> int:
    """1 for A, 27 for AA.

    >>> column_number("A"), column_number("Z"), column_number("AA"), column_number("XFD")
    (1, 26, 27, 16384)
    """
    number = 0
    for letter in letters:
        number = number * _LETTERS + ord(letter) - 64
    return number
