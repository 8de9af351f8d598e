"""Backup, restore and migrate: whole, checked, and never half."""

import gzip
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.backends.archive import VERSION
from graph.backends.backup import backup, restore
from graph.backends.digest import GraphDigest, digest_of
from graph.backends.migrate import migrate
from graph.backends.neo4j_refill import Refill
from graph.backends.open import StoreSettings, open_store
from graph.backends.settings import sqlite_url
from graph.errors import InputError, StoreError
from graph.model.element import Edge, EdgeKind, Node, NodeKind, Ref
from graph.model.values import Point
from graph.store import GraphStore
from tests.graph.store.graphs import small_graph
from tests.servers.neo4j import USER, Neo4jServer


def never(question: str) -> bool:
    raise AssertionError(question)


def fill(store: GraphStore) -> None:
    made, edges = small_graph()
    odd = Node(kind=NodeKind.RESOURCE, id="𠮷", props={"x": 10**30, "y": (), "p": Point(1.5, 2.5)})
    with store.write(actor="試験") as w:
        w.put([*made, odd])
        w.link([*edges, Edge(kind=EdgeKind.SERVES, source=odd.ref, target=made[1].ref)])
        w.link([Edge(kind=EdgeKind.SERVES, source=made[6].ref, target=made[1].ref, props={"w": 1})])


@pytest.fixture
def source(tmp_path: Path) -> Iterator[GraphStore]:
    store = open_store(sqlite_url(tmp_path / "元.sqlite"))
    fill(store)
    yield store
    store.close()


def test_there_and_back(source: GraphStore, tmp_path: Path) -> None:
    out, target = tmp_path / "控え.tsunagu", sqlite_url(tmp_path / "先.sqlite")
    made = backup(source.url, out)
    assert (made.nodes, made.edges) == (11, 12)
    assert restore(out, target, never) == made
    store = open_store(target)
    with store.read() as view, source.read() as before:
        assert digest_of(view) == digest_of(before) == made
    assert store.check() == ()
    assert (store.head(), store.floor()) == (1, 1)
    with store.write(actor="試験") as w:
        w.delete([Ref(NodeKind.ORGANIZATION, "o1")])
    assert len(store.changes(1)) == 4
    assert store.check() == ()
    store.close()


def test_equal_graphs_give_equal_files(source: GraphStore, tmp_path: Path) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    moment = StoreSettings().clock()
    chosen = StoreSettings(clock=lambda: moment)
    backup(source.url, a, settings=chosen)
    restore(a, sqlite_url(tmp_path / "x.sqlite"), never)
    backup(sqlite_url(tmp_path / "x.sqlite"), b, settings=chosen)
    assert gzip.decompress(a.read_bytes()) == gzip.decompress(b.read_bytes())


def test_a_store_in_use_is_asked_about(source: GraphStore, tmp_path: Path) -> None:
    out, url = tmp_path / "控え", sqlite_url(tmp_path / "先.sqlite")
    backup(source.url, out)
    target = open_store(url)
    with target.write(actor="試験") as w:
        w.put([Node(kind=NodeKind.RESOURCE, id="前からある")])
    asked: list[str] = []

    def no(question: str) -> bool:
        asked.append(question)
        return False

    assert restore(out, url, no) is None
    assert "1件" in asked[0]
    assert target.head() == 1
    assert restore(out, url, lambda _: True) is not None
    with target.read() as view:
        assert view.get(Ref(NodeKind.RESOURCE, "前からある")) is None
        assert view.counts()[NodeKind.RESOURCE] == 4
    with pytest.raises(StoreError) as caught:
        target.changes(1)
    assert caught.value.code == "feed_pruned"
    target.close()


@pytest.mark.parametrize("cut", [0, 1, 20, 200, -1, -8])
def test_a_cut_file_is_refused(source: GraphStore, tmp_path: Path, cut: int) -> None:
    out, target = tmp_path / "控え", tmp_path / "先.sqlite"
    backup(source.url, out)
    out.write_bytes(out.read_bytes()[:cut])
    with pytest.raises(InputError) as caught:
        restore(out, sqlite_url(target), never)
    assert caught.value.code == "backup_damaged"
    assert not target.exists()


def test_any_flipped_byte_is_refused_or_harmless(source: GraphStore, tmp_path: Path) -> None:
    out, target = tmp_path / "控え", tmp_path / "先.sqlite"
    made = backup(source.url, out)
    whole = out.read_bytes()
    refused = 0
    for at in range(0, len(whole), 7):
        out.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        code = _refusal(out, target, made)
        assert code in {None, "backup_damaged", "not_a_backup"}
        refused += code is not None
    assert refused > len(whole) // 7 * 0.9


def _refusal(out: Path, target: Path, made: GraphDigest) -> str | None:
    try:
        found = restore(out, sqlite_url(target), lambda _: True)
    except InputError as error:
        return error.code
    # 圧縮の見出しの時刻など、内容でない一字は変わってもよい。
    return None if found == made else "half-read"


def test_a_changed_line_is_refused(source: GraphStore, tmp_path: Path) -> None:
    out = tmp_path / "控え"
    backup(source.url, out)
    text = gzip.decompress(out.read_bytes()).replace("茶の間".encode(), "茶の門".encode())
    out.write_bytes(gzip.compress(text))
    with pytest.raises(InputError) as caught:
        restore(out, sqlite_url(tmp_path / "先.sqlite"), never)
    assert caught.value.code == "backup_damaged"


def test_a_newer_file_and_a_foreign_file_are_refused(tmp_path: Path) -> None:
    out = tmp_path / "控え"
    for header, code in (
        ({"format": "tsunagu-backup", "version": VERSION + 1}, "backup_newer"),
        ({"format": "別のもの"}, "not_a_backup"),
        ([1, 2], "not_a_backup"),
    ):
        out.write_bytes(gzip.compress(json.dumps(header).encode() + b"\n{}\n"))
        with pytest.raises(InputError) as caught:
            restore(out, "memory:", never)
        assert caught.value.code == code
    out.write_text("名称\n茶の間\n")
    with pytest.raises(InputError) as caught:
        restore(out, "memory:", never)
    assert caught.value.code == "backup_damaged"
    with pytest.raises(InputError) as caught:
        restore(tmp_path / "ない", "memory:", never)
    assert caught.value.code == "not_a_backup"


def test_backup_while_others_write_is_one_moment(source: GraphStore, tmp_path: Path) -> None:
    stop = threading.Event()
    pairs = [0]

    def busy() -> None:
        other = open_store(source.url)
        while not stop.is_set():
            pairs[0] += 1
            with other.write(actor="試験") as w:
                # いつも二つ一組で増える：片方だけの控えは、途中を写したもの。
                w.put([Node(kind=NodeKind.PROGRAM, id=f"{pairs[0]}{side}") for side in "ab"])
        other.close()

    thread = threading.Thread(target=busy)
    thread.start()
    for number in range(5):
        digest = backup(source.url, tmp_path / f"控え{number}")
        assert (digest.nodes - 11) % 2 == 0
    stop.set()
    thread.join()
    assert pairs[0] > 0


def test_backup_into_a_missing_folder_is_explained(source: GraphStore, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        backup(source.url, tmp_path / "ない" / "控え")
    assert caught.value.code == "backup_not_written"


def test_a_failed_refill_keeps_what_was_there(source: GraphStore) -> None:
    loose = Edge(
        kind=EdgeKind.SERVES, source=Ref(NodeKind.RESOURCE, "a"), target=Ref(NodeKind.AREA, "b")
    )
    with source.read() as view:
        before = digest_of(view)
    assert hasattr(source, "refill")
    with pytest.raises(StoreError):
        source.refill([], [loose], actor="試験")
    with source.read() as view:
        assert digest_of(view) == before
    assert source.check() == ()


def test_migrate_to_itself_is_refused(source: GraphStore) -> None:
    with pytest.raises(InputError):
        migrate(source.url, source.url)


@pytest.mark.neo4j
def test_migrate_to_neo4j_and_back(
    source: GraphStore, neo4j_server: Neo4jServer, tmp_path: Path
) -> None:
    chosen = StoreSettings(user=USER, password=neo4j_server.password)
    neo4j_server.wipe()
    there = migrate(source.url, neo4j_server.url, settings=chosen)
    assert there is not None
    assert there.equal
    assert (there.target.nodes, there.target.edges) == (11, 12)
    back = migrate(neo4j_server.url, sqlite_url(tmp_path / "帰り.sqlite"), settings=chosen)
    assert back is not None
    assert back.target == there.source
    assert migrate(source.url, neo4j_server.url, settings=chosen) is None
    again = migrate(source.url, neo4j_server.url, settings=chosen, ask=lambda _: True)
    assert again is not None
    assert again.equal
    out = tmp_path / "控え"
    assert backup(neo4j_server.url, out, settings=chosen) == there.source
    memory = restore(out, "memory:", never)
    assert memory == there.source
    store = open_store(neo4j_server.url, settings=chosen)
    assert store.check() == ()
    with store.write(actor="試験") as w:
        w.put([Node(kind=NodeKind.RESOURCE, id="new")])
    assert [c.source.id for c in store.changes(store.head() - 1)] == ["new"]
    store.close()


@pytest.mark.neo4j
def test_a_server_store_cut_off_in_filling_says_so(
    source: GraphStore, neo4j_server: Neo4jServer
) -> None:
    chosen = StoreSettings(user=USER, password=neo4j_server.password)
    neo4j_server.wipe()
    store = open_store(neo4j_server.url, settings=chosen)

    def cut_off() -> Iterator[Node]:
        yield Node(kind=NodeKind.RESOURCE, id="half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Refill(store.server, "2026-11-20", "試験").run(cut_off(), [])  # type: ignore[attr-defined]
    for attempt in (store.head, lambda: open_store(neo4j_server.url, settings=chosen)):
        with pytest.raises(StoreError) as caught:
            attempt()
        assert caught.value.code == "store_incomplete"
    store.close()
    result = migrate(source.url, neo4j_server.url, settings=chosen, ask=never)
    assert result is not None
    assert result.equal
