"""Dates: 令和8年4月1日, R8.4.1, 2026/4/1, Excel serials, full width; months and years as spans.

Eras by the 元号法 and its orders: 明治 from 1868, 大正 from 1912, 昭和 from 1926, 平成 from 1989,
令和 from 2019. A year past the end of its era (平成32年) is read as the year it plainly means.
"""

import calendar
import re
from datetime import date, timedelta

from ingest.clean.blanks import tidy

#: 元年の前の年。令和8年 = 2018 + 8。
_ERAS = {
    "明治": 1867, "明": 1867, "M": 1867,
    "大正": 1911, "大": 1911, "T": 1911,
    "昭和": 1925, "昭": 1925, "S": 1925,
    "平成": 1988, "平": 1988, "H": 1988,
    "令和": 2018, "令": 2018, "R": 2018,
}  # fmt: skip
_LONGEST_ERA = 99
_ERA = r"(?P<era>明治|大正|昭和|平成|令和|[明大昭平令]|[MTSHR])\s*\.?\s*(?P<ey>元|\d{1,2})"
_YEAR = rf"(?:{_ERA}|(?P<y>(?:1[89]|20)\d{{2}}))"
_TAIL = r"(?:\s*\([月火水木金土日祝・]+\))?(?:[T\s]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?\s*(?:現在|時点|更新|確認)?"
_FULL = re.compile(
    rf"{_YEAR}\s*(?:年\s*|[./-]\s*)(?P<m>\d{{1,2}})\s*(?:月\s*|[./-]\s*)(?P<d>\d{{1,2}})\s*日?{_TAIL}",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})")
_MONTH = re.compile(
    rf"{_YEAR}\s*(?:年\s*|[./-]\s*)(?P<m>\d{{1,2}})\s*月?\s*(?:現在|時点|頃|更新)?", re.IGNORECASE
)
_ONLY_YEAR = re.compile(rf"{_YEAR}\s*年\s*(?P<fy>度)?\s*(?:現在|時点|頃)?", re.IGNORECASE)
_SERIAL = re.compile(r"(?P<n>\d{5})(?:\.\d+)?")
#: Excelの通し番号（1900年方式）。1900-02-29を数える誤りのため、起点は1899-12-30。
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 18_264, 73_050  # 1950年から2099年まで
_KANJI = {c: i for i, c in enumerate("〇一二三四五六七八九")}
_KANJI_RUN = re.compile(r"[〇一二三四五六七八九十]+(?=[年月日])")
_APRIL = 4
_LONGEST = 80


def read_date(text: str) -> date | None:
    """One whole day, or ``None``: a month or a year alone is not a day (see :func:`read_span`).

    >>> read_date('令和8年4月1日'), read_date('R8.4.1'), read_date('２０２６／４／１')
    (datetime.date(2026, 4, 1), datetime.date(2026, 4, 1), datetime.date(2026, 4, 1))
    >>> read_date('令和元年5月1日'), read_date('46113'), read_date('2026-04-01 00:00:00')
    (datetime.date(2019, 5, 1), datetime.date(2026, 4, 1), datetime.date(2026, 4, 1))
    >>> read_date('令和八年四月一日(水)'), read_date('令和8年4月'), read_date('2026/2/30'), read_date('9/1/2021')
    (datetime.date(2026, 4, 1), None, None, None)
    """
    plain = _digits(tidy(text[:_LONGEST]))
    match = _FULL.fullmatch(plain)
    if match:
        return _day(_year(match), int(match["m"]), int(match["d"]))
    if match := _COMPACT.fullmatch(plain):
        return _day(int(match["y"]), int(match["m"]), int(match["d"]))
    if (match := _SERIAL.fullmatch(plain)) and _FIRST_SERIAL <= int(match["n"]) <= _LAST_SERIAL:
        return _EXCEL_DAY_ZERO + timedelta(days=int(match["n"]))
    return None


def read_span(text: str) -> tuple[date, date] | None:
    """First and last day a date, a month, a year or a 年度 covers.

    >>> read_span('令和8年4月')
    (datetime.date(2026, 4, 1), datetime.date(2026, 4, 30))
    >>> read_span('令和7年度')
    (datetime.date(2025, 4, 1), datetime.date(2026, 3, 31))
    >>> read_span('2026年'), read_span('春ごろ')
    ((datetime.date(2026, 1, 1), datetime.date(2026, 12, 31)), None)
    """
    if (day := read_date(text)) is not None:
        return day, day
    plain = _digits(tidy(text[:_LONGEST]))
    if match := _MONTH.fullmatch(plain):
        first = _day(_year(match), int(match["m"]), 1)
        if first is None:
            return None
        return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])
    if (match := _ONLY_YEAR.fullmatch(plain)) and (year := _year(match)) is not None:
        if match["fy"]:
            return date(year, _APRIL, 1), date(year + 1, _APRIL, 1) - timedelta(days=1)
        return date(year, 1, 1), date(year, 12, 31)
    return None


def _year(match: re.Match[str]) -> int | None:
    if match["y"]:
        return int(match["y"])
    count = 1 if match["ey"] == "元" else int(match["ey"])
    if not 1 <= count <= _LONGEST_ERA:
        return None
    return _ERAS[match["era"].upper()] + count


def _day(year: int | None, month: int, day: int) -> date | None:
    try:
        return None if year is None else date(year, month, day)
    except ValueError:
        return None


def _digits(text: str) -> str:
    return _KANJI_RUN.sub(_number, text)


def _number(match: re.Match[str]) -> str:
    if "十" not in match[0]:
        return "".join(str(_KANJI[c]) for c in match[0])
    tens, _, ones = match[0].partition("十")
    if "十" in ones:
        return match[0]
    return str((_KANJI.get(tens, 0) if tens else 1) * 10 + (_KANJI.get(ones, 0) if ones else 0))
