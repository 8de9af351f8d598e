"""What people write into tables besides rows: ditto marks, totals, notes below the table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.clean.blanks import tidy

_DITTO = re.compile(r"(?:[〃〻″゛]|''|\"\"?|同\s*上|上に?同じ|同左?上)。?")
_TOTAL = re.compile(r"(?:合|小|総|総合|累|中|年)?計(?:[数欄額]|\s*\(.*\)|[:：].*)?|合計.{0,6}|総数")
_NOTE = re.compile(
    r"[※＊*◎☆★]|[(（]?注[)）\d:：]|備考[:：]|出典[:：]|凡例|以上$|問い?合わ?せ(?:先)?は"
)
#: どの行でも確かめるので、書き出しの一字で早く見切る。
_MAY_BE = re.compile(r"[合小総累中年計※＊*◎☆★(（注備出凡以問]")
_DITTO_HINT = re.compile(r"[〃〻″゛同'\"上]")
_NEARLY_ALONE = 2
_LONGEST_MARK = 6


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row is not taken."""

    code: str
    reason: str


TOTAL = Fault("total_row", "合計の行です。資源ではないので取り込みません。直す必要はありません。")
NOTE = Fault(
    "note_row",
    "表の注記の行です。資源ではないので取り込みません。要るときは、その資源の備考の列に移してください。",
)


def beside_rows(cells: Sequence[str]) -> Fault | None:
    """The fault of a total or a note; ``None`` for a row of the table.

    >>> beside_rows(["", "合計", "3か所"]).code, beside_rows(["※会場は変わることがあります。", ""]).code
    ('total_row', 'note_row')
    >>> beside_rows(["計画相談支援ひなた", "本町1", "043-222-0001"]), beside_rows(["〃", "本町会館"])
    (None, None)
    """
    first = next((cell for cell in cells if cell.strip()), "")
    if not _MAY_BE.match(first.lstrip()):
        return None
    first, filled = tidy(first), sum(bool(cell.strip()) for cell in cells)
    if _TOTAL.fullmatch(first):
        return TOTAL
    if filled == 1 and _NOTE.match(first):
        return NOTE
    if 1 < filled <= _NEARLY_ALONE and first.startswith(("※", "備考:", "注)")):
        return NOTE
    return None


class Above:
    """Fills 「〃」 and 「同上」 with what stood in the same column of the row above."""

    def __init__(self) -> None:
        self.filled = 0
        self._cells: tuple[str, ...] = ()

    def resolve(self, cells: tuple[str, ...]) -> tuple[str, ...]:
        """The cells without ditto marks. ``filled`` counts them."""
        if _DITTO_HINT.search("".join(cells)) and any(_is_ditto(cell) for cell in cells):
            above = (*self._cells, *[""] * len(cells))
            told = tuple(
                above[i] if above[i] and _is_ditto(cell) else cell for i, cell in enumerate(cells)
            )
            self.filled += sum(a is not b for a, b in zip(cells, told, strict=True))
            cells = told
        self._cells = cells
        return cells


def _is_ditto(cell: str) -> bool:
    return 0 < len(cell) <= _LONGEST_MARK and _DITTO.fullmatch(cell.strip()) is not None
