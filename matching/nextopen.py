"""The next time a place is open, as a person would say it."""

from datetime import date, timedelta
from functools import lru_cache

import jpholiday

from graph.model.resource import Opening, Resource, Slot
from matching.sameness import OfTheSame

_DAYS = "月火水木金土日"
_LOOK_AHEAD = 35
_A_WEEK = 7


def next_open(resource: Resource, on: date) -> str | None:
    """「11/24（火）10:00〜15:00」 from ``on`` on; ``None`` where it can't be told."""
    if resource.opening is Opening.ALWAYS:
        return "いつでも"
    if not resource.schedule:
        return None
    return _next_of(resource.schedule, bool(resource.closed_on_holidays), on)


def _next(schedule: tuple[Slot, ...], closed_on_holidays: bool, on: date) -> str | None:  # noqa: FBT001 - a key of what is kept
    if any(slot.biweekly for slot in schedule):
        return None
    weekly: dict[int, list[Slot]] = {}
    for slot in schedule:
        weekly.setdefault(slot.weekday, []).append(slot)
    for ahead in range(_LOOK_AHEAD):
        day = on + timedelta(days=ahead)
        slots = weekly.get(day.weekday())
        if slots is None or (closed_on_holidays and _is_holiday(day)):
            continue
        held = [slot for slot in slots if not slot.weeks or _holds(slot, day)]
        if held:
            first = min(held, key=_start)
            return f"{day.month}/{day.day}（{_DAYS[day.weekday()]}）{_hours(first)}"
    return None


_next_of: OfTheSame[tuple[Slot, ...], str | None] = OfTheSame(_next)


def _start(slot: Slot) -> tuple[bool, int]:
    return (slot.start is None, slot.start or 0)


@lru_cache(maxsize=1024)
def _is_holiday(day: date) -> bool:
    return bool(jpholiday.is_holiday(day))


def _holds(slot: Slot, day: date) -> bool:
    """Whether it is one of the nth weekdays of the month."""
    nth = (day.day - 1) // _A_WEEK + 1
    last = (day + timedelta(days=_A_WEEK)).month != day.month
    return nth in slot.weeks or (last and -1 in slot.weeks)


def _hours(slot: Slot) -> str:
    if slot.start is None or slot.end is None:
        return ""
    start, end = slot.start, slot.end
    return f"{start // 60}:{start % 60:02d}〜{end // 60}:{end % 60:02d}"
