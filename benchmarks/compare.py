"""Engines side by side on the same questions: lists equal first, else no speed is told.

Every engine is warmed with other questions. The time that counts is that of a question asked for
the first time, since an engine may keep what it worked out; asked again is told beside it.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from benchmarks.generate import DAY
from benchmarks.questions import Question
from matching.engine import Matcher
from matching.index.segment import Segment

TOP = 20
#: Times a question is asked once more.
AGAIN = 2
#: Questions an engine is asked before it is the next one's turn. A machine may be twice as slow a
#: minute later: with short turns a slow while falls on all alike.
TURN = 50
#: Engines that take seconds: they answer fewer questions, and once. Said beside their figures.
SLOW = {"networkx": 12}
ORACLE = "numpy_scan"
TOLERANCE = 1e-6
PERCENTILES = (50, 95, 99)

Answer = Sequence[tuple[Any, float]]


class Engine(Protocol):
    """Something that answers questions with rows and scores."""

    name: str

    def prepare(self, question: Question) -> Any:  # noqa: ANN401 - each its own
        """What may be worked out before the clock starts."""

    def answer(self, prepared: Any, top: int) -> list[tuple[int, float]]:  # noqa: ANN401
        """Rows with scores, best first."""


class Product:
    """``Matcher.search``: the function that ``tsunagu match`` and the API go through."""

    name = "tsunagu"

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher

    def prepare(self, question: Question) -> Question:
        """Nothing to prepare."""
        return question

    def answer(self, question: Question, top: int) -> list[tuple[int, float]]:
        """Ids and scores; turned into rows after the clock (:func:`as_rows`)."""
        hits = self._matcher.search(
            question.household, question.person, question.need, on=DAY, top=top
        )
        return [(hit.resource_id, hit.score) for hit in hits.hits]  # type: ignore[misc]


@dataclass(slots=True)
class Timing:
    """Times of one engine in milliseconds, and how many of its lists agreed with the oracle."""

    times: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    #: getting the question ready: never counted, told beside
    ready: list[float] = field(default_factory=list)
    answers: list[list[tuple[int, float]]] = field(default_factory=list)
    agreed: int = 0

    @property
    def asked(self) -> int:
        """Questions answered."""
        return len(self.answers)

    def figures(self) -> dict[str, float]:
        """Percentiles, and the lists that agreed."""
        found = {f"p{p}_ms": round(float(np.percentile(self.times, p)), 4) for p in PERCENTILES}
        if self.again:
            found["again_p50_ms"] = round(float(np.percentile(self.again, 50)), 4)
        found["prepare_p50_ms"] = round(float(np.percentile(self.ready, 50)), 4)
        return {**found, "agree": self.agreed, "of": self.asked}


def in_turns(
    engines: Sequence[Engine],
    questions: Sequence[Question],
    segment: Segment,
    *,
    warm: Sequence[Question] = (),
    step: Callable[[int, int], None] = lambda _done, _total: None,
) -> dict[str, Timing]:
    """Each engine answers all questions, :data:`TURN` at a time and in the order of ``engines``.

    The product comes first, so that nothing another engine left in memory helps it.
    """
    timings = {engine.name: Timing() for engine in engines}
    for engine in engines:
        for question in warm[: SLOW.get(engine.name, len(warm))]:
            engine.answer(engine.prepare(question), TOP)
    for done in range(0, len(questions), TURN):
        for engine in engines:
            own = questions[done : min(done + TURN, SLOW.get(engine.name, len(questions)))]
            take_turn(engine, own, timings[engine.name], segment)
        step(min(done + TURN, len(questions)), len(questions))
    return timings


def held_to_oracle(timings: dict[str, Timing]) -> dict[str, Timing]:
    """The same, with how many lists of each agree with the oracle's."""
    oracle = timings[ORACLE].answers
    for timing in timings.values():
        found = zip(timing.answers, oracle[: timing.asked], strict=True)
        timing.agreed = sum(agrees(answer, expected) for answer, expected in found)
    return timings


def take_turn(
    engine: Engine, questions: Sequence[Question], timing: Timing, segment: Segment
) -> None:
    """Ask an engine some questions for the first time, and then the same ones again."""
    prepared = [_prepared(engine, question, timing.ready) for question in questions]
    for ready in prepared:
        timing.answers.append(as_rows(_timed(engine, ready, timing.times), segment))
    for _ in range(0 if engine.name in (*SLOW, ORACLE) else AGAIN):
        for ready in prepared:
            _timed(engine, ready, timing.again)


def _prepared(engine: Engine, question: Question, times: list[float]) -> Any:  # noqa: ANN401
    started = time.perf_counter()
    ready = engine.prepare(question)
    times.append((time.perf_counter() - started) * 1000)
    return ready


def _timed(engine: Engine, ready: Any, times: list[float]) -> Answer:  # noqa: ANN401 - each its own
    started = time.perf_counter()
    answer = engine.answer(ready, TOP)
    times.append((time.perf_counter() - started) * 1000)
    return answer


def as_rows(answer: Answer, segment: Segment) -> list[tuple[int, float]]:
    """The product answers in ids; the rivals in rows."""
    return [
        (segment.row_of(key) if isinstance(key, str) else key, score)  # type: ignore[misc]
        for key, score in answer
    ]


def agrees(answer: Sequence[tuple[int, float]], expected: Sequence[tuple[int, float]]) -> bool:
    """Same scores place by place, and the same rows except among real ties."""
    if len(answer) != len(expected):
        return False
    scores = [score for _, score in expected]
    for place, ((row, score), (other, wanted)) in enumerate(zip(answer, expected, strict=True)):
        if not abs(score - wanted) <= TOLERANCE:
            return False
        beside = [*scores[max(0, place - 1) : place], *scores[place + 1 : place + 2]]
        if row != other and all(abs(wanted - near) > 2 * TOLERANCE for near in beside):
            return False
    return True


def compared(groups: dict[str, dict[str, Timing]]) -> dict[str, Any]:
    """Figures of all groups with the ratios; only the counts where some list differs."""
    agree = all(t.agreed == t.asked for timings in groups.values() for t in timings.values())
    found: dict[str, Any] = {"agree": agree}
    for group, timings in groups.items():
        found[group] = {name: timing.figures() for name, timing in timings.items()}
    if agree:
        found["ratios"] = ratios(found)
        return found
    # 答えが違ううちは、速さに意味がない。
    for group in groups:
        found[group] = {
            name: {key: figures[key] for key in ("agree", "of")}
            for name, figures in found[group].items()
        }
    return found


def ratios(found: dict[str, Any]) -> dict[str, float]:
    """How many times slower than the product each rival is.

    The plain ratio counts the product's getting ready and not the rival's. ``prepared`` counts both;
    ``again`` neither: the same questions once more.
    """
    told: dict[str, float] = {}
    for group, mark in (("engines", ""), ("hard", "hard_")):
        own = found.get(group, {}).get("tsunagu")
        for engine, figures in found.get(group, {}).items():
            if own and engine != "tsunagu":
                for p in (50, 99):
                    ratio = figures[f"p{p}_ms"] / own[f"p{p}_ms"]
                    told[f"{mark}{engine}_p{p}"] = round(ratio, 2)
                whole = figures["p50_ms"] + figures["prepare_p50_ms"]
                told[f"{mark}{engine}_prepared_p50"] = round(whole / own["p50_ms"], 2)
                if "again_p50_ms" in figures:
                    again = figures["again_p50_ms"] / own["again_p50_ms"]
                    told[f"{mark}{engine}_again_p50"] = round(again, 2)
    return told
