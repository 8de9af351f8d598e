"""/api/resources: filters, one resource, a check and a correction that outlive re-imports."""

import shutil
from pathlib import Path

from starlette.testclient import TestClient

from graph.backends.open import open_store
from graph.vocabulary.load import load_vocabulary
from ingest.load import import_paths
from ingest.options import ImportOptions
from ingest.samples import sample_folder
from tests.api.conftest import NOW, TODAY


def _first(client: TestClient, query: str = "") -> dict[str, object]:
    item: dict[str, object] = client.get(f"/api/resources{query}").json()["items"][0]
    return item


def test_the_list_pages_and_counts(client: TestClient) -> None:
    first = client.get("/api/resources").json()
    last = client.get(f"/api/resources?page={first['pages']}").json()
    assert first["total"] > 300
    assert len(first["items"]) == 50
    assert len(last["items"]) == first["total"] - 50 * (first["pages"] - 1)


def test_search_reads_names_categories_and_everyday_words(client: TestClient) -> None:
    named = _first(client)
    assert named["id"] in {
        item["id"] for item in client.get(f"/api/resources?q={named['name']}").json()["items"]
    }
    by_word = client.get("/api/resources?q=食べるものがない").json()
    assert by_word["total"] > 0
    assert by_word["total"] < client.get("/api/resources").json()["total"]


def test_filters_hold_together(client: TestClient) -> None:
    some = _first(client)
    both = client.get(f"/api/resources?category={some['category']}&q={some['name']}").json()
    assert all(item["category"] == some["category"] for item in both["items"])
    assert client.get("/api/resources?category=nothing").json()["total"] == 0


def test_area_narrows_and_reach_widens(client: TestClient, app: object) -> None:
    office = app.state.office  # type: ignore[attr-defined]
    area = office.areas.find("川辺区")[0]
    whole = client.get("/api/resources").json()["total"]
    inside = client.get(f"/api/resources?area={area}").json()["total"]
    reach = client.get(f"/api/resources?area={area}&reach=true").json()["total"]
    assert 0 < inside < reach < whole


def test_a_confidential_place_has_no_location_anywhere(client: TestClient) -> None:
    hidden = client.get("/api/resources?state=confidential").json()["items"]
    assert hidden
    for item in hidden:
        assert item["address"] is None
        assert item["lat"] is None
        whole = client.get(f"/api/resources/{item['id']}")
        assert {"address", "lat", "lon"}.isdisjoint(f["name"] for f in whole.json()["fields"])
        points = client.get("/api/resources.geojson?state=confidential").json()["features"]
        assert points == []


def test_unknown_resource_is_not_found(client: TestClient) -> None:
    answer = client.get("/api/resources/nothing")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


def test_a_check_sets_the_date_and_survives_a_reimport(
    writing: TestClient, own_store: Path, tmp_path: Path
) -> None:
    key = _first(writing, "?state=stale")["id"]
    answer = writing.post(f"/api/resources/{key}/verify", json={"method": "電話"})
    assert answer.status_code == 200
    assert answer.json()["assured_date"] == TODAY.isoformat()
    fixed = {"fields": {"phone": "040-999-0000"}, "version": answer.json()["version"]}
    assert writing.patch(f"/api/resources/{key}", json=fixed).status_code == 200
    again = tmp_path / "again"
    shutil.copytree(sample_folder(), again)
    store = open_store(f"sqlite:///{own_store}")
    import_paths(store, [again], options=ImportOptions(), vocabulary=load_vocabulary(), now=NOW)
    store.close()
    kept = writing.get(f"/api/resources/{key}").json()
    assert kept["assured_date"] == TODAY.isoformat()
    assert "040-999-0000" in {f["text"] for f in kept["fields"] if f["name"] == "phone"}


def test_a_correction_over_an_older_reading_is_a_conflict(writing: TestClient) -> None:
    item = _first(writing)
    read = writing.get(f"/api/resources/{item['id']}").json()
    change = {"fields": {"note": "入口は裏側"}, "version": read["version"]}
    assert writing.patch(f"/api/resources/{item['id']}", json=change).status_code == 200
    late = writing.patch(f"/api/resources/{item['id']}", json=change)
    assert late.status_code == 409
    assert late.json()["code"] == "edit_conflict"


def test_saving_never_sets_the_date_of_the_check(writing: TestClient) -> None:
    item = _first(writing, "?state=stale")
    change = {"fields": {"note": "x", "assured_date": "2026-11-20"}}
    after = writing.patch(f"/api/resources/{item['id']}", json=change).json()
    assert after["assured_date"] == item["assured_date"]


def test_a_name_cannot_be_emptied(writing: TestClient) -> None:
    answer = writing.patch(f"/api/resources/{_first(writing)['id']}", json={"fields": {"name": ""}})
    assert answer.status_code == 422


def test_a_future_check_is_refused(writing: TestClient) -> None:
    body = {"method": "電話", "on": "2099-01-01"}
    answer = writing.post(f"/api/resources/{_first(writing)['id']}/verify", json=body)
    assert answer.status_code == 422


def test_events_tell_what_changed(writing: TestClient) -> None:
    head = writing.get("/readyz").json()["head"]
    key = _first(writing)["id"]
    writing.post(f"/api/resources/{key}/verify", json={"method": "訪問"})
    stream = writing.get(f"/api/events?after={head}&once=true").text
    assert "event: change" in stream
    assert str(key) in stream
