"""Joins the open days, closed days and loose times of one text into slots."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from graph.clock import DAY_MINUTES, Span
from graph.model.resource import Slot

EVERY = tuple(range(7))
_WEEKS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one pass over a text gathered.

    ``loose`` are times without a day; ``any_day`` tells that they hold for every day that is not
    shut (年中無休, or a list of closed days was given).
    """

    open: Sequence[Slot]
    shut: Sequence[Slot]
    loose: Sequence[Span]
    any_day: bool
    always: bool


def assemble(found: Found) -> tuple[tuple[Slot, ...], Sequence[str]]:
    """The slots in order, and the times that found no day, as text."""
    slots, unplaced = list(found.open), list[str]()
    if found.loose:
        slots, unplaced = _place(found)
    elif not slots and found.shut and (found.any_day or any(not d.weeks for d in found.shut)):
        slots = [Slot(weekday=d) for d in EVERY]
    timed = {s.weekday for s in slots if _has_time(s)}
    kept = (s for s in slots if _has_time(s) or s.weekday not in timed)
    return tuple(sorted(set(_without(kept, found.shut)), key=_order)), unplaced


def round_the_clock(slots: Iterable[Slot]) -> bool:
    """Whether the slots are every minute of the week and nothing else."""
    return {(s.weekday, s.start, s.end) for s in slots} == {(d, 0, DAY_MINUTES) for d in EVERY}


def say(span: Span) -> str:
    """A span as text.

    >>> say(Span(540, None)), say(Span(540, 1020))
    ('9:00~', '9:00~17:00')
    """
    return f"{_clock(span.start)}~{_clock(span.end)}"


def _clock(minutes: int | None) -> str:
    return "" if minutes is None else f"{minutes // 60}:{minutes % 60:02}"


def _place(found: Found) -> tuple[list[Slot], list[str]]:
    slots = list(found.open)
    if slots and not any(_has_time(s) for s in slots):
        return [replace(s, start=t.start, end=t.end) for s in slots for t in found.loose], []
    if not slots and (found.always or found.any_day):
        return [Slot(weekday=d, start=t.start, end=t.end) for d in EVERY for t in found.loose], []
    open_days = {s.weekday for s in slots}
    if found.any_day and open_days and len(open_days) < len(EVERY):
        rest = [d for d in EVERY if d not in open_days]
        return [
            *slots,
            *(Slot(weekday=d, start=t.start, end=t.end) for d in rest for t in found.loose),
        ], []
    return slots, [say(t) for t in found.loose]


def _has_time(slot: Slot) -> bool:
    return slot.start is not None or slot.end is not None


def _without(slots: Iterable[Slot], shut: Sequence[Slot]) -> Iterator[Slot]:
    for slot in slots:
        closed = [s for s in shut if s.weekday == slot.weekday]
        if any(not s.weeks and not s.biweekly for s in closed):
            continue
        if any(s.biweekly for s in closed):
            slot = replace(slot, biweekly=True)  # noqa: PLW2901 - 隔週で閉まる日は隔週で開く
        weeks = {w for s in closed for w in s.weeks}
        if not weeks or (slot.weeks and not weeks & set(slot.weeks)):
            yield slot
        elif left := tuple(w for w in slot.weeks or _WEEKS if w not in weeks):
            yield replace(slot, weeks=left)


def _order(slot: Slot) -> tuple[int, tuple[int, ...], int, int]:
    return (slot.weekday, slot.weeks, slot.start or 0, slot.end or 0)
