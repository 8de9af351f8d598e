"""How much is matched at once; what is too much is told, never dropped."""

from collections.abc import Sequence
from dataclasses import replace

from matching.case import Unresolved
from matching.profile import Person

#: Needs of one household that are matched at once.
NEEDS_AT_MOST = 60


def at_once(persons: Sequence[Person], unresolved: list[Unresolved]) -> tuple[Person, ...]:
    """Persons with no more needs than are matched at once, emergencies first.

    What nobody has said (``possible``) gets the room that is left.
    """
    pairs = [(person.id, need) for person in persons for need in person.needs]
    if len(pairs) <= NEEDS_AT_MOST:
        return _with_possible(persons, NEEDS_AT_MOST - len(pairs))
    # 並べ替えは安定なので、緊急のほかは書かれた順に残る。
    ordered = sorted(pairs, key=lambda pair: not pair[1].urgent)
    kept = {(who, need.key) for who, need in ordered[:NEEDS_AT_MOST]}
    for person in persons:
        left = [need.label for need in person.needs if (person.id, need.key) not in kept]
        if left:
            why = f"一度に照らし合わせるのは{NEEDS_AT_MOST}件まで。分けて尋ねてください"
            text = f"{'、'.join(left)}（{why}）"
            unresolved.append(Unresolved(member=person.id, field="needs", text=text))
    told = [
        replace(person, needs=tuple(n for n in person.needs if (person.id, n.key) in kept))
        for person in persons
    ]
    return _with_possible(told, 0)


def _with_possible(persons: Sequence[Person], room: int) -> tuple[Person, ...]:
    found: list[Person] = []
    for person in persons:
        possible = person.possible[:room]
        room -= len(possible)
        same = len(possible) == len(person.possible)
        found.append(person if same else replace(person, possible=possible))
    return tuple(found)
