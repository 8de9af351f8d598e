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
    if path.stat().st_size == 0:
        raise damaged(where, "ファイルが空です")
    # ほかの過程が今まさに書き移し、追記ファイルを消しているかもしれないので、最後にも見る。
    if not _has_journal(path) and _is_short(path) and not _has_journal(path):
        raise damaged(where, "ファイルが途中で切れています")


def _has_journal(path: Path) -> bool:
    """Whether something waits to be moved into the file; until then it may rightly be short."""
    try:
        return path.with_name(f"{path.name}-wal").stat().st_size > 0
    except FileNotFoundError:
        return False


def _is_short(path: Path) -> bool:
    with path.open("rb") as file:
        header = file.read(_HEADER)
    if not header.startswith(_MAGIC) or len(header) < _HEADER:
        return False
    page = int.from_bytes(header[16:18], "big")
    page = 65536 if page == 1 else page
    # 大きさは、書かれているはずの大きさを読んだあとで測る（その間に伸びることはあっても縮まない）。
    return path.stat().st_size < page * int.from_bytes(header[28:32], "big")


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
