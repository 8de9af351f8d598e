"""The signpost leads where trying all routes in turn leads."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.routing import BaseRoute, Match, NoMatchFound, Route
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.signpost import Signpost
from tests.api.conftest import BASE

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@pytest.fixture(scope="module")
def made() -> Iterator[FastAPI]:
    app = create_app(Settings(store="memory:"))
    yield app
    app.state.office.close()


def _scope(method: str, path: str) -> dict[str, Any]:
    return {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}


def _in_turn(routes: list[BaseRoute], scope: dict[str, Any]) -> BaseRoute | None:
    return next((r for r in routes if r.matches(scope)[0] is Match.FULL), None)


def test_every_path_leads_to_the_same_route(made: FastAPI) -> None:
    signpost, *routes = made.router.routes
    assert isinstance(signpost, Signpost)
    led = 0
    for path in (*sorted(signpost._paths), "/api/resources/nothing", "/nope"):
        for method in _METHODS:
            expected = _in_turn(routes, _scope(method, path))
            for _ in range(2):
                found = signpost.matches(_scope(method, path))[0]
                if found is Match.FULL:
                    assert signpost._route(_scope(method, path)) is expected
                    led += 1
                else:
                    assert found is Match.NONE
    assert led > 40


def test_what_has_no_such_method_or_place_is_told_as_before(made: FastAPI) -> None:
    client = TestClient(made, base_url=BASE)
    assert client.put("/api/match").status_code == 405
    assert client.get("/api/nothing").status_code == 404
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/healthz/", follow_redirects=False).status_code == 307
    assert made.url_path_for("static", path="css/base.css") == "/static/css/base.css"


def test_the_order_of_routes_keeps_its_meaning_and_nothing_else_is_remembered() -> None:
    async def answer(_request: object) -> None:
        """Never called here."""

    first, second = Route("/{word}", answer), Route("/plain", answer)
    signpost = Signpost((first, second), frozenset({"/plain"}))
    assert signpost._route(_scope("GET", "/plain")) is first
    assert signpost.matches(_scope("GET", "/other"))[0] is Match.NONE
    assert signpost.matches(_scope("BREW", "/plain"))[0] is Match.NONE
    assert set(signpost._known) == {("GET", "/plain")}
    assert signpost.matches({"type": "websocket", "path": "/plain"})[0] is Match.NONE
    with pytest.raises(NoMatchFound):
        signpost.url_path_for("answer")
