"""Which person and which need of a case a single list is for.

The word asked for may be one of the person's needs or one nobody wrote among them; then it is
taken up as theirs. What can't be read is told by the caller among the unresolved.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from graph.errors import InputError
from graph.vocabulary.protocol import Vocabulary
from matching.case import Case, Member
from matching.profile import Household, NeedAsk, Person
from matching.wording import asked_need


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The member and the word as they were given; ``None`` = the only one there is."""

    member: str | None = None
    need: str | None = None


def member_of(case: Case, wanted: Wanted) -> Member:
    """The member asked for. Raises InputError where that is nobody, or not decided."""
    if not case.members:
        raise InputError(
            "この相談からは、世帯員が読み取れませんでした。",
            hint="「members」に、年齢や困りごとを持つ世帯員を一人以上書いてください。",
        )
    if wanted.member is None:
        if len(case.members) == 1:
            return case.members[0]
        raise InputError(
            f"世帯員が{len(case.members)}人いるため、だれの候補を出すかが決まりません。",
            hint="「member」に、その人の id（書いていなければ先頭から m1、m2 …）を書いてください。",
        )
    for member in case.members:
        if member.id == wanted.member:
            return member
    raise InputError(
        "「member」に書かれた人が、世帯員（members）にいません。",
        hint="「members」にある id（書いていなければ先頭から m1、m2 …）のどれかを書いてください。",
    )


def key_of(wanted: Wanted, vocabulary: Vocabulary) -> str | None:
    """The need that the word stands for; ``None`` where none was given or it can't be read."""
    need = asked_need(wanted.need, vocabulary) if wanted.need is not None else None
    return need.key if need is not None else None


def with_need(case: Case, member: Member, text: str) -> Case:
    """The case with one more need of a member."""
    asking = replace(member, needs=(*member.needs, text))
    members = tuple(asking if m.id == member.id else m for m in case.members)
    return replace(case, members=members)


def person_of(household: Household, member: Member) -> Person:
    """The person a member was read as."""
    return next(person for person in household.persons if person.id == member.id)


def named(person: Person, key: str) -> NeedAsk | None:
    """The person's need of a key."""
    return next((need for need in person.searched if need.key == key), None)


def only(person: Person, member: Member) -> NeedAsk | None:
    """The one need a person has: the one told, else the one anything else led to.

    ``None`` where needs were written that could not be read; raises InputError where there are
    several or nothing at all.
    """
    told = [need for need in person.needs if need.origin == "needs"]
    found: Sequence[NeedAsk] = told or person.searched
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError(
            f"この人の困りごとが{len(found)}件あるため、どれの候補を出すかが決まりません。",
            hint="「need」に、そのうちの一つを書いてください。",
        )
    if member.needs:
        return None
    raise InputError(
        "この人の困りごとが書かれていません。",
        hint="「need」か、その人の「needs」に、困りごとを一つ書いてください（例：日中の居場所）。",
    )
