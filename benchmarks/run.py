"""``tsunagu bench``: the engine beside its rivals, lists equal first, else no speed is told.

It fills a store with synthetic resources, opens the product's own matcher over it and asks the
same questions of every engine. Figures of one run on one machine; only their ratios travel.
How to read them: docs/howto/bench.md.
"""

import json as json_text
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.compare import Engine, Product, Timing, compared, held_to_oracle, in_turns
from benchmarks.gap_times import gap_times
from benchmarks.generate import country, fill
from benchmarks.households import Kept, household_times, households, import_times, sample_times
from benchmarks.opening import opening
from benchmarks.over_http import BARE, ONE, WHOLE, Asked, http_times
from benchmarks.postgres import binaries, cluster
from benchmarks.questions import QUESTIONS, hard, ordinary
from benchmarks.rival_scan import NetworkxLoop, NumpyScan
from benchmarks.table import growth, growth_table, table
from benchmarks.telling import Telling
from graph.backends.open import open_store
from graph.backends.settings import sqlite_url
from graph.vocabulary.load import load_vocabulary
from graph.vocabulary.protocol import Vocabulary
from matching.engine import Matcher, open_matcher
from matching.weights import weights_of

if TYPE_CHECKING:
    from benchmarks.rival_neo4j import Server

__all__ = ["Wanted", "main", "run", "run_sizes", "table"]

#: The naive graph takes 3.4 GB and 25 s at a million.
NETWORKX_UP_TO = 100_000
WARM_SEED = 1001
WARM = 60
WARM_HARD = 10
RIVAL = "postgis"
HTTP_REQUESTS = 100
HTTP_WARM = 20
ONE_SEED = 4001
BARE_SEED = 2001
WHOLE_SEED = 3001


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is measured beside the questions.

    ``store``: a synthetic store made before. ``keep``: folder where such stores stay for the next
    run. ``imports``: real files to time households over.
    """

    store: Path | None = None
    keep: Path | None = None
    neo4j: "Server | None" = None
    gap_cases: int = 100
    imports: tuple[Path, ...] = ()
    telling: Telling = field(default_factory=Telling)


def main(
    resources: int | Sequence[int] = 10_000,
    json: bool = False,  # noqa: FBT001, FBT002 - the command's own option
    *,
    store: Path | None = None,
    wanted: Wanted | None = None,
) -> int:
    """Run the benchmark and print it. 1 when some lists do not agree."""
    # 途中で止められても、借りたサーバーを残さない。
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sizes = [resources] if isinstance(resources, int) else list(resources)
    report = run_sizes(sizes, wanted or Wanted(store=store))
    if json:
        shown: Any = report["sizes"][0] if len(sizes) == 1 else report
        print(json_text.dumps(shown, ensure_ascii=False, indent=2))  # noqa: T201
    else:
        parts = [table(one) for one in report["sizes"]]
        parts += [growth_table(report["growth"])] if report["growth"] else []
        print("\n\n".join(parts))  # noqa: T201
    return 0 if all(one["agree"] for one in report["sizes"]) else 1


def run_sizes(sizes: Sequence[int], wanted: Wanted) -> dict[str, Any]:
    """A report for each size, smallest first, and how the figures grow between them."""
    reports = [run(size, wanted) for size in sorted(sizes)]
    return {"sizes": reports, "growth": growth(reports)}


def run(resources: int, wanted: Wanted) -> dict[str, Any]:
    """Everything measured at one size, as interfaces and engine.md §6 have it."""
    vocabulary, telling = load_vocabulary(), wanted.telling
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tsunagu-bench-")))
        database, cache = _place(resources, wanted, folder), folder / "index"
        store = open_store(sqlite_url(database))
        stack.callback(store.close)
        if store.head() == 0:
            telling.say(f"資源{resources:,}件の架空の台帳を作っています。")
            fill(store, resources, vocabulary, telling.step)
        telling.say("索引を作っています。")
        # 前の索引があっても使わない。作る時間を毎回測り、いまの規則で作られたことも確かになる。
        started = time.perf_counter()
        matcher = open_matcher(store, vocabulary, cache=cache)
        report: dict[str, Any] = {
            "resources": len(matcher.index),
            "compile_s": round(time.perf_counter() - started, 2),
            "bytes_per_resource": round(matcher.index.base.nbytes / max(1, len(matcher.index)), 1),
        }
        telling.say("控えた索引を、新しいプロセスで開いています。")
        report |= opening(database, cache, resources)
        engines = list(_engines(matcher, vocabulary, resources, stack, wanted))
        report |= _compare(engines, matcher, vocabulary, resources, telling)
        if report["agree"]:
            rivals = [engine for engine in engines if engine.name == RIVAL]
            report |= _through_http(database, cache, matcher, rivals, wanted)
            report["ratios"] |= _over_http(report)
            report |= _beside(matcher, vocabulary, Kept(database, cache), wanted)
    return report


def _place(resources: int, wanted: Wanted, folder: Path) -> Path:
    """Where the synthetic store is, or is to be."""
    if wanted.store is not None:
        return wanted.store
    if wanted.keep is not None:
        wanted.keep.mkdir(parents=True, exist_ok=True)
        return wanted.keep / f"{resources}.db"
    return folder / "bench.db"


def _engines(
    matcher: Matcher,
    vocabulary: Vocabulary,
    resources: int,
    stack: ExitStack,
    wanted: Wanted,
) -> Iterator[Engine]:
    segment, weights, telling = matcher.index.base, weights_of(None), wanted.telling
    yield Product(matcher)
    yield NumpyScan(segment, vocabulary, weights)
    if binaries() is None:
        telling.say("PostgreSQLが入っていないため、PostGISとは比べません。")
    else:
        from benchmarks.rival_postgis import PostGis  # noqa: PLC0415 - needs a driver

        telling.say("PostGISに同じ資源を入れています。")
        rival = PostGis(stack.enter_context(cluster()), segment, vocabulary, weights, telling.step)
        stack.callback(rival.close)
        yield rival
    if wanted.neo4j is not None:
        from benchmarks.rival_neo4j import Neo4jRival  # noqa: PLC0415 - only where asked for

        telling.say("Neo4jに同じ資源を入れています。")
        other = Neo4jRival(wanted.neo4j, segment, vocabulary, weights, telling.step)
        stack.callback(other.close)
        yield other
    if resources <= NETWORKX_UP_TO:
        yield NetworkxLoop(segment, vocabulary, weights)


def _compare(
    engines: Sequence[Engine],
    matcher: Matcher,
    vocabulary: Vocabulary,
    resources: int,
    telling: Telling,
) -> dict[str, Any]:
    """Both groups of questions; each engine is warmed with other questions of the same kind."""
    land = country(resources, vocabulary)
    groups: dict[str, dict[str, Timing]] = {}
    for name, title, questions, warm in (
        ("engines", "ふつうの問い", ordinary, WARM),
        ("hard", "難しい問い", hard, WARM_HARD),
    ):
        telling.say(f"{title}を、つなぐと競争相手に順に尋ねています。")
        asked = in_turns(
            engines,
            questions(land, vocabulary),
            matcher.index.base,
            warm=questions(land, vocabulary, warm, seed=WARM_SEED),
            step=telling.step,
        )
        groups[name] = held_to_oracle(asked)
    return compared(groups)


def _beside(matcher: Matcher, vocabulary: Vocabulary, kept: Kept, wanted: Wanted) -> dict[str, Any]:
    """Whole households and the gap analysis."""
    telling, resources = wanted.telling, len(matcher.index)
    telling.say("世帯まるごとの照合を、新しいプロセスで測っています。")
    found: dict[str, Any] = {"household": household_times(kept, resources)}
    found["household_sample"] = sample_times(vocabulary)
    if wanted.imports:
        telling.say("取り込んだ実データで、世帯の照合を測っています。")
        found["household_import"] = import_times(vocabulary, wanted.imports)
    if wanted.gap_cases:
        telling.say(f"相談{wanted.gap_cases:,}件の不足の分析を測っています。")
        cases = households(vocabulary, resources, wanted.gap_cases)
        found["gaps"] = gap_times(matcher, vocabulary, cases, telling.step, cache=kept.cache)
    return found


def _through_http(
    database: Path, cache: Path, matcher: Matcher, rivals: Sequence[Engine], wanted: Wanted
) -> dict[str, Any]:
    """Lists of one need in turns with the rivals, and whole results."""
    wanted.telling.say("tsunagu serve に、HTTPで尋ねています。")
    vocabulary = matcher.vocabulary
    land = country(len(matcher.index), vocabulary)
    warm = ordinary(land, vocabulary, WARM, seed=WARM_SEED)
    asked = {
        ONE: Asked(ordinary(land, vocabulary, QUESTIONS, seed=ONE_SEED), warm),
        BARE: Asked(ordinary(land, vocabulary, QUESTIONS, seed=BARE_SEED), warm),
        WHOLE: Asked(ordinary(land, vocabulary, HTTP_REQUESTS, seed=WHOLE_SEED), warm[:HTTP_WARM]),
    }
    found: dict[str, Any] = http_times(
        sqlite_url(database), cache, asked, matcher, rivals, wanted.telling.step
    )
    return found


def _over_http(report: dict[str, Any]) -> dict[str, float]:
    """How many times slower than a list over HTTP the rival's statement is; both in one turn."""
    found: dict[str, float] = {}
    if RIVAL in report["engines"]:
        for p in (50, 99):
            for mark, key in (("http", "http_one_need"), ("http_bare", "http_one_need_bare")):
                own = report[key]
                ratio = own[f"{RIVAL}_p{p}_ms"] / own[f"p{p}_ms"]
                found[f"{mark}_{RIVAL}_p{p}"] = round(ratio, 2)
            rival = report["engines"][RIVAL][f"p{p}_ms"]
            found[f"{RIVAL}_p{p}_to_http"] = round(rival / report["http"][f"p{p}_ms"], 2)
    return found
