"""What SQLite reports, as errors a person can act on."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.errors import StoreDamagedError, StoreError, StoreLockedError

_MAGIC = b"SQLite format 3\x00"
_HEADER = 100
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
_CLOSED = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}
_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turn SQLite's errors into StoreError kinds; ``where`` is the store's url."""
    try:
        yield
    except sqlite3.Error as error:
        raise _as_store_error(error, where) from error


def damaged(where: str, fault: str) -> StoreDamagedError:
    """The store holds something that can't have been written whole."""
    return StoreDamagedError(
        f"ストアが壊れています（{fault}）。", facts={"store": where, "fault": fault}
    )


def refuse_cut_off(path: Path, where: str) -> None:
    """Raise when a file is shorter than its own header says."""
    size = path.stat().st_size
    if size == 0:
        raise damaged(where, "ファイルが空です")
    journal = path.with_name(f"{path.name}-wal")
    if journal.exists() and journal.stat().st_size:
        # 追記ファイルの続きを本体に移す前なら、本体が短いのは正しい。
        return
    with path.open("rb") as file:
        header = file.read(_HEADER)
    if header.startswith(_MAGIC) and len(header) == _HEADER:
        page = int.from_bytes(header[16:18], "big")
        page = 65536 if page == 1 else page
        if size < page * int.from_bytes(header[28:32], "big"):
            raise damaged(where, "ファイルが途中で切れています")


def _as_store_error(error: sqlite3.Error, where: str) -> StoreError:
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    facts = {"store": where, "sqlite": str(error)}
    if primary in _BUSY:
        return StoreLockedError(
            "ほかの処理がストアに書き込んでいるため、待ちきれませんでした。", facts=facts
        )
    if primary in _DAMAGED or "no such table" in str(error) or "no such column" in str(error):
        return StoreDamagedError(
            "ストアのファイルを読めません。つなぐのストアではないか、壊れています。", facts=facts
        )
    if primary in _CLOSED:
        return StoreError(
            "ストアのファイルかフォルダーに書き込めません。",
            hint="フォルダーの書き込みの許可を確かめるか、--store で別の場所を指定してください。",
            code="store_read_only",
            facts=facts,
        )
    if primary in _FULL:
        return StoreError(
            "ディスクがいっぱいか、読み書きに失敗しました。この操作は保存されていません。",
            hint="空き容量を増やしてから、同じ操作をもう一度実行してください。",
            code="store_full",
            facts=facts,
        )
    return StoreError("ストアの処理に失敗しました。この操作は保存されていません。", facts=facts)
