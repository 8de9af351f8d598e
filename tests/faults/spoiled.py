"""Faults of the file itself: a flipped page, a file cut off, a folder that can't be written to."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from graph.backends.digest import digest_of
from graph.backends.open import open_store
from graph.backends.settings import sqlite_url
from graph.errors import StoreError
from tests.faults.runs import Row, small_disk
from tests.faults.watch import Importer, Target, clean_digest, look
from tests.faults.workload import BATCHES

_PAGE = 4096


def flip_pages(folder: Path, most: int, seed: int = 3) -> Row:
    """Whole pages turned into noise: reported, or what is read is still right."""
    random = Random(seed)

    def spoil(whole: bytes) -> Iterator[bytes]:
        pages = range(len(whole) // _PAGE)
        for page in sorted(random.sample(pages, min(most, len(pages)))):
            at = page * _PAGE
            yield whole[:at] + random.randbytes(_PAGE) + whole[at + _PAGE :]

    return _spoiled("ページの破損（埋め込み）", folder, spoil)


def cut_off(folder: Path, most: int, seed: int = 4) -> Row:
    """The file ends somewhere in the middle: reported, never half-read."""
    random = Random(seed)

    def spoil(whole: bytes) -> Iterator[bytes]:
        for _ in range(most):
            yield whole[: random.randrange(1, len(whole))]

    return _spoiled("途中で切れたファイル（埋め込み）", folder, spoil)


def _spoiled(name: str, folder: Path, spoil: Callable[[bytes], Iterator[bytes]]) -> Row:
    """``lost`` counts spoiled files that were read as something else without a word."""
    path = folder / "spoiled.sqlite"
    target = Target(sqlite_url(path))
    importer = Importer(target)
    importer.end()
    whole, clean = path.read_bytes(), clean_digest()
    row, reported = Row(name), 0
    for content in spoil(whole):
        for old in folder.glob(f"{path.name}*"):
            old.unlink()
        path.write_bytes(content)
        row.runs += 1
        row.acknowledged += len(importer.batches())
        try:
            left = look(target, set())
        except StoreError:
            reported += 1
            continue
        reported += bool(left.faults)
        row.lost += left.digest != clean and not left.faults
    row.notes.append(f"知らせた{reported}、中身に触れない破損{row.runs - reported - row.lost}")
    return row


def read_only_folder(folder: Path) -> Row:
    """The folder can't be written to: told at once; with the right back a re-run completes."""
    row = Row("書き込めないフォルダー（埋め込み）")
    with small_disk(folder, "50m") as disk:
        target = Target(sqlite_url(disk / "kept.sqlite"))
        before = Importer(target, last=BATCHES // 2)
        before.end()
        _remount(disk, "ro")
        refused = Importer(target)
        refused.end()
        row.notes.append(str(refused.error))
        row.unequal += refused.error != "store_read_only"
        _remount(disk, "rw")
        row.add(len(before.batches()), look(target, before.batches()))
        Importer(target).end()
        store = open_store(target.url)
        with store.read() as view:
            row.unequal += digest_of(view) != clean_digest()
        store.close()
    return row


def _remount(disk: Path, mode: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{mode}", str(disk)], check=True)
