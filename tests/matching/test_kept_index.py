"""The kept index of a store without a change of its own: restored, migrated, pruned, copied."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from graph.backends.backup import backup, restore
from graph.backends.migrate import migrate
from graph.backends.open import open_store
from graph.backends.settings import sqlite_url
from graph.store import GraphStore, View
from matching import refresh
from matching.compiling import compile_store
from matching.engine import open_matcher
from tests.matching.world import EAST, SALON, VOCABULARY, little_town, place, put

LATER = datetime(2100, 1, 1, tzinfo=UTC)
Opened = Callable[[Path], GraphStore]


@pytest.fixture
def opened() -> Iterator[Opened]:
    """Opens a store in a file until the end of the test."""
    with ExitStack() as stack:

        def opener(path: Path) -> GraphStore:
            store = open_store(sqlite_url(path))
            stack.callback(store.close)
            return store

        yield opener


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The urls of the stores that were compiled whole."""
    found: list[str] = []

    def noting(store: GraphStore, view: View, *rest: object) -> object:
        found.append(store.url)
        return compile_store(store, view, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(refresh, "compile_store", noting)
    return found


def town(path: Path, *extra: str) -> str:
    """A little town in a file, with more salons of these names; closed again."""
    store = little_town(sqlite_url(path))
    for name in extra:
        put(store, place(replace(SALON, id=f"x-{name}", name=name), serves=(EAST,)))
    store.close()
    return sqlite_url(path)


def restored(path: Path, *extra: str) -> Path:
    """A store that was filled from the backup of such a town, and never written since."""
    file = path.with_suffix(".tsunagu")
    backup(town(path.with_suffix(".first"), *extra), file)
    assert restore(file, sqlite_url(path), lambda _: True) is not None
    return path


def names(store: GraphStore, cache: Path) -> set[str]:
    """What an engine with this cache finds in its index."""
    matcher = open_matcher(store, VOCABULARY, cache=cache)
    return {key.removeprefix("x-") for key in matcher.index.ids() if key.startswith("x-")}


@pytest.mark.parametrize("way", ["restore", "migrate", "prune"])
def test_it_is_kept_before_the_first_write(
    tmp_path: Path, opened: Opened, compiled: list[str], way: str
) -> None:
    path, cache = tmp_path / "a.db", tmp_path / "index"
    if way == "restore":
        restored(path, "甲")
    elif way == "migrate":
        found = migrate(town(tmp_path / "from.db", "甲"), sqlite_url(path))
        assert found is not None
        assert found.equal
    else:
        town(path, "甲")
    store = opened(path)
    if way == "prune":
        assert store.prune(LATER) > 0
    assert store.floor() == store.head() > 0
    for _ in range(3):
        assert names(store, cache) == {"甲"}
    assert compiled == [store.url]
    put(store, place(replace(SALON, id="x-乙", name="乙"), serves=(EAST,)))
    assert names(store, cache) == {"甲", "乙"}
    assert compiled == [store.url]


def test_it_is_kept_by_whoever_opens_the_store_next(tmp_path: Path, compiled: list[str]) -> None:
    path, cache = restored(tmp_path / "a.db", "甲"), tmp_path / "index"
    for _ in range(2):
        store = open_store(sqlite_url(path))
        assert names(store, cache) == {"甲"}
        store.close()
    assert len(compiled) == 1


def test_that_of_another_restored_store_is_not_taken(
    tmp_path: Path, opened: Opened, compiled: list[str]
) -> None:
    cache = tmp_path / "index"
    for name in ("甲", "乙"):
        store = opened(restored(tmp_path / f"{name}.db", name))
        assert store.head() == 1
        assert names(store, cache) == {name}
    assert len(compiled) == 2


def test_that_of_what_was_there_before_is_not_taken(
    tmp_path: Path, opened: Opened, compiled: list[str]
) -> None:
    path, cache = tmp_path / "a.db", tmp_path / "index"
    for name in ("甲", "乙"):
        restored(path, name)
        (path.with_suffix(".first")).unlink()
        assert names(opened(path), cache) == {name}
    assert len(compiled) == 2


def test_copies_that_went_apart_are_told_apart(
    tmp_path: Path, opened: Opened, compiled: list[str]
) -> None:
    cache = tmp_path / "index"
    first = restored(tmp_path / "甲.db", "元")
    second = tmp_path / "乙.db"
    shutil.copyfile(first, second)
    stores = [opened(first), opened(second)]
    # 同じ中身の写しは、同じ索引でよい。
    for store in stores:
        assert names(store, cache) == {"元"}
    assert len(compiled) == 1
    for store, name in zip(stores, ("甲", "乙"), strict=True):
        put(store, ([], []), place(replace(SALON, id=f"x-{name}", name=name), serves=(EAST,)))
        store.prune(LATER)
    assert len({(store.head(), store.floor()) for store in stores}) == 1
    for store, name in zip(stores, ("甲", "乙"), strict=True):
        assert names(store, cache) == {"元", name}
    assert len(compiled) == 3


def test_a_floor_without_a_name_is_never_trusted(
    tmp_path: Path, opened: Opened, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, cache = opened(restored(tmp_path / "a.db", "甲")), tmp_path / "index"
    monkeypatch.setattr(type(store), "floor_mark", lambda _: None)
    for _ in range(2):
        assert names(store, cache) == {"甲"}
    assert len(compiled) == 2
    assert not cache.exists()


def test_a_floor_that_an_older_version_raised_has_no_name(tmp_path: Path, opened: Opened) -> None:
    path = restored(tmp_path / "a.db")
    store = opened(path)
    assert store.floor_mark() is not None
    put(store, place(replace(SALON, id="x-甲", name="甲"), serves=(EAST,)))
    with closing(sqlite3.connect(path)) as db:
        db.execute("DELETE FROM changes")
        db.execute("UPDATE meta SET value = ? WHERE key = 'floor'", (store.head(),))
        db.commit()
    assert store.floor() == store.head()
    assert store.floor_mark() is None
