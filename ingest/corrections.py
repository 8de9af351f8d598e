"""A rejects file that was corrected and comes back: its rows belong to the list they came from."""

import itertools
import re
from pathlib import PurePosixPath

from ingest.reader import Table
from ingest.rejects import FILE, OWN_COLUMNS, plain_cell
from ingest.source import Source

_WITH_SHEET = re.compile(r"^(.*\.\w+)（(.+)）$")
_LOOK_AHEAD = 2000


def is_correction(table: Table) -> bool:
    """Whether the table has the columns that only a rejects file has."""
    return set(OWN_COLUMNS) <= set(table.header)


def origin(source: Source, table: Table) -> tuple[Source, str | None] | None:
    """The file (and sheet) all rows were rejected from; ``None`` where they came from several."""
    if not is_correction(table):
        return None
    place = table.header.index(FILE)
    rows = itertools.islice(table.rows(), _LOOK_AHEAD)
    named = {plain_cell(row.cells[place]).strip() for row in rows if len(row.cells) > place}
    named.discard("")
    if len(named) != 1:
        return None
    text = named.pop()
    match = _WITH_SHEET.match(text)
    name, sheet = (match[1], match[2]) if match else (text, None)
    if "/" not in name and "\\" not in name:
        # 画面は名前だけを書く。却下一覧と同じところから来たものとみる。
        name = str(PurePosixPath(source.shown.replace("\\", "/")).parent / name)
    return Source(name, source.path), sheet
