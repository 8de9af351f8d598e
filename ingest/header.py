"""Finds the header row among title, comment and blank lines.

Offices put titles, dates and notes above a table. The header is the row that names things: most
cells filled, short, different from each other, without digits of data, and followed by rows of
about the same width. Known column names weigh most.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

_COMMENT = re.compile(r"^\s*[#＃]")
_DATA = re.compile(r"^[\d\-+.,:：/~〜～()（）年月日時分 ]+$|^https?://|@.+\.")
_SPACES = re.compile(r"[\s\u3000]+")
_MARKS = str.maketrans(
    {"＿": "_", "―": "ー", "－": "ー", "‐": "ー", "−": "ー", "-": "ー", "–": "ー"}
)
LOOK_AHEAD = 60
_LONG_NAME = 40


@lru_cache(maxsize=50_000)
def column_key(name: str) -> str:
    r"""The form in which column names are compared.

    >>> column_key("都道府県コ―ド又は\n市区町村コード") == column_key("都道府県コード又は市区町村コード")
    True
    >>> column_key("\ufeff名称＿カナ")
    '名称_カナ'
    """
    plain = unicodedata.normalize("NFKC", name.replace("\ufeff", "")).translate(_MARKS)
    return _SPACES.sub("", plain).strip('"?').lower()


def find_header(rows: Sequence[Sequence[str]], known: frozenset[str] | None = None) -> int | None:
    """Index of the header among the first rows, or ``None`` when all are blank.

    ``known`` holds column keys of all mappings. A ``#property`` line (an open-data platform's own
    header) wins over everything.

    >>> find_header([["施設一覧", "", ""], ["", "", "R8.4.1現在"], ["名称", "住所", "電話"], ["A館", "本町1", "03-1"]])
    2
    """
    names = known if known is not None else known_columns()
    best, best_score = None, 0.0
    for index, row in enumerate(rows[:LOOK_AHEAD]):
        if row and column_key(row[0]) == "#property":
            return index
        score = _header_score(row, rows[index + 1 : index + 6], names)
        if score > best_score:
            best, best_score = index, score
    return best


def is_comment(cells: Sequence[str]) -> bool:
    """A line that says something about the table, not a row of it."""
    return bool(cells) and bool(_COMMENT.match(cells[0]))


def unique_header(cells: Sequence[str]) -> tuple[str, ...]:
    r"""Header names cleaned of line breaks; blank and repeated ones are made unique.

    >>> unique_header(["名称", "", "名称 ", "住\n所"])
    ('名称', '列2', '名称_2', '住所')
    """
    seen: dict[str, int] = {}
    names: list[str] = []
    for number, cell in enumerate(cells, start=1):
        name = cell.replace("\ufeff", "").replace("\r", "").replace("\n", "").strip().strip("?")
        name = name or f"列{number}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return tuple(names)


@cache
def known_columns() -> frozenset[str]:
    """Column keys of every shipped mapping."""
    from ingest.mapping import shipped_mappings  # noqa: PLC0415 - mapping reads this module

    return frozenset(
        column_key(column) for mapping in shipped_mappings() for column in mapping.column_names()
    )


def _header_score(
    row: Sequence[str], below: Sequence[Sequence[str]], known: frozenset[str]
) -> float:
    filled = [cell for cell in row if cell.strip()]
    if not filled or is_comment(row):
        return 0.0
    hits = sum(column_key(cell) in known for cell in filled)
    wordy = sum(not _DATA.match(cell.strip()) and len(cell) <= _LONG_NAME for cell in filled)
    distinct = len({cell.strip() for cell in filled}) / len(filled)
    width_below = max((sum(bool(c.strip()) for c in r) for r in below), default=0)
    fits = min(len(filled), width_below or len(filled)) / max(len(filled), width_below, 1)
    # 一つの見出ししかない行は表題のことが多いので、下の行の幅と合うことを重く見る。
    return (4.0 * hits + wordy) * distinct * (0.25 + fits)
