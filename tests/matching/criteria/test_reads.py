"""What a criterion says it reads is all it reads: else what was kept would answer for another."""

from dataclasses import fields, replace
from datetime import timedelta
from itertools import product

import numpy as np
import pytest

from graph.model.resource import Resource, Slot
from graph.model.values import Point
from graph.vocabulary.protocol import Vocabulary
from matching.ask import Ask, Fact
from matching.card import ResourceCard
from matching.case import Case
from matching.criterion import Criterion, all_criteria, gates
from matching.example import BASE, SmallVocabulary
from matching.example import EXAMPLE_DAY as TODAY
from matching.index.live import compile_cards
from matching.index.rows import Rows
from matching.profile import Household, NeedAsk, Person

#: Parts of a person and of a house that no criterion weighs: words that only results repeat.
UNREAD_OF_PERSON = {"id", "role", "label", "needs", "avoids_because"}


#: Somebody who differs from the people of the examples in everything.
OTHER = Household(
    case=Case(),
    persons=(
        Person(
            id="m1",
            age_low=80.0,
            age_high=85.0,
            gender="female",
            situations=frozenset({"isolated", "disability"}),
            activities=frozenset({"machines"}),
            settings=frozenset({"small_group"}),
            barriers=frozenset({"crowd", "no_money", "steps", "japanese_barrier"}),
            gives=frozenset({"repair"}),
            languages=frozenset({"ne"}),
            free=(Slot(weekday=6, start=600, end=900),),
            avoids_people=True,
        ),
        Person(id="m2", age_low=10.0, age_high=10.0, situations=frozenset({"disability"})),
    ),
    areas=("ward-9",),
    inside=frozenset({"town-9"}),
    point=Point(35.7, 140.2),
    modes=("wheelchair",),
    max_minutes=10,
    already_categories=frozenset({"desk"}),
)


#: What lies too far to go, but serves those of an area.
FAR_AWAY = ResourceCard(
    resource=Resource(id="r", name="例"), served=frozenset({"ward-9"}), point=Point(34.7, 135.5)
)


def told_of_all(card: ResourceCard) -> ResourceCard:
    """The card with everything that the card of a near miss leaves out."""
    return replace(
        card,
        served=frozenset({"ward-9"}),
        organization="社協",
        organization_id="o9",
        organization_phone="043-000-0000",
        contacts=("c9",),
        organization_has_contact=True,
    )


def told_of_place(card: ResourceCard) -> ResourceCard:
    """As much of the card as is read of a near miss."""
    return ResourceCard(
        resource=card.resource,
        category=card.category,
        point=card.point,
        point_is_rough=card.point_is_rough,
    )


def ask_of(household: Household, need: str, vocabulary: Vocabulary) -> Ask:
    return Ask(
        household=household,
        person=household.persons[0],
        need=NeedAsk(key=need, label="", text="", origin="needs"),
        on=TODAY,
        vocabulary=vocabulary,
    )


@pytest.mark.parametrize("criterion", all_criteria(), ids=lambda c: c.key)
def test_every_shipped_criterion_says_what_it_reads(criterion: Criterion) -> None:
    assert criterion.reads is not None


@pytest.mark.parametrize("criterion", all_criteria(), ids=lambda c: c.key)
def test_what_is_not_named_is_not_read(criterion: Criterion) -> None:
    """With one part of the question taken from elsewhere, who does not read it says the same.

    Its own examples are cards and people chosen so that every part it reads makes a difference.
    """
    examples = criterion.examples
    vocabulary = SmallVocabulary([*BASE, *(c for e in examples for c in e.concepts)])
    cards = [*(example.card for example in examples), FAR_AWAY]
    named = [replace(c, resource=replace(c.resource, id=f"r{i}")) for i, c in enumerate(cards)]
    segment = compile_cards(named, vocabulary)
    rows = np.arange(segment.size)
    houses = [example.house() for example in examples] + [OTHER]
    for one, other in product(houses, houses):
        before, *after = mixtures(one, other, vocabulary)
        said = criterion.score(Rows(segment, rows), before).tobytes()
        for ask in after:
            if ask.read(criterion.all_read()) == before.read(criterion.all_read()):
                assert criterion.score(Rows(segment, rows), ask).tobytes() == said


def mixtures(one: Household, other: Household, vocabulary: Vocabulary) -> list[Ask]:
    """A question, then the same with one part after the other taken from elsewhere."""
    me, they = one.persons[0], other.persons[0]
    houses = [one]
    for name in (f.name for f in fields(Person) if f.name not in UNREAD_OF_PERSON):
        mixed = replace(me, **{name: getattr(they, name)})
        houses.append(replace(one, persons=(mixed, *one.persons[1:])))
    parts = ("areas", "inside", "point", "modes", "max_minutes", "already_categories")
    houses.extend(replace(one, **{name: getattr(other, name)}) for name in parts)
    houses.append(replace(one, already=("窓口",)))
    houses.append(replace(one, persons=(me, *other.persons[1:])))
    found = [ask_of(house, "ibasho", vocabulary) for house in houses]
    found.append(ask_of(one, "money", vocabulary))
    found.append(replace(found[0], has_area_route=True))
    found.append(replace(found[0], on=TODAY - timedelta(days=300)))
    shared = [ask_of(house, "care_load", vocabulary) for house in houses]
    return [*found, *shared] if one.persons[1:] or other.persons[1:] else found


@pytest.mark.parametrize(
    "criterion", [*gates(), *(c for c in all_criteria() if c.decisive)], ids=lambda c: c.key
)
def test_a_change_is_named_from_the_record_and_its_place_alone(criterion: Criterion) -> None:
    """あと一歩 is read without who offers a place, who introduces to it and whom it serves."""
    vocabulary = SmallVocabulary([*BASE, *(c for e in criterion.examples for c in e.concepts)])
    for example in criterion.examples:
        ask = ask_of(example.house(), "ibasho", vocabulary)
        for card in (example.card, FAR_AWAY):
            change = criterion.relax(told_of_all(card), ask)
            assert change == criterion.relax(told_of_place(card), ask)


def test_every_fact_can_be_read() -> None:
    vocabulary = SmallVocabulary(BASE)
    ask = ask_of(OTHER, "ibasho", vocabulary)
    for fact in Fact:
        hash(ask.read(frozenset({fact})))
    assert ask.read(None) == ask.read(None)
    assert ask.read(None) != ask_of(OTHER, "ibasho", vocabulary).read(None)
