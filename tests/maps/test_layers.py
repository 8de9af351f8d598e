"""What layers hold, and above all what they never show."""

import types
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import maps.layers
from graph.discovery import discover
from graph.errors import DiscoveryError, InputError
from graph.model.element import Edge, EdgeKind, NodeKind, Ref
from graph.model.people import Contact, ContactKind
from graph.model.place import AreaKind
from graph.model.resource import Publication, Resource, Status
from graph.model.unmet import Evidence, Route, UnmetReason, UnmetRecord
from graph.model.values import Point
from graph.store import GraphStore, Scope, View
from graph.vocabulary.protocol import Vocabulary
from maps.layer import Layer, layer_geojson, layers
from maps.layers.reach import radius_m, reach_of
from maps.layers.unmet import FEWEST, disclosed
from matching.travel import DETOUR, MEANS
from tests.maps.conftest import ON, place, put, square


def _titles(collection: dict[str, object]) -> list[str]:
    features = collection["features"]
    assert isinstance(features, list)
    return [feature["properties"]["title"] for feature in features]


@pytest.mark.parametrize("key", [key for key in layers() if key != "unmet"])
def test_example_is_in_the_sample(key: str, sample: View, vocabulary: Vocabulary) -> None:
    collection = layer_geojson(key, sample, vocabulary=vocabulary, on=ON)
    assert layers()[key].example in _titles(collection)


def test_a_file_without_its_constant_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "empty_layer.py").write_text("X = 1\n", encoding="utf-8")
    monkeypatch.setattr(maps.layers, "__path__", [*maps.layers.__path__, str(tmp_path)])
    with pytest.raises(DiscoveryError, match="empty_layer"):
        discover(maps.layers, "LAYER", Layer)


def test_every_row_has_a_cell_for_every_column(sample: View, vocabulary: Vocabulary) -> None:
    for key in layers():
        collection = layer_geojson(key, sample, vocabulary=vocabulary, on=ON)
        assert isinstance(collection["features"], list)
        for feature in collection["features"]:
            assert set(collection["columns"]) <= set(feature["properties"])


def test_confidential_place_is_listed_without_a_point(sample: View, vocabulary: Vocabulary) -> None:
    collection = layer_geojson("resources", sample, vocabulary=vocabulary, on=ON)
    shelter = next(
        f
        for f in collection["features"]
        if f["properties"]["title"] == "DV被害者等一時保護シェルター"
    )
    assert shelter["geometry"] is None
    assert shelter["properties"]["placement_label"] == "所在地非公開"
    assert "花田" not in str(shelter)


def test_a_doubtful_point_is_not_drawn(store: GraphStore, vocabulary: Vocabulary) -> None:
    place(store, "確かな場")
    place(store, "疑わしい場", 36.9, doubt="区域の外")
    with store.read() as view:
        collection = layer_geojson("resources", view, vocabulary=vocabulary, on=ON)
    by_title = {f["properties"]["title"]: f for f in collection["features"]}
    assert by_title["確かな場"]["geometry"]["coordinates"] == [140.2, 35.44]
    assert by_title["疑わしい場"]["geometry"] is None
    assert by_title["疑わしい場"]["properties"]["placement_label"] == "位置に疑いあり（区域の外）"


def test_public_layers_hold_only_public_entries(store: GraphStore, vocabulary: Vocabulary) -> None:
    place(store, "公開の場")
    place(store, "内々の場", publication=Publication.RESTRICTED)
    place(store, "隠す場", publication=Publication.CONFIDENTIAL_LOCATION)
    for scope in Scope:
        with store.read(scope) as view:
            collection = layer_geojson("resources", view, vocabulary=vocabulary, on=ON, public=True)
        rows = {f["properties"]["title"]: f["geometry"] for f in collection["features"]}
        assert set(rows) == {"公開の場", "隠す場"}
        assert rows["公開の場"] is not None
        assert rows["隠す場"] is None


@pytest.mark.parametrize("key", ["stale", "contacts", "unmet"])
def test_inner_layers_are_refused_in_public(
    key: str, store: GraphStore, vocabulary: Vocabulary
) -> None:
    with store.read() as view, pytest.raises(InputError, match="公開用の地図には載せられません"):
        layer_geojson(key, view, vocabulary=vocabulary, on=ON, public=True)


def test_closed_entries_are_counted_not_listed(store: GraphStore, vocabulary: Vocabulary) -> None:
    put(
        store,
        Resource(id="a", name="やっている場", status=Status.OPEN),
        Resource(id="b", name="終わった場", status=Status.CLOSED),
    )
    with store.read() as view:
        collection = layer_geojson("resources", view, vocabulary=vocabulary, on=ON)
    assert _titles(collection) == ["やっている場"]
    assert collection["notes"] == ["終了と記録されている1件は載せていません。"]


def test_area_keeps_what_lies_there_or_serves_it(store: GraphStore, vocabulary: Vocabulary) -> None:
    put(
        store,
        square("w", "西圏域", AreaKind.SPHERE, 140.19),
        square("e", "東圏域", AreaKind.SPHERE, 140.21),
    )
    place(store, "西の場", 35.44, 140.2)
    place(store, "東の場", 35.44, 140.22)
    place(store, "東にあって西に来る場", 35.44, 140.221)
    place(store, "隠す場", publication=Publication.CONFIDENTIAL_LOCATION)
    serves = [("r-東にあって西に来る場", "w"), ("r-隠す場", "w")]
    put(
        store,
        edges=tuple(
            Edge(
                kind=EdgeKind.SERVES,
                source=Ref(NodeKind.RESOURCE, resource),
                target=Ref(NodeKind.AREA, area),
            )
            for resource, area in serves
        ),
    )
    with store.read() as view:
        west = layer_geojson("resources", view, vocabulary=vocabulary, on=ON, area="西圏域")
        with pytest.raises(InputError, match=r"「南圏域」という区域はありません。.*西圏域"):
            layer_geojson("resources", view, vocabulary=vocabulary, on=ON, area="南圏域")
    assert sorted(_titles(west)) == ["東にあって西に来る場", "西の場", "隠す場"]


def test_contacts_are_found_from_wider_and_narrower_territories(
    store: GraphStore, vocabulary: Vocabulary
) -> None:
    put(
        store,
        square("c", "市", AreaKind.CITY, 140.19),
        square("s", "圏域", AreaKind.SPHERE, 140.19),
        square("t", "町", AreaKind.TOWN, 140.19),
        Contact(id="1", name="市のCSW", kind=ContactKind.CSW, phone="040-000-0001"),
        Contact(id="2", name="町の民生委員", kind=ContactKind.MINSEI_IIN),
        Contact(id="3", name="担当不明", kind=ContactKind.DESK, territory_text="向こうの方"),
    )
    area = NodeKind.AREA
    put(
        store,
        edges=(
            Edge(kind=EdgeKind.PART_OF, source=Ref(area, "s"), target=Ref(area, "c")),
            Edge(kind=EdgeKind.PART_OF, source=Ref(area, "t"), target=Ref(area, "s")),
            Edge(kind=EdgeKind.COVERS, source=Ref(NodeKind.CONTACT, "1"), target=Ref(area, "c")),
            Edge(kind=EdgeKind.COVERS, source=Ref(NodeKind.CONTACT, "2"), target=Ref(area, "t")),
        ),
    )
    with store.read() as view:
        collection = layer_geojson("contacts", view, vocabulary=vocabulary, on=ON)
    sphere, lost = (f["properties"] for f in collection["features"])
    assert sphere["CSW"] == "市のCSW（040-000-0001）"
    assert sphere["民生委員・児童委員"] == "町の民生委員"
    assert sphere["相談員"] == "いない・わからない"
    assert lost["title"] == "担当不明"
    assert lost["placement_label"] == "「向こうの方」がどの区域かわからない"


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 40)))
def test_small_counts_never_come_out(counts: dict[str, int]) -> None:
    shown, total = disclosed(counts)
    assert all(n >= FEWEST for n in shown.values())
    hidden = {need: n for need, n in counts.items() if need not in shown}
    if total is not None and hidden:
        rest = total - sum(shown.values())
        assert len(hidden) > 1
        assert rest >= FEWEST


def test_unmet_needs_are_counted_by_area(store: GraphStore, vocabulary: Vocabulary) -> None:
    put(store, square("s", "圏域", AreaKind.SPHERE, 140.19))
    records = [
        UnmetRecord(
            id=f"u{i}",
            need="ibasho" if i < 6 else "food_support_unknown",
            area_id="s",
            month="2026-10",
            group="高齢",
            reason=UnmetReason.NONE_EXISTS,
            route=Route.CREATE,
            evidence=Evidence.NO_CANDIDATE,
        )
        for i in range(6)
    ]
    put(store, *records)
    with store.read() as view:
        collection = layer_geojson("unmet", view, vocabulary=vocabulary, on=ON)
    (row,) = (f["properties"] for f in collection["features"])
    assert row["見つからなかった困りごと"] == "日中の居場所 6件"
    assert row["合わせて"] == "6件"
    assert "高齢" not in str(row)


def test_without_records_the_layer_says_what_to_do(sample: View, vocabulary: Vocabulary) -> None:
    collection = layer_geojson("unmet", sample, vocabulary=vocabulary, on=ON)
    assert collection["features"] == []
    assert "不足として記録" in collection["notes"][0]


def test_reach_is_the_walk_the_match_counts() -> None:
    assert radius_m() == pytest.approx(15 * MEANS["walk"][1] / DETOUR)
    circle = reach_of([Point(35.44, 140.2)])
    west, south, east, north = circle.bounds
    assert (north - south) * 111_320 / 2 == pytest.approx(radius_m(), rel=0.01)
    assert (east - west) * 111_320 * 0.8147 / 2 == pytest.approx(radius_m(), rel=0.01)


def test_reach_counts_people_by_the_share_of_ground(
    store: GraphStore, vocabulary: Vocabulary
) -> None:
    put(
        store,
        square("w", "西圏域", AreaKind.SPHERE, 140.19, people=1000),
        square("e", "東圏域", AreaKind.SPHERE, 140.29, people=3000),
    )
    for number, lon in enumerate((140.195, 140.2, 140.205)):
        for lat in (35.434, 35.44, 35.446):
            place(store, f"場{number}{lat}", lat, lon)
    with store.read() as view:
        collection = layer_geojson("reach", view, vocabulary=vocabulary, on=ON)
    (row,) = (f["properties"] for f in collection["features"])
    assert row["場所の数"] == "9"
    assert row["ほとんど届かない区域"] == "東圏域"
    assert 0.2 <= float(row["割合（推計）"].rstrip("%")) / 100 <= 0.25


def test_layers_are_ordered_and_named_once() -> None:
    found = layers()
    assert [unit.order for unit in found.values()] == sorted(u.order for u in found.values())
    assert len({unit.label for unit in found.values()}) == len(found)
    assert isinstance(maps.layers, types.ModuleType)
