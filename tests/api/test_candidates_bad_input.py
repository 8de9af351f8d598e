"""POST /api/candidates: whatever is sent, a sentence says what to do; never a 500."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.wire.candidates import Candidates, QuestionIn
from api.wire.case import MemberIn
from tests.api.asked import ASKED, ERROR, ask


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("top=0", "「top」は1以上の数にしてください。"),
        ("top=10000", "「top」は1000以下の数にしてください。"),
        ("top=たくさん", "「top」は数字で書いてください。"),
        ("on=きのう", "「on」は2026-11-20 のような日付にしてください。"),
        ("names=maybe", "「names」はtrue か false にしてください。"),
        (f"profile={'x' * 101}", "「profile」は100字までにしてください。"),
    ],
)
def test_a_query_that_cannot_be_used_says_what_to_write(
    client: TestClient, query: str, said: str
) -> None:
    answer = client.post(f"/api/candidates?{query}", json=ASKED)
    assert answer.status_code == 422
    assert set(answer.json()) == ERROR
    assert answer.json()["hint"] == said


_TWO = [{"id": "m1", "age": 80, "needs": ["買い物"]}, {"id": "m2", "needs": ["仲間づくり"]}]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"members": _TWO}, "だれの候補"),
        ({"members": _TWO, "member": "m9"}, "「members」にある id"),
        ({"members": _TWO, "member": ["m1"]}, "言葉を一つだけ"),
        ({"members": [{"age": 30, "needs": ["買い物", "仲間づくり"]}]}, "どれの候補"),
        ({"members": [{"age": 30}]}, "困りごとを一つ"),
        ({"members": [{"id": "m1"}] * 61}, "60人まで"),
        ({}, "memo"),
        ({"members": []}, "memo"),
        ({"memo": "。"}, "困りごとを一つ"),
        ({"members": "花子さんの秘密"}, "一人ずつの組"),
        ([1, 2], "JSONの組"),
    ],
)
def test_a_question_that_is_not_decided_says_what_to_write(
    client: TestClient, body: Any, said: str
) -> None:
    answer = client.post("/api/candidates", json=body)
    assert answer.status_code == 422, answer.text
    assert set(answer.json()) == ERROR
    assert said in answer.json()["message"] + answer.json()["hint"]
    assert "花子" not in answer.text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"members": [{"age": ' + b"9" * 5000 + b"}]}",
        b'{"members": [{"needs": ["\\ud800"]}]}',
        b'{"members": [{"needs": ["\\udc00\\ud800"]}]}',
    ],
)
def test_what_is_no_case_is_refused_in_the_one_shape(client: TestClient, content: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = client.post("/api/candidates", content=content, headers=headers)
    assert answer.status_code == 422
    assert set(answer.json()) == ERROR
    assert answer.json()["hint"]


_FIELDS = sorted({*QuestionIn.model_fields, *MemberIn.model_fields, "lat", "lon", "max_minutes"})
_WORDS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["m1", "日中の居場所", "買い物", "ひきこもり", "川辺区", "月曜 9:00-25:00", "2026-02-30"]
    ),
)
_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), _WORDS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.one_of(st.sampled_from(_FIELDS), st.text(max_size=4)), inner, max_size=5
        ),
    ),
    max_leaves=25,
)


@given(
    value=_JSON,
    members=st.lists(st.dictionaries(st.sampled_from(_FIELDS), _JSON, max_size=5), max_size=3),
)
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_sent_is_answered_in_one_shape(
    client: TestClient, value: Any, members: list[dict[str, Any]]
) -> None:
    body = {**value, "members": members} if isinstance(value, dict) and members else value
    content = json.dumps(body).encode()
    answer = client.post(
        "/api/candidates", content=content, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in {200, 422}
    if answer.status_code == 200:
        Candidates.model_validate(answer.json())
    else:
        assert set(answer.json()) == ERROR


def test_a_pair_of_halves_is_a_character(client: TestClient) -> None:
    body = json.dumps({**ASKED, "case_id": "C-1 \N{SEEDLING}"}).encode()
    headers = {"Content-Type": "application/json"}
    answer = client.post("/api/candidates", content=body, headers=headers)
    assert answer.json()["case_id"] == "C-1 \N{SEEDLING}"


def test_a_body_that_is_too_large_is_refused(client: TestClient) -> None:
    answer = client.post("/api/candidates", json={**ASKED, "memo": "あ" * 1_500_000})
    assert answer.status_code == 413
    assert set(answer.json()) == ERROR


def test_odd_facts_are_told_and_the_rest_is_answered(client: TestClient) -> None:
    person = {**ASKED["members"][0], "age": 62, "age_band": "小学生"}
    body = {**ASKED, "members": [person], "point": {"lat": 34.0, "lon": 150.0}, "already": ["？"]}
    found = ask(client, {**body, "travel": {"max_minutes": "たくさん", "modes": ["空飛ぶ車"]}})
    told = {item["field"] for item in found["unresolved"]}
    assert {"age", "point", "travel.max_minutes", "travel.modes"} <= told
    assert found["candidates"]


def test_sixty_members_are_answered(client: TestClient) -> None:
    people = [{"id": f"p{i}", "age": i, "needs": ["日中の居場所", "食料"]} for i in range(60)]
    found = ask(client, {"area": "川辺区", "members": people, "member": "p59", "need": "食料"})
    assert found["member"] == "p59"
    assert any(item["field"] == "needs" for item in found["unresolved"])
