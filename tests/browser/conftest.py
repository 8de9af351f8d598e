"""A real browser on a real server over the sample; every request that leaves loopback is a fault."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.api.conftest import sample_store

__all__ = ["sample_store"]

_OFFICE = {"width": 1366, "height": 768}
_PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def server(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """``tsunagu serve`` over a copy of the sample; its address."""
    folder = tmp_path_factory.mktemp("browser")
    store = shutil.copy(sample_store, folder / "store.sqlite3")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "api", "--store", f"sqlite:///{store}", "serve"]
    environment = os.environ | {"TSUNAGU_TODAY": "2026-11-20"}
    process = subprocess.Popen(
        [*command, "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(15)


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail("serve が始まらずに終わりました。")
        try:
            with urlopen(f"{url}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    pytest.fail("serve が90秒たっても応えません。")


class Guard:
    """Aborts and notes what goes outside, and notes faults in the console."""

    def __init__(self) -> None:
        self.outside: list[str] = []
        self.faults: list[str] = []

    def watch(self, page: Page) -> None:
        page.route("**/*", self._check)
        page.on("console", lambda m: self.faults.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    def _check(self, route: Route) -> None:
        host = urlsplit(route.request.url).hostname
        if host in {"127.0.0.1", "localhost", None}:
            route.continue_()
            return
        self.outside.append(route.request.url)
        route.abort()


@pytest.fixture(params=["office", "phone"])
def page(request: pytest.FixtureRequest, chromium: Browser, server: str) -> Iterator[Page]:
    """A page at the size of an office PC, then of a phone; fails if anything went outside."""
    size = _OFFICE if request.param == "office" else _PHONE
    yield from _page(chromium, server, size, script=True)


@pytest.fixture
def office_page(chromium: Browser, server: str) -> Iterator[Page]:
    """A page at the size of an office PC."""
    yield from _page(chromium, server, _OFFICE, script=True)


@pytest.fixture
def plain_page(chromium: Browser, server: str) -> Iterator[Page]:
    """A page in a browser without JavaScript."""
    yield from _page(chromium, server, _OFFICE, script=False)


def _page(chromium: Browser, server: str, size: dict[str, int], *, script: bool) -> Iterator[Page]:
    context = chromium.new_context(
        base_url=server,
        viewport={"width": size["width"], "height": size["height"]},
        java_script_enabled=script,
        locale="ja-JP",
    )
    guard = Guard()
    made = context.new_page()
    guard.watch(made)
    yield made
    context.close()
    assert guard.outside == [], "外へ出ようとした"
    assert guard.faults == [], "画面の中で誤りが起きた"
