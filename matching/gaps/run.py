"""Cases in, matched cases out: the first half of every gap report."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from matching.case import Case
from matching.engine import Matcher
from matching.gaps.unmet import Matched

#: How many one-change-away resources are weighed for each unmet need.
ALMOST_FOR_GAPS = 200


def match_cases(
    matcher: Matcher,
    cases: Sequence[Case],
    *,
    on: date,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[Matched, ...]:
    """Match every case on its own date (``on`` where it has none); ``progress`` gets done, total."""
    return tuple(_each(matcher, cases, on, progress))


def _each(
    matcher: Matcher, cases: Sequence[Case], on: date, progress: Callable[[int, int], None]
) -> Iterable[Matched]:
    for number, case in enumerate(cases, start=1):
        household = matcher.household(case, on=case.on or on)
        result = matcher.match(case, on=case.on or on, almost=ALMOST_FOR_GAPS)
        progress(number, len(cases))
        yield Matched(household=household, result=result)
