"""POST /api/match, /api/why and /api/intake: shapes of interfaces §4 and §5, bad input."""

from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from pydantic import BaseModel
from starlette.testclient import TestClient

from api.wire.case import CaseIn, MemberIn
from api.wire.derive import RENAMED, wire_model
from matching.case import Case, Member
from matching.gaps.report import GapReport
from matching.intake import Intake
from matching.result import MatchResult
from matching.why import Why
from tests.api.asked import ASKED, PERSON

CASE: dict[str, Any] = ASKED | {
    "members": [PERSON | {"needs": ["日中の居場所", "通院の再開"]}],
}


def test_match_answers_in_the_fixed_shape(client: TestClient) -> None:
    answer = client.post("/api/match", json=CASE)
    assert answer.status_code == 200
    body = answer.json()
    wire_model(MatchResult).model_validate(body)
    assert body["case_id"] == "C-1"
    assert body["as_of"] == "2026-11-20"
    needs = body["members"][0]["needs"]
    assert needs, "困りごとが一つも返らない"
    for need in needs:
        for suggestion in need["suggestions"]:
            total = sum(item["points"] for item in suggestion["contributions"])
            assert total == pytest.approx(suggestion["score"], abs=1e-6)


def test_same_case_same_bytes(client: TestClient) -> None:
    first = client.post("/api/match", json=CASE).content
    assert client.post("/api/match", json=CASE).content == first


def test_top_limits_the_ranking(client: TestClient) -> None:
    body = client.post("/api/match?top=2", json=CASE).json()
    assert len(body["ranking"]) <= 2


def test_a_memo_alone_is_read(client: TestClient) -> None:
    memo = "72歳の男性、ひとり暮らし。話し相手がほしい。食べるものがない。"
    body = client.post("/api/match", json={"memo": memo, "area": "川辺区"}).json()
    assert body["members"]
    assert any(member["needs"] for member in body["members"])


def test_intake_gives_words_that_are_in_the_memo(client: TestClient) -> None:
    memo = "80代の母と60代の息子。母の介護で疲れている。"
    answer = client.post("/api/intake", json={"memo": memo})
    assert answer.status_code == 200
    wire_model(Intake).model_validate(answer.json())
    for member in answer.json()["members"]:
        for finding in member["findings"]:
            assert answer.json()["memo"][finding["start"] : finding["end"]] == finding["text"]


def test_why_answers_for_an_excluded_resource_too(client: TestClient) -> None:
    listed = client.get("/api/resources").json()["items"][0]
    answer = client.post(f"/api/why?resource={listed['id']}", json=CASE)
    assert answer.status_code == 200
    wire_model(Why).model_validate(answer.json())
    assert answer.json()["resource_id"] == listed["id"]


def test_why_of_nothing_is_not_found(client: TestClient) -> None:
    answer = client.post("/api/why?resource=どこにもない資源", json=CASE)
    assert answer.status_code == 404
    assert answer.json()["hint"]


@pytest.mark.parametrize("body", [{}, {"members": []}, {"memo": "   "}])
def test_a_case_without_members_and_memo_says_what_to_do(
    client: TestClient, body: dict[str, Any]
) -> None:
    answer = client.post("/api/match", json=body)
    assert answer.status_code == 422
    assert set(answer.json()) == {"code", "message", "hint", "facts", "request_id"}
    assert "memo" in answer.json()["hint"]


def test_an_invalid_case_does_not_come_back_in_the_error(client: TestClient) -> None:
    answer = client.post("/api/match", json={"members": "花子さんの秘密"})
    assert answer.status_code == 422
    assert "花子" not in answer.text


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[1,2]", b"null"])
def test_what_is_no_case_is_refused_in_the_one_shape(client: TestClient, content: bytes) -> None:
    answer = client.post(
        "/api/match", content=content, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in {400, 422}
    assert set(answer.json()) == {"code", "message", "hint", "facts", "request_id"}


def test_wire_case_and_inner_case_have_the_same_fields() -> None:
    inner = {f.name for f in fields(Case)} - {"notes"}
    assert set(CaseIn.model_fields) == inner
    assert set(MemberIn.model_fields) == {f.name for f in fields(Member)}


@pytest.mark.parametrize("record", [MatchResult, Why, Intake, GapReport])
def test_wire_models_have_every_field_of_their_dataclass(record: type) -> None:
    _same(record, wire_model(record))


def _same(record: type, model: type[BaseModel]) -> None:
    assert is_dataclass(record)
    outside = {RENAMED.get(f.name, f.name) for f in fields(record)}
    assert {info.alias or name for name, info in model.model_fields.items()} == outside


def test_a_withheld_count_may_be_null_outside() -> None:
    schema = wire_model(GapReport).model_json_schema()
    serves = schema["$defs"]["Widening"]["properties"]["serves"]
    assert {"type": "null"} in serves["anyOf"]
