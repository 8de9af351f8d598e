"""The lists of one house beside each other: what they share, and the first of each."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from matching.outcome import answers
from matching.result import MemberResult, NeedResult, Suggestion


def first_of(
    members: Sequence[MemberResult], counts: Mapping[tuple[str, str], int]
) -> tuple[MemberResult, ...]:
    """Only so many of each list, by member and need."""

    def cut(member: str, needs: Sequence[NeedResult]) -> tuple[NeedResult, ...]:
        return tuple(
            replace(need, suggestions=need.suggestions[: counts[member, need.need]])
            for need in needs
        )

    return tuple(
        replace(m, needs=cut(m.id, m.needs), possible=cut(m.id, m.possible)) for m in members
    )


def with_also(members: tuple[MemberResult, ...]) -> tuple[MemberResult, ...]:
    """Tell each suggestion which other needs of the house it answers as well."""
    listed: dict[str, list[tuple[str, Suggestion]]] = {}
    for member in members:
        for need, _ in member.called():
            for shown in need.suggestions:
                told = listed.setdefault(shown.resource_id, [])
                told.append((f"{member.id}:{need.need}", shown))
    # ほとんどの資源は、一つの困りごとにだけ挙がる。
    asked = {
        key: [own for own, shown in told if answers(shown.contributions)]
        for key, told in listed.items()
        if len(told) > 1
    }
    if not asked:
        return members

    def others_of(shown: Suggestion, own: str) -> Suggestion:
        others = tuple(a for a in asked.get(shown.resource_id, ()) if a != own)
        return replace(shown, also_needs=others) if others else shown

    def with_others(member: str, needs: Sequence[NeedResult]) -> tuple[NeedResult, ...]:
        return tuple(
            replace(
                need,
                suggestions=tuple(others_of(s, f"{member}:{need.need}") for s in need.suggestions),
            )
            for need in needs
        )

    return tuple(
        replace(m, needs=with_others(m.id, m.needs), possible=with_others(m.id, m.possible))
        for m in members
    )
