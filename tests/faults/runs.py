"""The faults, each as a function that gives one line of the table."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from graph.backends.settings import sqlite_url
from tests.faults.watch import Importer, Left, Target, clean_digest, look
from tests.faults.workload import BATCHES
from tests.servers.neo4j import USER, Neo4jServer


@dataclass
class Row:
    """One line: counts over all runs of a fault."""

    name: str
    runs: int = 0
    acknowledged: int = 0
    lost: int = 0
    partial: int = 0
    unequal: int = 0
    go_on_s: list[float] = field(default_factory=list)
    back_s: list[float] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Nothing lost, nothing half, and a re-run ends in the same graph."""
        return bool(self.runs) and not (self.lost or self.partial or self.unequal)

    def add(self, acknowledged: int, left: Left) -> None:
        """Count a run."""
        self.runs += 1
        self.acknowledged += acknowledged
        self.lost += left.lost
        self.partial += left.partial
        self.notes.extend(left.faults)


def kill_importer(folder: Path, runs: int, seed: int = 1) -> Row:
    """kill -9 of the importing process at random points."""
    row, random, clean = Row("取込をkill -9（埋め込み）"), Random(seed), clean_digest()
    for number in range(runs):
        target = Target(sqlite_url(folder / f"kill{number}.sqlite"))
        importer = Importer(target)
        importer.wait_for(random.randrange(BATCHES - 2))
        time.sleep(random.random() * 0.03)
        importer.kill()
        row.add(len(importer.batches()), look(target, importer.batches()))
        _complete(row, target, clean)
    return row


def kill_server(server: Neo4jServer, runs: int, seed: int = 2) -> Row:
    """kill -9 of the server in mid-load; the importer goes on by itself when it is back."""
    row, random, clean = Row("サーバーをkill -9（Neo4j）"), Random(seed), clean_digest()
    for _ in range(runs):
        target = _wiped(server)
        importer = Importer(target)
        importer.wait_for(random.randrange(1, BATCHES - 10))
        time.sleep(random.random() * 0.05)
        server.kill()
        fault = time.monotonic()
        before = importer.batches()
        server.start()
        server.wait_until_ready()
        ready = time.monotonic()
        importer.wait_for(len(before) + 1)
        row.go_on_s.append(max(0.0, importer.first_after(ready)))
        row.back_s.append(importer.back_after(fault, ready))
        with importer.held():
            left = look(target, before)
        importer.end()
        row.add(len(before), left)
        _note_error(row, importer)
        _complete(row, target, clean)
    return row


def stop_server(server: Neo4jServer, seconds: float) -> Row:
    """The server is stopped for a while in mid-import; the import goes on by itself."""
    row, clean = Row(f"サーバーを{seconds:g}秒停止（Neo4j）"), clean_digest()
    target = _wiped(server)
    importer = Importer(target)
    importer.wait_for(BATCHES // 4)
    server.stop()
    fault = time.monotonic()
    time.sleep(seconds)
    server.start()
    server.wait_until_ready()
    ready = time.monotonic()
    importer.end()
    row.go_on_s.append(max(0.0, importer.first_after(ready)))
    row.back_s.append(importer.back_after(fault, ready))
    row.add(len(importer.batches()), look(target, importer.batches()))
    row.unequal += look(target, set()).digest != clean or importer.error is not None
    _note_error(row, importer)
    return row


def freeze_server(server: Neo4jServer, limit_s: float) -> Row:
    """The server keeps the connection and never answers: the import ends within the limit."""
    row, clean = Row(f"サーバーが無応答（上限{limit_s:g}秒、Neo4j）"), clean_digest()
    target = _wiped(server)
    importer = Importer(target, wait_s=limit_s)
    importer.wait_for(BATCHES // 4)
    server.pause()
    frozen = time.monotonic()
    importer.end()
    row.notes.append(f"{time.monotonic() - frozen:.1f}秒で {importer.error}")
    server.resume()
    row.add(len(importer.batches()), look(target, importer.batches()))
    row.unequal += importer.error is None
    _complete(row, target, clean)
    return row


def fill_disk(folder: Path) -> Row:
    """The disk fills up in mid-import; with more room a re-run completes."""
    row, clean = Row("ディスク満杯（埋め込み）"), clean_digest()
    with small_disk(folder, "1m") as disk:
        target = Target(sqlite_url(disk / "full.sqlite"))
        importer = Importer(target)
        importer.end()
        row.notes.append(str(importer.error))
        row.unequal += importer.error != "store_full"
        subprocess.run(["mount", "-o", "remount,size=200m", str(disk)], check=True)
        row.add(len(importer.batches()), look(target, importer.batches()))
        _complete(row, target, clean)
    return row


def two_at_once(target: Target, name: str) -> Row:
    """Two processes write at once: one waits, then goes on."""
    row, clean = Row(f"二つの過程が同時に書く（{name}）"), clean_digest()
    # 二つとも同じ組を同じ順に書く：どの組も取り合いになる。
    both = [Importer(target), Importer(target)]
    for importer in both:
        importer.end()
        _note_error(row, importer)
    acknowledged = both[0].batches() | both[1].batches()
    row.add(len(acknowledged), look(target, acknowledged))
    row.unequal += look(target, set()).digest != clean
    return row


def can_mount() -> bool:
    """Whether a small disk can be made here."""
    return os.name == "posix" and os.geteuid() == 0 and shutil.which("mount") is not None


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of little room."""
    disk = folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)]
    subprocess.run(mount, check=True, capture_output=True)
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)
        disk.rmdir()


def table(rows: list[Row], show: Callable[[str], object]) -> None:
    """Print the lines."""
    show(
        "| 障害 | 回数 | 応答済みの組 | 失われた | 半端 | やり直して不一致"
        " | 再びつながるまで（秒） | 次の保存まで（秒） | 備考 |"
    )
    show("|---|---|---|---|---|---|---|---|---|")
    for row in rows:
        notes = "、".join(dict.fromkeys(row.notes))
        counts = (row.runs, row.acknowledged, row.lost, row.partial, row.unequal)
        cells = (*counts, _range(row.back_s), _range(row.go_on_s), notes)
        show(f"| {row.name} | " + " | ".join(str(cell) for cell in cells) + " |")


def _range(seconds: list[float]) -> str:
    known = [each for each in seconds if each == each]  # noqa: PLR0124 - NaN: 起きなかった
    return f"{min(known):.1f}〜{max(known):.1f}" if known else "–"


def _complete(row: Row, target: Target, clean: object) -> None:
    begun = time.monotonic()
    again = Importer(target)
    again.end()
    if not row.name.startswith("サーバー"):
        row.go_on_s.append(again.first_after(begun))
    row.unequal += look(target, again.batches()).digest != clean
    _note_error(row, again)


def _note_error(row: Row, importer: Importer) -> None:
    if importer.error:
        row.notes.append(importer.error)


def _wiped(server: Neo4jServer) -> Target:
    server.wipe()
    return Target(server.url, USER, server.password)
