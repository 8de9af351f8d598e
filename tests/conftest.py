"""Fixtures every room shares."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

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
