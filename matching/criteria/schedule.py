"""曜日・時間：本人の空いている時間に開いているか。"""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from graph.model.resource import Opening, Resource, Slot
from matching.ask import Ask, Fact
from matching.card import ResourceCard
from matching.criterion import Change, Criterion, Finding, Floats, Kind
from matching.example import Example
from matching.index.column import Bits, Label, once_each
from matching.index.rows import Rows
from matching.profile import Person
from matching.sameness import OfTheSame

DAYS = "月火水木金土日"
STEP = 30
A_DAY = 1440 // STEP
WEEK = 7 * A_DAY
#: Shared half-hours a week from which the times count as wholly fitting (two hours).
ENOUGH = 4
#: By appointment usually finds a time.
BY_APPOINTMENT = 0.8


def week_of(slots: Iterable[Slot]) -> frozenset[int]:
    """Half-hours of the week that slots hold; a slot without hours holds none for sure."""
    return _week(tuple(slots))


@lru_cache(maxsize=65536)
def _week(slots: tuple[Slot, ...]) -> frozenset[int]:
    found: set[int] = set()
    for slot in slots:
        if slot.start is None or slot.end is None:
            continue
        first = slot.weekday * A_DAY
        found.update(
            (first + step) % WEEK for step in range(-(-slot.start // STEP), slot.end // STEP)
        )
    return frozenset(found)


_week_of = once_each(week_of)


def _hours(card: ResourceCard) -> frozenset[int] | None:
    slots = card.resource.schedule
    return _week_of(slots) if slots else None


def _sort(card: ResourceCard) -> str | None:
    """How the row is to be read: always, by appointment, slots with and without hours."""
    resource = card.resource
    if resource.opening in (Opening.ALWAYS, Opening.BY_APPOINTMENT) and not resource.schedule:
        return str(resource.opening)
    if not resource.schedule:
        return None
    return _slots_sort(resource.schedule)


@once_each
def _slots_sort(slots: tuple[Slot, ...]) -> str:
    vague = {slot.weekday for slot in slots if slot.start is None or slot.end is None}
    return "slots" + "".join(str(day) for day in sorted(vague))


_WEEK = Bits("week", _hours, size=WEEK)
_SORT = Label("opening_sort", _sort)


def _measure(rows: Rows, ask: Ask) -> Floats:
    free = ask.person.free
    sort = rows.map("opening_sort", lambda value: by_sort(value, free))
    if free is None:
        return sort
    shared = rows.count("week", week_of(free))
    fit = np.minimum(1.0, shared / ENOUGH)
    # 時間の分からない曜日に空きが重なるなら、合わないとは言えない。
    vague = rows.map("opening_sort", lambda value: meets_vague(value, free))
    known = np.where((fit == 0) & (vague == 1), np.nan, fit)
    return np.where(np.isnan(sort), known, sort)


def by_sort(value: str | None, free: tuple[Slot, ...] | None) -> float | None:
    """What always being open, or going by appointment, counts as; ``None`` for slots."""
    if value == Opening.ALWAYS:
        return 1.0
    if value == Opening.BY_APPOINTMENT and free is not None:
        return BY_APPOINTMENT
    return None


def meets_vague(value: str | None, free: tuple[Slot, ...]) -> float:
    """1 where a free time falls on a day of which the hours are not known."""
    days = {int(day) for day in (value or "").removeprefix("slots") if day.isdigit()}
    return float(any(slot.weekday in days for slot in free))


def _explain(card: ResourceCard, ask: Ask, score: float | None) -> Finding:
    resource = card.resource
    offered = resource.schedule_text or (_text_of(resource.schedule) if resource.schedule else "")
    asked = ask.once("free_text", lambda: slots_text(ask.person.free or ())) or None
    if resource.opening is Opening.ALWAYS:
        return Finding("いつでも使えます。", asked, offered)
    if ask.person.free is None:
        return Finding(
            f"本人の都合のよい時間が分かりません（開催：{offered or '記録なし'}）。", asked, offered
        )
    if score is None:
        return Finding("開催の曜日や時間の記録がはっきりしません。", asked, offered)
    if score == 0:
        return Finding(
            f"開催と都合が合いません（開催：{offered}・本人：{asked}）。", asked, offered
        )
    if score < 1:
        return Finding(f"都合の合う時間があります（開催：{offered}）。", asked, offered)
    return Finding(f"都合のよい時間に開いています（{offered}）。", asked, offered)


def _free_text(ask: Ask) -> str:
    return ask.once("free_text", lambda: slots_text(ask.person.free or ()))


def slots_text(slots: Iterable[Slot]) -> str:
    """「火・木10:00〜15:00」."""
    groups: dict[tuple[int | None, int | None], list[int]] = {}
    for slot in slots:
        groups.setdefault((slot.start, slot.end), []).append(slot.weekday)
    return "、".join(
        "・".join(DAYS[day] for day in sorted(set(days))) + _clock(start, end)
        for (start, end), days in groups.items()
    )


_text_of: OfTheSame[tuple[Slot, ...], str] = OfTheSame(slots_text)


def _clock(start: int | None, end: int | None) -> str:
    if start is None or end is None:
        return ""
    return f"{start // 60}:{start % 60:02d}〜{end // 60}:{end % 60:02d}"


def _confirm(card: ResourceCard, ask: Ask) -> str | None:
    if card.resource.opening is Opening.ALWAYS or ask.person.free is None:
        return None
    return f"{_free_text(ask)}に利用できるか"


def _relax(card: ResourceCard, ask: Ask) -> Change:
    asked = _free_text(ask)
    offered = card.resource.schedule_text or slots_text(card.resource.schedule or ())
    return Change(asked, offered, f"{asked}にも開くと", 1.0)


def _card(*slots: Slot, opening: Opening | None = None) -> ResourceCard:
    return ResourceCard(
        resource=Resource(id="r", name="例", schedule=slots or None, opening=opening)
    )


_AFTERNOONS = Person(id="m1", free=tuple(Slot(weekday=d, start=780, end=1020) for d in range(5)))

CRITERION = Criterion(
    key="schedule",
    label="曜日・時間",
    question="都合のよい時間に開いているか",
    kind=Kind.PREFERENCE,
    weight=1.5,
    decisive=True,
    columns=(_WEEK, _SORT),
    reads=frozenset({Fact.FREE}),
    measure=_measure,
    explain=_explain,
    confirm=_confirm,
    relax=_relax,
    examples=(
        Example(
            says="開いています",
            card=_card(Slot(weekday=1, start=600, end=900)),
            person=_AFTERNOONS,
            score=1,
        ),
        Example(
            says="都合の合う時間",
            card=_card(Slot(weekday=1, start=600, end=840)),
            person=_AFTERNOONS,
            score=0.5,
        ),
        Example(
            says="合いません",
            card=_card(Slot(weekday=6, start=600, end=900)),
            person=_AFTERNOONS,
            score=0,
        ),
        Example(
            says="はっきりしません", card=_card(Slot(weekday=1)), person=_AFTERNOONS, score=None
        ),
        Example(says="はっきりしません", card=_card(), person=_AFTERNOONS, score=None),
        Example(says="いつでも", card=_card(opening=Opening.ALWAYS), score=1),
        Example(says="分かりません", card=_card(Slot(weekday=1, start=600, end=900)), score=None),
    ),
)
