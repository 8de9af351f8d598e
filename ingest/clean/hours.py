"""Opening hours of a source: one free text, or columns of days, start and end (推奨データセット)."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from graph.clock import DAY_MINUTES, NOON, close, plain, read_clock
from graph.hours import Hours, read_hours
from graph.model.resource import Opening, Slot
from ingest.clean.blanks import is_unknown, tidy

__all__ = [
    "Hours",
    "read_closed_days",
    "read_day_columns",
    "read_hour_columns",
    "read_hours",
    "read_time",
]

_LONGEST_TIME = 60
_LONGEST = 2000
_BOTH_TIMES = re.compile(r"\d.*?[~〜～\-－―–]\s*\D{0,3}\d|から\s*\D{0,3}(?:\d|正午)")


def read_time(text: str) -> int | None:
    """A time cell as minutes after midnight: 9:00, ９時半, 17:00:00, or Excel's part of a day.

    >>> read_time('9：00'), read_time('17:00:00'), read_time('0.375'), read_time('24:00')
    (540, 1020, 540, 1440)
    >>> read_time('非公開'), read_time('-'), read_time('1899-12-30 09:00:00')
    (None, None, 540)
    """
    if len(text) > _LONGEST_TIME:
        return None
    cell = re.sub(r"^1899-12-3[01][T ]|^1900-01-0[01][T ]", "", tidy(text))
    if re.fullmatch(r"0\.\d+", cell):
        return round(float(cell) * DAY_MINUTES)
    return read_clock(cell)


@lru_cache(maxsize=8192)
def read_hour_columns(days: str, start: str = "", end: str = "", note: str = "") -> Hours:
    """利用可能曜日 + 開始時間 + 終了時間 + 特記事項.

    Days without hours give slots without hours. What the note says about holidays is taken; hours
    it adds are left as text, for the columns are the source's own statement.

    >>> h = read_hour_columns('月火水木金', '9:00', '17:00', '祝日を除く')
    >>> len(h.slots), h.slots[0].start, h.closed_on_holidays
    (5, 540, True)
    >>> read_hour_columns('平日|土曜日|祝日').closed_on_holidays, read_hour_columns('', '9:00', '17:00').slots
    (False, ())
    >>> [(s.start, s.end, s.weeks) for s in read_hour_columns('第1・3水曜', '10:00～12:00').slots]
    [(600, 720, (1, 3))]
    >>> read_hour_columns('第2土曜', '11:30', '').slots
    (Slot(weekday=5, start=690, end=None, weeks=(2,), biweekly=False),)
    """
    if is_unknown(end) and _BOTH_TIMES.search(plain(start)):
        # 一つの列に始まりと終わりの両方が書かれている。
        return read_hours(" ".join(t for t in (days, start, note) if not is_unknown(t)))
    listed = read_hours(re.sub(r"[|,，;]", "・", plain(days))) if not is_unknown(days) else Hours()
    from_note = read_hours(note) if not is_unknown(note) else Hours()
    base = listed.slots or from_note.slots
    slots = _with_times(base, start, end)
    texts = [t for t in (listed.rest, note if not is_unknown(note) else None) if t]
    if not listed.slots and not is_unknown(days) and not listed.rest:
        texts.insert(0, days)
    if not base:
        texts += [t for t in (start, end) if not is_unknown(t)]
    holidays = next(
        (h for h in (from_note.closed_on_holidays, listed.closed_on_holidays) if h is not None),
        None,
    )
    opening = Opening.REGULAR if slots else (listed.opening or from_note.opening)
    return Hours(
        slots=slots, opening=opening, closed_on_holidays=holidays, rest=" ".join(texts) or None
    )


def read_day_columns(cells: Mapping[int | str, str]) -> Hours:
    """One column for each day: keys 0 (Monday) to 6, "weekdays" and "holidays" → 9:00-17:00.

    00:00-00:00 stands for "not given" in the national files.

    >>> h = read_day_columns({'weekdays': '09:00-17:00', 5: '00:00-00:00', 'holidays': '休'})
    >>> len(h.slots), h.closed_on_holidays
    (5, True)
    >>> read_day_columns({0: '8:30～12:00、13:00～17:00', 6: '休'}).slots
    (Slot(weekday=0, start=510, end=720, weeks=(), biweekly=False), Slot(weekday=0, start=780, end=1020, weeks=(), biweekly=False))
    """
    slots, rest = list[Slot](), list[str]()
    holidays: bool | None = None
    for key, cell in cells.items():
        if is_unknown(cell) or re.fullmatch(r"0?0:00\s*[-~〜～]\s*0?0:00", tidy(cell)):
            continue
        shut = bool(re.fullmatch(r"(?:定?休(?:み|館|業|診|所)?日?|×|なし|無)", tidy(cell)))
        if key == "holidays":
            holidays = shut
            continue
        if shut:
            continue
        found = read_hours(f"毎日 {plain(cell)}")
        wanted = range(5) if key == "weekdays" else (key,)
        kept = [s for s in found.slots if s.weekday in wanted and (s.start is not None or s.end)]
        slots += kept
        rest += [t for t in (found.rest if kept else cell,) if t]
    return Hours(
        slots=tuple(sorted(set(slots), key=lambda s: (s.weekday, s.start or 0, s.end or 0))),
        opening=Opening.REGULAR if slots else None,
        closed_on_holidays=holidays,
        rest=" ".join(rest) or None,
    )


def read_closed_days(text: str) -> Hours:
    """定休日 alone (土日祝, 月曜日, なし): the days that are left, hours not known.

    >>> [s.weekday for s in read_closed_days('土・日・祝日').slots], read_closed_days('なし').closed_on_holidays
    ([0, 1, 2, 3, 4], False)
    >>> read_closed_days('会社カレンダーによる').slots
    ()
    """
    if len(text) > _LONGEST:
        return Hours(rest=text)
    if is_unknown(text):
        return Hours()
    if re.fullmatch(r"(?:なし|無し?|ありません|特になし|年中無休|無休|365日.*)。?", tidy(text)):
        return read_hours("年中無休")
    found = read_hours("定休日:" + re.sub(r"[\n。;※]+", "、", plain(text)))
    return replace(
        found, rest=text if not found.slots and found.closed_on_holidays is None else found.rest
    )


def _with_times(base: tuple[Slot, ...], start: str, end: str) -> tuple[Slot, ...]:
    first, last = read_time(start), read_time(end)
    if first is None and last is None:
        return base
    if first is not None and last is not None:
        span = close(first, last)
        if span is None and first > last and last < NOON <= first + NOON:
            return tuple(dict.fromkeys(replace(s, start=None, end=None) for s in base))
        first, last = (span.start, span.end) if span else (None, None)
    return tuple(dict.fromkeys(replace(s, start=first, end=last) for s in base))
