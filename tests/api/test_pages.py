"""Pages: what they show, forms that keep what was typed, and nothing from outside."""

import re

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.api.conftest import BASE, csrf_of

MEMO = (
    "80代の母と60代の息子。息子はひきこもりで人が多い場は苦手、釣りが好き。母は買い物に困っている。"
)
PAGES = ("/", "/map", "/resources", "/gaps", "/imports", "/settings", "/public", "/nothing-here")
_OUTSIDE = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//|url\(\s*['"]?(?:https?:)?//""")


def start(client: TestClient, memo: str = MEMO, **more: str) -> str:
    """Open a case; the address of its page."""
    token = csrf_of(client.get("/").text)
    form = {"csrf": token, "memo": memo, "area": "川辺区", "do": "update", **more}
    answer = client.post("/consult", data=form, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_japanese_whole_and_asks_nothing_outside(client: TestClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == (404 if path == "/nothing-here" else 200)
    assert '<html lang="ja">' in page.text
    assert page.text.count("<h1") == 1
    assert not _OUTSIDE.search(page.text)
    assert "<style" not in page.text
    assert not re.search(r"\sstyle=|\son[a-z]+=", page.text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", page.text)


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_header_rules(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["x-request-id"]


def test_a_consultation_shows_words_candidates_and_reasons(client: TestClient) -> None:
    where = start(client)
    page = client.get(where).text
    assert "<mark" in page
    assert 'class="chip"' in page
    assert 'class="entry' in page
    assert "理由をすべて見る" in page
    for tab in ("almost", "excluded", "unmet"):
        assert client.get(f"{where}?tab={tab}").status_code == 200
    assert "データの版" in client.get(f"{where}/print").text


def test_the_paper_for_the_meeting_is_whole(client: TestClient) -> None:
    paper = client.get(f"{start(client)}/print").text
    for heading in ("世帯の状況", "段階と道筋", "つなぎ先の候補", "支えるチーム", "次に聞くこと"):
        assert heading in paper
    assert "規則の版" in paper
    assert "まだ聞けていないこと" in paper
    assert "先に確かめること" in paper
    # 詳しく載せるのは十件まで。残りも名前は載る。
    assert paper.count('class="about"') == 10
    assert "ほかの候補" in paper


def test_a_case_is_never_in_an_address(client: TestClient) -> None:
    where = start(client)
    page = client.get(where).text
    for href in re.findall(r'href="([^"]+)"', page):
        assert "ひきこもり" not in href
        assert "%E3%81%B2%E3%81%8D" not in href


def test_removing_and_adding_a_word_changes_the_case(client: TestClient) -> None:
    where = start(client)
    page = client.get(where).text
    fields = _fields(page)
    removed = client.post(where, data=fields | {"do": "remove|m.0.needs|0"}).text
    before = re.findall(r'name="m\.0\.needs" value="([^"]+)"', page)
    after = re.findall(r'name="m\.0\.needs" value="([^"]+)"', removed)
    assert after == before[1:]
    added = client.post(where, data=_fields(removed) | {"m.0.needs+": "話し相手がほしい"}).text
    assert "話し相手がほしい" in re.findall(r'name="m\.0\.needs" value="([^"]+)"', added)


def test_members_come_and_go(client: TestClient) -> None:
    where = start(client)
    first = client.get(where).text
    more = client.post(where, data=_fields(first) | {"do": "member"}).text
    assert more.count('<div class="member-head">') == first.count('<div class="member-head">') + 1
    less = client.post(where, data=_fields(more) | {"do": "leave|0"}).text
    assert less.count('<div class="member-head">') == first.count('<div class="member-head">')


def test_another_browser_cannot_open_a_case(app: FastAPI, client: TestClient) -> None:
    where = start(client)
    stranger = TestClient(app, base_url=BASE).get(where)
    assert stranger.status_code == 404
    assert "ひきこもり" not in stranger.text


def test_closing_forgets_the_case(client: TestClient) -> None:
    where = start(client)
    client.post(f"{where}/close", data={"csrf": csrf_of(client.get("/").text)})
    assert client.get(where).status_code == 404


def test_an_empty_memo_says_what_to_do_and_keeps_the_rest(client: TestClient) -> None:
    form = {"csrf": csrf_of(client.get("/").text), "memo": " ", "area": "本町区", "do": "update"}
    answer = client.post("/consult", data=form)
    assert answer.status_code == 422
    assert "相談メモが空です" in answer.text
    assert 'value="本町区"' in answer.text


def test_names_and_phones_in_a_memo_are_hidden_and_told(client: TestClient) -> None:
    page = client.get(start(client, "山田太郎さん、090-1234-5678。話し相手がほしい。")).text
    assert "090-1234-5678" not in page
    assert "かくしました" in page


def test_two_candidates_are_compared(client: TestClient) -> None:
    where = start(client)
    page = client.get(where).text
    picks = re.findall(r'name="pick" value="([^"]+)"', page)[:2]
    assert len(picks) == 2
    token = csrf_of(page)
    answer = client.post(f"{where}/compare", data={"csrf": token, "pick": picks})
    assert answer.status_code == 200
    assert "見るところごとの違い" in answer.text
    one = client.post(f"{where}/compare", data={"csrf": token, "pick": picks[:1]})
    assert one.status_code == 422


def test_why_explains_a_resource_by_name(client: TestClient) -> None:
    where = start(client)
    name = client.get("/api/resources").json()["items"][0]["name"]
    form = {"csrf": csrf_of(client.get(where).text), "resource": name}
    answer = client.post(f"{where}/why", data=form)
    assert answer.status_code == 200
    assert name in answer.text


def test_an_unmet_need_is_recorded_without_who(empty: TestClient) -> None:
    where = start(empty, "35歳の女性。", do="blank")
    form = _fields(empty.get(where).text)
    empty.post(where, data=form | {"m.0.age": "35", "m.0.needs+": "話し相手がほしい"})
    page = empty.get(f"{where}?tab=unmet").text
    keys = re.findall(r'name="key" value="([^"]+)"', page)
    assert keys, "見本の市で行き先のない困りごとが要る"
    answer = empty.post(
        f"{where}/unmet",
        data={"csrf": csrf_of(page), "key": keys[0], "reason": "none_exists"},
    )
    assert "記録しました" in answer.text
    report = empty.get("/api/gaps").json()
    assert report["asked"] == 1
    assert "m1" not in str(report["cells"])


def test_a_report_is_made_of_a_file_of_cases(client: TestClient) -> None:
    lines = '{"area":"川辺区","members":[{"needs":["話し相手"]}]}\n{"memo":"食べるものがない。"}\n'
    page = client.get("/gaps").text
    answer = client.post(
        "/gaps", data={"csrf": csrf_of(page)}, files={"cases": ("cases.jsonl", lines.encode())}
    )
    assert answer.status_code == 200
    assert "困りごと" in answer.text
    for suffix in ("csv", "json", "xlsx", "html"):
        file = client.get(f"{answer.url.path}/export/{suffix}")
        assert file.status_code == 200
        assert "attachment" in file.headers["content-disposition"]
    broken = client.post(
        "/gaps", data={"csrf": csrf_of(page)}, files={"cases": ("cases.jsonl", b"{\n")}
    )
    assert broken.status_code == 422
    assert "1行目" in broken.text


def test_the_edit_form_keeps_what_was_typed_on_a_conflict(writing: TestClient) -> None:
    key = writing.get("/api/resources").json()["items"][0]["id"]
    page = writing.get(f"/resources/{key}/edit").text
    late = _fields(page) | {"f.note": "二人目の言葉"}
    writing.patch(f"/api/resources/{key}", json={"fields": {"note": "一人目の言葉"}})
    answer = writing.post(f"/resources/{key}/edit", data=late)
    assert answer.status_code == 409
    assert "二人目の言葉" in answer.text
    assert "一人目の言葉" in answer.text


def test_one_click_checks_an_entry(writing: TestClient) -> None:
    key = writing.get("/api/resources?state=stale").json()["items"][0]["id"]
    page = writing.get(f"/resources/{key}").text
    answer = writing.post(
        f"/resources/{key}/verify", data={"csrf": csrf_of(page), "method": "電話", "on": ""}
    )
    assert "2026年11月20日" in answer.text


def test_citizens_see_no_restricted_entry_and_no_hidden_place(client: TestClient) -> None:
    everything = client.get("/api/resources?page=1").json()
    restricted = [
        item["id"]
        for page in range(1, everything["pages"] + 1)
        for item in client.get(f"/api/resources?page={page}").json()["items"]
        if item["publication"] == "restricted"
    ]
    assert restricted
    assert client.get(f"/public/{restricted[0]}").status_code == 404
    hidden = client.get("/api/resources?state=confidential").json()["items"][0]
    page = client.get(f"/public/{hidden['id']}")
    assert page.status_code == 200
    assert "場所は公開していません" in page.text


def _fields(page: str) -> dict[str, str | list[str]]:
    """Named values of the largest form of a page, as a browser would send them."""
    form = max(re.findall(r"<form[^>]*>.*?</form>", page, re.DOTALL), key=len)
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]+)"', tag)
        if name and 'type="checkbox"' not in tag:
            value = re.search(r'value="([^"]*)"', tag)
            found.setdefault(name[1], []).append(value[1] if value else "")
    for name, value in re.findall(
        r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL
    ):
        found.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}
