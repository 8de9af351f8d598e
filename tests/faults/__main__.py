"""``python -m tests.faults``: every fault many times, as a table; exit 1 when something was lost."""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from graph.backends.settings import sqlite_url
from tests.faults import runs, spoiled
from tests.faults.watch import Target
from tests.servers.neo4j import USER, launch


def main() -> int:
    """Run all and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=50, help="取込をkill -9する回数")
    parser.add_argument("--server-kills", type=int, default=10, help="サーバーをkill -9する回数")
    parser.add_argument("--stop-s", type=float, default=20, help="サーバーを止めておく秒数")
    parser.add_argument("--spoiled", type=int, default=40, help="壊した・切ったファイルの数")
    given = parser.parse_args()
    rows: list[runs.Row] = []
    with TemporaryDirectory() as name:
        folder = Path(name)
        rows.append(runs.kill_importer(folder, given.kills))
        rows.append(runs.two_at_once(Target(sqlite_url(folder / "two.sqlite")), "埋め込み"))
        rows.append(spoiled.flip_pages(folder, given.spoiled))
        rows.append(spoiled.cut_off(folder, given.spoiled))
        if runs.can_mount():
            rows.append(runs.fill_disk(folder))
            rows.append(spoiled.read_only_folder(folder))
        else:
            _say("小さなディスクを作る権限がないため、満杯と書き込み不可の試験は動かしていません。")
        server = launch(folder / "neo4j")
        try:
            rows.append(runs.kill_server(server, given.server_kills))
            rows.append(runs.stop_server(server, given.stop_s))
            rows.append(runs.freeze_server(server, 5))
            server.wipe()
            target = Target(server.url, USER, server.password)
            rows.append(runs.two_at_once(target, "Neo4j"))
        finally:
            server.stop()
    runs.table(rows, _say)
    return 0 if all(row.good for row in rows) else 1


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
