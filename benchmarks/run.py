"""``tsunagu bench``: the engine beside its rivals, lists equal first, else no speed is told.

It fills a store with synthetic resources, opens the product's own matcher over it and asks the
same questions of every engine. Figures of one run on one machine; only their ratios travel.
"""

import json as json_text
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from benchmarks.generate import DAY, country, fill
from benchmarks.households import household_times
from benchmarks.postgres import binaries, cluster
from benchmarks.questions import Question, hard, ordinary
from benchmarks.rival_scan import NetworkxLoop, NumpyScan
from graph.backends.open import open_store
from graph.model.element import NodeKind
from graph.store import GraphStore
from graph.vocabulary.load import load_vocabulary
from graph.vocabulary.protocol import Vocabulary
from matching.engine import Matcher, open_matcher
from matching.index.segment import Segment
from matching.weights import weights_of

TOP = 20
ROUNDS = 3
#: The naive loop is slow: it answers fewer questions, which is said beside its figures.
NETWORKX_QUESTIONS = 12
NETWORKX_UP_TO = 100_000
TOLERANCE = 1e-6
PERCENTILES = (50, 95, 99)


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
        """Ids and scores; turned into rows after the clock (:meth:`rows`)."""
        hits = self._matcher.search(
            question.household, question.person, question.need, on=DAY, top=top
        )
        return [(hit.resource_id, hit.score) for hit in hits.hits]  # type: ignore[misc]


@dataclass(slots=True)
class Timing:
    """Times of one engine in milliseconds, and how many of its lists agreed."""

    times: list[float] = field(default_factory=list)
    agreed: int = 0
    asked: int = 0

    def figures(self) -> dict[str, float]:
        """Percentiles, and the lists that agreed."""
        found = {f"p{p}_ms": round(float(np.percentile(self.times, p)), 4) for p in PERCENTILES}
        return {**found, "agree": self.agreed, "of": self.asked}


def main(resources: int = 10_000, json: bool = False, *, store: Path | None = None) -> int:  # noqa: FBT001, FBT002 - the command's own options
    """Run the benchmark and print it. 1 when some lists do not agree."""
    # 途中で止められても、借りたサーバーを残さない。
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    say: Callable[[str], None] = lambda text: print(text, file=sys.stderr, flush=True)  # noqa: E731, T201
    report = run(resources, say, store)
    print(json_text.dumps(report, ensure_ascii=False, indent=2) if json else table(report))  # noqa: T201
    return 0 if report["agree"] else 1


def run(resources: int, say: Callable[[str], None], path: Path | None = None) -> dict[str, Any]:
    """Everything measured, as interfaces and engine.md §6 have it."""
    vocabulary = load_vocabulary()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tsunagu-bench-")))
        url = f"sqlite:///{path or folder / 'bench.db'}"
        store = open_store(url)
        stack.callback(store.close)
        if store.head() == 0:
            say(f"資源{resources:,}件の架空の台帳を作っています。")
            fill(store, resources, vocabulary)
        say("索引を作っています。")
        cache = folder / "index"
        started = time.perf_counter()
        matcher = open_matcher(store, vocabulary, cache=cache)
        compile_s = time.perf_counter() - started
        report: dict[str, Any] = {
            "resources": len(matcher.index),
            "compile_s": round(compile_s, 2),
            "bytes_per_resource": round(matcher.index.base.nbytes / max(1, len(matcher.index)), 1),
            **_opening(store, vocabulary, cache, resources),
        }
        say("同じ問いを、つなぐと競争相手に順に尋ねています。")
        engines = list(_engines(matcher, vocabulary, resources, stack, say))
        report |= _compare(engines, matcher, vocabulary, resources)
        if report["agree"]:
            say("世帯まるごとの照合を測っています。")
            report["household"] = household_times(matcher, vocabulary, resources)
    return report


def _opening(
    store: GraphStore, vocabulary: Vocabulary, cache: Path, resources: int
) -> dict[str, float]:
    """From a kept index to the first answer, and reading the same records from the store."""
    question = ordinary(country(resources, vocabulary), vocabulary, 1)[0]
    started = time.perf_counter()
    Product(open_matcher(store, vocabulary, cache=cache)).answer(question, TOP)
    open_s = time.perf_counter() - started
    started = time.perf_counter()
    with store.read() as view:
        for _ in view.nodes(NodeKind.RESOURCE):
            pass
    read_s = time.perf_counter() - started
    return {
        "open_s": round(open_s, 4),
        "read_store_s": round(read_s, 3),
        "open_share_of_reading": round(open_s / read_s, 4) if read_s else 0.0,
    }


def _engines(
    matcher: Matcher,
    vocabulary: Vocabulary,
    resources: int,
    stack: ExitStack,
    say: Callable[[str], None],
) -> Iterator[Engine]:
    segment, weights = matcher.index.base, weights_of(None)
    yield NumpyScan(segment, vocabulary, weights)
    yield Product(matcher)
    if binaries() is None:
        say("PostgreSQLが入っていないため、PostGISとは比べません。")
    else:
        from benchmarks.rival_postgis import PostGis  # noqa: PLC0415 - needs a driver

        say("PostGISに同じ資源を入れています。")
        rival = PostGis(stack.enter_context(cluster()), segment, vocabulary, weights)
        stack.callback(rival.close)
        yield rival
    if resources <= NETWORKX_UP_TO:
        yield NetworkxLoop(segment, vocabulary, weights)


def _compare(
    engines: Sequence[Engine], matcher: Matcher, vocabulary: Vocabulary, resources: int
) -> dict[str, Any]:
    land = country(resources, vocabulary)
    found: dict[str, Any] = {"agree": True, "engines": {}, "hard": {}}
    for name, questions in (
        ("engines", ordinary(land, vocabulary)),
        ("hard", hard(land, vocabulary)),
    ):
        timings = ask_all(engines, questions, matcher.index.base)
        found["agree"] &= all(t.agreed == t.asked for t in timings.values())
        found[name] = {engine: timing.figures() for engine, timing in timings.items()}
    if not found["agree"]:
        # 答えが違ううちは、速さに意味がない。
        for name in ("engines", "hard"):
            found[name] = {
                engine: {key: value for key, value in figures.items() if key in ("agree", "of")}
                for engine, figures in found[name].items()
            }
        return found
    found["ratios"] = _ratios(found)
    return found


def ask_all(
    engines: Sequence[Engine], questions: Sequence[Question], segment: Segment
) -> dict[str, Timing]:
    """Each engine answers all questions in turn, several rounds; the first engine is the oracle."""
    timings = {engine.name: Timing() for engine in engines}
    oracle: list[list[tuple[int, float]]] = []
    for engine in engines:
        own = questions[:NETWORKX_QUESTIONS] if engine.name == "networkx" else questions
        prepared = [engine.prepare(question) for question in own]
        timing = timings[engine.name]
        for number, ready in enumerate(prepared):
            answer = as_rows(engine.answer(ready, TOP), segment)
            if engine is engines[0]:
                oracle.append(answer)
            timing.asked += 1
            timing.agreed += agrees(answer, oracle[number])
        rounds = 1 if engine.name in ("networkx", "numpy_scan") else ROUNDS
        for _ in range(rounds):
            for ready in prepared:
                started = time.perf_counter()
                engine.answer(ready, TOP)
                timing.times.append((time.perf_counter() - started) * 1000)
    return timings


def as_rows(answer: Sequence[tuple[Any, float]], segment: Segment) -> list[tuple[int, float]]:
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
        if abs(score - wanted) > TOLERANCE:
            return False
        beside = [*scores[max(0, place - 1) : place], *scores[place + 1 : place + 2]]
        if row != other and all(abs(wanted - near) > 2 * TOLERANCE for near in beside):
            return False
    return True


def _ratios(found: dict[str, Any]) -> dict[str, float]:
    """How many times slower than the product each rival is."""
    ratios: dict[str, float] = {}
    for group, mark in (("engines", ""), ("hard", "hard_")):
        own = found[group]["tsunagu"]
        for engine, figures in found[group].items():
            if engine != "tsunagu":
                for p in (50, 99):
                    ratio = figures[f"p{p}_ms"] / own[f"p{p}_ms"]
                    ratios[f"{mark}{engine}_p{p}"] = round(ratio, 2)
    return ratios


def table(report: dict[str, Any]) -> str:
    """The report for people."""
    lines = [
        "資源 {resources:,}件　索引 {bytes_per_resource}バイト/件　作成 {compile_s}秒　"
        "開いて最初の答えまで {open_s}秒".format(**report)
    ]
    if not report["agree"]:
        lines.append("答えが一致しないため、速さは出しません。")
    for group, title in (("engines", "ふつうの問い"), ("hard", "難しい問い")):
        lines.append(f"{title}（上位{TOP}件、ミリ秒）")
        for engine, figures in report[group].items():
            times = "  ".join(
                f"{key[:-3]} {value}" for key, value in figures.items() if key.endswith("_ms")
            )
            lines.append(f"  {engine:<12}{times}  一致 {figures['agree']}/{figures['of']}")
    lines.extend(f"  {name} {value}倍" for name, value in report.get("ratios", {}).items())
    if "household" in report:
        times = report["household"]
        lines.append(
            f"世帯まるごと p50 {times['p50_ms']} p99 {times['p99_ms']}ミリ秒（{times['cases']}世帯）"
        )
    return "\n".join(lines)
