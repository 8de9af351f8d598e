"""What is known half-way through an opening-hours text: days and times not yet joined."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from graph.clock import NOON, Span
from graph.hour_slots import say
from graph.hour_words import Token, Word
from graph.model.resource import Slot

#: 資源の「午後」は始まりか終わりの片方しか言っていない。
PLACE_PARTS = (
    ("午前", Span(None, NOON)),
    ("午後", Span(NOON, None)),
    ("夕", Span(960, None)),
    ("夜", Span(1080, None)),
)
_PASSED = frozenset({Word.FILLER, Word.LEFT, Word.RIGHT, Word.NTH, Word.OPEN_LABEL})


@dataclass(slots=True)
class Clause:
    """Days and times gathered so far and not yet joined."""

    days: list[Slot] = field(default_factory=list)
    times: list[Span] = field(default_factory=list)
    part: str | None = None
    holiday: bool = False
    times_first: bool = False
    said: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether there are both days and times."""
        return bool(self.days and (self.times or self.part))


class State:
    """Days, times and closed days gathered so far, and looks ahead at the words to come."""

    def __init__(
        self,
        words: Sequence[Token],
        *,
        parts: Sequence[tuple[str, Span]] = PLACE_PARTS,
        every_day: bool = False,
    ) -> None:
        self.words = words
        self.parts = parts
        self.all_days = every_day
        self.person = every_day
        self.now = Clause()
        self.weeks: tuple[int, ...] = ()
        self.biweekly = False
        self.seldom: str | None = None
        self.mark = (0, False)
        self.closing_within = False
        self.closing = self.dated = self.skipping = self.rare = False
        self.always = self.by_appointment = self.irregular = False
        self.holidays: bool | None = None
        self.open: list[Slot] = []
        self.shut: list[Slot] = []
        self.loose: list[Span] = []
        self.left_over: list[str] = []

    def _seldom(self, token: Token) -> None:
        self.seldom = token.text
        self.irregular = True
        self.left_over.append(token.text)
        if self.now.days and not self.person:
            self.left_over += self.now.said
            self.now.days = []

    def _shut(self, mark: int) -> None:
        closed = self.now.days[mark:]
        del self.now.days[mark:]
        self.shut += closed
        if self.now.holiday:
            self.holidays = True
        self.now.holiday = False
        self.all_days = self.all_days or any(not d.weeks for d in closed)

    def _after_topic(self, at: int) -> bool:
        """「土日は要相談」: what stands before は or も is not sure to be open."""
        return at > 0 and self.words[at - 1].text in {"は", "も"}

    def _drop_days(self) -> None:
        if self.now.days and not self.now.times:
            self.left_over += self.now.said
            self.now = Clause()

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
        now, self.now = self.now, Clause()
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

    def _segment(self, at: int) -> list[Token]:
        end = next(
            (i for i in range(at, len(self.words)) if self.words[i].word is Word.BREAK),
            len(self.words),
        )
        return list(self.words[at:end])

    def _bracket(self, at: int) -> list[Token]:
        end = next(
            (i for i in range(at, len(self.words)) if self.words[i].word is Word.RIGHT),
            len(self.words),
        )
        return list(self.words[at:end])

    def _next(self, at: int, wanted: set[Word]) -> Word | None:
        return next((t.word for t in self.words[at + 1 :] if t.word in wanted), None)

    def _days_follow(self, at: int) -> bool:
        following = (t.word for t in self._segment(at + 1) if t.word not in _PASSED)
        return next(following, None) is Word.DAYS
