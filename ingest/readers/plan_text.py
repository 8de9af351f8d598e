"""An action plan copied out of a PDF as text: two editions side by side (取組項目, 概要, 担当課).

The two halves of a table row follow each other, cells are broken over lines, numbers restart in
each pillar, entries move between pillars. What belongs together is joined; the edition of an
entry follows from how the row runs on: 「担当課 3」 opens the newer edition's half, 「へ移転」
means that the older one has no counterpart there. An older entry shown again at its new place is
given again word for word, so that the import counts it as a repetition.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.reader import Reader, Row, Table
from ingest.readers.csv_text import detect_encoding
from ingest.source import Limits, Source, refuse

HEADER = ("計画", "版", "柱", "番号", "取組項目", "概要", "担当課", "移転先", "前の取組")
_COLUMNS = re.compile(r"(?:No\.?|番号)\s+取組(?:項目|み)?\s+概要\s+担当課")
_PILLAR = re.compile(r"[0-9０-９]+[－ー-][（(][0-9０-９]+[)）]\s?[^\s]+")
_PLAN = re.compile(r"第[0-9０-９一二三四五]+[期次]\S*(?:プラン|計画)")
_MOVED = re.compile(r"[0-9０-９]+[－ー-][（(][0-9０-９]+[)）]へ移[転動行]")
_NUMBER = re.compile(r"(?P<n>\d{1,2})(?:\s+(?P<rest>\S.*))?")
_OFFICE = re.compile(
    r"[^\s。、]{1,24}(?:課|室|局|所|署|館|センター|委員会|事務局|協議会)(?:[（(][^)）]*[)）])?"
)
_OPEN = re.compile(r"[（(][^)）]*$")


@dataclass
class _Entry:
    """One cell triple as it is being read. ``right`` is known only once its row ran on."""

    number: str = ""
    title: str = ""
    summary: str = ""
    offices: list[str] = field(default_factory=list)
    moved: str = ""
    right: bool | None = None
    pillar: tuple[str, str] = ("", "")
    titled: bool = False


def sniff(source: Source) -> float:
    """Text that holds the heading of the table twice in a line (both editions), or once."""
    for encoding in ("utf-8", "cp932"):
        text = source.head.decode(encoding, errors="ignore")
        found = len(_COLUMNS.findall(text.replace("\n", " ")[:20_000]))
        if found and "," not in text[:2000]:
            return 0.95
    return 0.0


def read_tables(source: Source, limits: Limits) -> Sequence[Table]:
    """One table of all entries of both editions."""
    del limits
    text = source.path.read_text(encoding=detect_encoding(source))
    entries = read_entries(text)
    if not entries:
        raise refuse(
            source,
            "に取組項目が見つかりません。",
            "取組項目・概要・担当課の表の文字を写したファイルにしてください。",
            "no_rows",
        )
    plans = list(dict.fromkeys(_PLAN.findall(text))) or ["行動計画"]
    rows = [Row(i, cells) for i, cells in enumerate(_rows(entries, plans), start=1)]
    return (Table(header=HEADER, rows=lambda: iter(rows), encoding="utf-8", mapping="plan_text"),)


def read_entries(text: str) -> list[_Entry]:
    """All entries in the order of the text, each with its edition."""
    reader = _PlanReader()
    for line in text.replace("\f", "\n").splitlines():
        reader.take(line.strip())
    reader.close()
    _settle(reader.entries)
    return reader.entries


class _PlanReader:
    """Line by line: title, then summary up to its full stop, then the offices in charge."""

    def __init__(self) -> None:
        self.entries: list[_Entry] = []
        self.now: _Entry | None = None
        self.pillar = ("", "")
        self.gap = False

    def take(self, line: str) -> None:
        """Read one line."""
        if not line:
            self.gap = True
            if self.now is not None and self.now.title and not self.now.summary:
                self.now.titled = True
            return
        if _COLUMNS.search(line) or _PLAN.match(line):
            self.close()
        elif pillars := self._pillars(line):
            self.close()
            self.pillar = pillars
        else:
            self._cell(line)
        self.gap = False

    def close(self) -> None:
        """The entry at hand is complete."""
        if self.now is not None and self.now.title:
            self.entries.append(self.now)
        self.now = None

    def _pillars(self, line: str) -> tuple[str, str] | None:
        if not _PILLAR.match(line) or _MOVED.match(line):
            return None
        names = [m[0] for m in _PILLAR.finditer(line)]
        return (names[0], names[1]) if len(names) > 1 else ("", names[0])

    def _open(self, number: str, rest: str = "", *, right: bool | None = None) -> None:
        self.close()
        self.now = _Entry(number=number, pillar=self.pillar, right=right)
        if rest:
            title, _, more = rest.partition(" ")
            self.now.title, self.now.titled = title, True
            if more:
                self._cell(more)

    def _cell(self, line: str) -> None:
        entry = self.now
        numbered = _NUMBER.fullmatch(unicodedata.normalize("NFKC", line) if len(line) < 3 else line)  # noqa: PLR2004 - 全角の番号だけの行
        waiting = entry is not None and not entry.title
        if numbered and not waiting and (entry is None or self._complete(entry)):
            self._open(numbered["n"], numbered["rest"] or "")
        elif entry is None:
            self._start_unnumbered(line)
        elif not entry.titled:
            self._title(entry, line)
        elif not self._complete(entry):
            self._summary(entry, line)
        else:
            self._after(entry, line)

    def _start_unnumbered(self, line: str) -> None:
        self.now = _Entry(pillar=self.pillar, right=False)
        title, _, rest = line.partition(" ")
        self.now.title = title
        if rest:
            self.now.titled = True
            self._cell(rest)

    def _title(self, entry: _Entry, line: str) -> None:
        entry.title = _joined(entry.title, line)

    def _complete(self, entry: _Entry) -> bool:
        return entry.summary.endswith("。")

    def _summary(self, entry: _Entry, line: str) -> None:
        head, stop, tail = line.rpartition("。 ")
        if stop:
            entry.summary += head + "。"
            self._after(entry, tail)
        else:
            entry.summary = _joined(entry.summary, line)

    def _after(self, entry: _Entry, line: str) -> None:
        """What follows a full stop: offices, 「へ移転」, the other half of the row, or more text."""
        if entry.offices and _OPEN.search(entry.offices[-1]):
            entry.offices[-1] += line
            return
        words = line.split()
        while words:
            word = words.pop(0)
            if _MOVED.fullmatch(word):
                entry.moved, entry.right = word.removesuffix("へ移転").removesuffix("へ移動"), False
            elif entry.offices and re.fullmatch(r"\d{1,2}", word):
                entry.right = False
                self._open(word, " ".join(words), right=True)
                return
            elif _OFFICE.fullmatch(word) or self._broken_office(word):
                if entry.offices and word in entry.offices:
                    entry.right = False
                else:
                    entry.offices.append(word)
            elif entry.offices:
                self.close()
                self._start_unnumbered(" ".join([word, *words]))
                return
            else:
                entry.summary += " ".join([word, *words])
                return

    def _broken_office(self, word: str) -> bool:
        return bool(_OPEN.search(word)) and len(word) <= 12 and "。" not in word  # noqa: PLR2004 - 担当課の欄の幅


def _joined(above: str, below: str) -> str:
    # 欧文の語は行末で切れても語の間が空く。
    space = (
        above[-1:].isascii()
        and above[-1:].isalnum()
        and below[:1].isascii()
        and below[:1].isalnum()
    )
    return f"{above} {below}" if space else above + below


def _settle(entries: list[_Entry]) -> None:
    """Decide the edition of entries whose row did not tell: by the numbers of both editions."""
    last = [0, 0]
    pillar: tuple[str, str] | None = None
    for entry in entries:
        if entry.pillar != pillar:
            pillar, last = entry.pillar, [0, 0]
        number = int(entry.number) if entry.number else None
        if entry.right is None and number is not None:
            only_left = number == last[0] + 1 and number != last[1] + 1
            entry.right = not only_left
        if number is not None:
            last[1 if entry.right else 0] = number


def _rows(entries: Sequence[_Entry], plans: Sequence[str]) -> Iterator[tuple[str, ...]]:
    old, new = (plans[0], plans[1]) if len(plans) > 1 else ("", plans[0])
    first: dict[tuple[str, str], tuple[str, ...]] = {}
    before: tuple[str, ...] | None = None
    for entry in entries:
        right = bool(entry.right)
        plan = new if right else old
        follows = _key_of(before) if right and before is not None else ""
        cells: tuple[str, ...] = (
            plan,
            "新" if right else "旧",
            entry.pillar[1 if right else 0] or entry.pillar[1],
            entry.number,
            entry.title,
            entry.summary,
            "、".join(entry.offices),
            entry.moved,
            follows,
        )
        # 移転した取組は移転先の表にもう一度並ぶ。同じ取組なので、はじめの行をそのまま渡す。
        told = (entry.title, entry.summary)
        if not right and entry.moved:
            first[told] = cells
        elif not right:
            cells = first.pop(told, cells)
        before = cells if not right and not entry.moved else None
        yield cells


def _key_of(cells: tuple[str, ...]) -> str:
    return "/".join((*cells[:1], *cells[2:5]))


def _sample() -> tuple[str, bytes, int]:
    text = (
        "第１期みほん計画 第２期みほん計画\n\n１－（１）相談 １－（１）相談\n\n"
        "No. 取組項目 概要 担当課 No. 取組項目 概要 担当課\n\n1\n窓口の充\n実\n\n相談の窓口を\n開きます。\n\n"
        "福祉課 1\n窓口の充\n実\n\n身近な窓口を開きます。 福祉課\n\n2 訪問相談 家庭を訪ねます。 保護課\n"
    )
    return "計画.txt", text.encode(), 3


READER = Reader(
    key="plan_text",
    label="行動計画の文字（二つの版を並べた表）",
    suffixes=(".txt",),
    sniff=sniff,
    tables=read_tables,
    sample=_sample,
)
