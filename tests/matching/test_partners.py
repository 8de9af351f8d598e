"""Agencies around a home: the first two of each kind, as the plainest reading finds them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import cast

import numpy as np
from hypothesis import given, settings

from graph.model.element import Node, NodeKind
from graph.model.resource import AreaScope, Resource
from graph.model.values import Point
from graph.store import View
from graph.vocabulary.concept import Family
from matching.ask import Ask
from matching.card import ResourceCard
from matching.case import Case
from matching.criteria.area import CRITERION as AREA
from matching.criteria.status import CRITERION as STATUS
from matching.distance import metres_of_chords
from matching.example import DESK
from matching.index.candidates import around_of, rows_in, spans_around
from matching.index.live import LiveIndex, Part, compile_cards
from matching.index.plan import plan_of
from matching.partners import agency_facts
from matching.profile import Household, Person
from tests.matching.index.test_oracle import ask_of
from tests.matching.index.worlds import households, worlds
from tests.matching.world import VOCABULARY

AGENCIES = frozenset(c.key for c in VOCABULARY.concepts(Family.CATEGORY) if "agency" in c.traits)


class _Everything:
    """A view in which all that is asked for is there."""

    def present(self, _kind: NodeKind, ids: Collection[str]) -> set[str]:
        return set(ids)

    def get_many(self, kind: NodeKind, ids: Collection[str]) -> Iterator[Node]:
        return (Node(kind=kind, id=key, props={"name": key}) for key in ids)


VIEW = cast("View", _Everything())
Found = tuple[str, bool, float, str]


def as_agencies(cards: list[ResourceCard]) -> list[ResourceCard]:
    """The same places, most of them agencies."""
    return [
        replace(card, category=DESK, resource=replace(card.resource, category=DESK.key))
        if card.resource.category
        else card
        for card in cards
    ]


def plainly(parts: Sequence[Part], ask: Ask) -> list[Found]:
    """Every candidate one by one; then two of each kind by area, distance and id."""
    found: list[Found] = []
    for segment, gone in parts:
        spans = spans_around(segment, np.arange(segment.groups), around_of(ask))
        rows = np.unique(np.concatenate([rows_in(each) for each in spans]))
        plan = plan_of(segment, ask)
        for row in rows.tolist():
            one = np.array([row], dtype=np.int32)
            far = plan.chords(one)
            area, status = (float(plan.each(c, one, far)[0]) for c in (AREA, STATUS))
            kind = segment.category_of(row)
            held = gone is None or not gone[row]
            if held and kind in AGENCIES and area != 0 and status != 0:
                metres = float(metres_of_chords(far)[0])
                away = float("inf") if np.isnan(metres) else metres
                found.append((str(kind), bool(np.isnan(area)), away, segment.id_of(row)))
    return [
        each
        for kind in sorted({each[0] for each in found})
        for each in sorted(each for each in found if each[0] == kind)[:2]
    ]


def told(parts: Sequence[Part], ask: Ask) -> list[Found]:
    facts = agency_facts(parts, ask, VIEW)
    return [
        (
            fact.category,
            fact.covers_area is None,
            float("inf") if fact.distance_m is None else fact.distance_m,
            fact.id,
        )
        for fact in facts
    ]


@settings(max_examples=80, deadline=None)
@given(worlds(size=14), worlds(size=3), households())
def test_the_first_two_of_each_kind(
    before: list[ResourceCard], after: list[ResourceCard], household: Household
) -> None:
    ask = ask_of(household, "ibasho")
    index = LiveIndex(compile_cards(as_agencies(before), VOCABULARY), VOCABULARY)
    assert told(index.parts, ask) == plainly(index.parts, ask)
    # 消えたもの、あとから変わったものがあっても、先に覚えた並びから外れる。
    changed: dict[str, ResourceCard | None] = {card.id: None for card in before[:2]}
    changed.update({card.id: card for card in as_agencies(after)})
    index.update(changed)
    asked_again = replace(ask)
    assert told(index.parts, asked_again) == plainly(index.parts, asked_again)


@settings(max_examples=40, deadline=None)
@given(worlds(size=14), households(), households())
def test_who_asked_before_does_not_matter(
    cards: list[ResourceCard], one: Household, other: Household
) -> None:
    fresh, used = (compile_cards(as_agencies(cards), VOCABULARY) for _ in range(2))
    told([(used, None)], ask_of(one, "ibasho"))
    ask = ask_of(other, "ibasho")
    assert told([(used, None)], ask) == told([(fresh, None)], replace(ask))


def test_equally_far_ones_go_by_their_ids() -> None:
    house = Household(case=Case(area="東区"), persons=(Person(id="m1"),), areas=("city",))
    for point in (None, Point(35.6, 140.1)):
        cards = [
            ResourceCard(
                resource=Resource(
                    id=f"r{n}", name="窓口", category=DESK.key, area_scope=scope, online=True
                ),
                category=DESK,
                point=point,
            )
            for n, scope in enumerate([None, None, AreaScope.ANYWHERE, None, AreaScope.ANYWHERE])
        ]
        part: Part = (compile_cards(cards[::-1], VOCABULARY), None)
        for home in (None, Point(35.7, 140.2)):
            ask = ask_of(replace(house, point=home), "ibasho")
            assert [key for *_, key in told([part], ask)] == ["r2", "r4"]
            gone = np.array([part[0].id_of(row) == "r4" for row in range(part[0].size)])
            assert [key for *_, key in told([(part[0], gone)], ask)] == ["r2", "r0"]
