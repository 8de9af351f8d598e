"""The import screens without a browser: what a coordinator does in one sitting, step by step."""

import csv
import io
import json
import re
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from graph.errors import StoreLockedError
from tests.api.conftest import BASE, csrf_of, settings_of

ODD = (
    "よびな,どこで,いつ,なんじ,れんらく,駐車\n"
    "あさひ会,みほん市本町1,第2・4火曜,10:00〜12:00,040-222-0001,あり\n"
    "ほっと会,みほん市東町2,木曜,13:00〜15:00,040-222-0002,なし\n"
)
LEDGER = "資源ID,名称,分類,住所,電話,備考\n"
TWINS = (
    LEDGER
    + "T1,ひまわりの集い,サロン,みほん市本町9-9-9,040-777-0001,甲\n"
    + "T2,ひまわり集い,サロン,みほん市本町9-9-9,040-777-0001,乙\n"
)


def post(client: TestClient, where: str, page: str = "/imports", **data: str) -> str:
    """Send a form of a page; the page that follows."""
    token = csrf_of(client.get(page).text)
    answer = client.post(where, data={"csrf": token, **data})
    assert answer.status_code in {200, 422}, answer.text
    return answer.text


def upload(client: TestClient, name: str, body: str | bytes) -> str:
    """Send a file and wait until it is read; the address of its page."""
    token = csrf_of(client.get("/imports").text)
    raw = body.encode("utf-8-sig") if isinstance(body, str) else body
    answer = client.post(
        "/imports",
        data={"csrf": token},
        files=[("files", (name, raw))],
        follow_redirects=False,
    )
    assert answer.status_code == 303, answer.text
    return settled(client, str(answer.headers["location"]))


def settled(client: TestClient, where: str) -> str:
    """Wait for the background reading or writing of an upload."""
    for _ in range(600):
        if 'http-equiv="refresh"' not in client.get(where).text:
            return where
        time.sleep(0.05)
    pytest.fail("読み取りが終わらない")


def bring(client: TestClient, name: str, body: str | bytes) -> str:
    """Upload and confirm; the page that tells what was done."""
    where = upload(client, name, body)
    post(client, f"{where}/confirm", where, by="試す人")
    page = client.get(settled(client, where)).text
    assert "取り込みました" in page
    return page


def field(client: TestClient, key: str, name: str) -> str | None:
    """A ledger field of a resource."""
    found = client.get(f"/api/resources/{key}").json()["fields"]
    return next((item["text"] for item in found if item["name"] == name), None)


def counts(page: str) -> dict[str, int]:
    found = re.findall(r"<li><b>([\d,]+)</b>([^<]+)</li>", page)
    return {label: int(number.replace(",", "")) for number, label in found}


def test_unknown_headings_are_mapped_by_hand_saved_and_used_again(writing: TestClient) -> None:
    where = upload(writing, "謎.csv", ODD)
    page = writing.get(where).text
    assert "列の対応" in page
    screen = writing.get(f"{where}/columns/0").text
    for text in ("よびな", "あさひ会", "値の", "たぶん", "そのまま持つ"):
        assert text in screen
    bad = post(
        writing, f"{where}/columns/0", where, kind="resources", label="謎", **{"c.1": "address"}
    )
    assert "どの列が名称か" in bad
    chosen = {"c.0": "name", "c.1": "address", "c.2": "schedule", "c.3": "schedule"}
    chosen |= {"c.4": "phone", "c.5": "-", "x.category": "サロン"}
    post(writing, f"{where}/columns/0", where, kind="resources", label="謎の表", **chosen)
    page = writing.get(settled(writing, where)).text
    assert "見慣れない見出し" not in page
    assert "第2・4 火 10:00〜12:00" in page
    post(writing, f"{where}/confirm", where)
    done = writing.get(settled(writing, where)).text
    assert counts(done)["追加"] == 2
    again = writing.get(upload(writing, "謎.csv", ODD)).text
    assert counts(again) | {"読んだ行": 2} == counts(again)
    assert (counts(again)["同じ"], counts(again)["追加"]) == (2, 0)
    listed = writing.get("/imports/mappings").text
    assert "謎の表" in listed
    (key,) = re.findall(r'/imports/mappings/([^"/]+)\.toml', listed)
    assert 'label = "謎の表"' in writing.get(f"/imports/mappings/{key}.toml").text
    assert "まだありません" in post(writing, f"/imports/mappings/{key}/remove", "/imports")


def test_the_preview_shows_originals_beside_what_is_read(writing: TestClient) -> None:
    text = "名称,開催日時,費用,送迎,対象者,<b>列</b>\n会,毎週月 10:00〜11:00,1回200円,○,65歳以上,<i>x</i>\n迷の会,満月の夜,米ひとつかみ,,,\n"
    page = writing.get(upload(writing, "台帳.csv", text)).text
    for said in ("毎週 月 10:00〜11:00", "1回 200円", "年齢 65歳〜", "（そのまま持つ）"):
        assert said in page
    assert "読めないので文字のまま残します" in page
    assert "開催日時を読めず文字のまま残した <b>1</b>件" in page
    assert "&lt;i&gt;x&lt;/i&gt;" in page
    assert "<i>x</i>" not in page


def test_changes_vanished_and_kept_edits_are_told_before_writing(empty: TestClient) -> None:
    rows = "".join(f"D{n},会{n},サロン,みほん市本町{n},040-300-000{n},初\n" for n in range(1, 6))
    bring(empty, "台帳.csv", LEDGER + rows)
    empty.patch("/api/resources/D2", json={"fields": {"phone": "040-300-9999"}})
    later = rows.replace("040-300-0002", "040-300-1111").replace("みほん市本町1,", "みほん市東町1,")
    later = "".join(line for line in later.splitlines(keepends=True) if not line.startswith("D5"))
    page = empty.get(upload(empty, "台帳.csv", LEDGER + later + "D9,会9,サロン,,,\n")).text
    got = counts(page)
    assert (got["追加"], got["変更"], got["同じ"], got["元から消えた"]) == (1, 2, 2, 1)
    told = re.sub(r' data-label="[^"]*"', "", page[page.index("いまの登録と") :])
    assert re.search(r"会1</a></th><td>住所</td><td>みほん市本町1</td><td>みほん市東町1", told)
    assert re.search(r"会2</a></th><td>電話</td><td>040-300-9999</td><td>040-300-1111", told)
    assert "<li>会5</li>" in told
    assert "<li>会9</li>" in told


def test_a_pair_is_judged_survives_re_import_and_is_undone(writing: TestClient) -> None:
    before = len(re.findall("list-entry", writing.get("/imports/pairs").text))
    bring(writing, "双子.csv", TWINS)
    listed = writing.get("/imports/pairs").text
    (key,) = re.findall(r'/imports/pairs/([^"]+)"><strong>ひまわり', listed)
    page = writing.get(f"/imports/pairs/{key}").text
    for said in (
        "同じらしいところ",
        "住所が同じです",
        "電話番号が同じです",
        "まとめるとこちら",
        "二つの距離",
    ):
        assert said in page
    assert "だれが決めたか" in post(
        writing, f"/imports/pairs/{key}", do="same", by=" ", note="電話で確かめた"
    )
    assert "わけが空" in post(writing, f"/imports/pairs/{key}", do="same", by="佐藤", note=" ")
    after = post(writing, f"/imports/pairs/{key}", do="same", by="佐藤", note="電話で確かめた")
    assert "同じものとして1件にまとめました" in after
    assert writing.get("/api/resources/T2").status_code == 404
    bring_again = writing.get(upload(writing, "双子.csv", TWINS.replace("甲", "丙"))).text
    assert counts(bring_again)["追加"] == 0
    bring(writing, "双子.csv", TWINS.replace("甲", "丙"))
    assert writing.get("/api/resources/T2").status_code == 404
    decided = writing.get("/imports/pairs/decided").text
    assert "電話で確かめた" in decided
    assert "佐藤" in decided
    assert "ひまわり集い" in decided
    assert len(re.findall("list-entry", writing.get("/imports/pairs").text)) == before
    post(writing, f"/imports/pairs/{key}/undo")
    assert writing.get("/api/resources/T2").status_code == 200
    assert key in writing.get("/imports/pairs").text
    post(writing, f"/imports/pairs/{key}", do="different", by="佐藤", note="別の日に集まる")
    assert key not in writing.get("/imports/pairs").text
    bring(writing, "双子.csv", TWINS.replace("甲", "丁"))
    assert writing.get("/api/resources/T2").status_code == 200
    assert key not in writing.get("/imports/pairs").text


def test_a_pair_of_hidden_places_tells_no_address(writing: TestClient) -> None:
    head = "資源ID,名称,分類,住所,電話,公開区分\n"
    rows = [
        f"H{n},こもれびの家{end},サロン,みほん市かくれ町7-7-7,040-999-0001,所在地非公開\n"
        for n, end in enumerate(("", "の会"))
    ]
    bring(writing, "台帳.csv", head + "".join(rows))
    pages = [writing.get("/imports/pairs").text]
    found = re.findall(r'/imports/pairs/([^"]+)"><strong>こもれび', pages[0])
    assert found, "名称と電話が似ているので、人に見せる組になるはず"
    pages.append(writing.get(f"/imports/pairs/{found[0]}").text)
    assert "（所在地非公開）" in pages[1]
    assert "かくれ町" not in "".join(pages)
    assert "同じ住所に" not in pages[1]


def test_the_last_import_is_shown_and_taken_back(writing: TestClient) -> None:
    bring(
        writing, "台帳.csv", LEDGER + "U1,取り消す会,サロン,,040-400-0001,\nU2,直した会,サロン,,,\n"
    )
    writing.patch("/api/resources/U2", json={"fields": {"note": "職員の言葉"}})
    page = writing.get("/imports/history/undo").text
    assert (counts(page)["消える行"], counts(page)["残る職員の直し"]) == (2, 1)
    assert "取り消す会" in page
    (batch,) = re.findall(r'name="batch" value="([^"]+)"', page)
    post(writing, "/imports/history/undo", "/imports/history/undo", batch=batch, by="佐藤")
    assert writing.get("/api/resources/U1").status_code == 404
    assert field(writing, "U2", "note") == "職員の言葉"
    listed = writing.get("/imports/history").text
    assert "取り消し済み" in listed
    assert "いちばん新しい取込を取り消す" not in listed
    assert writing.get("/imports/history/undo").status_code == 404


@pytest.mark.parametrize(("do", "phone"), [("keep", "040-500-9999"), ("take", "040-500-0002")])
def test_a_conflict_is_answered(writing: TestClient, do: str, phone: str) -> None:
    bring(writing, "台帳.csv", LEDGER + "K1,食い違う会,サロン,,040-500-0001,\n")
    writing.patch("/api/resources/K1", json={"fields": {"phone": "040-500-9999"}})
    bring(writing, "台帳.csv", LEDGER + "K1,食い違う会,サロン,,040-500-0002,\n")
    page = writing.get("/imports/conflicts").text
    for said in ("食い違う会", "040-500-9999", "040-500-0002", "地域資源台帳"):
        assert said in page
    answer = post(
        writing,
        "/imports/conflicts",
        "/imports/conflicts",
        resource="K1",
        field="phone",
        do=do,
        by="佐藤",
    )
    assert "食い違う会" not in answer
    assert field(writing, "K1", "phone") == phone


def test_rejects_are_corrected_in_excel_and_arrive(writing: TestClient) -> None:
    where = upload(
        writing, "台帳.csv", LEDGER + ",,サロン,みほん市本町7,0405550001,=1+1\nJ1,よい会,,,,\n"
    )
    book = openpyxl.load_workbook(io.BytesIO(writing.get(f"{where}/rejects.xlsx").content))
    sheet = book.worksheets[0]
    head = [cell.value for cell in sheet[1]]
    assert head[:3] == ["元のファイル", "元の行", "取り込めなかった理由"]
    row = dict(zip(head, [cell.value for cell in sheet[2]], strict=True))
    assert row["元のファイル"] == "台帳.csv"
    assert row["電話"] == "0405550001"
    assert row["備考"] == "'=1+1"
    sheet.cell(2, head.index("名称") + 1).value = "直って届いた会"
    out = io.BytesIO()
    book.save(out)
    page = bring(writing, "取り込めなかった行.xlsx", out.getvalue())
    assert counts(page)["追加"] == 1
    (found,) = writing.get("/api/resources?q=直って届いた会").json()["items"]
    assert field(writing, found["id"], "note") == "=1+1"
    text = writing.get(f"{where}/rejects.csv").content.decode("utf-8-sig")
    assert "/tmp" not in text
    assert "tsunagu-upload" not in text


def test_one_bad_file_does_not_stop_the_others(writing: TestClient) -> None:
    token = csrf_of(writing.get("/imports").text)
    files = [
        ("files", ("写真.csv", b"\x89PNG\r\n\x1a\n" + bytes(300))),
        ("files", ("台帳.csv", (LEDGER + "B1,よい会,サロン,,,\n").encode())),
    ]
    answer = writing.post("/imports", data={"csrf": token}, files=files, follow_redirects=False)
    page = writing.get(settled(writing, str(answer.headers["location"]))).text
    assert "取り込まない" in page
    assert "tsunagu-upload" not in page
    assert counts(page)["追加"] == 1


def test_every_import_form_needs_its_token(writing: TestClient) -> None:
    where = upload(writing, "台帳.csv", LEDGER + "C1,会,,,,\n")
    for path in (
        f"{where}/confirm",
        f"{where}/columns/0",
        "/imports/pairs/x",
        "/imports/pairs/x/undo",
        "/imports/conflicts",
        "/imports/history/undo",
        "/imports/mappings/x/remove",
    ):
        answer = writing.post(path, data={"by": "だれか"})
        assert answer.status_code == 403, path
    assert writing.get("/api/resources/C1").status_code == 404


def test_an_expired_upload_says_what_to_do(writing: TestClient) -> None:
    answer = writing.get("/imports/nothing-here")
    assert answer.status_code == 404
    assert "もう一度ファイルを選んでください" in answer.text


NASTY = ("=1+1", "+81-43-1", "-2+3", "@SUM(A1)", "\tx")


def test_exports_never_run_as_formulas_and_come_back_whole(writing: TestClient) -> None:
    header = "資源ID,名称,概要,備考,利用方法,対象者\n"
    row = ",".join(f'"{text}"' for text in NASTY)
    bring(
        writing,
        "台帳.csv",
        header + f"X1,{row.replace(NASTY[0], '数式の会', 1)}\n" + 'X2,二の会,"=2+2",,,\n',
    )
    held = ["+81-43-1", "-2+3", "@SUM(A1)", "x"]
    text = writing.get("/exports/ledger.csv").content.decode("utf-8-sig")
    (first,) = [r for r in csv.DictReader(io.StringIO(text)) if r["資源ID"] == "X1"]
    assert [first[n] for n in ("概要", "備考", "利用方法")] == [f"'{t}" for t in held[:3]]
    (second,) = [r for r in csv.DictReader(io.StringIO(text)) if r["資源ID"] == "X2"]
    assert second["概要"] == "'=2+2"
    book = openpyxl.load_workbook(io.BytesIO(writing.get("/exports/ledger.xlsx").content))
    kinds = {cell.data_type for line in book["資源"].iter_rows() for cell in line}
    assert "f" not in kinds
    points = json.loads(writing.get("/exports/resources.geojson").content)
    (feature,) = [f for f in points["features"] if f["id"] == "X1"]
    assert feature["properties"]["概要"] == held[0]
    services = json.loads(writing.get("/exports/hsds.json").content)
    assert held[0] in {s.get("description") for s in services}
    archive = zipfile.ZipFile(io.BytesIO(writing.get("/exports/hsds.zip").content))
    table = csv.reader(io.StringIO(archive.read("services.csv").decode()))
    cells = [cell for line in table for cell in line]
    assert not [c for c in cells if c.startswith(("=", "@", "\t")) or c in held[:3]]
    assert "'@SUM(A1)" in cells
    for name in ("template.csv", "template.xlsx"):
        assert writing.get(f"/exports/{name}").status_code == 200
    page = writing.get("/imports").text
    for name in ("ledger.csv", "ledger.xlsx", "resources.geojson", "hsds.json", "hsds.zip"):
        assert f'/exports/{name}"' in page
        assert f'/exports/{name}?public=true"' in page


def test_a_body_too_large_is_told_on_a_page(sample_store: Path) -> None:
    made = create_app(settings_of(sample_store).model_copy(update={"max_upload_mb": 1}))
    browser = TestClient(made, base_url=BASE)
    files = [("files", ("大.csv", b"x" * 2_000_000))]
    answer = browser.post("/imports", files=files, headers={"accept": "text/html"})
    assert answer.status_code == 413
    assert answer.headers["content-type"].startswith("text/html")
    assert "大きすぎます" in answer.text
    assert "分けて送るか" in answer.text
    assert browser.post("/api/imports", files=files).json()["code"] == "too_large"
    made.state.office.close()


def test_a_write_that_could_not_begin_is_pressed_again(
    writing: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = upload(writing, "台帳.csv", LEDGER + "W1,もう一度の会,サロン,,,\n")

    def locked(*_: object, **__: object) -> None:
        raise StoreLockedError("ほかの人が書き込んでいます。")

    with monkeypatch.context() as held:
        held.setattr("ingest.load.import_paths", locked)
        post(writing, f"{where}/confirm", where)
        page = writing.get(settled(writing, where)).text
    assert "ほかの人が書き込んでいます。" in page
    assert "この内容で書き込む" in page
    post(writing, f"{where}/confirm", where)
    assert "取り込みました" in writing.get(settled(writing, where)).text
