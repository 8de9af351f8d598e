"""The whole of what a memo tells, and how it becomes a case once a person has looked at it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from matching.case import Case, Member
from matching.intake.model import (
    Agency,
    AreaWord,
    Certainty,
    Finding,
    IntakeMember,
    Masked,
    Relation,
    Reporter,
    Span,
)

_FIELDS = ("attributes", "needs", "wishes", "strengths", "barriers", "can_give")


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Proposals read from a memo; ``emergencies`` come first in every output.

    ``memo`` is the memo with personal data masked (same length); ``masked`` tells what kinds were
    hidden and where. Neither the data nor the memo as given is kept.
    """

    emergencies: tuple[Finding, ...] = ()
    messages: tuple[str, ...] = ()
    language: str | None = None
    members: tuple[IntakeMember, ...] = ()
    relations: tuple[Relation, ...] = ()
    household_size: int | None = None
    household_words: Span | None = None
    reporter: Reporter | None = None
    already: tuple[Agency, ...] = ()
    areas: tuple[AreaWord, ...] = ()
    masked: tuple[Masked, ...] = ()
    memo: str = ""

    def to_case(self, base: Case | None = None) -> Case:
        """The labels for matching. What ``base`` already tells is kept and never overwritten.

        Members of ``base`` are filled up (matched by role, then by age, then the only one); members
        the memo adds are appended only when ``base`` has none, since a person decided who is there.
        """
        base = base or Case()
        members = (
            _fill(base.members, self.members)
            if base.members
            else tuple(_to_member(member) for member in self.members)
        )
        area = base.area or (self.areas[0].text if self.areas else None)
        involved = [agency.label for agency in self.already if agency.involved]
        return replace(
            base,
            memo=self.memo or None,
            area=area,
            members=members,
            already=tuple(dict.fromkeys([*base.already, *involved])),
        )

    def add_emergencies(self, case: Case) -> Case:
        """The case with every emergency of the memo among its needs, at the person it is about.

        An emergency that can't be given to one person goes to the first.
        """
        left = list(self.members)
        members: list[Member] = []
        for member in case.members:
            match = _same(member, left, alone=len(case.members) == 1)
            if match is not None:
                left.remove(match)
            members.append(_with_needs(member, _urgent(match) if match else ()))
        rest = [label for unmatched in left for label in _urgent(unmatched)]
        members[0] = _with_needs(members[0], rest)
        return replace(case, members=tuple(members))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings of all members, in order of place."""
        found = [finding for member in self.members for finding in member.findings]
        return tuple(sorted(found, key=lambda f: (f.start, f.end, f.family, f.key)))


def _urgent(member: IntakeMember) -> tuple[str, ...]:
    return tuple(f.label for f in member.findings if f.taken and f.urgent and f.field == "needs")


def _with_needs(member: Member, labels: Iterable[str]) -> Member:
    return replace(member, needs=tuple(dict.fromkeys([*member.needs, *labels])))


def _to_member(member: IntakeMember) -> Member:
    return Member(
        id=member.id,
        role=member.role,
        age=member.age,
        age_band=member.age_band,
        gender=member.gender,
        readiness=member.readiness_label,
        free=tuple(span.text for span in member.free),
        possible=_possible(member),
        **{name: _labels(member, name) for name in _FIELDS},
    )


def _labels(member: IntakeMember, name: str) -> tuple[str, ...]:
    """Labels of a field, emergencies first, then in order of the memo."""
    taken = [f for f in member.findings if f.taken and f.field == name]
    return tuple(dict.fromkeys(f.label for f in sorted(taken, key=lambda f: not f.urgent)))


def _possible(member: IntakeMember) -> tuple[str, ...]:
    found = (f for f in member.findings if f.certainty is Certainty.POSSIBLE)
    return tuple(dict.fromkeys(f.label for f in found if f.field == "needs"))


def _fill(given: Sequence[Member], read: Sequence[IntakeMember]) -> tuple[Member, ...]:
    left = list(read)
    filled: list[Member] = []
    for member in given:
        match = _same(member, left, alone=len(given) == 1)
        if match is None:
            filled.append(member)
            continue
        left.remove(match)
        filled.append(_united(member, _to_member(match)))
    return tuple(filled)


def _same(member: Member, read: Sequence[IntakeMember], *, alone: bool) -> IntakeMember | None:
    by_role = [m for m in read if m.role == member.role]
    by_age = [m for m in read if member.age is not None and m.age == member.age]
    both = [m for m in by_role if m in by_age]
    for candidates in (
        both,
        by_role if len(by_role) == 1 else [],
        by_age if len(by_age) == 1 else [],
    ):
        if candidates:
            return candidates[0]
    return read[0] if alone and len(read) == 1 else None


def _united(given: Member, read: Member) -> Member:
    lists: dict[str, Any] = {
        name: tuple(dict.fromkeys([*getattr(given, name), *getattr(read, name)]))
        for name in (*_FIELDS, "free", "possible")
    }
    known_age = given.age is not None or given.age_band is not None
    return replace(
        given,
        role=given.role or read.role,
        age=given.age if known_age else read.age,
        age_band=given.age_band if known_age else read.age_band,
        gender=given.gender or read.gender,
        readiness=given.readiness or read.readiness,
        **lists,
    )
