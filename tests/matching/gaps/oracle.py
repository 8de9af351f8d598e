"""The slow way to the needs of cases: a whole result for each, with every あと一歩 there is."""

from collections.abc import Iterator, Sequence
from datetime import date

from matching.case import Case
from matching.engine import Matcher
from matching.gaps.answers import ALMOST_FOR_GAPS
from matching.gaps.unmet import Asked, Base, Needs, asked_of


def needs_by_whole_results(matcher: Matcher, cases: Sequence[Case], on: date) -> Needs:
    """As :func:`matching.gaps.run.needs_of_cases`, from what ``Matcher.match`` shows people."""
    base = Base(
        cases=len(cases),
        data_version=matcher.index.version(),
        rules_version=matcher.rules_version(None),
    )
    asked = (need for item in enumerate(cases) for need in _of_case(matcher, *item, on))
    return Needs(asked=tuple(asked), base=base)


def _of_case(matcher: Matcher, number: int, case: Case, on: date) -> Iterator[Asked]:
    day = case.on or on
    household = matcher.household(case, on=day)
    result = matcher.match(case, on=day, almost=ALMOST_FOR_GAPS)
    told = [(member.id, need) for member in result.members for need in member.needs]
    yield from asked_of(number, household, told, result.as_of, matcher.vocabulary)
