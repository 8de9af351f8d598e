"""Cases in, needs out: the first half of every gap report."""

from collections import deque
from collections.abc import Callable, Sequence
from datetime import date

from matching.case import Case
from matching.engine import Matcher
from matching.gaps.answers import Answers
from matching.gaps.helpers import Crew, Done, Helpers, Share, crew
from matching.gaps.unmet import Asked, Base, Needs

#: Fewer cases than this are answered before a helper has opened its store.
HELPED_FROM = 500
#: So many cases are handed out together.
SHARE = 20

Progress = Callable[[int, int], None]


def needs_of_cases(
    matcher: Matcher,
    cases: Sequence[Case],
    *,
    on: date,
    progress: Progress = lambda _done, _total: None,
    helpers: Helpers | None = None,
) -> Needs:
    """Match every case on its own date (``on`` where it has none); ``progress`` gets done, total.

    All of it over one state of the store. With ``helpers`` many cases are shared out among
    processes; what comes out is the same.
    """
    base = Base(
        cases=len(cases),
        data_version=matcher.index.version(),
        rules_version=matcher.rules_version(None),
    )
    wanted = helpers if len(cases) >= HELPED_FROM else None
    with matcher.store.read() as view:
        answers = Answers(matcher, view)
        with crew(wanted, answers, on) as others:
            found = _Run(answers, cases, on, progress).all(others)
    return Needs(
        asked=tuple(need for number in range(len(cases)) for need in found[number]), base=base
    )


class _Run:
    """Shares of cases, done by the asking process and by helpers until there is none left."""

    def __init__(
        self, answers: Answers, cases: Sequence[Case], on: date, progress: Progress
    ) -> None:
        self._answers = answers
        self._on = on
        self._progress = progress
        self._total = len(cases)
        self._shares = _shares(cases)
        self._open = deque(range(len(self._shares)))
        self._done: dict[int, Done] = {}
        self._counted = 0

    def all(self, others: Crew) -> dict[int, list[Asked]]:
        """The needs of every case by its number."""
        while len(self._done) < len(self._shares):
            number = self._open.popleft() if self._open else self._still_out()
            self._do(number, others)
        pairs = ((self._shares[number], done) for number, done in self._done.items())
        return {
            number: asked
            for share, done in pairs
            for (number, _), asked in zip(share, done, strict=True)
        }

    def _still_out(self) -> int:
        """A share that a helper has: rather than wait for it, do it as well; the first one counts."""
        return next(number for number in range(len(self._shares)) if number not in self._done)

    def _do(self, number: int, others: Crew) -> None:
        own: Done = []
        for case_number, case in self._shares[number]:
            own.append(self._answers.asked(case_number, case, self._on))
            self._listen(others)
            if number in self._done:
                return
            if len(own) < len(self._shares[number]):
                self._progress(self._counted + len(own), self._total)
        self._keep(number, own)

    def _listen(self, others: Crew) -> None:
        """Take what helpers have done, and give them more."""
        for helper, done in others.heard():
            number, helper.share = helper.share, None
            if number is not None and done is not None:
                self._keep(number, done)
            elif number is not None and number not in self._done:
                self._open.appendleft(number)
            while helper.ready and self._open:
                number = self._open.popleft()
                if others.give(helper, number, self._shares[number]):
                    break
                self._open.appendleft(number)

    def _keep(self, number: int, done: Done) -> None:
        if number not in self._done:
            self._done[number] = done
            self._counted += len(done)
            self._progress(self._counted, self._total)


def _shares(cases: Sequence[Case]) -> list[Share]:
    """Cases of one place beside each other: what they have in common is then still kept."""

    def place(number: int) -> tuple[str, str, int]:
        case = cases[number]
        return case.area or "", str(case.point or ""), number

    order = sorted(range(len(cases)), key=place)
    return [
        [(number, cases[number]) for number in order[first : first + SHARE]]
        for first in range(0, len(order), SHARE)
    ]
