"""The import screens in a real browser: axe, keyboard, without JavaScript, at both sizes."""

import re

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.test_screens import confirm, no_faults

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

_SENT = "読み取る（まだ書き込みません）"
ODD = (
    "よびな,どこで,いつ,なんじ,れんらく,駐車\n"
    "{0}会,みほん市本町1,第2・4火曜,10:00〜12:00,040-{1}-0001,あり\n"
    "{0}座,みほん市東町2,木曜,13:00〜15:00,040-{1}-0002,なし\n"
)
LEDGER = "資源ID,名称,分類,住所,電話,備考\n"


def send(page: Page, name: str, text: str) -> None:
    page.goto("/imports")
    file: FilePayload = {"name": name, "mimeType": "text/csv", "buffer": text.encode("utf-8-sig")}
    page.get_by_label("ファイル（いくつでも）").set_input_files([file])
    page.get_by_role("button", name=_SENT).click()
    expect(page.get_by_role("heading", name="ファイルごと")).to_be_visible(timeout=60_000)


def fits(page: Page) -> None:
    no_faults(page)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, "横にはみ出している"


def size_of(page: Page) -> str:
    size = page.viewport_size
    assert size is not None
    return "a" if size["width"] > 1000 else "b"


@pytest.mark.parametrize(
    "path",
    ["/imports/pairs", "/imports/pairs/decided", "/imports/conflicts", "/imports/history",
     "/imports/history/undo", "/imports/mappings"],
)  # fmt: skip
def test_axe_finds_nothing_on_the_import_screens(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    fits(page)


def test_an_unknown_list_is_mapped_saved_and_known_again(page: Page) -> None:
    mark = size_of(page)
    text = ODD.replace("よびな", f"よびな{mark}").format(f"あさひ{mark}", f"70{ord(mark) % 10}")
    send(page, f"サロン{mark}.csv", text)
    page.get_by_role("link", name=re.compile("列の対応を")).first.click()
    fits(page)
    page.get_by_label(f"よびな{mark}").select_option(label="名称")
    for column in ("いつ", "なんじ"):
        page.get_by_label(column, exact=True).select_option(label="開催日時")
    page.get_by_label("駐車").select_option(label="使わない")
    page.get_by_label("この対応表の名前").fill(f"サロン調べ{mark}")
    page.get_by_role("button", name="保存して読み直す").click()
    expect(page.get_by_text("第2・4 火 10:00〜12:00").first).to_be_visible(timeout=60_000)
    fits(page)
    confirm(page)
    fits(page)
    send(page, f"サロン{mark}.csv", text)
    expect(page.get_by_text("見慣れない見出し")).to_have_count(0)
    expect(page.locator(".counts li", has_text="同じ")).to_contain_text("2")
    page.goto("/imports/mappings")
    expect(page.get_by_role("heading", name=f"サロン調べ{mark}")).to_be_visible()


def twins(page: Page, mark: str) -> None:
    """Import two entries that look the same and go to their pair."""
    rows = (
        f"B{mark}1,すずらんの集い{mark},サロン,みほん市本町8-8-8,040-888-000{ord(mark) % 10},甲\n"
    )
    rows += f"B{mark}2,すずらん集い{mark},サロン,みほん市本町8-8-8,040-888-000{ord(mark) % 10},乙\n"
    send(page, "双子.csv", LEDGER + rows)
    confirm(page)
    page.get_by_role("link", name="一組ずつ見くらべる").click()
    page.locator(".pair-list a", has_text=f"すずらんの集い{mark}").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("この二つは、同じものですか")


def test_a_pair_is_judged_and_undone(page: Page) -> None:
    mark = size_of(page)
    twins(page, mark)
    fits(page)
    page.get_by_label("決めた人").fill("川辺区 佐藤")
    page.get_by_label("わけ").fill("電話で確かめた")
    page.get_by_role("button", name="同じもの（1件にまとめる）").click()
    told = page.get_by_role("status")
    expect(told).to_contain_text("1件にまとめました")
    fits(page)
    page.goto("/imports/pairs/decided")
    expect(page.get_by_text("電話で確かめた").first).to_be_visible()
    fits(page)
    row = page.locator("tr", has_text=f"すずらんの集い{mark}")
    row.get_by_role("button", name=re.compile("取り消す")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("この二つは、同じものですか")
    assert page.get_by_label("決めた人").input_value() == "川辺区 佐藤"
    page.get_by_role("button", name="別のもの").click()
    expect(page.get_by_role("status")).to_contain_text("別のものとしました")


def test_the_keyboard_alone_judges_a_pair(office_page: Page) -> None:
    twins(office_page, "k")
    office_page.get_by_label("わけ").focus()
    office_page.keyboard.press("Tab")
    office_page.keyboard.type("川辺区 鈴木")
    office_page.keyboard.press("Tab")
    office_page.keyboard.press("Tab")
    focused = office_page.evaluate("document.activeElement.textContent")
    assert focused == "別のもの"
    office_page.keyboard.press("Enter")
    expect(office_page.get_by_role("status")).to_contain_text("別のものとしました")


def test_a_conflict_is_answered(page: Page) -> None:
    mark = size_of(page)
    row = f"C{mark},食い違う会{mark},サロン,,040-555-000{{}},\n"
    send(page, "台帳.csv", LEDGER + row.format(1))
    confirm(page)
    page.goto(f"/resources/C{mark}/edit")
    page.get_by_label("電話").fill("040-555-9999")
    page.get_by_role("button", name="保存する").click()
    send(page, "台帳.csv", LEDGER + row.format(2))
    expect(page.get_by_text("職員の直しを残す").first).to_be_visible()
    fits(page)
    confirm(page)
    page.goto("/imports/conflicts")
    fits(page)
    card = page.locator(".conflict", has_text=f"食い違う会{mark}")
    expect(card).to_contain_text("040-555-9999")
    expect(card).to_contain_text("040-555-0002")
    card.get_by_label("決めた人").fill("川辺区 佐藤")
    card.get_by_role("button", name="取り込んだ内容にする").click()
    expect(page.locator(".conflict", has_text=f"食い違う会{mark}")).to_have_count(0)
    page.goto(f"/resources/C{mark}")
    expect(page.get_by_text("040-555-0002").first).to_be_visible()


def test_the_last_import_is_taken_back_without_javascript(plain_page: Page) -> None:
    send_plain(plain_page, "台帳.csv", LEDGER + "P1,戻す会,サロン,,,\n")
    plain_page.get_by_role("button", name="この内容で書き込む").click()
    until(plain_page, "取り込みました")
    plain_page.get_by_role("link", name="この取込を取り消す").click()
    expect(plain_page.get_by_text("戻す会")).to_be_visible()
    plain_page.get_by_label("決めた人").fill("川辺区 佐藤")
    plain_page.get_by_role("button", name="この取込を取り消す").click()
    expect(plain_page.get_by_text("取り消し済み").first).to_be_visible()
    plain_page.goto("/resources?q=戻す会")
    expect(plain_page.locator(".list-entry", has_text="戻す会")).to_have_count(0)


def test_columns_and_pairs_work_without_javascript(plain_page: Page) -> None:
    text = ODD.replace("よびな", "よびなp").format("のぞみ", "709")
    send_plain(plain_page, "紙.csv", text)
    plain_page.get_by_role("link", name=re.compile("列の対応を")).first.click()
    plain_page.get_by_label("よびなp").select_option(label="名称")
    plain_page.get_by_role("button", name="保存して読み直す").click()
    until(plain_page, "この内容で取り込みますか")
    plain_page.goto("/imports/pairs")
    expect(plain_page.get_by_role("heading", level=1)).to_be_visible()


def send_plain(page: Page, name: str, text: str) -> None:
    """As :func:`send`, without JavaScript: the page reloads itself."""
    page.goto("/imports")
    file: FilePayload = {"name": name, "mimeType": "text/csv", "buffer": text.encode("utf-8-sig")}
    page.get_by_label("ファイル（いくつでも）").set_input_files([file])
    page.get_by_role("button", name=_SENT).click()
    expect(page.get_by_role("heading", name="ファイルごと")).to_be_visible(timeout=60_000)


def until(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading, timeout=60_000)


def test_a_file_too_large_is_told_before_it_is_sent(office_page: Page) -> None:
    office_page.goto("/imports")
    office_page.evaluate("document.querySelector('[data-upload]').dataset.most = '0.00001'")
    file: FilePayload = {"name": "大.csv", "mimeType": "text/csv", "buffer": b"x" * 2000}
    office_page.get_by_label("ファイル（いくつでも）").set_input_files([file])
    office_page.get_by_role("button", name=_SENT).click()
    expect(office_page.get_by_role("alert")).to_contain_text("受け取れる大きさ")
    assert office_page.url.endswith("/imports")


def test_the_way_of_a_large_file_is_shown(office_page: Page) -> None:
    rows = "".join(f"L{n},大きな一覧の{n}番,サロン,,,\n" for n in range(4000))
    office_page.goto("/imports")
    file: FilePayload = {
        "name": "大.csv",
        "mimeType": "text/csv",
        "buffer": (LEDGER + rows).encode("utf-8-sig"),
    }
    office_page.get_by_label("ファイル（いくつでも）").set_input_files([file])
    office_page.get_by_role("button", name=_SENT).click()
    expect(office_page.get_by_label("進みぐあい")).to_be_visible()
    expect(office_page.get_by_role("heading", name="ファイルごと")).to_be_visible(timeout=120_000)
    expect(office_page.locator(".counts li", has_text="追加")).to_contain_text("4,000")
