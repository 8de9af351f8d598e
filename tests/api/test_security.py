"""Who may send what, and that nothing of a case is logged."""

import logging

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.cases import Desk
from api.security import allowed_hosts
from graph.errors import NotFoundError
from tests.api.conftest import BASE, csrf_of
from tests.api.test_pages import start


def test_a_form_without_its_token_is_refused(client: TestClient) -> None:
    client.get("/")
    answer = client.post("/consult", data={"memo": "x", "csrf": "0" * 64})
    assert answer.status_code == 403
    assert "有効期限" in answer.text


def test_a_token_of_another_browser_is_refused(app: FastAPI, client: TestClient) -> None:
    other = csrf_of(TestClient(app, base_url=BASE).get("/").text)
    client.get("/")
    assert client.post("/consult", data={"memo": "x", "csrf": other}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}],
)
def test_writes_from_another_site_are_refused(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post("/api/match", json={"memo": "x"}, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["code"] == "cross_origin"


def test_a_foreign_host_name_is_refused_on_loopback(client: TestClient) -> None:
    answer = client.get("/healthz", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert answer.json()["code"] == "bad_host"


def test_hosts_follow_the_settings() -> None:
    assert "localhost" in (allowed_hosts("127.0.0.1", ()) or ())
    assert allowed_hosts("0.0.0.0", ()) is None
    assert "tsunagu.city.lan" in (allowed_hosts("0.0.0.0", ("tsunagu.city.lan",)) or ())


def test_a_large_body_is_refused_in_the_one_shape(client: TestClient) -> None:
    answer = client.post("/api/intake", json={"memo": "あ" * 1_500_000})
    assert answer.status_code == 413
    assert answer.json()["hint"]


def test_a_large_body_without_its_length_is_refused_too(client: TestClient) -> None:
    parts = (b"x" * 100_000 for _ in range(40))
    answer = client.post("/api/intake", content=parts, headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    assert answer.json()["code"] == "too_large"


def test_nothing_of_a_case_is_logged(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        where = start(client, "赤坂町の太郎が借金で困っている。")
        client.get(where)
        client.post("/api/match", json={"memo": "赤坂町の太郎が借金で困っている。"})
        one = {"members": [{"needs": ["借金"]}], "area": "赤坂町", "need": "太郎の借金"}
        client.post("/api/candidates", json=one)
        client.post("/api/candidates", json={**one, "member": "太郎"})
        client.get("/resources?q=借金")
    ours = [r for r in caplog.records if not r.name.startswith("httpx")]  # 試験の送り手の記録は除く
    said = "\n".join(record.getMessage() for record in ours)
    assert "/consult/…" in said
    for word in ("太郎", "借金", "赤坂", where.rsplit("/", 1)[1]):
        assert word not in said


@pytest.mark.parametrize("path", ["/api/match", "/api/candidates"])
def test_an_unexpected_fault_tells_nothing_of_the_case(
    path: str, app: FastAPI, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_args: object, **_more: object) -> None:
        raise RuntimeError("太郎の借金")

    monkeypatch.setattr("api.routes.match_api.match_case", fail)
    monkeypatch.setattr("api.candidates.open_case", fail)
    plain = TestClient(app, base_url=BASE, raise_server_exceptions=False)
    with caplog.at_level(logging.DEBUG):
        answer = plain.post(path, json={"memo": "太郎の借金"})
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal"
    assert "太郎" not in answer.text
    ours = [r.getMessage() for r in caplog.records if r.name.startswith("tsunagu")]
    assert any("RuntimeError" in line for line in ours)
    assert not any("太郎" in line for line in ours)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 50)), max_size=40))
def test_the_desk_never_gives_a_value_to_another_session(moves: list[tuple[str, int]]) -> None:
    desk: Desk[int] = Desk(minutes=1, limit=5)
    kept: dict[str, tuple[str, int]] = {}
    for session, value in moves:
        kept[desk.put(session, value)] = (session, value)
    assert len(desk) <= 5
    for name, (session, value) in kept.items():
        other = "b" if session == "a" else "a"
        with pytest.raises(NotFoundError):
            desk.get(other, name)
        try:
            assert desk.get(session, name) == value
        except NotFoundError:
            assert len(kept) > 5


def test_the_desk_forgets_after_a_while() -> None:
    now = [0.0]
    desk: Desk[str] = Desk(minutes=2, limit=5, clock=lambda: now[0])
    name = desk.put("s", "x")
    now[0] = 119
    assert desk.get("s", name) == "x"
    now[0] = 119 + 121
    with pytest.raises(NotFoundError):
        desk.get("s", name)
