"""How the words of an opening-hours text combine: days with times, closed days, holidays."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from graph.clock import DAY_MINUTES, NOON, Span
from graph.hour_slots import EVERY, Found, assemble, round_the_clock
from graph.hour_state import PLACE_PARTS, Clause, State
from graph.hour_words import Token, Word
from graph.model.resource import Opening, Slot

_WHOLE = Span(0, DAY_MINUTES)
_OPEN_HOLIDAYS = ("年中無休", "365日", "無休")
_CLUTTER = 6
_ANY_TIME = ("随時", "不定休")
_EVERY_OTHER = ("隔月", "2", "3", "4", "6", "偶数", "奇数", "年")
_IN_SEASON = frozenset({Word.DAYS, Word.TIME, Word.NTH, Word.PART, Word.EVERY_WEEK, Word.HOLIDAY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """What an opening-hours text says. ``rest`` = the part that is not in the other fields."""

    slots: tuple[Slot, ...] = ()
    opening: Opening | None = None
    closed_on_holidays: bool | None = None
    rest: str | None = None


class Reader(State):
    """One pass over the tokens. Each word has a method; what is left over goes to ``rest``."""

    def __init__(
        self,
        words: Sequence[Token],
        *,
        parts: Sequence[tuple[str, Span]] = PLACE_PARTS,
        every_day: bool = False,
    ) -> None:
        super().__init__(words, parts=parts, every_day=every_day)
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
            Word.MAYBE: self._on_maybe,
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
            any_day=self.all_days and not self.irregular,
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

    def _on_days(self, _at: int, token: Token) -> None:
        if self.now.whole and not self.now.times_first:
            self._flush()
        self.now.days += [
            Slot(weekday=d, weeks=self.weeks, biweekly=self.biweekly) for d in token.numbers
        ]
        self.now.said.append(token.text)
        if self.closing:
            # 定休日の「第2・4土曜日、日曜日」の日曜は毎週。
            self.weeks, self.biweekly = (), False
        if self.seldom and not self.person:
            del self.now.days[-len(token.numbers) :]
            self.left_over.append(token.text)

    def _on_nth(self, at: int, token: Token) -> None:
        if self.now.whole and not self.now.times_first:
            self._flush()
        self.weeks, self.biweekly = token.numbers, False
        if not self.rare:
            self.seldom = None
        if self._days_follow(at):
            return
        if self.now.days and not any(d.weeks for d in self.now.days):
            # 「土曜日（第2・4）」「月曜日については第2週、第4週は」
            self.now.days = [replace(d, weeks=token.numbers) for d in self.now.days]
        else:
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
        if self.closing or token.text.startswith(("週", "毎週")):
            self.left_over.append(token.text)
            return
        if self.now.days and all(d.weeks for d in self.now.days):
            return
        if token.text.startswith(_EVERY_OTHER):
            self.rare = True
        elif self._next(at, {Word.NTH, Word.DAYS}) is Word.NTH:
            return
        self._seldom(token)

    def _on_every_day(self, _at: int, token: Token) -> None:
        if any(word in token.text for word in _OPEN_HOLIDAYS):
            self.holidays = False
        self.all_days = True
        if not (self.now.days or self.open or self.now.times):
            self.now.days = [Slot(weekday=d) for d in EVERY]

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

    def _on_holiday(self, _at: int, _token: Token) -> None:
        if self.now.whole and not self.now.times_first:
            self._flush()
        self.now.holiday = True

    def _on_closed_label(self, at: int, _token: Token) -> None:
        self.skipping = False
        self._flush_or_keep()
        self.closing = self.all_days = True
        after = next((t.word for t in self.words[at + 1 :]), None)
        self.closing_within = self.mark[1] and after is not Word.RIGHT

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
        mark, in_bracket = self.mark
        if in_bracket and now.days and len(now.days) <= mark and not now.holiday:
            self.left_over.append(token.text)
        elif in_bracket and len(now.days) > mark:
            self._shut(mark)
        elif now.holiday or (now.days and not now.part and (now.times_first or not now.times)):
            self._shut(0)
        elif now.whole:
            self.left_over += [*now.said, now.part or "", token.text]
            self.now = Clause()
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

    def _on_left(self, at: int, _token: Token) -> None:
        if self.now.times_first and not self.now.days:
            inside = [t.word for t in self._bracket(at + 1)]
            if Word.DAYS in inside and Word.TIME in inside:
                # 「9:00～19:00（土日は9:00～17:00）」の外側は、ほかの日の時間。
                self._flush()
        self.mark = (len(self.now.days), True)

    def _on_right(self, _at: int, _token: Token) -> None:
        if self.closing and self.closing_within and (self.now.days or self.now.holiday):
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

    def _on_appointment(self, at: int, token: Token) -> None:
        self.by_appointment = True
        if self._after_topic(at):
            self._drop_days()
        self.left_over.append(token.text)

    def _on_irregular(self, at: int, token: Token) -> None:
        if not self.closing:
            self.irregular = True
            if not token.text.startswith(_ANY_TIME):
                self._on_maybe(at, token)
                return
        self.left_over.append(token.text)

    def _on_maybe(self, at: int, token: Token) -> None:
        """「必要に応じ土日も」「カレンダーによる」: the days with it are not sure."""
        self.left_over.append(token.text)
        if self.closing or self.person:
            return
        self._drop_days()
        if self._days_follow(at):
            self.seldom = token.text

    def _on_other(self, _at: int, token: Token) -> None:
        self.left_over.append(token.text)
