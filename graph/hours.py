"""Opening hours and free times in Japanese words → weekly or nth-weekday slots.

What can't be said as a slot (月1回, 年末年始, seasons, single dates) is kept as text in ``rest``
and never guessed.
"""

from dataclasses import replace
from functools import lru_cache

from graph.clock import DAY_MINUTES, Span
from graph.hour_reader import Hours, Reader
from graph.hour_slots import EVERY
from graph.hour_words import Token, Word, tokens
from graph.model.resource import Opening, Slot

__all__ = ["Hours", "free_times", "overlap_minutes", "read_hours"]

MAX_TEXT = 2000
#: 利用者本人の「夜」「日中」などを、会える時間帯として広めにとる（分）。
_PERSON_PARTS = (
    ("早朝", Span(300, 480)),
    ("朝", Span(360, 600)),
    ("午前", Span(360, 720)),
    ("午後", Span(720, 1080)),
    ("夕", Span(960, 1140)),
    ("夜", Span(1080, 1440)),
    ("深夜", Span(1320, 1740)),
    ("日中", Span(540, 1020)),
    ("昼間", Span(540, 1020)),
    ("昼", Span(660, 900)),
)
_DESK_LABELS = ("受付", "電話", "申込", "問")


@lru_cache(maxsize=65536)
def read_hours(text: str) -> Hours:
    """Read a text of opening days and hours.

    >>> hours = read_hours('毎週火・木 10:00〜15:00（祝日を除く）')
    >>> [(s.weekday, s.start, s.end) for s in hours.slots], hours.closed_on_holidays
    ([(1, 600, 900), (3, 600, 900)], True)
    >>> read_hours('第2・4土曜 13時～16時').slots
    (Slot(weekday=5, start=780, end=960, weeks=(2, 4), biweekly=False),)
    >>> read_hours('月1回').opening, read_hours('月1回').rest
    (<Opening.IRREGULAR: 'irregular'>, '月1回')
    >>> read_hours('要予約').opening, read_hours('24時間').opening, read_hours('未定').rest
    (<Opening.BY_APPOINTMENT: 'by_appointment'>, <Opening.ALWAYS: 'always'>, '未定')
    """
    if len(text) > MAX_TEXT:
        return Hours(rest=text)
    words = tokens(text)
    hours = Reader(words).read()
    if not hours.slots and any(_is_desk(t) for t in words):
        # 窓口の「受付 9:00～17:00」だけが書かれているときは、それが開いている時間。
        opened = [replace(t, word=Word.OPEN_LABEL) if _is_desk(t) else t for t in words]
        again = Reader(opened).read()
        return again if again.slots and again.opening is not Opening.ALWAYS else hours
    return hours


def free_times(text: str) -> tuple[Slot, ...] | None:
    """The weekly times a person says to be free; ``None`` when no time can be read for sure.

    A day without hours means the whole day, hours without a day mean every day. Numbers left over
    are a time that can't be (25:00, 10:00-8:00): nothing is made of its other half.

    >>> [(s.weekday, s.start, s.end) for s in free_times('土日')]
    [(5, 0, 1440), (6, 0, 1440)]
    >>> len(free_times('平日 13:00-17:00')), free_times('夜間のみ')[0].start, free_times('未定')
    (5, 1080, None)
    >>> free_times('火曜 25:00-99:00'), free_times('水曜 10:00-8:00')
    (None, None)
    """
    if len(text) > MAX_TEXT:
        return None
    if any(word in text for word in ("いつでも", "曜日・時間は問わない", "何時でも")):
        return tuple(Slot(weekday=d, start=0, end=DAY_MINUTES) for d in EVERY)
    hours = Reader(tokens(text), parts=_PERSON_PARTS, every_day=True).read()
    if any(piece.isdigit() for piece in (hours.rest or "").split()):
        return None
    whole = (
        replace(s, start=0 if s.start is None else s.start, end=s.end or DAY_MINUTES)
        for s in hours.slots
    )
    return tuple(sorted(set(whole))) or None


def overlap_minutes(first: Slot, second: Slot) -> int | None:
    """Minutes both slots hold on their weekday; ``None`` where the hours of one are not known."""
    if first.weekday != second.weekday:
        return 0
    if None in (first.start, first.end, second.start, second.end):
        return None
    low = max(first.start or 0, second.start or 0)
    return max(0, min(first.end or 0, second.end or 0) - low)


def _is_desk(token: Token) -> bool:
    return token.word is Word.OTHER_LABEL and token.text.startswith(_DESK_LABELS)
