"""Files that are not what they should be: refused with a sentence, never half-read."""

import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from graph.backends import dialect, migrations
from graph.backends.digest import digest_of
from graph.backends.open import StoreSettings, open_store
from graph.backends.settings import sqlite_url
from graph.errors import (
    InputError,
    StoreDamagedError,
    StoreError,
    StoreLockedError,
    StoreVersionError,
)
from graph.model.element import EdgeKind, Node, NodeKind, Ref
from graph.model.values import Point
from tests.graph.store.graphs import small_graph


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "store.sqlite"
    store = open_store(sqlite_url(file))
    made, edges = small_graph()
    with store.write(actor="試験") as w:
        w.put(made)
        w.put(
            [
                Node(kind=NodeKind.PROGRAM, id=f"p{i:04}", props={"name": "取組" * 40})
                for i in range(120)
            ]
        )
        w.link(edges)
    store.close()
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


@pytest.mark.parametrize("url", ["", "x", "sqlite://host/a", "sqlite:///", "http://a", "sqlite:a"])
def test_an_unknown_url_is_explained(url: str) -> None:
    with pytest.raises(InputError) as caught:
        open_store(url)
    assert caught.value.code == "bad_store_url"


def test_a_file_that_is_no_store(tmp_path: Path) -> None:
    for name, content in (("a", b"\xe5\x90\x8d\xe7\xa7\xb0\n" * 500), ("b", b""), ("c", b"SQLite")):
        file = tmp_path / name
        file.write_bytes(content)
        with pytest.raises(StoreDamagedError):
            open_store(sqlite_url(file))
        assert file.read_bytes() == content


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(file)) as db:
        db.execute("CREATE TABLE nodes (a)")
        db.commit()
    before = file.read_bytes()
    with pytest.raises(StoreError) as caught:
        open_store(sqlite_url(file))
    assert caught.value.code == "not_a_store"
    assert file.read_bytes() == before


def test_a_newer_store_is_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {migrations.CURRENT + 1}")
    with pytest.raises(StoreVersionError) as caught:
        open_store(sqlite_url(path))
    assert str(migrations.CURRENT + 1) in caught.value.message


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        open_store(sqlite_url(tmp_path))


def test_a_truncated_file_is_reported(path: Path) -> None:
    whole = path.read_bytes()
    for size in (100, 512, 4096, 5000, len(whole) // 2, len(whole) - 4096, len(whole) - 1):
        path.write_bytes(whole[:size])
        with pytest.raises(StoreDamagedError):
            _read_whole(path)


def test_a_flipped_page_is_reported_or_changes_nothing(path: Path) -> None:
    whole = path.read_bytes()
    good = _read_whole(path)
    random = Random(4)
    reported = 0
    for page in range(len(whole) // 4096):
        at = page * 4096 + random.randrange(4096)
        spoiled = bytearray(whole)
        spoiled[at] ^= 1 << random.randrange(8)
        path.write_bytes(spoiled)
        reported += _reported(path, good)
        spoiled[page * 4096 : page * 4096 + 4096] = random.randbytes(4096)
        path.write_bytes(spoiled)
        assert _reported(path, good)
    assert reported > 0


def _reported(path: Path, good: object) -> bool:
    for leftover in path.parent.glob(f"{path.name}-*"):
        leftover.unlink()
    try:
        found = _read_whole(path)
    except StoreError:
        return True
    store = open_store(sqlite_url(path))
    faults = store.check()
    store.close()
    # 読めたのなら、正しい内容か、点検で見つかるかのどちらか。黙って違う内容を返さない。
    assert found == good
    return bool(faults)


def _read_whole(path: Path) -> object:
    store = open_store(sqlite_url(path))
    try:
        with store.read() as view:
            return digest_of(view)
    finally:
        store.close()


def test_a_changed_row_is_noticed(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE nodes SET props = replace(props, '茶の間', '茶の門')")
        db.execute("UPDATE edges SET target = 2 WHERE kind = 'serves'")
        db.commit()
    store = open_store(sqlite_url(path))
    with store.read() as view, pytest.raises(StoreDamagedError):
        list(view.nodes(NodeKind.RESOURCE))
    with store.read() as view, pytest.raises(StoreDamagedError):
        list(view.links(NodeKind.RESOURCE, [EdgeKind.SERVES]))
    for kind, start, inward in (
        (EdgeKind.SERVES, Ref(NodeKind.RESOURCE, "r1"), False),
        (EdgeKind.LOCATED_AT, Ref(NodeKind.FACILITY, "f1"), True),
    ):
        with store.read() as view, pytest.raises(StoreDamagedError):
            view.reached(start.kind, [start.id], [kind], inward=inward, whole=[kind])
    assert len(store.check()) >= 2
    store.close()


def test_a_hole_in_the_feed_is_noticed(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("DELETE FROM changes WHERE seq = 3")
        db.commit()
    store = open_store(sqlite_url(path))
    assert [change.seq for change in store.changes(0)] == [1, 2]
    with pytest.raises(StoreError) as caught:
        store.changes(2)
    assert caught.value.code == "feed_hole"
    assert any("抜け" in fault for fault in store.check())
    store.close()


def test_a_second_writer_waits_then_hears_why(path: Path) -> None:
    url = sqlite_url(path)
    first, second = open_store(url), open_store(url, settings=StoreSettings(wait_s=0.2))
    with first.write(actor="試験") as w:
        w.put([Node(kind=NodeKind.RESOURCE, id="a")])
        with pytest.raises(StoreLockedError), second.write(actor="試験"):
            pass
    with second.write(actor="試験") as w:
        w.put([Node(kind=NodeKind.RESOURCE, id="b")])
    first.close()
    second.close()


def test_a_second_writer_goes_on_when_the_first_ends(path: Path) -> None:
    url = sqlite_url(path)
    first, second = open_store(url), open_store(url)
    begun = threading.Event()

    def later() -> None:
        begun.set()
        with second.write(actor="試験") as w:
            w.put([Node(kind=NodeKind.RESOURCE, id="b")])

    thread = threading.Thread(target=later)
    with first.write(actor="試験") as w:
        w.put([Node(kind=NodeKind.RESOURCE, id="a")])
        thread.start()
        begun.wait()
    thread.join()
    with first.read() as view:
        assert view.get(Ref(NodeKind.RESOURCE, "a"))
        assert view.get(Ref(NodeKind.RESOURCE, "b"))
    first.close()
    second.close()


@pytest.fixture
def plain_user() -> list[str]:
    """How to run Python as somebody the file system can refuse."""
    if shutil.which("setpriv") is None:
        pytest.skip("権限を落として動かす道具（setpriv）がないため、この試験は動かしません。")
    return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", sys.executable, "-c"]


def test_a_read_only_folder_is_explained(path: Path, plain_user: list[str]) -> None:
    for folder in (path.parent, *path.parent.parents[:3]):
        folder.chmod(0o555)
    code = (
        "import sys; from graph.backends.open import open_store; from graph.errors import StoreError\n"
        "for url in sys.argv[1:]:\n"
        "    try:\n"
        "        with open_store(url).write(actor='x') as w: w.delete([])\n"
        "    except StoreError as error: print(error.code)\n"
    )
    urls = [sqlite_url(path), sqlite_url(path.parent / "new.sqlite")]
    done = subprocess.run([*plain_user, code, *urls], capture_output=True, text=True, check=False)
    for folder in (path.parent, *path.parent.parents[:3]):
        folder.chmod(0o755)
    assert done.stdout.split() == ["store_read_only", "store_read_only"], done.stderr


def test_every_older_version_is_brought_up(tmp_path: Path) -> None:
    wanted = _read_whole(_made_at(tmp_path, migrations.CURRENT))
    for version in range(1, migrations.CURRENT):
        old = _made_at(tmp_path, version)
        assert _read_whole(old) == wanted
        store = open_store(sqlite_url(old))
        assert store.schema_version() == migrations.CURRENT
        assert store.check() == ()
        assert [change.seq for change in store.changes(0)] == list(range(1, store.head() + 1))
        with store.read() as view:
            assert [n.id for n in view.find(NodeKind.RESOURCE, "name", "茶の間")] == ["r1"]
            assert len(list(view.near(NodeKind.FACILITY, Point(35.60, 140.10), 5000))) == 3
        with store.write(actor="試験") as w:
            w.delete([Ref(NodeKind.RESOURCE, "r1")])
        assert store.check() == ()
        store.close()


def test_a_failed_upgrade_leaves_the_old_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = _made_at(tmp_path, 1)
    broken = (*dialect.MIGRATIONS[:2], ("CREATE TABLE half (a)", "SELECT no_such_column"))
    with monkeypatch.context() as patch:
        patch.setattr(dialect, "MIGRATIONS", broken)
        with pytest.raises(StoreError):
            open_store(sqlite_url(old))
    with closing(sqlite3.connect(old)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
    assert not {"half", "writes"} & tables
    store = open_store(sqlite_url(old))
    assert store.schema_version() == migrations.CURRENT
    store.close()


def _made_at(folder: Path, version: int) -> Path:
    """A store as the code of that version left it, with the small graph in it."""
    file = folder / f"v{version}.sqlite"
    if version == migrations.CURRENT:
        store = open_store(sqlite_url(file))
        made, edges = small_graph()
        with store.write(actor="試験") as w:
            w.put(made)
            w.link(edges)
        store.close()
        return file
    newest = _made_at(folder, migrations.CURRENT) if version < migrations.CURRENT else file
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(f"PRAGMA application_id = {dialect.APPLICATION_ID}")
        migrations.upgrade(db, "x", to=version)
        db.execute("ATTACH ? AS new", (str(newest),))
        for table in ("nodes", "edges", "changes", "lookup", "places"):
            db.execute(f"INSERT INTO {table} SELECT * FROM new.{table}")
        db.execute("UPDATE meta SET value = (SELECT value FROM new.meta m WHERE m.key = meta.key)")
        # 古い版は、公開の範囲と索引を今の決まりでは持っていない。
        db.execute("UPDATE nodes SET open = 0")
        db.execute("DELETE FROM lookup")
        db.execute("DELETE FROM places")
    return file


def test_opening_while_another_closes_is_no_damage(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 最後の接続が閉じると、SQLiteは追記ファイルを消す。見たあとに消えていても、断ってはならない。
    exists = Path.exists
    monkeypatch.setattr(Path, "exists", lambda p: p.name.endswith("-wal") or exists(p))
    with closing(open_store(sqlite_url(path))) as store:
        assert store.head() > 0
