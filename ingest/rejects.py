"""Rows that could not be taken, as a file that opens in Excel, is corrected and imported again."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

#: 却下一覧だけの列。直して取り込み直すとき、読み飛ばす。
FILE, NUMBER, REASON = "元のファイル", "元の行", "取り込めなかった理由"
OWN_COLUMNS = (FILE, NUMBER, REASON)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """A row that was not taken. ``reason`` is a whole sentence that says what to do."""

    path: str
    number: int
    code: str
    reason: str
    header: tuple[str, ...]
    cells: tuple[str, ...]
    sheet: str | None = None


def write_rejects(path: Path, rejects: Iterable[Reject]) -> None:
    """Write the rejects as CSV (UTF-8 with BOM, so that Excel reads it)."""
    path.write_text(rejects_csv(list(rejects)), encoding="utf-8-sig", newline="")


def rejects_csv(rejects: Sequence[Reject]) -> str:
    """The rejects as CSV text: three columns of ours, then every original column once.

    >>> rejects_csv([]).strip()
    '元のファイル,元の行,取り込めなかった理由'
    """
    columns: dict[str, None] = {}
    for reject in rejects:
        columns.update(dict.fromkeys(reject.header))
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([*OWN_COLUMNS, *columns])
    for reject in rejects:
        held = dict(zip(reject.header, reject.cells, strict=False))
        where = f"{reject.path}（{reject.sheet}）" if reject.sheet else reject.path
        row = [where, str(reject.number), reject.reason, *(held.get(c, "") for c in columns)]
        writer.writerow([safe_cell(cell) for cell in row])
    return stream.getvalue()


def safe_cell(text: str) -> str:
    """Text that a spreadsheet shows and does not run; :func:`plain_cell` takes it back.

    >>> safe_cell("=1+1"), safe_cell("-5"), safe_cell("みどり会")
    ("'=1+1", '-5', 'みどり会')
    """
    if not text.startswith((*_FORMULA, "'")) or _is_number(text):
        return text
    return "'" + text


def plain_cell(text: str) -> str:
    """What stood there before :func:`safe_cell`.

    >>> plain_cell(safe_cell("'=1")), plain_cell("'とびら"), plain_cell("'-")
    ("'=1", "'とびら", '-')
    """
    if text.startswith("'") and text[1:].startswith((*_FORMULA, "'")):
        return text[1:]
    return text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.strip() == text and "_" not in text
