"""Tables on one sheet: several under each other, each with a title line and its own header."""

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.header import LOOK_AHEAD, column_key, find_header, known_columns, unique_header

_LONG_WORD = 20
_FEWEST_NAMES = 2
_MOSTLY = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One table: the line its title begins at, its header, the line after its last row.

    ``number`` counts the tables of the sheet from 1; ``title`` is what stands above the header.
    """

    number: int
    start: int
    header: int
    end: int
    title: str


def find_blocks(rows: Sequence[Sequence[str]]) -> list[Block]:
    """The tables of a sheet, at least two cells wide; none where all is blank.

    >>> rows = [["高齢者"], ["名称", "電話"], ["A", "1"], [], ["子ども"], ["名称", "住所"], ["B", "本町1"]]
    >>> [(b.title, b.header, b.end) for b in find_blocks(rows)]
    [('高齢者', 1, 4), ('子ども', 5, 7)]
    """
    found = find_header([tuple(row) for row in rows[:LOOK_AHEAD]])
    if found is None:
        return []
    starts = [at for at in range(len(rows)) if _begins_table(rows, at)]
    if found not in starts:
        # 見出しらしい行がほかにもあれば、上から順に別の表とみる。
        starts = [at for at in starts if at > found] if not starts or starts[0] > found else starts
        starts = starts if starts and starts[0] < found else [found, *starts]
    starts = [_top_of(rows, at) for at in starts]
    return [_block(rows, starts, number) for number in range(len(starts))]


def _top_of(rows: Sequence[Sequence[str]], at: int) -> int:
    """The upper of two header lines: it fills the blanks of the one that was found."""
    if at == 0 or _width(rows[at - 1]) < _FEWEST_NAMES:
        return at
    above, found = rows[at - 1], rows[at]
    blanks = [i for i, cell in enumerate(found) if not cell.strip()]
    named = [cell for cell in above if cell.strip()]
    fills = any(i < len(above) and above[i].strip() for i in blanks)
    short = all(len(cell) <= _LONG_WORD and not cell.strip()[0].isdigit() for cell in named)
    return at - 1 if fills and short else at


def _block(rows: Sequence[Sequence[str]], starts: Sequence[int], number: int) -> Block:
    at = starts[number]
    begin = 0 if number == 0 else _title_from(rows, at)
    end = len(rows) if number + 1 == len(starts) else _title_from(rows, starts[number + 1])
    above = [cell.strip() for row in rows[begin:at] for cell in row if cell.strip()]
    title = above[-1][:40] if above else f"表{number + 1}"
    return Block(number=number + 1, start=begin, header=at, end=end, title=title)


def _title_from(rows: Sequence[Sequence[str]], at: int) -> int:
    """The first of the title lines that stand right above a header."""
    begin = at
    while begin > 0 and _width(rows[begin - 1]) == 1:
        begin -= 1
    return begin


def _begins_table(rows: Sequence[Sequence[str]], at: int) -> bool:
    """Whether a line names columns and begins something: at the top, or below a blank or a title."""
    words = [cell.strip() for cell in rows[at] if cell.strip()]
    if len(words) < _FEWEST_NAMES or (at > 0 and _width(rows[at - 1]) > 1):
        return False
    if any(len(word) > _LONG_WORD for word in words) or len(set(words)) < len(words):
        return False
    hits = sum(column_key(word) in known_columns() for word in words)
    return hits >= _FEWEST_NAMES and hits / len(words) >= _MOSTLY


def _width(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def two_line_header(rows: Sequence[Sequence[str]], at: int) -> tuple[tuple[str, ...], int]:
    """A heading over several columns with sub-headings below becomes 「上_下」."""
    top = rows[at]
    if at + 1 >= len(rows):
        return unique_header(top), at + 1
    low = rows[at + 1]
    known = known_columns()
    gaps = [i for i, cell in enumerate(top) if not cell.strip() and i < len(low) and low[i].strip()]
    words = [cell for cell in low if cell.strip()]
    if not gaps or not words or len(words) > len(top) - len(gaps) + 2 * len(gaps):
        return unique_header(top), at + 1
    if any(len(word) > _LONG_WORD or word[0].isdigit() for word in words) or any(
        low[i].strip()
        for i in range(min(len(top), len(low)))
        if top[i].strip() and i + 1 not in gaps
    ):
        return unique_header(top), at + 1
    joined: list[str] = []
    above = ""
    for i, cell in enumerate(top):
        above = cell if cell.strip() else above
        under = low[i] if i < len(low) else ""
        joined.append(
            f"{above}_{under}"
            if under.strip() and column_key(under) not in known
            else under or cell
        )
    return unique_header(joined), at + 2
