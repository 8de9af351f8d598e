"""Cases in, needs out: the first half of every gap report."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from matching.case import Case
from matching.engine import Matcher
from matching.gaps.answers import Answers
from matching.gaps.unmet import Asked, Base, Needs, asked_of

Progress = Callable[[int, int], None]


def needs_of_cases(
    matcher: Matcher,
    cases: Sequence[Case],
    *,
    on: date,
    progress: Progress = lambda _done, _total: None,
) -> Needs:
    """Match every case on its own date (``on`` where it has none); ``progress`` gets done, total."""
    with matcher.store.read() as view:
        answers = Answers(matcher, view)
        asked: list[Asked] = []
        for number, case in enumerate(cases):
            asked.extend(asked_in(answers, number, case, on))
            progress(number + 1, len(cases))
    base = Base(
        cases=len(cases),
        data_version=matcher.index.version(),
        rules_version=matcher.rules_version(None),
    )
    return Needs(asked=tuple(asked), base=base)


def asked_in(answers: Answers, number: int, case: Case, on: date) -> Iterable[Asked]:
    """The needs of one case."""
    matcher, day = answers.matcher, case.on or on
    household = matcher.household(case, on=day)
    return asked_of(number, household, answers.of(household, day), day, matcher.vocabulary)
