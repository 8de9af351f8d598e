"""Fixtures every room shares."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from graph.backends.open import open_store
from graph.store import GraphStore
from graph.vocabulary.load import load_vocabulary
from graph.vocabulary.protocol import Vocabulary
from ingest.load import import_paths
from ingest.options import ImportOptions
from ingest.samples import sample_folder
from tests.servers.chromium import chromium
from tests.servers.fixtures import arcade_server, fresh_neo4j, neo4j_server

__all__ = [
    "arcade_server",
    "chromium",
    "fresh_neo4j",
    "mihon",
    "neo4j_server",
    "shared",
    "vocabulary",
]

# 機械の速さで落ちる試験は作らない：時間の上限も、生成が遅いという判定も使わない。
settings.register_profile("tsunagu", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tsunagu")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data beside the checkout; tests that need it are skipped visibly."""
    folder = Path(os.environ.get("TSUNAGU_SHARED", ROOT.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip("実データ（../shared）がないため、この試験は動かしません。")
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep tests that share a started server or browser on one worker, so that it starts once."""
    for item in items:
        for name in ("neo4j", "browser"):
            if item.get_closest_marker(name):
                item.add_marker(pytest.mark.xdist_group(name))


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    """The vocabulary the product ships."""
    return load_vocabulary()


@pytest.fixture(scope="session")
def mihon(vocabulary: Vocabulary) -> Iterator[GraphStore]:
    """The sample municipality, imported once; for tests that only read."""
    store = open_store("memory:")
    import_paths(
        store,
        [sample_folder()],
        options=ImportOptions(),
        vocabulary=vocabulary,
        now=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
    )
    yield store
    store.close()
