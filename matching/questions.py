"""次に聞くこと: the unanswered item whose answer would change the first places most.

Computed, not guessed: each open item is answered in each likely way, the household is ranked
again, and the places that would enter are counted.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from graph.model.resource import Slot
from matching.profile import Household, Person
from matching.result import MemberResult, NextQuestion

_TOP = 10
_AT_MOST = 3

Probe = Callable[[Household], Sequence[str]]


@dataclass(frozen=True, slots=True)
class _Item:
    """An open item: the question, and the household under each likely answer."""

    field: str
    question: str
    answers: tuple[tuple[str, Household], ...]


def next_questions(
    household: Household, base: Sequence[str], probe: Probe, members: Sequence[MemberResult]
) -> tuple[NextQuestion, ...]:
    """The most telling open items, at most three; ``changes`` counts places of the first ten.

    ``base`` is the ranking as it stands, ``probe`` ranks a changed household the same way.
    """
    first = set(base[:_TOP])
    found: list[NextQuestion] = []
    for item in _open_items(household):
        changes = max(
            (len(set(probe(other)[:_TOP]) - first) for _, other in item.answers), default=0
        )
        if changes:
            answers = tuple(label for label, _ in item.answers)
            found.append(
                NextQuestion(
                    field=item.field, question=item.question, changes=changes, answers=answers
                )
            )
    found.extend(_open_at_resources(base, members))
    return tuple(sorted(found, key=lambda q: (-q.changes, q.field))[:_AT_MOST])


def _open_items(household: Household) -> Iterator[_Item]:
    for person in household.persons:
        if not person.needs:
            continue
        if person.age_low is None:
            yield _asked(
                household, person, "age", f"{person.label or person.id}は何歳くらいですか", _AGES
            )
        if person.free is None:
            yield _asked(
                household,
                person,
                "free",
                f"{person.label or person.id}が動ける曜日と時間はいつですか",
                _FREE,
            )
        if not person.barriers and not person.settings:
            yield _asked(
                household,
                person,
                "barriers",
                f"{person.label or person.id}に苦手なこと・難しいことはありますか",
                _BARRIERS,
            )
    if household.max_minutes is None and household.point is not None:
        yield _Item(
            "travel.max_minutes",
            "どのくらいの時間なら出かけられますか",
            tuple((label, replace(household, max_minutes=limit)) for label, limit in _MINUTES),
        )


_AGES: tuple[tuple[str, dict[str, object]], ...] = (
    ("小学生", {"age_low": 6.0, "age_high": 12.0}),
    ("10代後半", {"age_low": 15.0, "age_high": 19.0}),
    ("20〜30代", {"age_low": 20.0, "age_high": 39.0}),
    ("40〜50代", {"age_low": 40.0, "age_high": 59.0}),
    ("65歳以上", {"age_low": 65.0, "age_high": 90.0}),
)
_DAY = tuple(Slot(weekday=d, start=9 * 60, end=17 * 60) for d in range(5))
_EVENING = tuple(Slot(weekday=d, start=17 * 60, end=21 * 60) for d in range(5))
_WEEKEND = tuple(Slot(weekday=d, start=9 * 60, end=18 * 60) for d in (5, 6))
_FREE: tuple[tuple[str, dict[str, object]], ...] = (
    ("平日の昼", {"free": _DAY}),
    ("平日の夜", {"free": _EVENING}),
    ("土日", {"free": _WEEKEND}),
)
_BARRIERS: tuple[tuple[str, dict[str, object]], ...] = (
    ("人が多い場は苦手", {"barriers": frozenset({"crowds"})}),
    ("交通費が負担", {"barriers": frozenset({"travel_cost_barrier"})}),
    ("一人で出かけにくい", {"barriers": frozenset({"alone_outing"})}),
)
_MINUTES = (("15分まで", 15), ("30分まで", 30), ("1時間まで", 60))


def _asked(
    household: Household,
    person: Person,
    name: str,
    question: str,
    answers: tuple[tuple[str, dict[str, object]], ...],
) -> _Item:
    options = tuple((label, _with(household, person, values)) for label, values in answers)
    return _Item(f"{person.id}.{name}", question, options)


def _with(household: Household, person: Person, values: dict[str, object]) -> Household:
    changed = replace(person, **values)  # type: ignore[arg-type]
    return replace(
        household, persons=tuple(changed if p.id == person.id else p for p in household.persons)
    )


def _open_at_resources(
    base: Sequence[str], members: Sequence[MemberResult]
) -> Iterator[NextQuestion]:
    """Unknown fields of the first places: how many would lose their place if the answer were bad."""
    first = set(base[:_TOP])
    questions: dict[str, str] = {}
    shaky: dict[str, set[str]] = {}
    for member in members:
        for need in member.needs:
            floor = min((s.score for s in need.suggestions), default=0.0)
            for suggestion in need.suggestions:
                if suggestion.resource_id not in first or suggestion.score_low > floor:
                    continue
                for confirm in suggestion.confirm:
                    questions.setdefault(confirm.field, confirm.question)
                    shaky.setdefault(confirm.field, set()).add(suggestion.resource_id)
    for field, ids in shaky.items():
        yield NextQuestion(field=f"resource.{field}", question=questions[field], changes=len(ids))
