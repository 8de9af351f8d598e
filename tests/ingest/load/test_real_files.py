"""The real files: no row lost, nearly all placed or refused with a true reason, once is enough."""

import sys
from collections import Counter
from pathlib import Path

import pytest

from graph.errors import InputError
from graph.model.element import EdgeKind, NodeKind
from ingest.readers.plan_text import read_entries
from tests.ingest.importing import bring, memory

pytestmark = pytest.mark.shared
#: 施設の一覧ではないファイル（名称のない消火栓、データの一覧、空の様式、駅）。断るのが正しい。
NO_FACILITIES = (
    "fire_hydrant",
    "open_data_list",
    "0099.csv",
    "food_business_new",
    "food_business_all",
    "station.geojson",
)
BIG = ("wam-shogai/202503", "wam-shogai/versions", "national")
FOLDERS = (
    "jp-care-medical", "gsi-shelters", "wam-shogai", "kodomo-shokudo", "takamatsu", "yaizu",
    "yuzawa", "koriyama-nursery", "chiba-nursery", "rds-templates",
)  # fmt: skip


def facility_files(shared: Path, *, big: bool) -> list[Path]:
    """All files of facilities, events and population under ../shared/data."""
    found = [
        path
        for folder in FOLDERS
        for path in sorted((shared / "data" / folder).rglob("*"))
        if path.suffix in (".csv", ".gz", ".xlsx", ".json", ".geojson", ".txt")
        and path.name != "attributes.csv"
        and "areas" not in path.parts
    ]
    return [path for path in found if any(mark in str(path) for mark in BIG) is big]


def test_every_real_file_is_counted_and_placed(shared: Path) -> None:
    totals: Counter[str] = Counter()
    refused: list[str] = []
    lines: list[str] = []
    for path in facility_files(shared, big=False):
        try:
            report = bring(memory(), path, duplicates=False)
        except InputError:
            refused.append(path.name)
            continue
        lines.append(f"{path.name} {report.totals()}")
        totals.update(report.totals())
        assert all(reject.reason.endswith("。") for reject in report.rejects)
    filled = totals["read"] - totals["blank"]
    sys.stdout.write("\n".join([*lines, f"断った: {refused}", f"{dict(totals)}", ""]))
    assert all(any(mark in name for mark in NO_FACILITIES) for name in refused)
    assert filled > 12_000
    placed = totals["added"] + totals["changed"] + totals["unchanged"] + totals["merged"]
    assert placed / filled >= 0.97
    assert placed + totals["rejected"] == filled


#: issue 3 が名指しした資料と、その行数。
SOURCES = {
    "jp-care-medical/chiba-matsudo.csv": 2792,
    "gsi-shelters/emergency_121002.geojson": 363,
    "gsi-shelters/evacuation_122076.geojson": 107,
    "kodomo-shokudo/tokyo/131091_shinagawaku_kodomosyokudo.csv": 38,
    "boundaries/chiba-wards-n03.geojson": 8,
    "census-chome-2015/chiba-matsudo-chome.csv": 897,
    "gazetteer/geolonia-addresses-chiba.csv": 5819,
    "wam-shogai/chiba-matsudo-202503.csv": 185,
    "koriyama-nursery/nurseryData.csv": 157,
    "takamatsu/exchange_center/data.xlsx": 10,
    "yaizu/areas/小学校区/小学校区.shp": 13,
}


@pytest.mark.parametrize(("name", "rows"), SOURCES.items(), ids=list(SOURCES))
def test_a_source_is_read_whole_and_once(shared: Path, name: str, rows: int) -> None:
    store = memory()
    path = shared / "data" / name
    first = bring(store, path)
    assert first.totals()["read"] == rows
    head = store.head()
    again = bring(store, path, days=1)
    assert again.totals()["added"] == again.totals()["changed"] == 0
    assert store.head() == head


def test_census_adds_up_to_the_published_totals(shared: Path) -> None:
    store = memory()
    bring(store, shared / "data/census-chome-2015/chiba-matsudo-chome.csv")
    with store.read() as view:
        towns = [n for n in view.nodes(NodeKind.AREA) if n.props["kind"] == "town"]
        parents = {e.source.id: e.target.id for e in view.edges(EdgeKind.PART_OF)}
    people = Counter[str]()
    for town in towns:
        people[parents[town.id]] += int(str(town.props.get("population", 0)))
    assert people["122076"] == 483_480
    assert sum(n for key, n in people.items() if key.startswith("1210")) == 971_882
    assert parents["121011"] == "121002"


def test_points_outside_japan_are_doubted_not_used(shared: Path) -> None:
    store = memory()
    bring(store, shared / "data/boundaries/chiba-wards-n03.geojson")
    bring(store, shared / "data/gazetteer/geolonia-addresses-chiba.csv")
    bring(store, shared / "data/jp-care-medical/chiba-matsudo.csv")
    with store.read() as view:
        places = list(view.nodes(NodeKind.FACILITY))
    doubted = [p for p in places if "point_doubt" in p.props]
    assert any("日本の外" in str(p.props["point_doubt"]) for p in doubted)
    assert all(
        30 < p.props["point"].lat < 40  # type: ignore[union-attr]
        for p in places
        if "point" in p.props
    )
    found = sum("point" in p.props for p in places)
    assert found / len(places) >= 0.95


def test_both_editions_of_the_plan_are_complete(shared: Path) -> None:
    (path,) = (shared / "seeds").glob("003_*")
    entries = read_entries(path.read_text("utf-8"))
    newer = [e for e in entries if e.right]
    older = [e for e in entries if not e.right]
    # 新しい版は、柱ごとに番号が1から欠けずに並ぶ。
    by_pillar: dict[str, list[int]] = {}
    for entry in newer:
        by_pillar.setdefault(entry.pillar[1], []).append(int(entry.number))
    assert [max(n) for n in by_pillar.values()] == [10, 9, 20, 14, 6, 3, 6, 12, 5, 7, 5]
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in by_pillar.values())
    # 古い版も、移転して二度書かれた13件を除けば番号が欠けない（番号のない2件は表でも番号がない）。
    numbered: dict[str, list[int]] = {}
    for entry in older:
        if entry.number:
            numbered.setdefault(entry.pillar[0], []).append(int(entry.number))
    moved = {e.title for e in older if e.moved}
    repeated = [e for e in older if not e.moved and e.title in moved and e.pillar[1][0] == "３"]
    assert [sorted(n) for n in list(numbered.values())[:-1]] == [
        list(range(1, n + 1)) for n in (7, 9, 8, 10, 5, 5, 3, 5)
    ]
    assert len(repeated) == 13
    assert (len(newer), len(older) - len(repeated)) == (97, 54)
    # 担当課のないのは、移転先の表で担当課の欄が上の行とまとめられた一件だけ。
    assert [e.title for e in entries if not e.offices] == ["すまいのコンシェルジュによる居住支援"]
    whole = "".join(path.read_text("utf-8").split())
    for entry in entries:
        assert entry.summary.replace(" ", "") in whole
        assert entry.summary.endswith("。")
        for office in entry.offices:
            assert office.endswith(("課", "センター", "児童相談所"))


def test_the_plan_becomes_programmes_with_owners_and_forerunners(shared: Path) -> None:
    (path,) = (shared / "seeds").glob("003_*")
    store = memory()
    (file,) = bring(store, path).files
    assert (file.read, file.added, file.merged) == (164, 151, 13)
    with store.read() as view:
        owned = {e.source for e in view.edges(EdgeKind.OWNED_BY)}
        programs = [n.ref for n in view.nodes(NodeKind.PROGRAM)]
        follows = list(view.edges(EdgeKind.FOLLOWS))
    assert set(programs) == owned
    # 古い版の67行から、移転した14行と、新しい版に続きのない1行を除いたもの。
    assert len(follows) == 67 - 14 - 1
    head = store.head()
    bring(store, path, days=1)
    assert store.head() == head
