"""The file: whole, self-contained, the same each time, and honest about what is missing."""

from datetime import date
from pathlib import Path

import folium
import pytest
from folium.plugins import HeatMap

from graph.errors import InputError
from graph.model.resource import Publication
from graph.store import GraphStore, View
from graph.vocabulary.protocol import Vocabulary
from maps.assets import AssetError, manifest, style_text, vendored
from maps.frame import check_vendored
from maps.guard import NotSelfContainedError, check_self_contained
from maps.layer import layers
from maps.place import Placement
from maps.points import MOST_POINTS, gathered
from maps.render import json_text, render_map
from maps.sheet import Feature
from maps.symbols import MARKS
from maps.words import age_in_words
from tests.maps.conftest import ON, place


def test_sample_map_says_what_is_placed(
    sample: View, vocabulary: Vocabulary, tmp_path: Path
) -> None:
    out = tmp_path / "map.html"
    summary = render_map(sample, out, on=ON, vocabulary=vocabulary)
    page = out.read_text(encoding="utf-8")
    assert summary.bytes == out.stat().st_size < 2_000_000
    assert [layer.key for layer in summary.layers] == list(layers())
    resources = next(layer for layer in summary.layers if layer.key == "resources")
    assert resources.rows == resources.placed + sum(resources.unplaced.values())
    assert resources.placed > 250
    assert resources.unplaced["所在地非公開"] >= 5
    assert page.count('<tr id="r-resources-') == resources.rows
    assert page.count(' data-lat="') == sum(
        layer.placed for layer in summary.layers if layer.key in ("resources", "stale", "shelters")
    )
    assert all(line.split("：")[0] in page for line in summary.lines())


def test_same_store_same_bytes(sample: View, vocabulary: Vocabulary, tmp_path: Path) -> None:
    for name in ("a", "b"):
        render_map(sample, tmp_path / name, on=ON, vocabulary=vocabulary)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_hidden_address_is_nowhere_in_the_file(
    store: GraphStore, vocabulary: Vocabulary, tmp_path: Path
) -> None:
    place(store, "見える場")
    place(store, "隠す場", 35.431234, 140.274321, publication=Publication.CONFIDENTIAL_LOCATION)
    with store.read() as view:
        render_map(view, tmp_path / "m.html", on=ON, vocabulary=vocabulary)
    page = (tmp_path / "m.html").read_text(encoding="utf-8")
    assert "隠す場" in page
    assert "35.4312" not in page
    assert "140.2743" not in page


def test_unknown_layer_and_missing_folder_are_told(
    sample: View, vocabulary: Vocabulary, tmp_path: Path
) -> None:
    with pytest.raises(
        InputError, match=r"「tenki」という重ねる情報はありません.*areas（区域と人口）"
    ):
        render_map(sample, tmp_path / "m", layers=["tenki"], on=ON, vocabulary=vocabulary)
    with pytest.raises(InputError, match="フォルダ"):
        render_map(sample, tmp_path / "no" / "m", on=ON, vocabulary=vocabulary)
    assert list(tmp_path.iterdir()) == []


def test_empty_store_is_told(store: GraphStore, vocabulary: Vocabulary, tmp_path: Path) -> None:
    with store.read() as view, pytest.raises(InputError, match="tsunagu import"):
        render_map(view, tmp_path / "m", on=ON, vocabulary=vocabulary)


def test_chosen_layer_alone_is_shown(sample: View, vocabulary: Vocabulary, tmp_path: Path) -> None:
    summary = render_map(
        sample, tmp_path / "m", layers=["stale"], area="新橋圏域", on=ON, vocabulary=vocabulary
    )
    page = (tmp_path / "m").read_text(encoding="utf-8")
    assert [layer.key for layer in summary.layers] == ["stale"]
    assert summary.area is not None
    assert f"地域資源の地図：{summary.area}" in page
    assert 'id="show-stale" autocomplete="off" checked' in page


@pytest.mark.parametrize(
    "wound",
    [
        '<img src="https://tiles.example.jp/1.png">',
        '<link rel="stylesheet" href="//cdn.example.jp/a.css">',
        "<style>@import 'a.css';</style>",
        "<style>b { background: url(http://example.jp/a.png) }</style>",
        '<p style="background: url(a.png)">',
        '<form action="/x">',
        '<a href="javascript:alert(1)">',
        '<svg><use xlink:href="a.svg#b"/></svg>',
        '<script src="a.js"></script>',
        '<script>1</script><p title="a>b" background=a.png>',
        "<style>a {}</style><IMG SRC='a.png'>",
    ],
)
def test_guard_sees_every_way_out(wound: str) -> None:
    policy = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">'
    check_self_contained(
        f'{policy}<p>よい</p><a href="#x">x</a><img src="data:image/png;base64,AA==">'
    )
    with pytest.raises(NotSelfContainedError):
        check_self_contained(policy + wound)
    with pytest.raises(NotSelfContainedError):
        check_self_contained("<p>きまりがない</p>")


def test_a_plugin_we_do_not_ship_is_refused() -> None:
    made = folium.Map(location=[35, 140], tiles=None)
    HeatMap([[35, 140]]).add_to(made)  # type: ignore[no-untyped-call]
    with pytest.raises(AssetError, match="同梱していません"):
        check_vendored(made)


def test_vendored_files_are_what_the_list_says(monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(vendored(name) for name in manifest())
    with pytest.raises(AssetError, match="目録にありません"):
        vendored("leaflet/other.js")
    monkeypatch.setitem(manifest(), "leaflet/leaflet.css", "0" * 64)
    vendored.cache_clear()
    try:
        with pytest.raises(AssetError, match="書き換わっています"):
            vendored("leaflet/leaflet.css")
    finally:
        vendored.cache_clear()
        manifest.cache_clear()


def test_style_loses_only_its_pictures() -> None:
    css = ".a { color: red; background: url(x.png); }\n.b {\n\tbackground-image: url(y.png);\n\twidth: 1px;\n\t}\n"
    kept = style_text(css)
    assert "url(" not in kept
    assert "width: 1px" in kept
    assert ".b" in kept


def test_json_in_a_script_can_not_end_it() -> None:
    text = json_text({"名": "</script><script>alert(1)</script>&\u2028"})
    assert "<" not in text
    assert "&" not in text
    assert "\u2028" not in text


def test_too_many_points_are_gathered() -> None:
    features = [
        Feature(
            title=f"場{i}",
            group="みほん市",
            cells=(),
            placement=Placement.PLACED if i % 100 else Placement.UNKNOWN,
            geometry={"type": "Point", "coordinates": [140 + (i % 50) / 100, 35.4]}
            if i % 100
            else None,
            mark=MARKS["food"],
        )
        for i in range(MOST_POINTS + 500)
    ]
    sheet = gathered(features, [MARKS["food"]], ())
    assert len(sheet.features) < 120
    assert sum(int(row.cells[0]) for row in sheet.features) == len(features)
    assert "20,500件" in sheet.notes[0]


@pytest.mark.parametrize(
    ("then", "words"),
    [
        (date(2026, 11, 20), "1か月以内"),
        (date(2026, 10, 21), "1か月前"),
        (date(2025, 11, 21), "1年前"),
        (date(2024, 3, 22), "2年7か月前"),
    ],
)
def test_age_in_words(then: date, words: str) -> None:
    assert age_in_words(then, ON) == words
