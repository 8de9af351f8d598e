"""The screens in a real browser: axe finds nothing, the keyboard is enough, nothing goes outside."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FilePayload, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

MEMO = (
    "80代の母と60代の息子。息子はひきこもりで人が多い場は苦手、釣りが好き。母は買い物に困っている。"
)
PAGES = (
    "/",
    "/map",
    "/resources",
    "/resources?state=stale",
    "/resources/MH-R0001",
    "/resources/MH-R0001/edit",
    "/gaps",
    "/imports",
    "/settings",
    "/public",
    "/public?q=サロン",
)
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def consult(page: Page) -> str:
    page.goto("/")
    page.get_by_label("相談メモ").fill(MEMO)
    page.get_by_label("住んでいる区域").fill("川辺区")
    page.get_by_role("button", name="読み取って候補を見る").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("この世帯に、何が合うか")
    page.wait_for_load_state("load")  # 文字は様式より先に読める：大きさはその後に測る
    return page.url


def no_faults(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": _RULES}).response["violations"]
    told = [(v["id"], [n["html"][:160] for n in v["nodes"][:3]]) for v in found]
    assert told == []


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(page: Page, path: str) -> None:
    page.goto(path)
    no_faults(page)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, "横にはみ出している"


@pytest.mark.parametrize("tab", ["fits", "almost", "excluded", "unmet"])
def test_axe_finds_nothing_in_a_consultation(page: Page, tab: str) -> None:
    where = consult(page)
    page.goto(f"{where}?tab={tab}")
    if tab == "fits":
        page.locator(".entry summary").first.click()
    no_faults(page)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_axe_finds_nothing_on_paper_and_why(office_page: Page) -> None:
    where = consult(office_page)
    office_page.goto(f"{where}/print")
    no_faults(office_page)
    office_page.goto(f"{where}?tab=excluded")
    office_page.get_by_label("なぜ候補に出ないのか調べる").fill("MH-R0001")
    office_page.get_by_role("button", name="調べる").click()
    expect(office_page.get_by_role("heading", level=1)).to_be_visible()
    no_faults(office_page)


def test_the_paper_for_the_meeting_is_a_few_sheets_of_a4(office_page: Page) -> None:
    """Seven sheets are not read in a meeting; a table cut off at the edge is worse."""
    where = consult(office_page)
    office_page.goto(f"{where}/print")
    sheets = office_page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", sheets)
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", sheets)) <= 4
    assert {(round(float(w)), round(float(h))) for w, h in boxes} == {(595, 842)}
    office_page.emulate_media(media="print")
    office_page.set_viewport_size({"width": 695, "height": 1000})  # A4から余白を引いた幅
    assert office_page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_left_and_right_stand_side_by_side(office_page: Page) -> None:
    consult(office_page)
    left = office_page.locator(".consult-left").bounding_box()
    right = office_page.locator(".consult-right").bounding_box()
    assert left is not None
    assert right is not None
    assert right["x"] >= left["x"] + left["width"]
    assert abs(left["y"] - right["y"]) < 20


def test_a_slash_goes_to_the_search(office_page: Page) -> None:
    office_page.goto("/gaps")
    office_page.keyboard.press("/")
    expect(office_page.locator("#site-q")).to_be_focused()
    office_page.keyboard.type("サロン")
    office_page.keyboard.press("Enter")
    expect(office_page).to_have_url(re.compile("/resources"))


def test_the_keyboard_alone_begins_and_changes_a_case(office_page: Page) -> None:
    office_page.goto("/")
    for _ in range(40):
        if office_page.evaluate("document.activeElement.id") == "memo":
            break
        office_page.keyboard.press("Tab")
    office_page.keyboard.type("60代の男性。話し相手がほしい。")
    for _ in range(6):
        office_page.keyboard.press("Tab")
        if "読み取って" in office_page.evaluate("document.activeElement.textContent"):
            break
    office_page.keyboard.press("Enter")
    expect(office_page.get_by_role("heading", level=1)).to_have_text("この世帯に、何が合うか")
    needs = office_page.locator('input[name="m.0.needs"]')
    before = needs.count()
    box = office_page.locator("#m0-needs")
    box.focus()
    office_page.keyboard.type("買い物")
    office_page.keyboard.press("Enter")
    expect(needs).to_have_count(before + 1)
    remove = office_page.get_by_role("button", name="買い物を外す").first
    remove.focus()
    office_page.keyboard.press("Enter")
    expect(needs).to_have_count(before)
    expect(office_page.locator("#m0-needs")).to_be_focused()


def test_focus_is_seen(office_page: Page) -> None:
    office_page.goto("/")
    office_page.keyboard.press("Tab")
    office_page.keyboard.press("Tab")
    width = office_page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert width == "4px"


def test_targets_are_large_enough(page: Page) -> None:
    consult(page)
    small = page.evaluate(
        """[...document.querySelectorAll('button, .button, .menu a, .tabs a, summary')]
            .filter((e) => e.offsetParent && !e.classList.contains('sr'))
            .map((e) => [e.textContent.trim().slice(0, 20), e.getBoundingClientRect()])
            .filter(([, box]) => box.width && Math.min(box.width, box.height) < 24)
            .map(([text]) => text)"""
    )
    assert small == []


def test_everything_but_the_map_works_without_javascript(plain_page: Page) -> None:
    where = consult(plain_page)
    needs = plain_page.locator('input[name="m.0.needs"]')
    before = needs.count()
    plain_page.locator("#m0-needs").fill("話し相手がほしい")
    plain_page.get_by_role("button", name="この内容で見直す").click()
    expect(needs).to_have_count(before + 1)
    plain_page.goto(f"{where}?tab=almost")
    expect(plain_page.locator(".tabs")).to_be_visible()
    plain_page.goto("/map")
    expect(plain_page.locator(".map-list .list-entry").first).to_be_visible()
    plain_page.goto("/resources?q=サロン")
    expect(plain_page.locator(".list-entry").first).to_be_visible()


def test_the_map_draws_the_same_filter_as_its_list(office_page: Page) -> None:
    office_page.goto("/map?q=サロン")
    listed = office_page.locator(".map-list .list-entry[data-id]").count()
    assert listed > 0
    expect(office_page.locator("#map .leaflet-marker-icon").first).to_be_visible()
    drawn = office_page.evaluate(
        "fetch(document.getElementById('map').dataset.points).then((r) => r.json()).then((d) => d.features.length)"
    )
    assert 0 < drawn <= listed
    office_page.get_by_label("つなぐ人の担当").check()
    expect(office_page.locator("#map-note")).not_to_contain_text("ください")


def upload(page: Page, name: str, text: str) -> None:
    page.goto("/imports")
    file: FilePayload = {"name": name, "mimeType": "text/csv", "buffer": text.encode("utf-8-sig")}
    page.get_by_label("ファイル（いくつでも）").set_input_files([file])
    page.get_by_role("button", name="読み取る（まだ書き込みません）").click()


def confirm(page: Page) -> None:
    button = page.get_by_role("button", name="この内容で書き込む")
    expect(button).to_be_visible(timeout=60_000)
    button.click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("取り込みました", timeout=60_000)


def test_a_file_is_read_shown_and_written(office_page: Page) -> None:
    upload(office_page, "資源.csv", "名称,分類,電話\nひだまりサロン試し,サロン,040-000-1111\n")
    button = office_page.get_by_role("button", name="この内容で書き込む")
    expect(button).to_be_visible(timeout=60_000)
    no_faults(office_page)
    confirm(office_page)
    office_page.goto("/resources?q=ひだまりサロン試し")
    expect(office_page.get_by_role("link", name="ひだまりサロン試し")).to_be_visible()


def test_markup_in_a_file_is_shown_as_text(office_page: Page) -> None:
    upload(office_page, "悪.csv", "名称,分類\n<img src=x onerror=alert(1)>の会,サロン\n")
    expect(office_page.get_by_role("cell", name="HTMLの記号")).to_be_visible(timeout=60_000)
    assert office_page.locator("img[src='x']").count() == 0
    tricky = "R&B \"音楽\" 'の' 会"
    row = '"' + tricky.replace('"', '""') + '",サロン,35.45,140.18'
    upload(office_page, "記号.csv", f"名称,分類,緯度,経度\n{row}\n")
    confirm(office_page)
    office_page.goto("/map?q=R%26B")
    expect(office_page.locator(".map-list")).to_contain_text(tricky)
    marker = office_page.locator("#map .leaflet-marker-icon").first
    expect(marker).to_be_visible()
    marker.click()
    expect(office_page.locator(".leaflet-popup-content")).to_contain_text(tricky)
