"""The questions of the benchmark: ordinary ones, and hard ones on purpose."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.generate import CITIES, DAY, Country, area_id
from graph.model.resource import Slot
from graph.model.values import Point
from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary
from matching.ask import NO_DISTANCE, Ask
from matching.case import Case
from matching.profile import Household, NeedAsk, Person

QUESTIONS = 200
HARD = 40


@dataclass(frozen=True, slots=True)
class Question:
    """One person's one need, ready for the engine and for the rivals."""

    household: Household
    person: Person
    need: NeedAsk

    def ask(self, vocabulary: Vocabulary) -> Ask:
        """The question as criteria see it."""
        return Ask(
            household=self.household,
            person=self.person,
            need=self.need,
            on=DAY,
            vocabulary=vocabulary,
        )


def ordinary(
    land: Country, vocabulary: Vocabulary, count: int = QUESTIONS, *, seed: int = 11
) -> list[Question]:
    """People where people live, with a few attributes each and half an hour to an hour to go.

    Another ``seed`` gives others of the same kind, to warm an engine with.
    """
    rng = np.random.default_rng(seed)
    needs = [n.key for n in vocabulary.concepts(Family.NEED) if vocabulary.answering(n.key)]
    return [
        _question(
            rng,
            land,
            vocabulary,
            home=int(rng.choice(land.municipalities, p=land.weight)),
            need=needs[int(rng.integers(len(needs)))],
            modes=(("walk", "bus"), ("walk",), ("bicycle",), ("car",))[int(rng.integers(4))],
            minutes=int(rng.choice([15, 20, 30, 45])),
        )
        for _ in range(count)
    ]


def hard(
    land: Country, vocabulary: Vocabulary, count: int = HARD, *, seed: int = 12
) -> list[Question]:
    """The broadest needs, the densest places, the widest reach."""
    rng = np.random.default_rng(seed)
    needs = sorted(
        (n.key for n in vocabulary.concepts(Family.NEED)),
        key=lambda key: -len(vocabulary.answering(key)),
    )[:10]
    metres = (land.lat - CITIES[0][0]) ** 2 + (land.lon - CITIES[0][1]) ** 2
    dense = np.argsort(metres)[:20]
    return [
        _question(
            rng,
            land,
            vocabulary,
            home=int(rng.choice(dense)),
            need=needs[int(rng.integers(len(needs)))],
            modes=("train", "car"),
            minutes=60,
            situations=8,
        )
        for _ in range(count)
    ]


def _question(  # noqa: PLR0913 - the shape of one question, by name
    rng: np.random.Generator,
    land: Country,
    vocabulary: Vocabulary,
    *,
    home: int,
    need: str,
    modes: tuple[str, ...],
    minutes: int,
    situations: int = 3,
) -> Question:
    concept = vocabulary.get(Family.NEED, need)
    ask = NeedAsk(key=need, label=concept.label, text=concept.label, origin="needs")
    age = float(rng.choice([8, 16, 30, 45, 55, 70, 78, 85]))
    barriers = [c.key for c in vocabulary.concepts(Family.BARRIER)]
    start, end = ((540, 780), (600, 1080), (1020, 1260))[int(rng.integers(3))]
    days = sorted(rng.choice(7, int(rng.integers(2, 7)), replace=False).tolist())
    person = Person(
        id="m1",
        age_low=age,
        age_high=age,
        needs=(ask,),
        # 遠さを測らない人（支援措置）は、距離で引く競争相手には尋ねられない。
        situations=_drawn(rng, land.situations, situations) - NO_DISTANCE,
        activities=_drawn(rng, land.activities, 2),
        settings=_drawn(rng, land.settings, 1),
        barriers=_drawn(rng, barriers, 1),
        free=tuple(Slot(weekday=day, start=start, end=end) for day in days),
    )
    point = Point(
        float(land.lat[home] + rng.normal(0, 0.02)), float(land.lon[home] + rng.normal(0, 0.02))
    )
    household = Household(
        case=Case(),
        persons=(person,),
        areas=(area_id(home),),
        point=point,
        point_is_given=True,
        modes=modes,
        max_minutes=minutes,
    )
    return Question(household, person, ask)


def _drawn(rng: np.random.Generator, keys: Sequence[str], count: int) -> frozenset[str]:
    if not keys:
        return frozenset()
    chosen = rng.choice(len(keys), min(count, len(keys)), replace=False)
    return frozenset(keys[int(i)] for i in chosen)
