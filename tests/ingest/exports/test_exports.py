"""What goes out comes back unchanged, shows nothing secret, and is valid where there is a standard."""

import csv
import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.errors import InputError
from graph.store import GraphStore
from graph.vocabulary.load import load_vocabulary
from ingest.edit import edit_resource
from ingest.samples import sample_folder
from ingest.schema import LEDGER
from reports.exports.exporter import export_store, exporters
from reports.exports.hsds import safe_email, safe_url
from tests.ingest.importing import NOW, bring, memory, resource, write

SECRET = "みほん市ひみつ町9-9"
LEDGER_TEXT = (
    "資源ID,名称,分類,住所,緯度,経度,電話,開催日時,費用,定員,空き,公開区分,最終確認日,URL,メール,備考\n"
    'R1,"=SUM(A1)の会",サロン,みほん市本町1-1,35.6,140.1,043-222-0001,毎週火 10:00〜12:00（祝日を除く）,100円,10,空きあり,公開,2026-04-01,https://ひだまり.jp/案内,a＠b.jp,"=cmd|x"\n'
    f"R2,ひみつの家,シェルター,{SECRET},35.7,140.2,043-222-0002,24時間,無料,,,所在地非公開,,,,\n"
    "R3,内輪の会,サロン,みほん市西町3,,,043-222-0003,第2・4土曜 13時～16時,,,,関係者限り,,,,\n"
)


@pytest.fixture
def store(tmp_path: Path) -> GraphStore:
    held = memory()
    bring(held, write(tmp_path, "台帳.csv", LEDGER_TEXT.replace('"=SUM(A1)の会"', "ふれあいの会")))
    return held


def _export(store: GraphStore, key: str, out: Path, *, public: bool = False) -> int:
    return export_store(store, key, out, vocabulary=load_vocabulary(), public=public)


@pytest.mark.parametrize(("key", "name"), [("csv", "台帳.csv"), ("xlsx", "台帳.xlsx")])
def test_the_ledger_comes_back_without_a_trace(
    store: GraphStore, tmp_path: Path, key: str, name: str
) -> None:
    edit_resource(
        store, "R3", {"備考": "人が直した\n二行"}, by="職員", now=NOW, vocabulary=load_vocabulary()
    )
    out = tmp_path / "出力" / name
    out.parent.mkdir()
    assert _export(store, key, out) == 3
    head = store.head()
    report = bring(store, out, days=9)
    assert report.totals()["unchanged"] == 3
    assert store.head() == head


@pytest.mark.parametrize("key", ["csv", "xlsx"])
def test_the_sample_comes_back_without_a_trace(tmp_path: Path, key: str) -> None:
    store = memory()
    bring(store, sample_folder())
    out = tmp_path / f"台帳.{key}"
    count = _export(store, key, out)
    head = store.head()
    report = bring(store, out, days=9)
    assert report.totals()["unchanged"] == count >= 300
    assert store.head() == head


@pytest.mark.parametrize("key", ["csv", "xlsx"])
def test_a_fresh_office_can_start_from_an_export(tmp_path: Path, key: str) -> None:
    store, fresh = memory(), memory()
    bring(store, sample_folder())
    folder = [
        p
        for p in sorted(sample_folder().glob("*"))
        if "資源" not in p.name and p.suffix != ".jsonl"
    ]
    bring(fresh, *folder)
    out = tmp_path / f"台帳.{key}"
    _export(store, key, out)
    bring(fresh, out)
    again = tmp_path / f"again.{key}"
    assert _export(fresh, key, again) == _export(store, key, out)
    if key == "csv":
        assert again.read_text("utf-8-sig") == out.read_text("utf-8-sig")


_CELL = st.text(st.characters(blacklist_categories=("Cs", "Cc"), max_codepoint=0xFFFF), max_size=20)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(
        st.tuples(_CELL, _CELL, _CELL, st.sampled_from(["公開", "関係者限り", "所在地非公開", ""])),
        max_size=6,
    )
)
@pytest.mark.parametrize("key", ["csv", "xlsx"])
def test_any_words_come_back(tmp_path: Path, key: str, rows: list[tuple[str, ...]]) -> None:
    source = tmp_path / "元.csv"
    with source.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["資源ID", "名称", "住所", "開催日時", "独自", "公開区分"])
        for i, (name, address, hours, publication) in enumerate(rows):
            writer.writerow([f"R{i}", "会" + name, address, hours, name, publication])
    store = memory()
    bring(store, source)
    out = tmp_path / f"台帳.{key}"
    if not _export(store, key, out):
        return
    head = store.head()
    report = bring(store, out, days=1)
    assert report.totals()["added"] == report.totals()["changed"] == 0, report.differences
    assert store.head() == head


def test_cells_never_run_as_formulas(store: GraphStore, tmp_path: Path) -> None:
    out = tmp_path / "台帳.csv"
    _export(store, "csv", out)
    cells = [cell for row in csv.reader(out.read_text("utf-8-sig").splitlines()) for cell in row]
    assert "'=cmd|x" in cells
    assert not [c for c in cells if c.startswith(("=", "@", "\t"))]


@pytest.mark.parametrize("key", [e.key for e in exporters()])
def test_the_public_never_sees_what_is_secret(store: GraphStore, tmp_path: Path, key: str) -> None:
    for suffix in next(e for e in exporters() if e.key == key).suffixes:
        out = tmp_path / f"公開{suffix}"
        assert _export(store, key, out, public=True) == 2
        data = out.read_bytes()
        if suffix in (".zip", ".xlsx"):
            with zipfile.ZipFile(out) as archive:
                data = b"".join(archive.read(name) for name in archive.namelist())
        text = data.decode("utf-8", errors="ignore")
        assert "ひみつの家" in text
        assert "ひみつ町" not in text
        assert "35.7" not in text
        assert "内輪の会" not in text


def test_the_place_of_a_confidential_resource_is_only_in_the_office_ledger(
    store: GraphStore, tmp_path: Path
) -> None:
    _export(store, "csv", tmp_path / "a.csv")
    assert SECRET in (tmp_path / "a.csv").read_text("utf-8-sig")
    _export(store, "hsds", tmp_path / "a.json")
    assert "ひみつ町" not in (tmp_path / "a.json").read_text("utf-8")


def test_hsds_carries_what_matters(store: GraphStore, tmp_path: Path) -> None:
    _export(store, "hsds", tmp_path / "a.json")
    by_name = {s["name"]: s for s in json.loads((tmp_path / "a.json").read_text("utf-8"))}
    salon = by_name["ふれあいの会"]
    (schedule,) = salon["schedules"]
    assert (schedule["byday"], schedule["freq"], schedule["timezone"]) == ("TU", "WEEKLY", 9)
    assert "祝日" in schedule["notes"]
    assert salon["url"].isascii()
    assert salon["assured_date"] == "2026-04-01"
    assert salon["capacities"][0]["maximum"] == 10
    assert by_name["内輪の会"]["schedules"][0]["byday"] == "2SA,4SA"
    assert None not in salon.values()


def test_hsds_traps() -> None:
    assert safe_url("https://ひだまり.jp/") == "https://xn--g9j9axb9b.jp/"
    assert safe_url("なし") is None
    assert safe_email("a＠b.jp") is None


@pytest.mark.shared
def test_hsds_is_valid_by_the_compiled_schema(shared: Path, tmp_path: Path) -> None:
    store = memory()
    bring(store, sample_folder())
    bring(store, shared / "data/yaizu/図書館", shared / "data/wam-shogai/chiba-matsudo-202503.csv")
    _export(store, "hsds", tmp_path / "a.json")
    schema: Any = json.loads(
        gzip.decompress((shared / "hsds/schema-3.1/compiled/service.json.gz").read_bytes())
    )
    check = jsonschema.validators.validator_for(schema)(
        schema, format_checker=jsonschema.FormatChecker()
    )
    services = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert len(services) > 500
    faults = [f"{list(e.path)} {e.message[:100]}" for s in services for e in check.iter_errors(s)]
    assert faults == []


def test_the_package_is_read_again(store: GraphStore, tmp_path: Path) -> None:
    _export(store, "hsds", tmp_path / "a.zip")
    fresh = memory()
    report = bring(fresh, tmp_path / "a.zip")
    assert report.totals()["added"] == 3
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        package = json.loads(archive.read("datapackage.json"))
        for table in package["resources"]:
            header = archive.read(table["path"]).decode().splitlines()[0].split(",")
            assert header == [f["name"] for f in table["schema"]["fields"]]


def test_unknown_formats_and_suffixes_are_refused(store: GraphStore, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="docx"):
        _export(store, "docx", tmp_path / "a.docx")
    with pytest.raises(InputError, match=r"\.xlsx"):
        _export(store, "xlsx", tmp_path / "a.csv")
    assert list(tmp_path.glob("a.*")) == []


def test_the_ledger_has_the_columns_of_the_interface(store: GraphStore, tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    _export(store, "csv", out)
    header = next(csv.reader(out.read_text("utf-8-sig").splitlines()))
    assert header == list(LEDGER.values())
    assert resource(store, "R1").name == "ふれあいの会"
