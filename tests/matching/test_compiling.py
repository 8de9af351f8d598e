"""Compiling in two processes gives the same bytes, and never depends on the second."""

import gc
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.areas import AreaTree
from graph.backends.open import open_store
from graph.backends.settings import sqlite_url
from graph.errors import StoreError
from graph.store import GraphStore, View
from graph.vocabulary.load import load_vocabulary
from graph.vocabulary.protocol import Vocabulary
from ingest.samples import sample_folder
from matching import compiling
from matching.card import ResourceCard
from matching.cards import all_cards
from matching.index.column import Column, Label
from matching.index.compile import Compiler, Gatherer, Part
from matching.index.live import columns, compile_cards, finished
from matching.index.segment import Segment
from matching.index.shared import STRUCTURE
from matching.index.snapshot import Origin, compile_rules, save
from tests.ingest.importing import bring
from tests.matching.index.worlds import worlds
from tests.matching.world import EAST, SALON, VOCABULARY, little_town, place, put

ORIGIN = Origin(rules="r", vocabulary="v", head=1, mark="m")
Broken = Callable[[pytest.MonkeyPatch], None]


def written(segment: Segment) -> dict[str, bytes]:
    """All of a segment as it is kept: every array, every list of values."""
    with TemporaryDirectory() as folder:
        save(segment, ORIGIN, Path(folder))
        return {path.name: path.read_bytes() for path in (Path(folder) / "base").iterdir()}


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> list[Part | None]:
    """A machine of two cores on which no store is too small; what second processes gave."""
    given: list[Part | None] = []
    received = compiling._received

    def noting(process: "subprocess.Popen[bytes]", wait_s: float) -> Part | None:
        given.append(received(process, wait_s))
        return given[-1]

    monkeypatch.setattr(compiling, "_received", noting)
    monkeypatch.setattr(compiling, "_cores", lambda: 2)
    monkeypatch.setattr(compiling, "AT_LEAST", 2)
    # 混んだ機械でも待ち切り、試験の途中で書き直された木でも同じ規則を見る。
    monkeypatch.setattr(compiling, "WAIT_S", 300.0)
    monkeypatch.setattr(compiling, "_RULES", compile_rules())
    return given


@pytest.fixture
def town(tmp_path: Path) -> Iterator[GraphStore]:
    with closing(little_town(sqlite_url(tmp_path / "town.db"))) as store:
        put(store, *(place(replace(SALON, id=f"s{i}", name=f"場{i}")) for i in range(5)))
        yield store


def alone(view: View, vocabulary: Vocabulary) -> Segment:
    return compile_cards(all_cards(view, vocabulary, AreaTree.load(view)), vocabulary)


def compiled(store: GraphStore, view: View, vocabulary: Vocabulary = VOCABULARY) -> Segment:
    return compiling.compile_store(store, view, vocabulary, AreaTree.load(view))


def test_two_processes_give_the_bytes_of_one(parts: list[Part | None], tmp_path: Path) -> None:
    vocabulary = load_vocabulary()
    with closing(open_store(sqlite_url(tmp_path / "見本.db"))) as store:
        bring(store, sample_folder())
        with store.read() as view:
            one, two = alone(view, vocabulary), compiled(store, view, vocabulary)
    (part,) = parts
    assert part is not None
    assert 0 < len(part.ids) <= one.size // 2 < one.size
    assert written(two) == written(one)


@settings(max_examples=15, deadline=None)
@given(worlds(), st.data())
def test_gathered_apart_is_gathered_at_once(cards: list[ResourceCard], data: st.DataObject) -> None:
    cards = sorted(cards, key=lambda card: card.id)
    cut = data.draw(st.integers(0, len(cards)))
    compiler, other = Compiler(columns(), VOCABULARY), Gatherer(columns())
    compiler.add_all(cards[:cut])
    other.add_all(cards[cut:])
    assert compiler.take(pickle.loads(pickle.dumps(other.part())))
    assert written(finished(compiler)) == written(compile_cards(cards, VOCABULARY))


def says(text: str) -> Broken:
    return lambda patch: patch.setattr(compiling, "_CHILD", text)


def never_answers(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(compiling, "_CHILD", "import time; time.sleep(600)")
    patch.setattr(compiling, "WAIT_S", 0.1)


def is_killed(patch: pytest.MonkeyPatch) -> None:
    send = compiling._send

    def then_kill(process: "subprocess.Popen[bytes]", job: compiling.Job) -> None:
        send(process, job)
        process.kill()

    patch.setattr(compiling, "_send", then_kill)


@pytest.mark.parametrize(
    "broken",
    [
        says("raise SystemExit(3)"),
        says("print('何か別のもの')"),
        says("import pickle, sys; pickle.dump([1], sys.stdout.buffer)"),
        says(""),
        never_answers,
        is_killed,
        lambda patch: patch.setattr(sys, "executable", "/どこにもない"),
        lambda patch: patch.setattr(sys, "executable", ""),
    ],
    ids=["fails", "garbage", "foreign", "silent", "hangs", "killed", "missing", "nameless"],
)
def test_whatever_becomes_of_the_second_the_index_is_whole(
    parts: list[Part | None], town: GraphStore, monkeypatch: pytest.MonkeyPatch, broken: Broken
) -> None:
    broken(monkeypatch)
    with town.read() as view:
        assert written(compiled(town, view)) == written(alone(view, VOCABULARY))
    assert not any(parts)


def test_a_write_in_the_middle_is_not_mixed_in(parts: list[Part | None], town: GraphStore) -> None:
    with town.read() as view:
        before = alone(view, VOCABULARY)
        # この読みの時点より後の書き込み。二つ目の処理には、こちらが見える。
        put(town, place(replace(SALON, id="zz", name="新しい場"), serves=(EAST,)))
        assert written(compiled(town, view)) == written(before)
    assert parts == [None]
    with town.read() as view:
        assert compiled(town, view).row_of("zz") is not None
    assert parts[-1] is not None


def test_other_rules_are_not_mixed_in(
    parts: list[Part | None], town: GraphStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiling, "_RULES", "前の版")
    with town.read() as view:
        assert written(compiled(town, view)) == written(alone(view, VOCABULARY))
    assert parts == [None]


@pytest.mark.parametrize(
    ("name", "value"), [("AT_LEAST", 8), ("_cores", lambda: 1)], ids=["small", "one core"]
)
def test_no_second_process_where_it_is_of_no_help(
    parts: list[Part | None],
    town: GraphStore,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: object,
) -> None:
    monkeypatch.setattr(compiling, name, value)
    with town.read() as view:
        assert compiled(town, view).size == 7
    assert parts == []


def test_no_second_process_for_a_store_of_this_process(parts: list[Part | None]) -> None:
    store = little_town()
    with store.read() as view:
        assert compiled(store, view).size == 2
    assert parts == []


def test_values_that_are_written_differently_are_not_taken_in() -> None:
    def gathering(gatherer: Gatherer, resource_id: str) -> Gatherer:
        gatherer.add(ResourceCard(resource=replace(SALON, id=resource_id)))
        return gatherer

    def asked(value: object) -> dict[str, Column]:
        label = Label("number", lambda _: value)  # type: ignore[arg-type, return-value]
        return {column.name: column for column in (*STRUCTURE, label)}

    whole = Compiler(asked(1), VOCABULARY)
    gathering(whole, "a")
    for value in (1.0, True):
        assert not whole.take(gathering(Gatherer(asked(value)), "b").part())
    assert not whole.take(gathering(Gatherer(columns()), "b").part())
    assert len(whole) == 1
    assert whole.take(gathering(Gatherer(asked(1)), "b").part())
    assert len(whole) == 2


@pytest.mark.parametrize("on", [True, False])
def test_sweeping_is_left_as_it_was(
    town: GraphStore, monkeypatch: pytest.MonkeyPatch, on: bool
) -> None:
    seen: list[bool] = []

    def failing(*_: object, **__: object) -> Iterator[ResourceCard]:
        seen.append(gc.isenabled())
        raise StoreError("読めません。")

    monkeypatch.setattr(compiling, "all_cards", failing)
    was_on = gc.isenabled()
    try:
        (gc.enable if on else gc.disable)()
        with town.read() as view, pytest.raises(StoreError):
            compiled(town, view)
        assert (seen, gc.isenabled()) == ([False], on)
    finally:
        (gc.enable if was_on else gc.disable)()
