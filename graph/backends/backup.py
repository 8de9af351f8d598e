"""``tsunagu backup`` and ``restore``: a whole store to one file and back, also while in use."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from graph.backends.archive import open_archive, write_archive
from graph.backends.bulk import Progress, Refillable, all_edges, all_nodes, copy, quiet
from graph.backends.digest import GraphDigest, digest_of
from graph.backends.open import open_store
from graph.backends.settings import StoreSettings, sqlite_url
from graph.errors import InputError, StoreDamagedError, StoreError
from graph.store import GraphStore

Ask = Callable[[str], bool]


def backup(
    store_url: str,
    out: Path,
    *,
    settings: StoreSettings | None = None,
    progress: Progress = quiet,
) -> GraphDigest:
    """Write the whole store to ``out`` and read it back; an older file there is replaced last.

    Raises InputError where ``out`` can't be written, StoreError where the store can't be read.
    """
    chosen = settings or StoreSettings()
    draft = out.with_name(f".{out.name}.part")
    created = chosen.clock().isoformat()
    try:
        with closing(open_store(store_url, settings=chosen)) as store:
            _write(store, draft, created, progress)
        archive = open_archive(draft)
        draft.replace(out)
    except OSError as error:
        raise InputError(
            f"控え {out} を書けません（{error.strerror}）。",
            hint="フォルダーの書き込みの許可と空き容量を確かめてください。",
            code="backup_not_written",
            facts={"path": str(out)},
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    return archive.digest


def restore(
    file: Path,
    store_url: str,
    ask: Ask,
    *,
    settings: StoreSettings | None = None,
) -> GraphDigest | None:
    """Fill a store from a backup; ``None`` when it held something and ``ask`` said no.

    The file is read through before the store is touched, and the store is read through after.
    """
    archive = open_archive(file)
    with closing(_open_to_fill(store_url, settings or StoreSettings())) as store:
        if not may_replace(store, ask):
            return None
        refillable(store).refill(archive.nodes(), archive.edges(), actor="restore")
        with store.read() as view:
            found = digest_of(view)
    if found != archive.digest:
        raise StoreDamagedError(
            "戻した内容が控えと一致しません。",
            hint="ディスクを確かめ、別の場所へもう一度戻してください。",
            facts={"file": archive.digest.value, "store": found.value},
        )
    return found


def may_replace(store: GraphStore, ask: Ask) -> bool:
    """Whether a store is empty, or may be emptied."""
    if not _is_whole(store):
        return True
    with store.read() as view:
        count = sum(view.counts().values())
    if not count:
        return True
    return ask(f"戻す先のストアには{count}件の記録があります。すべて消して入れ替えますか。")


def refillable(store: GraphStore) -> Refillable:
    """The store as one that can be filled whole."""
    if isinstance(store, Refillable):
        return store
    raise StoreError(
        f"この保存先（{store.url}）は丸ごと入れ替えられません。", code="not_refillable"
    )


def _is_whole(store: GraphStore) -> bool:
    return not getattr(store, "incomplete", False)


def _open_to_fill(url: str, settings: StoreSettings) -> GraphStore:
    return open_store(url, settings=settings, filling=True)


def _write(store: GraphStore, path: Path, created: str, progress: Progress) -> None:
    if getattr(store, "snapshots", True):
        with store.read() as view:
            write_archive(path, all_nodes(view, progress), all_edges(view), created=created)
        return
    # サーバーからの読み出しは一瞬の写しではないので、手元で追いついてから書き出す。
    with (
        TemporaryDirectory(dir=path.parent) as folder,
        closing(open_store(sqlite_url(Path(folder) / "copy.sqlite"))) as local,
    ):
        copy(store, local, actor="backup", progress=progress)
        with local.read() as view:
            write_archive(path, all_nodes(view), all_edges(view), created=created)
