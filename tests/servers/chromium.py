"""One real browser a test run: Debian's Chromium, driven by Playwright, for every browser test."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

_CHROMIUM = Path(os.environ.get("TSUNAGU_CHROMIUM", "/usr/bin/chromium"))
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium; its absence fails where CI=true and is told elsewhere."""
    if not _CHROMIUM.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{_CHROMIUM} がありません。apt install chromium で入れてください。")
        pytest.skip(f"{_CHROMIUM} がないため、画面の試験は動かしません。")
    expect.set_options(timeout=30_000)  # 遅い機械でも、出るまで待つ
    with sync_playwright() as made:
        browser = made.chromium.launch(executable_path=str(_CHROMIUM), args=_ARGUMENTS)
        yield browser
        browser.close()
