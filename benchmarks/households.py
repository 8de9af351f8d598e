"""Whole results for whole households: everything of a match, explained.

``python -m benchmarks.households DB INDEX RESOURCES CASES WARM`` prints the figures of a synthetic
store, in a process that holds nothing else: as in ``tsunagu serve``, and without what rivals left in memory.
"""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.generate import DAY, area_id, country
from graph.backends.open import open_store
from graph.backends.settings import sqlite_url
from graph.model.place import AreaKind
from graph.model.values import Point
from graph.vocabulary.concept import Family
from graph.vocabulary.load import load_vocabulary
from graph.vocabulary.protocol import Vocabulary
from ingest.load import import_paths
from ingest.options import ImportOptions
from ingest.samples import sample_folder
from matching.case import Case, Consent, Member, Travel, parse_case
from matching.engine import Matcher, open_matcher

#: Four hundred, so that p99 is not the single worst.
CASES = 400
WARM = 10
AGAIN = 2


@dataclass(frozen=True, slots=True)
class Kept:
    """A synthetic store on disk, and the folder of its index."""

    database: Path
    cache: Path


def household_times(kept: Kept, resources: int) -> dict[str, Any]:
    """p50 and p99 of ``Matcher.match`` over made-up households of one to three members."""
    command = [sys.executable, "-m", "benchmarks.households"]
    done = subprocess.run(
        [*command, str(kept.database), str(kept.cache), *map(str, (resources, CASES, WARM))],
        check=True,
        capture_output=True,
        cwd=Path(__file__).resolve().parent.parent,
    )
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def _measure(kept: Kept, resources: int, count: int, warm: int) -> dict[str, Any]:
    vocabulary = load_vocabulary()
    with closing(open_store(sqlite_url(kept.database))) as store:
        matcher = open_matcher(store, vocabulary, cache=kept.cache)
        cases = households(vocabulary, resources, count + warm)
        return times_of(matcher, cases[warm:], warm=cases[:warm])


def times_of(
    matcher: Matcher, cases: Sequence[Case], *, warm: Sequence[Case] = ()
) -> dict[str, Any]:
    """Milliseconds of whole results: cases seen for the first time, and the same ones again."""
    for case in warm:
        matcher.match(case, on=DAY)
    first = [_milliseconds(matcher, case) for case in cases]
    again = [_milliseconds(matcher, case) for _ in range(AGAIN) for case in cases]
    return {
        "cases": len(cases),
        "p50_ms": _percentile(first, 50),
        "p99_ms": _percentile(first, 99),
        "again_p50_ms": _percentile(again, 50),
        "again_p99_ms": _percentile(again, 99),
    }


def sample_times(vocabulary: Vocabulary) -> dict[str, Any]:
    """The sample municipality with its own cases."""
    return import_times(vocabulary, [sample_folder()])


def import_times(vocabulary: Vocabulary, paths: Sequence[Path]) -> dict[str, Any]:
    """The cases of the sample over imported files.

    Where the files hold other towns, each case lives in one of these, in turn.
    """
    with closing(open_store("memory:")) as store:
        now = datetime(DAY.year, DAY.month, DAY.day, 9, tzinfo=UTC)
        import_paths(store, paths, options=ImportOptions(), vocabulary=vocabulary, now=now)
        matcher = open_matcher(store, vocabulary)
        cases = _sample_cases()
        towns = sorted(
            area.name
            for area in matcher.areas.areas.values()
            if area.kind in (AreaKind.CITY, AreaKind.WARD)
        )
        if sample_folder() not in paths:
            cases = [
                replace(case, area=towns[i % len(towns)] if towns else None, point=None)
                for i, case in enumerate(cases)
            ]
        # 辞書を読み込む一度きりの一秒を、最初の世帯の時間に入れない。
        warm = [parse_case({"memo": "七十歳の女性。話し相手がほしい。"})]
        times = times_of(matcher, cases, warm=warm)
        return {"resources": len(matcher.index), "towns": len(towns), **times}


def _sample_cases() -> list[Case]:
    lines = (sample_folder() / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    return [parse_case(json.loads(line)) for line in lines if line.strip()]


def _milliseconds(matcher: Matcher, case: Case) -> float:
    started = time.perf_counter()
    matcher.match(case, on=DAY)
    return (time.perf_counter() - started) * 1000


def _percentile(times: Sequence[float], percent: int) -> float:
    return round(float(np.percentile(times, percent)), 2)


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


if __name__ == "__main__":
    places, counts = sys.argv[1:3], sys.argv[3:6]
    sys.stdout.write(json.dumps(_measure(Kept(*map(Path, places)), *map(int, counts))))
