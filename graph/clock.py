"""Clock times in Japanese text: 10:00〜15:00, 午前9時から午後5時半, 9-17, 13時～, 17時まで."""

import re
import unicodedata
from dataclasses import dataclass

DAY_MINUTES = 1440
#: 深夜営業は30時（翌朝6時）まで書かれることがある。
LATEST = 30 * 60
NOON = 720
#: 日をまたぐと読むのは、この時刻以後に始まるときだけ（9:00〜5:00 は書き間違いと見分けられない）。
LATE_START = 15 * 60

_CIRCLED = re.compile("[①-⑳❶-❿]")
_DASHES = str.maketrans(dict.fromkeys("〜～∼∽–—―‐‑−‒→⇒", "~"))

#: 午前・午後などの前置きと、時刻ひとつ。
_MERIDIEM = r"(?:午前|午後|[AaPp]\.?[Mm]\.?|朝|昼|夕方?|夜|深夜|翌日?朝?|正午)"
_CLOCK = (
    rf"(?:{_MERIDIEM}の?\s*)*(?:\d{{1,2}}(?::\d{{2}}(?::\d{{2}})?(?:\s*[AaPp]\.?[Mm]\.?)?"
    r"|\s*時(?!間)(?:\s*\d{1,2}\s*分|半)?)|(?<=正)午)"
    r"(?:頃|ころ|ごろ)?"
)
_SUNSET = r"日没|日の入り|日の出|日暮れ"
_RANGE = r"\s*(?:から|より|~|-|ー|\?)\s*"
_BARE = r"(?:2[0-4]|1\d|\d)"
SPAN = re.compile(
    rf"(?P<a>{_CLOCK}){_RANGE}(?P<b>{_CLOCK}|{_SUNSET}|{_BARE}(?![\d:/月日時人名回]))(?:まで|迄)?"
    rf"|(?P<sun>{_SUNSET}){_RANGE}(?P<e>{_CLOCK}|{_SUNSET})(?:まで|迄)?"
    rf"|(?P<n1>(?<![\d/.:]){_BARE}){_RANGE}(?P<n2>{_BARE}|{_CLOCK})(?![\d:/月日人名回年歳円%])時?(?:まで|迄)?"
    rf"|(?P<till>{_CLOCK})\s*(?:まで|迄|以前)"
    rf"|~\s*(?P<till2>{_CLOCK})(?:まで|迄)?"
    rf"|(?P<after>{_CLOCK})(?:{_RANGE}|\s*(?:以降|以後|開始|開演|開場|開館|スタート|集合))?(?!前)"
)
_PARTS = re.compile(
    rf"(?P<mer>(?:{_MERIDIEM}の?\s*)*)(?P<h>\d{{1,2}})?(?::(?P<m>\d{{2}})(?::\d{{2}})?"
    r"|\s*時(?:\s*(?P<f>\d{1,2})\s*分|(?P<half>半))?)?\s*(?P<ap>[AaPp]\.?[Mm]\.?)?"
)


@dataclass(frozen=True, slots=True)
class Span:
    """Minutes after midnight; an end past 1440 is the next day; ``None`` = not said."""

    start: int | None
    end: int | None
    note: str | None = None


def plain(text: str) -> str:
    r"""NFKC, one kind of tilde, circled numbers and 「（改行）」 as breaks.

    >>> plain('①９：００〜１２：００（改行）②')
    ' 9:00~12:00\n '
    """
    text = _CIRCLED.sub(" ", text.replace("（改行）", "\n").replace("(改行)", "\n"))
    text = unicodedata.normalize("NFKC", text).translate(_DASHES)
    return re.sub(r"(?<=[0-9時分半])(?:ー|－)(?=[0-9午正翌])", "~", text.replace("～", "~"))


def read_clock(text: str, *, meridiem: str = "") -> int | None:
    """One time of day as minutes, or ``None``.

    >>> read_clock('9時半'), read_clock('午後1:30'), read_clock('17:00:00'), read_clock('24:00')
    (570, 810, 1020, 1440)
    >>> read_clock('終日'), read_clock('31:00'), read_clock('9:75'), read_clock('正午')
    (None, None, None, 720)
    """
    text = re.sub(r"(?:頃|ころ|ごろ|まで|迄|から|~|\s)+$", "", plain(text).strip())
    match = _PARTS.fullmatch(text)
    if match is None:
        return None
    if match["h"] is None:
        return NOON if "正午" in text else None
    hour = int(match["h"])
    minute = 30 if match["half"] else int(match["m"] or match["f"] or 0)
    minutes = hour * 60 + minute
    words = (match["mer"] or "") + (match["ap"] or "") or meridiem
    if re.search(r"午後|[Pp]\.?[Mm]|夕|夜", words) and hour < 12 and "深夜" not in words:  # noqa: PLR2004 - hours
        minutes += NOON
    if words.startswith("昼") and hour < 6:  # noqa: PLR2004 - 昼の1時は13時
        minutes += NOON
    if "翌" in words:
        minutes += DAY_MINUTES
    return minutes if minute < 60 and minutes <= LATEST else None  # noqa: PLR2004 - minutes


def span_of(match: re.Match[str]) -> Span | None:
    """What a match of :data:`SPAN` says, or ``None`` when the two times can't both hold."""
    if match["till"] or match["till2"]:
        end = read_clock(match["till"] or match["till2"])
        return None if end is None else Span(None, end)
    if match["after"]:
        start = read_clock(match["after"])
        return None if start is None else Span(start, None)
    if match["sun"]:
        return Span(None, read_clock(match["e"]), match[0])
    first, second = match["a"] or match["n1"], match["b"] or match["n2"]
    start = read_clock(first if match["a"] else f"{first}:00")
    if start is None:
        return None
    if re.fullmatch(_SUNSET, second):
        return Span(start, None, second)
    return _closed(start, first, second)


def close(start: int, end: int) -> Span | None:
    """Two times of day as one span; the end may lie on the next day.

    >>> close(540, 1020), close(1320, 420), close(360, 0), close(0, 1439)
    (Span(start=540, end=1020, note=None), Span(start=1320, end=1860, note=None), Span(start=360, end=1440, note=None), Span(start=0, end=1440, note=None))
    >>> close(0, 0) is None and close(540, 300) is None
    True
    """
    if start == end:
        return None
    if end == DAY_MINUTES - 1:
        end = DAY_MINUTES
    if end == 0:
        end = DAY_MINUTES
    if end < start:
        if start < LATE_START:
            return None
        end += DAY_MINUTES
    return Span(start, end) if end <= start + DAY_MINUTES else None


def _closed(start: int, first: str, second: str) -> Span | None:
    end = read_clock(second if re.search(r"[:時午]", second) else f"{second}:00")
    if end is None:
        return None
    said = re.search(rf"{_MERIDIEM}", second)
    if (
        not said
        and end < start <= LATE_START + 300
        and re.search(r"午前|午後|[AaPp]\.?[Mm]", first)
    ):
        # 「午前10時～3時」「午後1時～3時」の終わりは午後。
        if end + NOON > start:
            end += NOON
    elif not said and re.search(r"午後|[Pp]\.?[Mm]", first) and end < NOON:
        end += NOON
    return close(start, end)
