"""The lists of one house: how they are merged, what of each is shown, and what they share."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from matching.ask import Ask
from matching.card import ResourceCard
from matching.explain import SHOWN
from matching.household import POSSIBLE_SHARE, Merged, Offer, merge
from matching.index.nearmiss import NearMiss
from matching.index.search import Heard, Hit, Hits
from matching.outcome import hit_answers
from matching.profile import NeedAsk, Person
from matching.result import MemberResult, NeedResult, Outcome, Suggestion

Reader = Callable[[Iterable[str]], Mapping[str, ResourceCard]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much a result may hold.

    ``ranked``: places of the merged order. ``almost``: あと一歩 of a need. ``per_need``: the list of
    a need. Where the lists of a house would hold more than ``lists`` together, only the first of
    each are shown, but not less than ``least``, with what stands in the merged order; all of them
    when it is to be ``full``.
    """

    ranked: int
    almost: int
    per_need: int
    least: int
    lists: int
    full: bool = False

    def of_each(self, needs: int) -> int:
        """How much of each list is shown in a house of so many needs."""
        return min(self.per_need, max(self.least, self.lists // max(1, needs)))


@dataclass(slots=True)
class Found:
    """One need of one person, what the index gave, and what comes of it.

    ``waits``: it comes after other steps. ``there``: the list without what is gone from the store.
    ``first``: what a short result shows of it. ``listed``: what this one shows.
    """

    person: Person
    need: NeedAsk
    ask: Ask
    heard: Heard
    hits: Hits
    waits: bool
    there: Sequence[Hit] = ()
    first: Sequence[Hit] = ()
    listed: Sequence[Hit] = ()
    shown: tuple[Suggestion, ...] = ()
    outcome: Outcome = Outcome.CREATE
    reason: str = ""
    misses: tuple[NearMiss, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """Person and need."""
        return self.person.id, self.need.key

    @property
    def is_shortened(self) -> bool:
        """Whether some of the list is not shown."""
        return len(self.listed) < len(self.there)


def take_lists(
    found: Sequence[Found], room: Room, read: Reader
) -> tuple[tuple[Merged, ...], Mapping[str, ResourceCard]]:
    """Merge the lists and note what is shown of each; gives the order, and the cards of the shown.

    What is gone from the store since the index was made is neither merged nor shown.
    """
    gone: set[str] = set()
    while True:
        for item in found:
            item.there = [hit for hit in item.hits.hits if hit.resource_id not in gone]
        merged = merge((offer for item in found for offer in _offers(item)), room.ranked)
        _note_shown(found, merged, room)
        wanted = {hit.resource_id for item in found for hit in item.listed}
        cards = read(wanted)
        if len(cards) == len(wanted):
            return merged, cards
        gone |= wanted - cards.keys()


def _offers(item: Found) -> Iterator[Offer]:
    if item.waits:
        return  # 段階の前に場をすすめない
    share = 1.0 if item.need in item.person.needs else POSSIBLE_SHARE
    for hit in item.there:
        urgent = item.need.urgent and hit_answers(hit, item.heard)
        yield Offer(hit.resource_id, hit.category, item.key, round(hit.score, SHOWN), urgent, share)


def _note_shown(found: Sequence[Found], merged: Sequence[Merged], room: Room) -> None:
    each = room.of_each(len(found))
    for item in found:
        own = {one.resource_id for one in merged if one.ask == item.key}
        # 一覧のはじめに応えるものがなければ、その先にあるかもしれない。
        enough = any(hit_answers(hit, item.heard) for hit in item.there[:each])
        item.first = [
            hit
            for place, hit in enumerate(item.there)
            if place < each or not enough or hit.resource_id in own
        ]
        item.listed = item.there if room.full else item.first


def first_of(members: Sequence[MemberResult], found: Sequence[Found]) -> tuple[MemberResult, ...]:
    """What a short result shows of the lists."""
    first = {item.key: {hit.resource_id for hit in item.first} for item in found}

    def cut(member: str, need: NeedResult) -> NeedResult:
        own = first[member, need.need]
        return replace(need, suggestions=tuple(s for s in need.suggestions if s.resource_id in own))

    return _each_need(members, cut)


def with_also(members: Sequence[MemberResult], found: Sequence[Found]) -> tuple[MemberResult, ...]:
    """Tell each suggestion which other needs of the house it answers as well."""
    answered = _answered(found)

    def others_of(shown: Suggestion, own: str) -> Suggestion:
        others = tuple(a for a in answered.get(shown.resource_id, ()) if a != own)
        return replace(shown, also_needs=others) if others else shown

    def with_others(member: str, need: NeedResult) -> NeedResult:
        own = f"{member}:{need.need}"
        return replace(need, suggestions=tuple(others_of(s, own) for s in need.suggestions))

    return _each_need(members, with_others) if answered else tuple(members)


def _answered(found: Sequence[Found]) -> Mapping[str, Collection[str]]:
    """By resource: the needs (``member:need``) it answers, where it is on several lists."""
    lists: dict[str, list[tuple[Found, Hit]]] = {}
    for item in found:
        for hit in item.there:
            lists.setdefault(hit.resource_id, []).append((item, hit))
    # ほとんどの資源は、一つの困りごとにだけ挙がる。
    return {
        key: [":".join(item.key) for item, hit in told if hit_answers(hit, item.heard)]
        for key, told in lists.items()
        if len(told) > 1
    }


def _each_need(
    members: Sequence[MemberResult], change: Callable[[str, NeedResult], NeedResult]
) -> tuple[MemberResult, ...]:
    return tuple(
        replace(
            member,
            needs=tuple(change(member.id, need) for need in member.needs),
            possible=tuple(change(member.id, need) for need in member.possible),
        )
        for member in members
    )
