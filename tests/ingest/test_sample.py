"""The sample municipality is whole, fictional, and as untidy as a real ledger."""

import csv
import json
import re
from collections import Counter
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from graph.backends.open import open_store
from graph.model.element import EdgeKind, NodeKind
from graph.model.place import AreaKind
from graph.vocabulary.concept import Family
from graph.vocabulary.load import load_vocabulary
from graph.vocabulary.protocol import Vocabulary
from ingest.load import import_paths
from ingest.options import ImportOptions
from ingest.samples import sample_folder
from ingest.samples.geography import areas, features
from matching.case import parse_case

FOLDER = sample_folder()
LEDGER = [
    "資源ID",
    "名称",
    "名称_カナ",
    "分類",
    "概要",
    "運営主体",
    "運営主体種別",
    "所管課",
    "住所",
    "緯度",
    "経度",
    "利用できる区域",
    "対象者",
    "対象年齢下限",
    "対象年齢上限",
    "対象属性",
    "対象外",
    "対応ニーズ",
    "活動・関心",
    "役割",
    "開催日時",
    "費用",
    "定員",
    "空き",
    "利用方法",
    "紹介",
    "送迎",
    "オンライン",
    "訪問",
    "車椅子",
    "対応言語",
    "場の特徴",
    "連絡先ID",
    "電話",
    "メール",
    "URL",
    "公開区分",
    "最終確認日",
    "確認方法",
    "備考",
]
#: Words that no vocabulary need know: an office writes such things, and they must be reported.
FREE_CATEGORIES = {
    "就労相談",
    "就労体験・職場実習",
    "役割・活躍の場",
    "人生よろず相談",
    "支援者の集まり",
    "場所の提供",
    "体験利用",
    "文通・手紙",
}
FIELDS_OF_AGENCIES = (
    "地域包括支援センター",
    "基幹相談支援センター",
    "自立相談支援機関",
    "こども家庭センター",
    "ひきこもり地域支援センター",
    "地域若者サポートステーション",
    "居住支援",
    "女性相談支援",
    "消費生活センター",
    "保健センター",
    "社会福祉協議会",
    "法テラス",
    "ハローワーク",
    "外国人相談",
)


def _rows(name: str, encoding: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding=encoding, newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def ledger() -> list[dict[str, str]]:
    return _rows("資源.csv", "utf-8-sig")


@pytest.fixture(scope="module")
def contacts() -> list[dict[str, str]]:
    return _rows("連絡先.csv", "cp932")


@pytest.fixture(scope="module")
def cases() -> list[dict[str, Any]]:
    text = (FOLDER / "cases.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def polygons() -> dict[str, BaseGeometry]:
    data = json.loads((FOLDER / "区域.geojson").read_text(encoding="utf-8"))
    return {f["properties"]["区域ID"]: shape(f["geometry"]) for f in data["features"]}


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def test_ledger_has_every_column_and_enough_rows(ledger: list[dict[str, str]]) -> None:
    assert list(ledger[0]) == LEDGER
    assert len(ledger) >= 320
    assert len({row["分類"] for row in ledger}) >= 70
    assert all(row["名称"].strip() for row in ledger)
    ids = Counter(row["資源ID"] for row in ledger if row["資源ID"])
    assert max(ids.values()) == 1
    assert {"公開", "関係者限り", "所在地非公開"} <= {row["公開区分"] for row in ledger}


def test_categories_are_known_or_knowingly_free(
    ledger: list[dict[str, str]], vocabulary: Vocabulary
) -> None:
    read = {row["分類"]: vocabulary.resolve(row["分類"], {Family.CATEGORY}) for row in ledger}
    assert {word for word, found in read.items() if found is None} <= FREE_CATEGORIES
    assert len({found.concept.key for found in read.values() if found}) >= 70


def test_every_field_has_an_agency(ledger: list[dict[str, str]]) -> None:
    counts = Counter(row["分類"] for row in ledger)
    assert all(counts[word] for word in FIELDS_OF_AGENCIES)
    assert counts["地域包括支援センター"] == 12


def test_ledger_is_as_untidy_as_real_ones(ledger: list[dict[str, str]]) -> None:
    dates = {row["最終確認日"] for row in ledger}
    forms = (r"令和元?\d*年", r"R\d\.", r"\d{4}/\d", r"\d{4}-\d\d-\d\d$", r"^$", r"平成")
    assert all(any(re.match(form, day) for day in dates) for form in forms[:5])
    joined = "\n".join(",".join(row.values()) for row in ledger)
    assert re.search(r"[ｦ-ﾟ]{3}", joined)
    assert re.search(r"[０-９]{2}", joined)
    assert "おおむね60歳以上" in joined
    assert "休止" in joined
    assert sum(not row["緯度"] for row in ledger) > 30
    known = [row["空き"] for row in ledger if row["空き"]]
    assert len(known) < len(ledger) / 3
    assert {"空きあり", "なし", "待機", "要相談"} <= set(known)


def test_near_duplicates_share_a_phone(ledger: list[dict[str, str]]) -> None:
    phones: dict[str, list[str]] = {}
    for row in ledger:
        digits = re.sub(r"\D", "", row["電話"])[:10]
        if digits:
            phones.setdefault(digits, []).append(row["名称"])
    assert sum(len(names) > 1 for names in phones.values()) >= 8


def test_nothing_could_reach_anyone(
    ledger: list[dict[str, str]], contacts: list[dict[str, str]], cases: list[dict[str, Any]]
) -> None:
    text = "\n".join(",".join(row.values()) for row in [*ledger, *contacts])
    text = text.translate(str.maketrans("０１２３４５６７８９－", "0123456789-"))
    numbers = re.findall(r"(?<![\d.])0\d{1,3}[-(（ ]?\d{1,4}[-)） ]?\d{3,4}(?![\d.])", text)
    assert len(numbers) > 300
    for number in numbers:
        digits = re.sub(r"\D", "", number)
        assert digits.startswith("040000"), number
    assert re.findall(r"@(?![\w.]*example\.jp)\S+", text) == []
    assert re.findall(r"https?://(?![\w.]*example\.jp)\S+", text) == []
    everything = text + json.dumps(cases, ensure_ascii=False)
    assert re.findall(r"(?<!お)[一-龥]{1,3}(?:さん|氏|様|くん)(?![々ば])", everything) == []


def test_polygons_tile(polygons: dict[str, BaseGeometry]) -> None:
    towns = {key: p for key, p in polygons.items() if key.count("-") == 3}
    spheres = {key: p for key, p in polygons.items() if key.count("-") == 2}
    wards = {key: p for key, p in polygons.items() if key.count("-") == 1}
    assert (len(towns), len(spheres), len(wards)) == (48, 12, 3)
    assert all(p.is_valid and p.geom_type == "Polygon" for p in polygons.values())
    for level in (towns, spheres, wards):
        for left, right in combinations(level.values(), 2):
            assert left.intersection(right).area < 1e-9 * left.area
        total = sum(p.area for p in level.values())
        assert total == pytest.approx(polygons["MH"].area, rel=1e-9)


def test_shapes_can_be_made_again(polygons: dict[str, BaseGeometry]) -> None:
    made = areas()
    assert {area.id for area in made} == set(polygons)
    for area in made:
        assert area.shape.symmetric_difference(polygons[area.id]).area < 1e-12
    stored = json.loads((FOLDER / "区域.geojson").read_text(encoding="utf-8"))["features"]
    assert [f["properties"] for f in stored] == [f["properties"] for f in features(made)]


def test_people_add_up() -> None:
    rows = _rows("区域.csv", "utf-8-sig")
    for column in ("人口", "世帯数", "高齢者人口"):
        sums: Counter[str] = Counter()
        for row in rows:
            sums[row["親区域"]] += int(row[column])
        for row in rows:
            if row["種別"] != "町":
                assert sums[row["区域ID"]] == int(row[column])


def test_contacts_are_posts_with_territories(contacts: list[dict[str, str]]) -> None:
    assert len(contacts) >= 40
    kinds = Counter(row["種別"] for row in contacts)
    assert {
        "CSW",
        "生活支援コーディネーター",
        "民生委員・児童委員",
        "相談員",
        "窓口",
    } == set(kinds)
    assert all(row["担当区域"] for row in contacts)


def test_plan_has_departments() -> None:
    rows = _rows("施策.csv", "utf-8-sig")
    assert list(rows[0]) == ["計画", "柱", "番号", "取組項目", "概要", "担当課"]
    assert len(rows) >= 60
    assert len({row["番号"] for row in rows}) == len(rows)
    assert all(row["概要"] and row["担当課"] for row in rows)


def test_plan_is_written_in_our_own_words(shared: Path) -> None:
    seeds = "".join(
        re.sub(r"\s", "", path.read_text(encoding="utf-8"))
        for path in sorted((shared / "seeds").glob("*.txt"))
    )
    for row in _rows("施策.csv", "utf-8-sig"):
        assert row["概要"] not in seeds


def test_cases_can_be_read(cases: list[dict[str, Any]]) -> None:
    assert len(cases) == 40
    read = [parse_case(case) for case in cases]
    assert all(not case.notes for case in read)
    assert len({case.case_id for case in read}) == 40
    assert sum(not case.members for case in read) >= 4
    assert len({str(case.on)[:7] for case in read}) >= 6


def test_import_takes_every_row_and_a_second_run_changes_nothing(vocabulary: Vocabulary) -> None:
    store = open_store("memory:")
    now = datetime(2026, 11, 21, tzinfo=UTC)
    first, second = (
        import_paths(
            store,
            [path for path in sorted(FOLDER.iterdir()) if path.suffix != ".jsonl"],
            options=ImportOptions(),
            vocabulary=vocabulary,
            now=now,
        ).to_json()
        for _ in range(2)
    )
    with store.read() as view:
        counts = view.counts()
        hidden = list(view.edges(EdgeKind.HIDDEN_AT))
        kinds = Counter(node.props["kind"] for node in view.nodes(NodeKind.AREA))
    store.close()
    assert first["totals"]["rejected"] == 0
    assert first["totals"]["added"] > 0
    assert second["totals"]["added"] == second["totals"]["changed"] == 0
    assert counts[NodeKind.RESOURCE] + first["totals"]["merged"] >= 363
    assert len(hidden) >= 2
    assert kinds == {AreaKind.CITY: 1, AreaKind.WARD: 3, AreaKind.SPHERE: 12, AreaKind.TOWN: 48}
