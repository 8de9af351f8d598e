"""POST /api/candidates: the list for one need has the numbers of the whole match."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.candidates import Lists, Question
from api.wire.candidates import Candidate, Candidates, ListQuery, QuestionIn, UnreadWord
from api.wire.case import CaseIn
from graph.backends.embedded_view import EmbeddedView
from graph.backends.open import open_store
from graph.model.element import Edge, EdgeKind
from ingest.samples import sample_folder
from matching.case import Unresolved, parse_case
from matching.engine import PER_NEED
from matching.one_need import Wanted
from matching.result import Suggestion
from tests.api.asked import ASKED, ask
from tests.conftest import ROOT

_SHOWN = ("resource_id", "name", "category", "category_label", "score", "score_low", "score_high")
_SHARE = ("criterion", "weight", "score", "points")


def _cases() -> list[dict[str, Any]]:
    lines = (sample_folder() / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def _numbers(suggestions: list[dict[str, Any]]) -> list[Any]:
    """What a whole match says of its places, as numbers."""
    return [
        [place[key] for key in _SHOWN]
        + [[share[key] for key in _SHARE] for share in place["contributions"]]
        for place in suggestions
    ]


def _listed(found: dict[str, Any]) -> list[Any]:
    """The same of a list for one need, where the criteria are named once."""
    return [
        [place[key] for key in _SHOWN]
        + [
            [criterion["criterion"], criterion["weight"], score, points]
            for criterion, score, points in zip(
                found["criteria"], place["scores"], place["points"], strict=True
            )
        ]
        for place in found["candidates"]
    ]


def test_every_list_of_the_sample_cases_is_that_of_the_whole_match(client: TestClient) -> None:
    compared = places = 0
    for case in _cases():
        whole = client.post("/api/match?full=true", json=case).json()
        for member in whole["members"]:
            for need in (*member["needs"], *member["possible"]):
                asked = {**case, "member": member["id"], "need": need["label"]}
                one = ask(client, asked, top=PER_NEED)
                assert one["need"] == need["need"]
                assert _listed(one) == _numbers(need["suggestions"])
                assert one["excluded"] == need["excluded"]
                assert (one["not_now"] is True) == (need["outcome"] == "not_now")
                for key in ("case_id", "as_of", "data_version", "rules_version", "emergencies"):
                    assert one[key] == whole[key]
                assert (one["stage"], one["stage_reason"]) == (
                    member["stage"],
                    member["stage_reason"],
                )
                assert one["unresolved"] == whole["unresolved"]
                compared += 1
                places += len(one["candidates"])
    assert compared > 60
    assert places > 400


def test_points_sum_to_the_score_and_criteria_are_named(client: TestClient) -> None:
    found = ask(client, ASKED)
    assert len(found["candidates"]) == 20
    assert all(item["label"] and item["weight"] > 0 for item in found["criteria"])
    for place in found["candidates"]:
        assert len(place["scores"]) == len(place["points"]) == len(found["criteria"])
        assert sum(place["points"]) == pytest.approx(place["score"], abs=1e-9)
        assert place["score_low"] <= place["score"] <= place["score_high"]
    assert found["eligible"] >= 20
    assert [p["score"] for p in found["candidates"]] == sorted(
        (p["score"] for p in found["candidates"]), reverse=True
    )


def test_the_only_member_and_the_only_need_go_without_saying(client: TestClient) -> None:
    said = ask(client, {**ASKED, "member": "m1", "need": "日中の居場所"})
    assert ask(client, ASKED) == said


def test_a_need_nobody_wrote_is_taken_up_as_the_persons(client: TestClient) -> None:
    found = ask(client, {**ASKED, "need": "通院の再開"})
    written = {**ASKED["members"][0], "needs": ["日中の居場所", "通院の再開"]}
    whole = client.post("/api/match", json={**ASKED, "members": [written]}).json()
    need = next(n for n in whole["members"][0]["needs"] if n["need"] == found["need"])
    one = ask(client, {**ASKED, "need": "通院の再開"}, top=PER_NEED)
    assert _listed(one) == _numbers(need["suggestions"])


def test_a_word_that_is_no_need_comes_back_unresolved(client: TestClient) -> None:
    found = ask(client, {**ASKED, "need": "ほげほげぴよ"})
    assert {"member": "m1", "field": "need", "text": "ほげほげぴよ"} in found["unresolved"]
    assert (found["need"], found["candidates"]) == (None, [])
    only = {**ASKED, "members": [{"id": "m1", "needs": ["ほげほげぴよ"]}]}
    found = ask(client, only)
    assert {"member": "m1", "field": "needs", "text": "ほげほげぴよ"} in found["unresolved"]
    assert (found["need"], found["eligible"], found["excluded"]) == (None, 0, {})


def test_a_memo_is_read_first(client: TestClient) -> None:
    memo = "72歳の男性、ひとり暮らし。話し相手がほしい。"
    found = ask(client, {"memo": memo, "area": "川辺区", "need": "話し相手がほしい"})
    assert found["need"]
    assert found["candidates"]


def test_names_may_be_left_out(client: TestClient) -> None:
    named, bare = ask(client, ASKED), ask(client, ASKED, names="false")
    assert all(place["name"] for place in named["candidates"])
    assert all(place["name"] is None for place in bare["candidates"])
    for place in (*named["candidates"], *bare["candidates"]):
        del place["name"]
    assert bare == named


def test_top_and_profile_are_followed(client: TestClient) -> None:
    few = ask(client, ASKED, top=3)
    assert len(few["candidates"]) == 3
    other = ask(client, ASKED, profile="nearby")
    assert other["rules_version"] != few["rules_version"]
    assert client.post("/api/candidates?profile=nothing", json=ASKED).status_code == 404


def test_the_models_have_the_fields_of_the_inner_records() -> None:
    assert set(UnreadWord.model_fields) == {f.name for f in fields(Unresolved)}
    inner = {f.name for f in fields(Suggestion)}
    assert set(Candidate.model_fields) - inner == {"scores", "points"}


def test_nothing_of_a_case_fits_into_the_address() -> None:
    assert set(ListQuery.model_fields) == {"top", "on", "profile", "names"}
    assert set(QuestionIn.model_fields) == {*CaseIn.model_fields, "member", "need"}


def test_the_description_holds_together(client: TestClient) -> None:
    described = client.get("/api/openapi.json").json()
    text = json.dumps(described)
    operation = described["paths"]["/api/candidates"]["post"]
    assert {p["name"] for p in operation["parameters"]} == set(ListQuery.model_fields)
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    assert set(schema["properties"]) == set(QuestionIn.model_fields)
    for name in {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}:
        assert name in described["components"]["schemas"]
    assert "#/$defs/" not in text


@pytest.fixture
def question() -> Question:
    """The question of :data:`ASKED`, as the route makes it."""
    return Question(case=parse_case(ASKED), wanted=Wanted(), top=20, on=date(2026, 11, 20))


def test_both_ways_give_the_same_bytes(app: FastAPI, question: Question) -> None:
    lists: Lists = app.state.lists
    waited = lists.answer(question)
    at_once = lists.at_once(question)
    assert at_once == waited
    Candidates.model_validate_json(waited)


def test_nothing_is_waited_for_at_once(
    app: FastAPI, question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists: Lists = app.state.lists
    assert Lists(app.state.office).at_once(question) is None, "区域をまだ読んでいない"
    lists.answer(question)
    assert lists.at_once(question) is not None
    # ほかの人が照合しているあいだ。
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with app.state.office.lock:
            held.set()
            done.wait(10)

    other = threading.Thread(target=hold)
    other.start()
    held.wait(10)
    assert lists.at_once(question) is None
    done.set()
    other.join()
    # 保存先にまだ読んでいない変更があるとき。
    monkeypatch.setattr(app.state.office.matcher, "head", -5)
    assert lists.at_once(question) is None


def test_a_long_list_is_left_to_a_thread(app: FastAPI, question: Question) -> None:
    lists: Lists = app.state.lists
    many = replace(question, top=1000)
    assert lists.at_once(many) is None
    found = Candidates.model_validate_json(lists.answer(many))
    assert len(found.candidates) > 20


@pytest.mark.parametrize(
    "change",
    [
        {"memo": "話し相手がほしい。"},
        {"area": "あ" * 101},
        {"already": ["どこかの会"]},
        {"need": "居場所がどこかにほしい"},
        {"members": [{"needs": ["日中の居場所"], "free": ["火" * 101]}]},
        {"members": [{"needs": ["日中の居場所"], "attributes": ["ひきこもりぎみ"]}]},
        {"members": [{"needs": ["日中の居場所"], "free": [f"{i}日" for i in range(70)]}]},
        {"members": [{"needs": ["日中の居場所"]}] * 60},
    ],
)
def test_what_takes_reading_is_left_to_a_thread(app: FastAPI, change: dict[str, Any]) -> None:
    body = {**ASKED, **change}
    wanted = Wanted(member="m1", need=body.get("need", "日中の居場所"))
    lists: Lists = app.state.lists
    asked = Question(case=parse_case(body), wanted=wanted, top=5, on=date(2026, 11, 20))
    assert lists.at_once(asked) is None
    Candidates.model_validate_json(lists.answer(asked))


def test_a_correction_is_in_the_next_list(writing: TestClient) -> None:
    key = ask(writing, ASKED)["candidates"][0]["resource_id"]
    change = {"fields": {"name": "名前を変えた場"}}
    assert writing.patch(f"/api/resources/{key}", json=change).status_code == 200
    again = ask(writing, ASKED)["candidates"]
    assert next(p["name"] for p in again if p["resource_id"] == key) == "名前を変えた場"


def test_who_introduces_in_the_district_is_followed(writing: TestClient, own_store: Path) -> None:
    def ways() -> list[float]:
        found = ask(writing, ASKED)
        at = [item["criterion"] for item in found["criteria"]].index("introduction")
        return [place["scores"][at] for place in found["candidates"]]

    before = ways()
    with closing(open_store(f"sqlite:///{own_store}")) as store:
        with store.read() as view:
            covering = list(view.edges(EdgeKind.COVERS))
        with store.write(actor="試験") as writer:
            writer.unlink(covering)
        alone = ways()
        with store.write(actor="試験") as writer:
            writer.link(covering)
    assert alone != before
    assert ways() == before


def test_edits_that_touch_no_introducer_do_not_read_the_areas_again(
    writing: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ask(writing, ASKED)
    read: list[EdgeKind] = []
    whole = EmbeddedView.edges

    def noted(view: EmbeddedView, kind: EdgeKind) -> Iterator[Edge]:
        read.append(kind)
        return whole(view, kind)

    monkeypatch.setattr(EmbeddedView, "edges", noted)
    key = first["candidates"][0]["resource_id"]
    writing.patch(f"/api/resources/{key}", json={"fields": {"note": "入口は裏側"}})
    assert ask(writing, ASKED)["candidates"][0]["resource_id"] == key
    assert EdgeKind.COVERS not in read


def test_the_example_of_the_guide_is_answered(client: TestClient) -> None:
    guide = (ROOT / "docs" / "howto" / "candidates.md").read_text(encoding="utf-8")
    example = json.loads(re.findall(r"```json\n(.*?)```", guide, re.DOTALL)[0])
    found = ask(client, example, top=3)
    assert len(found["candidates"]) == 3
    told = {
        name
        for row in re.findall(r"^\| (.*?) \|", guide, re.MULTILINE)
        for name in re.findall(r"`(\w+)", row)
    }
    assert set(Candidates.model_fields) - {"case_id", "as_of", "member"} <= told
    assert set(ListQuery.model_fields) <= told
