"""How the words of an opening-hours text combine: days with times, closed days, holidays."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from graph.clock import DAY_MINUTES, NOON, Span
from graph.hour_slots import EVERY, Found, assemble, round_the_clock, say
from graph.hour_words import Token, Word
from graph.model.resource import Opening, Slot

_WHOLE = Span(0, DAY_MINUTES)
#: 資源の「午後」は始まりか終わりの片方しか言っていない。
_PLACE_PARTS = (
    ("午前", Span(None, NOON)),
    ("午後", Span(NOON, None)),
    ("夕", Span(960, None)),
    ("夜", Span(1080, None)),
)
_OPEN_HOLIDAYS = ("年中無休", "365日", "無休")
_CLUTTER = 6
_EVERY_OTHER = ("隔月", "2", "3", "4", "6", "偶数", "奇数", "年")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """What an opening-hours text says. ``rest`` = the part that is not in the other fields."""

    slots: tuple[Slot, ...] = ()
    opening: Opening | None = None
    closed_on_holidays: bool | None = None
    rest: str | None = None


@dataclass(slots=True)
class _Clause:
    """Days and times gathered so far and not yet joined."""

    days: list[Slot] = field(default_factory=list)
    times: list[Span] = field(default_factory=list)
    part: str | None = None
    holiday: bool = False
    times_first: bool = False
    said: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return bool(self.days and (self.times or self.part))


class Reader:
    """One pass over the tokens. Each word has a method; what is left over goes to ``rest``."""

    def __init__(
        self,
        words: Sequence[Token],
        *,
        parts: Sequence[tuple[str, Span]] = _PLACE_PARTS,
        every_day: bool = False,
    ) -> None:
        self.words = words
        self.parts = parts
        self.all_days = every_day
        self.person = every_day
        self.now = _Clause()
        self.weeks: tuple[int, ...] = ()
        self.biweekly = False
        self.seldom: str | None = None
        self.mark = (0, False)
        self.closing = self.dated = self.skipping = self.rare = False
        self.always = self.by_appointment = self.irregular = False
        self.holidays: bool | None = None
        self.open: list[Slot] = []
        self.shut: list[Slot] = []
        self.loose: list[Span] = []
        self.left_over: list[str] = []
        self.handlers = {
            Word.DAYS: self._on_days,
            Word.HOLIDAY: self._on_holiday,
            Word.NTH: self._on_nth,
            Word.EVERY_WEEK: self._on_every_week,
            Word.BIWEEKLY: self._on_biweekly,
            Word.NOW_AND_THEN: self._on_now_and_then,
            Word.TIME: self._on_time,
            Word.PART: self._on_part,
            Word.ALWAYS: self._on_always,
            Word.EVERY_DAY: self._on_every_day,
            Word.APPOINTMENT: self._on_appointment,
            Word.IRREGULAR: self._on_irregular,
            Word.OPEN_LABEL: self._on_open_label,
            Word.CLOSED_LABEL: self._on_closed_label,
            Word.OTHER_LABEL: self._on_other_label,
            Word.CLOSED: self._on_closed,
            Word.OPEN: self._on_open,
            Word.EXCEPT: self._on_except,
            Word.NOTE: self._on_other,
            Word.DATED: self._on_dated,
            Word.LEFT: self._on_left,
            Word.RIGHT: self._on_right,
            Word.BREAK: self._on_break,
            Word.OTHER: self._on_other,
        }

    def read(self) -> Hours:
        """All slots the tokens give."""
        for at, token in enumerate(self.words):
            self._take(at, token)
        self._flush()
        found = Found(
            open=self.open,
            shut=self.shut,
            loose=self.loose,
            any_day=(self.all_days or bool(self.shut)) and not self.irregular,
            always=self.always,
        )
        slots, unplaced = assemble(found)
        words = " ".join([*self.left_over, *unplaced])
        return Hours(
            slots=slots,
            opening=self._opening(slots),
            closed_on_holidays=self.holidays,
            rest=" ".join(words.split()).strip("、。・,/ ") or None,
        )

    def _opening(self, slots: Sequence[Slot]) -> Opening | None:
        if slots:
            return Opening.ALWAYS if self.always and round_the_clock(slots) else Opening.REGULAR
        if self.by_appointment:
            return Opening.BY_APPOINTMENT
        return Opening.IRREGULAR if self.irregular else None

    def _take(self, at: int, token: Token) -> None:
        if self.skipping and token.word not in {Word.BREAK, Word.OPEN_LABEL, Word.CLOSED_LABEL}:
            self.left_over.append(token.text)
            return
        if self.dated and token.word in _IN_SEASON:
            self.left_over.append(token.text)
            return
        handler = self.handlers.get(token.word)
        if handler is not None:
            handler(at, token)

    # 曜日

    def _on_days(self, _at: int, token: Token) -> None:
        if self.now.whole and not self.now.times_first:
            self._flush()
        self.now.days += [
            Slot(weekday=d, weeks=self.weeks, biweekly=self.biweekly) for d in token.numbers
        ]
        self.now.said.append(token.text)
        if self.seldom and not self.person:
            del self.now.days[-len(token.numbers) :]
            self.left_over.append(token.text)

    def _on_nth(self, at: int, token: Token) -> None:
        if self.now.whole and not self.now.times_first:
            self._flush()
        self.weeks, self.biweekly = token.numbers, False
        if not self.rare:
            self.seldom = None
        if not self._days_follow(at):
            self.left_over.append(token.text)

    def _on_every_week(self, _at: int, _token: Token) -> None:
        if self.now.whole:
            self._flush()
        self.weeks, self.biweekly, self.seldom = (), False, None

    def _on_biweekly(self, _at: int, token: Token) -> None:
        if self.now.whole:
            self._flush()
        self.weeks, self.biweekly, self.seldom = (), True, None
        if self.now.days and not self._days_follow(_at):
            self.now.days = [replace(d, biweekly=True) for d in self.now.days]
        elif not self._days_follow(_at):
            self.irregular = True
            self.left_over.append(token.text)

    def _on_now_and_then(self, at: int, token: Token) -> None:
        if self.now.whole:
            self._flush()
        if token.text.startswith("週"):
            self.left_over.append(token.text)
            return
        if self.now.days and all(d.weeks for d in self.now.days):
            return
        if token.text.startswith(_EVERY_OTHER):
            self.rare = True
        elif self._next(at, {Word.NTH, Word.DAYS}) is Word.NTH:
            return
        self._seldom(token)

    def _seldom(self, token: Token) -> None:
        self.seldom = token.text
        self.irregular = True
        self.left_over.append(token.text)
        if self.now.days and not self.person:
            self.left_over += self.now.said
            self.now.days = []

    def _on_every_day(self, _at: int, token: Token) -> None:
        if any(word in token.text for word in _OPEN_HOLIDAYS):
            self.holidays = False
        self.all_days = True
        if not (self.now.days or self.open or self.now.times):
            self.now.days = [Slot(weekday=d) for d in EVERY]

    # 時刻

    def _on_time(self, _at: int, token: Token) -> None:
        if token.span is None:
            return
        if self.closing and self.now.days:
            self._flush()
        self.closing = False
        if self.now.times_first and self.now.days:
            self._flush()
        if not self.now.days and not self.now.times:
            self.now.times_first = True
        span = token.span
        if self.now.part and "午後" in self.now.part and span.end and span.end <= NOON:
            span = Span(None if span.start is None else span.start + NOON, span.end + NOON)
        self.now.part = None
        self.now.times.append(span)
        if span.note:
            self.left_over.append(span.note)

    def _on_part(self, _at: int, token: Token) -> None:
        if self.now.whole and self.now.times_first:
            self._flush()
        if self.now.part:
            self._use_part()
        self.now.part = token.text

    def _on_always(self, at: int, token: Token) -> None:
        clutter = sum(len(t.text) for t in self._segment(at) if t.word is Word.OTHER)
        if clutter > _CLUTTER:
            self.left_over.append(token.text)
            return
        if any(word in token.text for word in _OPEN_HOLIDAYS):
            self.holidays = False
        self.always = True
        self._on_time(at, replace(token, span=_WHOLE))

    # 休み

    def _on_holiday(self, _at: int, _token: Token) -> None:
        if self.now.whole and not self.now.times_first:
            self._flush()
        self.now.holiday = True

    def _on_closed_label(self, _at: int, _token: Token) -> None:
        self.skipping = False
        self._flush_or_keep()
        self.closing = self.all_days = True

    def _on_open_label(self, _at: int, _token: Token) -> None:
        self.skipping = False
        if self.closing or self.now.whole:
            self._flush()
        self.closing = False

    def _on_other_label(self, _at: int, token: Token) -> None:
        if self.now.whole:
            self._flush()
        self.skipping = True
        self.left_over.append(token.text)

    def _on_closed(self, at: int, token: Token) -> None:
        self.dated = False
        now = self.now
        if now.holiday or (now.days and not now.part and (now.times_first or not now.times)):
            self._shut(0)
        elif now.whole:
            self.left_over += [*now.said, now.part or "", token.text]
            self.now = _Clause()
        elif self._next(at, set(Word)) is Word.FILLER and self._days_follow(at):
            self.closing = True
        else:
            self.left_over.append(token.text)

    def _on_except(self, _at: int, token: Token) -> None:
        self.dated = False
        mark, in_bracket = self.mark
        now = self.now
        regular = any(d.weeks or d.biweekly for d in now.days) or len(now.days) >= 5  # noqa: PLR2004 - 平日
        if in_bracket:
            self._shut(mark)
        elif now.holiday and now.days and regular:
            now.holiday = False
            self.holidays = True
        elif now.days or now.holiday:
            self._shut(0)
        else:
            self.left_over.append(token.text)

    def _on_open(self, _at: int, token: Token) -> None:
        if self.now.holiday and not self.now.days:
            self.now.holiday = False
            self.holidays = False
        elif not self.now.days and not self.open:
            self.left_over.append(token.text)

    def _shut(self, mark: int) -> None:
        closed = self.now.days[mark:]
        del self.now.days[mark:]
        self.shut += closed
        if self.now.holiday:
            self.holidays = True
        self.now.holiday = False
        self.all_days = self.all_days or any(not d.weeks for d in closed)

    # 区切りと、そのほか

    def _on_left(self, _at: int, _token: Token) -> None:
        self.mark = (len(self.now.days), True)

    def _on_right(self, _at: int, _token: Token) -> None:
        if self.closing and (len(self.now.days) > self.mark[0] or self.now.holiday):
            self._flush()
            self.closing = False
        self.mark = (0, False)
        self.dated = False

    def _on_break(self, at: int, _token: Token) -> None:
        self.skipping = self.dated = False
        ahead = [t.word for t in self._segment(at + 1)]
        if self.closing or self.now.whole:
            self._flush()
            self.closing = False
        days = ahead.index(Word.DAYS) if Word.DAYS in ahead else len(ahead)
        time = ahead.index(Word.TIME) if Word.TIME in ahead else len(ahead)
        if (self.now.days and days < time) or (self.now.times and days < time < len(ahead)):
            self._flush()
        self.weeks, self.biweekly, self.seldom = (), False, None

    def _on_dated(self, at: int, token: Token) -> None:
        self.left_over.append(token.text)
        rest = [t.word for t in self._segment(at)]
        self.dated = not (
            {Word.EXCEPT, Word.CLOSED}
            & set(rest[: rest.index(Word.TIME)] if Word.TIME in rest else rest)
        )

    def _on_appointment(self, _at: int, token: Token) -> None:
        self.by_appointment = True
        self.left_over.append(token.text)

    def _on_irregular(self, _at: int, token: Token) -> None:
        self.irregular = True
        self.left_over.append(token.text)

    def _on_other(self, _at: int, token: Token) -> None:
        self.left_over.append(token.text)

    # 組み合わせる

    def _flush_or_keep(self) -> None:
        if self.closing or self.now.days:
            self._flush()

    def _use_part(self) -> None:
        text = self.now.part or ""
        self.now.part = None
        for word, span in self.parts:
            if word in text:
                self.now.times.append(span)
                return
        self.left_over.append(text)

    def _flush(self) -> None:
        if self.now.part:
            self._use_part()
        now, self.now = self.now, _Clause()
        self.mark = (0, self.mark[1])
        if self.closing:
            self.shut += now.days
            self.loose += now.times
            self.holidays = True if now.holiday else self.holidays
            return
        for day in now.days:
            self.open += [replace(day, start=t.start, end=t.end) for t in now.times] or [day]
        if not now.days:
            if now.holiday and now.times:
                self.left_over += ["祝日", *map(say, now.times)]
            else:
                self.loose += now.times
        if now.holiday and (now.days or now.times) and self.holidays is None:
            self.holidays = False
        if now.days and now.times:
            self.weeks, self.biweekly, self.seldom = (), False, None

    # 先を見る

    def _segment(self, at: int) -> list[Token]:
        end = next(
            (i for i in range(at, len(self.words)) if self.words[i].word is Word.BREAK),
            len(self.words),
        )
        return list(self.words[at:end])

    def _next(self, at: int, wanted: set[Word]) -> Word | None:
        return next((t.word for t in self.words[at + 1 :] if t.word in wanted), None)

    def _days_follow(self, at: int) -> bool:
        following = (t.word for t in self._segment(at + 1) if t.word not in _PASSED)
        return next(following, None) is Word.DAYS


_IN_SEASON = frozenset({Word.DAYS, Word.TIME, Word.NTH, Word.PART, Word.EVERY_WEEK, Word.HOLIDAY})
_PASSED = frozenset({Word.FILLER, Word.LEFT, Word.RIGHT, Word.NTH, Word.OPEN_LABEL})
