"""Reference pages are current, the how-to works as written, shipped files are whole."""

import importlib
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
from starlette.testclient import TestClient

import api.routes
from api.app import create_app
from api.doctor import Level, examine
from api.reference import pages
from graph.discovery import discover
from graph.errors import DiscoveryError
from tests.api.conftest import BASE, settings_of
from tests.conftest import ROOT

_HOWTO = ROOT / "docs" / "howto" / "add_route.md"


@pytest.mark.parametrize("path", list(pages()), ids=lambda path: path.name)
def test_a_reference_page_is_current(path: Path) -> None:
    current = pages()[path]
    assert path.read_text(encoding="utf-8") == current, (
        "python -m api.reference で新しくしてください"
    )


def test_the_recipe_adds_a_route_with_one_file(
    sample_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = re.findall(r"```python\n(.*?)```", _HOWTO.read_text(encoding="utf-8"), re.DOTALL)[0]
    (tmp_path / "categories_api.py").write_text(code, encoding="utf-8")
    monkeypatch.setattr(api.routes, "__path__", [*api.routes.__path__, str(tmp_path)])
    importlib.invalidate_caches()
    try:
        client = TestClient(create_app(settings_of(sample_store)), base_url=BASE)
        answer = client.get("/api/categories")
        assert answer.status_code == 200
        assert answer.json()[0]["count"] >= answer.json()[-1]["count"] > 0
        client.app.state.office.close()  # type: ignore[attr-defined]
    finally:
        sys.modules.pop("api.routes.categories_api", None)


@pytest.mark.parametrize("code", ["", "ROUTE = 'x'\n"])
def test_a_file_without_its_route_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    folder = tmp_path / "empty_routes"
    folder.mkdir()
    (folder / "__init__.py").write_text("", encoding="utf-8")
    (folder / "bad_route.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    package: ModuleType = importlib.import_module("empty_routes")
    try:
        with pytest.raises(DiscoveryError, match="bad_route"):
            discover(package, "ROUTE", api.routes.Route, api.routes.problems_of)
    finally:
        for name in ("empty_routes", "empty_routes.bad_route"):
            sys.modules.pop(name, None)


def test_doctor_notices_a_changed_asset(
    sample_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = create_app(settings_of(sample_store))
    monkeypatch.setattr(
        "api.doctor._sha256", lambda path: "0" if path.name == "leaflet.js" else None
    )
    found = {check.key: check for check in examine(made.state.office, deep=False)}
    made.state.office.close()
    assert found["assets"].level is Level.BAD
    assert found["assets"].todo
