"""Whole results for whole households: everything of a match, explained."""

import time
from typing import Any

import numpy as np

from benchmarks.generate import DAY, area_id, country
from graph.model.values import Point
from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary
from matching.case import Case, Consent, Member, Travel
from matching.engine import Matcher

CASES = 100


def household_times(matcher: Matcher, vocabulary: Vocabulary, resources: int) -> dict[str, Any]:
    """p50 and p99 of ``Matcher.match`` over made-up households of one to three members."""
    cases = households(vocabulary, resources, CASES)
    for case in cases[:5]:
        matcher.match(case, on=DAY)
    times = []
    for case in cases:
        started = time.perf_counter()
        matcher.match(case, on=DAY)
        times.append((time.perf_counter() - started) * 1000)
    return {
        "cases": len(cases),
        "p50_ms": round(float(np.percentile(times, 50)), 2),
        "p99_ms": round(float(np.percentile(times, 99)), 2),
    }


def households(vocabulary: Vocabulary, resources: int, count: int) -> list[Case]:
    """Cases in words, as an office writes them."""
    rng = np.random.default_rng(21)
    land = country(resources, vocabulary)
    labels = {
        family: [c.label for c in vocabulary.concepts(family)]
        for family in (Family.NEED, Family.SITUATION, Family.BARRIER, Family.ACTIVITY)
    }
    found: list[Case] = []
    for number in range(count):
        home = int(rng.choice(land.municipalities, p=land.weight))
        members = tuple(
            Member(
                id=f"m{i + 1}",
                role=("本人", "母", "子")[i],
                age=float(rng.choice([8, 16, 30, 45, 62, 78, 85])),
                needs=_drawn(rng, labels[Family.NEED], int(rng.integers(1, 4))),
                attributes=_drawn(rng, labels[Family.SITUATION], 2),
                barriers=_drawn(rng, labels[Family.BARRIER], 1),
                wishes=_drawn(rng, labels[Family.ACTIVITY], 1),
                free=("平日 10:00-16:00",) if rng.integers(2) else (),
            )
            for i in range(int(rng.integers(1, 4)))
        )
        found.append(
            Case(
                case_id=f"B-{number}",
                area=area_id(home),
                point=Point(float(land.lat[home]), float(land.lon[home])),
                consent=Consent.AGREED,
                travel=Travel(modes=("徒歩", "バス"), max_minutes=30),
                members=members,
            )
        )
    return found


def _drawn(rng: np.random.Generator, words: list[str], count: int) -> tuple[str, ...]:
    chosen = rng.choice(len(words), min(count, len(words)), replace=False)
    return tuple(words[int(i)] for i in chosen)
