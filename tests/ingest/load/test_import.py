"""The import: every row counted, nothing written twice, nobody's edit overwritten, all undoable."""

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from graph.errors import InputError, NotFoundError
from graph.model.element import EdgeKind, NodeKind, Ref
from graph.model.provenance import Judgement
from graph.model.resource import AreaScope, Publication
from graph.store import Direction, GraphStore
from graph.vocabulary.load import load_vocabulary
from ingest.edit import decide_pair, edit_resource, resource_cells, undo_decision, verify_resource
from ingest.history import BATCHES
from ingest.rejects import plain_cell, rejects_csv, safe_cell, write_rejects
from ingest.samples import sample_folder
from ingest.undo import last_batch, undo_import
from tests.ingest.importing import NOW, bring, memory, resource, resources, write

HEAD = "資源ID,名称,分類,住所,利用できる区域,電話,公開区分,最終確認日,備考,独自の列\n"
V1 = HEAD + (
    "R1,ふれあいサロン,サロン,みほん市本町1-1,みほん市,043-222-0001,公開,令和8年4月1日,初版,青\n"
    "R2,ひみつの家,シェルター,みほん市東町2-2,みほん市,043-222-0002,所在地非公開,,,\n"
    "R3,みどり文庫,図書館,みほん市西町3-3,宇宙,043-222-0003,,,,\n"
    ",,,,,,,,,\n"
)
V2 = HEAD + (
    "R1,ふれあいサロン,サロン,みほん市本町1-1,みほん市,043-222-9999,公開,令和8年4月1日,二版,青\n"
    "R2,ひみつの家,シェルター,みほん市東町2-2,みほん市,043-222-0002,所在地非公開,,,\n"
)
CITY = "区域ID,名称,種別,親区域\nMH,みほん市,市,\nMH-E,東区,区,MH\n"


def _dump(store: GraphStore) -> tuple[object, ...]:
    with store.read() as view:
        nodes = [
            (n.ref, tuple(sorted(n.props.items(), key=str)))
            for kind in NodeKind
            for n in view.nodes(kind)
            # 取込の一覧は、取り消した後も「取り消した」と残る。
            if n.props.get("dataset") != BATCHES
        ]
        edges = [
            (e.key, tuple(sorted(e.props.items()))) for kind in EdgeKind for e in view.edges(kind)
        ]
    return (tuple(nodes), tuple(edges))


def _targets(store: GraphStore, key: str, kind: EdgeKind) -> list[str]:
    with store.read() as view:
        found = view.neighbours([Ref(NodeKind.RESOURCE, key)], (kind,), Direction.OUT)
        return [node.id for _, node in found]


@pytest.fixture
def store(tmp_path: Path) -> GraphStore:
    held = memory()
    bring(held, write(tmp_path, "区域.csv", CITY))
    return held


def test_rows_become_resources_with_their_edges(store: GraphStore, tmp_path: Path) -> None:
    report = bring(store, write(tmp_path, "台帳.csv", V1))
    (file,) = report.files
    assert (file.read, file.blank, file.added, file.rejected) == (4, 1, 3, 0)
    assert file.warnings["area_unresolved"] == 1
    salon = resource(store, "R1")
    assert salon.assured_date == date(2026, 4, 1)
    assert salon.extra["独自の列"] == "青"
    assert salon.area_scope is AreaScope.LISTED
    assert _targets(store, "R1", EdgeKind.SERVES) == ["MH"]
    library = resource(store, "R3")
    assert library.area_scope is None
    assert library.unresolved == ("利用できる区域：宇宙",)
    assert library.publication is Publication.RESTRICTED


def test_a_confidential_place_has_no_open_location(store: GraphStore, tmp_path: Path) -> None:
    bring(store, write(tmp_path, "台帳.csv", V1))
    assert _targets(store, "R2", EdgeKind.LOCATED_AT) == []
    assert len(_targets(store, "R2", EdgeKind.HIDDEN_AT)) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_second_run_leaves_no_change_at_all(
    store: GraphStore, tmp_path: Path, encoding: str
) -> None:
    path = write(tmp_path, "台帳.csv", V1, encoding)
    bring(store, path)
    before, head = _dump(store), store.head()
    report = bring(store, path, days=30)
    assert report.totals()["unchanged"] == 3
    assert store.head() == head
    assert _dump(store) == before


def test_the_same_rows_from_excel_change_nothing(store: GraphStore, tmp_path: Path) -> None:
    bring(store, write(tmp_path, "台帳.csv", V1))
    head = store.head()
    path = tmp_path / "台帳.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("資源")
        for r, line in enumerate(V1.splitlines()):
            sheet.write_row(r, 0, line.split(","))
        book.add_worksheet("集計").write_row(0, 0, ["名称", "件数"])
    assert bring(store, path).totals()["unchanged"] == 3
    assert store.head() == head


def test_only_changes_are_written_and_the_vanished_is_marked(
    store: GraphStore, tmp_path: Path
) -> None:
    bring(store, write(tmp_path, "台帳.csv", V1))
    dry = bring(store, write(tmp_path, "台帳2.csv", V2), days=1, dry_run=True)
    assert dry.totals()["changed"] == 1
    assert resource(store, "R1").phone == "043-222-0001"
    head = store.head()
    report = bring(store, tmp_path / "台帳2.csv", days=1)
    (file,) = report.files
    assert (file.changed, file.unchanged, file.missing) == (1, 1, 1)
    assert resource(store, "R1").phone == "043-222-9999"
    assert resource(store, "R3").name == "みどり文庫"
    changed = {d.field: (d.before, d.after) for d in report.differences if d.action == "changed"}
    assert changed["phone"] == ("043-222-0001", "043-222-9999")
    assert {d.id for d in report.differences if d.action == "missing"} == {"R3"}
    touched = {c.source.id for c in store.changes(head) if c.source.kind is NodeKind.RESOURCE}
    assert "R2" not in touched


def test_a_small_part_of_a_source_marks_nothing(store: GraphStore, tmp_path: Path) -> None:
    bring(store, write(tmp_path, "台帳.csv", V1))
    part = (
        HEAD
        + "R1,ふれあいサロン,サロン,みほん市本町1-1,みほん市,043-222-0001,公開,令和8年4月1日,初版,青\n"
    )
    (file,) = bring(store, write(tmp_path, "一部.csv", part), days=1).files
    assert file.missing == 0
    assert file.warnings["partial_file"] == 2


def test_dry_run_writes_nothing(store: GraphStore, tmp_path: Path) -> None:
    head = store.head()
    report = bring(store, write(tmp_path, "台帳.csv", V1), dry_run=True)
    assert report.totals()["added"] == 3
    assert {d.action for d in report.differences} == {"added"}
    assert store.head() == head


def test_a_persons_edit_stands_and_the_conflict_is_shown(store: GraphStore, tmp_path: Path) -> None:
    vocabulary = load_vocabulary()
    bring(store, write(tmp_path, "台帳.csv", V1))
    edit_resource(store, "R1", {"電話": "043-222-5555"}, by="職員", now=NOW, vocabulary=vocabulary)
    report = bring(store, write(tmp_path, "台帳2.csv", V2), days=1)
    salon = resource(store, "R1")
    assert salon.phone == "043-222-5555"
    assert salon.note == "二版"
    kept = [d for d in report.differences if d.action == "kept"]
    assert [(d.field, d.before, d.after) for d in kept] == [
        ("phone", "043-222-5555", "043-222-9999")
    ]
    with store.read() as view:
        merged = resource_cells(view, "R1")
    assert merged.origin["phone"].startswith("person")
    assert merged.origin["note"].startswith("ledger")


def test_a_field_emptied_by_a_person_stays_empty(store: GraphStore, tmp_path: Path) -> None:
    bring(store, write(tmp_path, "台帳.csv", V1))
    edit_resource(store, "R1", {"note": ""}, by="職員", now=NOW, vocabulary=load_vocabulary())
    bring(store, write(tmp_path, "台帳2.csv", V2), days=1)
    assert resource(store, "R1").note is None


def test_only_checking_moves_the_date_of_checking(store: GraphStore, tmp_path: Path) -> None:
    vocabulary = load_vocabulary()
    bring(store, write(tmp_path, "台帳.csv", V1))
    with pytest.raises(InputError):
        edit_resource(
            store, "R1", {"最終確認日": "2026-11-01"}, by="職員", now=NOW, vocabulary=vocabulary
        )
    edit_resource(store, "R1", {"備考": "直した"}, by="職員", now=NOW, vocabulary=vocabulary)
    assert resource(store, "R1").assured_date == date(2026, 4, 1)
    done = verify_resource(
        store, "R1", by="職員", method="電話", on=date(2026, 11, 20), now=NOW, vocabulary=vocabulary
    )
    assert (done.assured_date, done.assured_method) == (date(2026, 11, 20), "電話")
    with pytest.raises(NotFoundError):
        edit_resource(store, "ない", {"備考": "x"}, by="職員", now=NOW, vocabulary=vocabulary)


def test_the_last_import_can_be_taken_back(store: GraphStore, tmp_path: Path) -> None:
    vocabulary = load_vocabulary()
    bring(store, write(tmp_path, "台帳.csv", V1))
    before = _dump(store)
    bring(store, write(tmp_path, "台帳2.csv", V2), days=1)
    assert _dump(store) != before
    with store.read() as view:
        batch = last_batch(view)
    assert batch is not None
    undo_import(store, batch, by="職員", now=NOW, vocabulary=vocabulary)
    assert _dump(store) == before
    with pytest.raises(NotFoundError):
        undo_import(store, batch, by="職員", now=NOW, vocabulary=vocabulary)


def test_taking_back_the_first_import_leaves_the_edit(store: GraphStore, tmp_path: Path) -> None:
    vocabulary = load_vocabulary()
    report = bring(store, write(tmp_path, "台帳.csv", V1))
    edit_resource(store, "R1", {"名称": "新サロン"}, by="職員", now=NOW, vocabulary=vocabulary)
    assert report.batch is not None
    undo_import(store, report.batch, by="職員", now=NOW, vocabulary=vocabulary)
    assert set(resources(store)) == {"新サロン"}


def test_rejects_open_are_corrected_and_come_back(store: GraphStore, tmp_path: Path) -> None:
    text = (
        HEAD
        + ',,サロン,みほん市本町5,,,,,,\nR9,<script>alert(1)</script>,,,,,,,,\nR8,"=HYPERLINK(""x"")",,,,,,,,\nR7,よい会,,,,,,,,,,余り\n'
    )
    report = bring(store, write(tmp_path, "台帳.csv", text))
    assert [r.code for r in report.rejects] == [
        "no_name",
        "name_markup",
        "name_formula",
        "too_many_cells",
    ]
    assert all(r.reason.endswith("。") for r in report.rejects)
    out = tmp_path / "却下.csv"
    write_rejects(out, report.rejects[:1])
    raw = out.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    fixed = raw.decode("utf-8-sig").replace(
        ",,サロン,みほん市本町5", ",なおした会,サロン,みほん市本町5"
    )
    (file,) = bring(store, write(tmp_path, "却下_直し.csv", fixed, "utf-8-sig"), days=1).files
    assert (file.added, file.rejected) == (1, 0)
    assert resources(store)["なおした会"].extra == {}
    assert "'=HYPERLINK" in rejects_csv(report.rejects)


@pytest.mark.parametrize(
    "text", ["=1+1", "-", "'x", "'=1", "", "-5", "+81", "@home", "''", "\tx", "ふつう"]
)
def test_formula_guard_is_taken_back(text: str) -> None:
    assert plain_cell(safe_cell(text)) == text
    assert not safe_cell(text).startswith(("=", "@", "\t"))


def test_one_id_twice_with_different_content_is_refused(store: GraphStore, tmp_path: Path) -> None:
    rows = "R1,A会,,,,,,,,\nR1,B会,,,,,,,,\nR1,A会,,,,,,,,\n"
    report = bring(store, write(tmp_path, "台帳.csv", HEAD + rows))
    (file,) = report.files
    assert (file.added, file.merged, file.rejected) == (1, 1, 1)
    assert "2行目" in report.rejects[0].reason


def test_contacts_and_resources_find_each_other_in_any_order(
    store: GraphStore, tmp_path: Path
) -> None:
    contacts = "連絡先ID,名称,種別,担当区域,つなげる資源\nC1,CSW（東区）,CSW,東区,ふれあいサロン\n"
    ledger = "資源ID,名称,分類,連絡先ID\nR1,ふれあいサロン,サロン,\nR2,みどり会,サロン,C1\n"
    bring(store, write(tmp_path, "台帳.csv", ledger))
    assert resource(store, "R2").unresolved == ("連絡先ID：C1",)
    bring(store, write(tmp_path, "連絡先.csv", contacts), days=1)
    assert _targets(store, "R1", EdgeKind.CONTACTED_THROUGH) == ["C1"]
    assert _targets(store, "R2", EdgeKind.CONTACTED_THROUGH) == ["C1"]
    assert resource(store, "R2").unresolved == ()


def test_areas_that_come_later_are_found(tmp_path: Path) -> None:
    store = memory()
    bring(store, write(tmp_path, "台帳.csv", V1))
    assert resource(store, "R1").area_scope is None
    bring(store, write(tmp_path, "区域.csv", CITY), days=1)
    assert resource(store, "R1").area_scope is AreaScope.LISTED


def test_an_unknown_municipality_is_refused(store: GraphStore, tmp_path: Path) -> None:
    path = write(tmp_path, "台帳.csv", V1)
    with pytest.raises(InputError, match="まぼろし市"):
        bring(store, path, municipality="まぼろし市")


def test_duplicates_of_other_sources_join_and_part_again(store: GraphStore, tmp_path: Path) -> None:
    vocabulary = load_vocabulary()
    head = "都道府県コード又は市区町村コード,NO,名称,住所,電話番号,種別\n"
    row = "122076,{no},特別養護老人ホームひまわり園,千葉県松戸市根本387番地の5,047-366-1111,特別養護老人ホーム\n"
    bring(store, write(tmp_path, "一.csv", head + row.format(no=1)))
    report = bring(store, write(tmp_path, "二.csv", head + row.format(no=77)), days=1, dataset="別")
    assert report.totals()["merged"] == 1
    (pair,) = report.to_json()["duplicates"]
    assert pair["band"] == "merged"
    assert pair["reasons"]
    assert len(resources(store)) == 1
    head_seq = store.head()
    bring(store, tmp_path / "二.csv", days=2, dataset="別")
    assert store.head() == head_seq
    with store.read() as view:
        (decision,) = view.nodes(NodeKind.DECISION)
    undone = undo_decision(store, decision.id, by="職員", now=NOW, vocabulary=vocabulary)
    assert undone.judgement is Judgement.DIFFERENT
    with store.read() as view:
        ids = [n.id for n in view.nodes(NodeKind.RESOURCE)]
    assert len(ids) == 2
    bring(store, tmp_path / "二.csv", days=3, dataset="別")
    with store.read() as view:
        assert [n.id for n in view.nodes(NodeKind.RESOURCE)] == ids
    decide_pair(store, ids[0], ids[1], Judgement.SAME, by="職員", now=NOW, vocabulary=vocabulary)
    assert len(resources(store)) == 1


def test_a_new_edition_under_another_name_is_known(store: GraphStore, tmp_path: Path) -> None:
    head = "NO,名称,住所,都道府県コード又は市区町村コード\n"
    rows = [f"{i},第{i}集会所,松戸市根本{i}番地,122076\n" for i in range(1, 11)]
    bring(store, write(tmp_path, "施設2025.csv", head + "".join(rows)))
    (file,) = bring(store, write(tmp_path, "施設2026.csv", head + "".join(rows[:-1])), days=1).files
    assert (file.unchanged, file.added, file.missing) == (9, 0, 1)


def test_the_sample_is_imported_whole_and_once(tmp_path: Path) -> None:
    del tmp_path
    store = memory()
    report = bring(store, sample_folder())
    assert all(
        file.error is None for file in report.files if file.path.endswith((".csv", ".geojson"))
    )
    assert report.totals()["rejected"] == 0
    assert len(resources(store)) >= 300
    head = store.head()
    again = bring(store, sample_folder(), days=1)
    assert again.totals()["added"] == again.totals()["changed"] == 0
    assert store.head() == head


def test_the_store_url_does_not_matter(tmp_path: Path) -> None:
    from graph.backends.open import open_store

    sqlite = open_store(f"sqlite:///{tmp_path}/t.db")
    plain = memory()
    for one in (sqlite, plain):
        bring(one, write(tmp_path, "区域.csv", CITY))
        bring(one, write(tmp_path, "台帳.csv", V1))
        bring(one, write(tmp_path, "台帳2.csv", V2), days=1)
    assert _dump(sqlite) == _dump(plain)
    sqlite.close()


@pytest.mark.parametrize(
    "text",
    [
        "資源ID,分類,住所,電話\nR1,サロン,みほん市本町1-1,043-222-0001\nR2,食堂,みほん市東町2-2,043-222-0002\n",
        "連絡先ID,種別,電話\nC1,CSW,043-222-0001\nC2,窓口,043-222-0002\n",
    ],
)
def test_a_ledger_without_the_name_column_is_refused(tmp_path: Path, text: str) -> None:
    store = memory()
    with pytest.raises(InputError, match="名称"):
        bring(store, write(tmp_path, "台帳.csv", text))
    assert store.head() == 0


def test_a_mapping_asked_for_must_have_its_name_column(store: GraphStore, tmp_path: Path) -> None:
    path = write(tmp_path, "x.csv", "施設,住所\nA館,みほん市本町1\n")
    with pytest.raises(InputError, match="名称の列"):
        bring(store, path, mapping="ledger")
    with pytest.raises(InputError, match="対応表「ない」"):
        bring(store, path, mapping="ない")
