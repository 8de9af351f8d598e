"""The fault runs in short; ``make faults`` runs them at length and prints the table."""

from collections.abc import Callable
from pathlib import Path

import pytest

from graph.backends.settings import sqlite_url
from tests.faults import runs, spoiled
from tests.faults.watch import Target
from tests.servers.neo4j import USER, Neo4jServer


def test_killed_importer_loses_nothing(tmp_path: Path) -> None:
    row = runs.kill_importer(tmp_path, 3)
    assert row.good, row
    assert row.notes == []


def test_two_importers_at_once(tmp_path: Path) -> None:
    row = runs.two_at_once(Target(sqlite_url(tmp_path / "two.sqlite")), "埋め込み")
    assert row.good, row
    assert row.notes == []


def test_a_full_disk_is_reported_and_nothing_is_half(tmp_path: Path) -> None:
    if not runs.can_mount():
        pytest.skip("小さなディスクを作る権限がないため、満杯の試験は動かしません。")
    row = runs.fill_disk(tmp_path)
    assert row.good, row
    assert row.notes == ["store_full"]


def test_spoiled_files_are_reported(tmp_path: Path) -> None:
    for row in (spoiled.flip_pages(tmp_path, 4), spoiled.cut_off(tmp_path, 3)):
        assert row.good, row


def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    if not runs.can_mount():
        pytest.skip("小さなディスクを作る権限がないため、書き込み不可の試験は動かしません。")
    row = spoiled.read_only_folder(tmp_path)
    assert row.good, row
    assert row.notes == ["store_read_only"]


@pytest.mark.neo4j
@pytest.mark.slow
def test_killed_stopped_and_frozen_server(fresh_neo4j: Callable[[], Neo4jServer]) -> None:
    server = fresh_neo4j()
    for row in (
        runs.kill_server(server, 1),
        runs.stop_server(server, 2),
        runs.freeze_server(server, 3),
    ):
        assert row.good, row
    server.wipe()
    both = runs.two_at_once(Target(server.url, USER, server.password), "Neo4j")
    assert both.good, both
