"""Fixtures every room shares."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data beside the checkout; tests that need it are skipped visibly."""
    folder = Path(os.environ.get("TSUNAGU_SHARED", ROOT.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip("実データ（../shared）がないため、この試験は動かしません。")
    return folder
