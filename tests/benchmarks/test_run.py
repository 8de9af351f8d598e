"""The benchmark's own honesty: engines agree at a small size, and a wrong list is caught."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import run as bench
from benchmarks.compare import Engine, Product, agrees, compared, held_to_oracle, in_turns
from benchmarks.generate import country, fill
from benchmarks.questions import Question, hard, ordinary
from benchmarks.rival_scan import NetworkxLoop, NumpyScan
from benchmarks.table import REFUSED, growth, table
from graph.backends.open import open_store
from graph.vocabulary.load import load_vocabulary
from matching.engine import Matcher, open_matcher
from matching.weights import weights_of

SIZE = 600
FIRST = {
    "resources": SIZE,
    "compile_s": 1.0,
    "bytes_per_resource": 100.0,
    "open_s": 0.1,
    "read_store_s": 1.0,
    "open_share_of_reading": 0.1,
}


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    store = open_store("memory:")
    fill(store, SIZE, load_vocabulary())
    return open_matcher(store, load_vocabulary())


class Liar(Product):
    """As fast as can be, and one list is not the right one."""

    def __init__(self, matcher: Matcher) -> None:
        super().__init__(matcher)
        self._asked = 0

    def answer(self, question: Question, top: int) -> list[tuple[int, float]]:
        self._asked += 1
        found = super().answer(question, top)
        return found[:-1] if self._asked == 3 else found


def both(engines: list[Engine], matcher: Matcher, count: int = 12) -> dict[str, Any]:
    """Ordinary and hard questions, compared."""
    vocabulary, segment = load_vocabulary(), matcher.index.base
    land = country(SIZE, vocabulary)
    return compared(
        {
            "engines": held_to_oracle(
                in_turns(engines, ordinary(land, vocabulary, count), segment)
            ),
            "hard": held_to_oracle(in_turns(engines, hard(land, vocabulary, count // 2), segment)),
        }
    )


def scan(matcher: Matcher) -> NumpyScan:
    return NumpyScan(matcher.index.base, load_vocabulary(), weights_of(None))


def test_every_engine_gives_the_same_lists(matcher: Matcher) -> None:
    loop = NetworkxLoop(matcher.index.base, load_vocabulary(), weights_of(None))
    found = both([Product(matcher), scan(matcher), loop], matcher)
    assert found["agree"]
    for group, count in (("engines", 12), ("hard", 6)):
        for name, figures in found[group].items():
            assert (figures["agree"], figures["of"]) == (count, count), name
            assert figures["p50_ms"] > 0
    assert {"numpy_scan_p50", "networkx_p99", "hard_numpy_scan_p50"} <= found["ratios"].keys()


def test_no_speed_is_told_when_one_list_differs(matcher: Matcher) -> None:
    found = both([Liar(matcher), scan(matcher)], matcher)
    assert not found["agree"]
    assert found["engines"]["tsunagu"] == {"agree": 11, "of": 12}
    assert "ratios" not in found
    text = table({**FIRST, **found})
    assert REFUSED in text
    assert "p50" not in text
    assert "倍（p99" not in text


def test_the_command_fails_when_one_list_differs(
    matcher: Matcher, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = {**FIRST, **both([Liar(matcher), scan(matcher)], matcher)}
    monkeypatch.setattr(bench, "run", lambda _size, _wanted: found)
    assert bench.main(SIZE, json=True) == 1
    shown = json.loads(capsys.readouterr().out)
    assert shown["agree"] is False
    assert all("p50_ms" not in figures for figures in shown["engines"].values())
    assert bench.main([SIZE, SIZE]) == 1
    assert REFUSED in capsys.readouterr().out


def test_growth_is_told_between_sizes_that_agree() -> None:
    def report(size: int, milliseconds: float) -> dict[str, Any]:
        figures = {"p50_ms": milliseconds, "p99_ms": milliseconds * 3}
        engines = {"tsunagu": figures, "postgis": figures}
        return {
            "resources": size,
            "agree": True,
            "engines": engines,
            "hard": engines,
            "household": figures,
        }

    (step,) = growth([report(10, 2.0), report(100, 5.0)])
    assert (step["from"], step["to"]) == (10, 100)
    assert step["engines"]["tsunagu"] == {"p50": 2.5, "p99": 2.5}
    assert growth([report(10, 2.0), {**report(100, 5.0), "agree": False}]) == []


def test_a_wrong_list_is_not_taken_for_agreement() -> None:
    right = [(1, 0.9), (2, 0.8), (3, 0.8)]
    assert agrees([(1, 0.9), (3, 0.8), (2, 0.8)], right)
    assert not agrees([(2, 0.9), (1, 0.8), (3, 0.8)], right)
    assert not agrees([(1, 0.9), (2, 0.7), (3, 0.8)], right)
    assert not agrees([(1, float("nan")), (2, 0.8), (3, 0.8)], right)
    assert not agrees(right[:2], right)


def test_the_country_is_the_same_each_time(tmp_path: Path) -> None:
    versions = set()
    for number in range(2):
        store = open_store(f"sqlite:///{tmp_path / str(number)}.db")
        fill(store, 200, load_vocabulary())
        versions.add(open_matcher(store, load_vocabulary()).index.version())
        store.close()
    assert len(versions) == 1
