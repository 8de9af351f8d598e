"""The file in a real browser, opened from disk with the network cut."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from graph.store import GraphStore, View
from graph.vocabulary.protocol import Vocabulary
from maps.render import render_map
from tests.maps.conftest import ON, Office, place

pytestmark = pytest.mark.browser

ATTACKS = (
    "<script>window.hit=1</script>",
    '<img src=x onerror="window.hit=1">',
    "`${window.hit=1}`\\",
    "\"><svg onload='window.hit=1'></script><script>window.hit=1</script>",
)


def _popup(page: Page) -> str:
    return page.locator(".leaflet-popup-content").inner_text()


@pytest.fixture
def sample_file(sample: View, vocabulary: Vocabulary, tmp_path: Path) -> Path:
    out = tmp_path / "みほん市.html"
    render_map(sample, out, on=ON, vocabulary=vocabulary)
    return out


def _axe_faults(page: Page) -> list[str]:
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
    return [
        f"{v['id']}: {v['nodes'][0]['html'][:120]} {v['nodes'][0]['failureSummary'][:300]}"
        for v in found.response["violations"]
    ]


def test_opens_from_disk_with_no_network(sample_file: Path, office: Office) -> None:
    page = office.open(sample_file)
    expect(page.locator(".leaflet-marker-icon").first).to_be_visible()
    assert page.locator(".area-label").count() == 12
    assert page.locator("html").get_attribute("lang") == "ja"
    assert page.evaluate("performance.getEntriesByType('resource').length") == 0
    assert office.outside == []
    assert office.errors == []


def test_axe_finds_nothing(sample_file: Path, office: Office) -> None:
    page = office.open(sample_file)
    assert _axe_faults(page) == []
    page.locator("section[data-layer=resources] details:has(a.goto) > summary").first.click()
    page.locator("section[data-layer=resources] details[open] a.goto").first.click()
    expect(page.locator(".leaflet-popup")).to_be_visible()
    assert _axe_faults(page) == []


def test_texts_of_the_controls_are_japanese(sample_file: Path, office: Office) -> None:
    page = office.open(sample_file)
    expect(page.locator(".leaflet-control-zoom-in")).to_have_attribute("title", "地図を拡大する")
    expect(page.locator(".leaflet-control-zoom-out")).to_have_attribute("title", "地図を縮小する")
    assert page.locator(".leaflet-control-attribution svg").count() == 0
    assert "台帳は2026-11-21現在" in page.locator(".leaflet-control-attribution").inner_text()
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    page.locator("section[data-layer=areas] a.goto").first.click()
    close = page.locator(".leaflet-popup-close-button")
    expect(close).to_have_attribute("aria-label", "閉じる")


def test_attacks_stay_text(
    store: GraphStore, vocabulary: Vocabulary, tmp_path: Path, office: Office
) -> None:
    for number, attack in enumerate(ATTACKS):
        place(store, attack, 35.40 + number / 50, 140.2 + number / 50, key=f"r{number}")
    with store.read() as view:
        render_map(view, tmp_path / "m.html", on=ON, vocabulary=vocabulary)
    page = office.open(tmp_path / "m.html")
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    links = page.locator("section[data-layer=resources] a.goto")
    assert links.count() == len(ATTACKS)
    seen = set()
    for number in range(links.count()):
        links.nth(number).click()
        seen.add(page.locator(".leaflet-popup-content strong").inner_text())
        page.keyboard.press("Escape")
    assert seen == set(ATTACKS)
    assert page.evaluate("window.hit === undefined")
    assert page.locator("section img, section script, section svg[onload]").count() == 0
    assert office.errors == []


def test_list_and_map_say_the_same(sample_file: Path, office: Office) -> None:
    page = office.open(sample_file)
    words = page.locator("#filter option").all_inner_texts()
    choice = next(text for text in words if text.endswith("（4）"))
    label = choice.removesuffix("（4）")
    page.select_option("#filter", label=choice)
    rows = page.locator("section[data-layer=resources] tbody tr:not([hidden])")
    assert rows.count() == 4
    expect(page.locator("#map-status")).to_contain_text(f"「{label}」だけを示しています。")
    page.locator("#show-areas").uncheck()
    assert page.locator(".area-label").count() == 0
    drawn = page.locator(".mark-icon").count()
    gathered = page.locator(".cluster").all_inner_texts()
    placed = rows.locator("a.goto").count()
    assert drawn + sum(map(int, gathered)) == placed


def test_keyboard_alone_opens_a_place(sample_file: Path, office: Office) -> None:
    page = office.open(sample_file)
    groups = page.locator("section[data-layer=resources] details")
    group = groups.filter(has=page.locator("a.goto")).first
    group.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(group).to_have_attribute("open", "")
    link = group.locator("a.goto").first
    title = link.locator("xpath=ancestor::tr").locator("th").inner_text()
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup-content strong")).to_have_text(title)
    assert "最終確認" in _popup(page)


def test_lists_stay_without_javascript(sample_file: Path, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(sample_file.as_uri())
    expect(page.get_by_text("地図を見るにはJavaScriptが要ります")).to_be_visible()
    assert page.locator("section[data-layer=resources] tbody tr").count() > 300
    context.close()
