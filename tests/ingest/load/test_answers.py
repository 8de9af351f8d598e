"""What people answer to an import: undo once, keep or take over, saved mappings, a first look."""

from pathlib import Path

import pytest

from graph.errors import InputError, NotFoundError
from graph.model.provenance import Judgement
from graph.store import GraphStore
from graph.vocabulary.load import load_vocabulary
from ingest.chosen import LEAVE_OUT, chosen_mapping
from ingest.conflicts import keep_edit, open_conflicts, take_source
from ingest.decisions import get_decision
from ingest.edit import decide_pair, edit_resource, undo_decision
from ingest.history import history
from ingest.mapping import read_mapping
from ingest.options import ImportOptions
from ingest.peek import peek_paths
from ingest.propose import mapping_toml
from ingest.rejects import rejects_csv
from ingest.undo import last_batch, undo_import, what_goes
from tests.ingest.importing import NOW, bring, memory, resource, resources, write

HEAD = "資源ID,名称,電話,備考\n"
V = load_vocabulary()


@pytest.fixture
def store() -> GraphStore:
    return memory()


def edit(store: GraphStore, key: str, **cells: str) -> None:
    edit_resource(store, key, cells, by="中央区 佐藤", now=NOW, vocabulary=V)


def undo(store: GraphStore) -> None:
    with store.read() as view:
        batch = last_batch(view)
    assert batch is not None
    undo_import(store, batch, by="職員", now=NOW, vocabulary=V)


def test_an_import_that_only_changes_values_is_the_last_one(
    store: GraphStore, tmp_path: Path
) -> None:
    bring(store, write(tmp_path, "台帳.csv", HEAD + "R1,会,043-222-0001,\n"))
    bring(store, write(tmp_path, "台帳.csv", HEAD + "R1,会,043-222-0002,\n"), days=1)
    undo(store)
    assert resource(store, "R1").phone == "043-222-0001"
    with store.read() as view:
        # 一つ前の取込の行には、その前の姿が残っていない。続けては取り消させない。
        assert last_batch(view) is None
        newest, first = history(view)
    assert (newest.undone_by, first.undone_at) == ("職員", None)
    assert (newest.total("changed"), first.total("added")) == (1, 1)
    with pytest.raises(NotFoundError):
        undo_import(store, first.batch, by="職員", now=NOW, vocabulary=V)


def test_what_goes_is_told_and_edits_stay(store: GraphStore, tmp_path: Path) -> None:
    bring(store, write(tmp_path, "台帳.csv", HEAD + "R1,前の会,043-222-0001,\nR2,消える会,,\n"))
    text = HEAD + "R1,前の会,043-222-0009,\nR3,新しい会,,\nR4,直した会,,\n"
    bring(store, write(tmp_path, "台帳.csv", text), days=1)
    edit(store, "R4", phone="043-222-0044")
    with store.read() as view:
        batch = last_batch(view)
        assert batch is not None
        told = what_goes(view, batch)
    assert (told.made, told.restored, told.unmarked) == (2, 1, 1)
    assert set(told.gone) == {"新しい会", "直した会"}
    assert set(told.back) == {"前の会", "消える会"}
    assert told.edits == (("R4", "直した会", ("phone",)),)
    undo(store)
    assert set(resources(store)) == {"前の会", "消える会", "直した会"}
    assert resource(store, "R4").phone == "043-222-0044"


def test_a_conflict_is_open_until_it_is_answered(store: GraphStore, tmp_path: Path) -> None:
    bring(store, write(tmp_path, "台帳.csv", HEAD + "R1,会,043-222-0001,元の備考\n"))
    edit(store, "R1", phone="043-222-0099", note="職員の備考")
    with store.read() as view:
        found = {c.field: c for c in open_conflicts(view)}
    assert set(found) == {"phone", "note"}
    phone = found["phone"]
    assert (phone.kept, phone.offered) == ("043-222-0099", "043-222-0001")
    assert (phone.by, phone.at) == ("中央区 佐藤", NOW)
    keep_edit(store, "R1", "phone", by="職員", now=NOW, vocabulary=V)
    take_source(store, "R1", "note", by="職員", now=NOW, vocabulary=V)
    with store.read() as view:
        assert list(open_conflicts(view)) == []
    assert (resource(store, "R1").phone, resource(store, "R1").note) == ("043-222-0099", "元の備考")
    with pytest.raises(NotFoundError):
        keep_edit(store, "R1", "note", by="職員", now=NOW, vocabulary=V)
    text = HEAD + "R1,会,043-222-0005,次の備考\n"
    bring(store, write(tmp_path, "台帳.csv", text), days=1)
    with store.read() as view:
        (again,) = open_conflicts(view, of="R1")
    assert (again.field, again.kept, again.offered) == ("phone", "043-222-0099", "043-222-0005")
    assert resource(store, "R1").note == "次の備考"


def test_an_undone_decision_waits_again_with_its_reasons(store: GraphStore, tmp_path: Path) -> None:
    text = HEAD + "R1,ひまわりの会,043-222-0001,甲\nR2,ひまわり会,043-222-0001,乙\n"
    bring(store, write(tmp_path, "台帳.csv", text))
    made = decide_pair(
        store, "R1", "R2", Judgement.SAME, by="佐藤", now=NOW, vocabulary=V, note="電話で確かめた"
    )
    edit(store, "R1", phone="043-222-0077")
    undo_decision(store, made.id, by="鈴木", now=NOW, vocabulary=V, to=Judgement.REVIEW)
    assert set(resources(store)) == {"ひまわりの会", "ひまわり会"}
    with store.read() as view:
        held = get_decision(view, made.id)
    assert (held.judgement, held.note, held.by) == (Judgement.REVIEW, None, "鈴木")
    again = decide_pair(
        store, "R1", "R2", Judgement.DIFFERENT, by="佐藤", now=NOW, vocabulary=V, note="別の日"
    )
    assert (again.reasons, again.note) == (held.reasons, "別の日")


ODD = "よびな,どこで,いつ,なんじ,れんらく,れんらく2,駐車\nあさひ会,みほん市本町1,火,10:00〜12:00,,043-222-0001,あり\n"


def test_columns_chosen_by_a_person_are_saved_and_used_again(
    store: GraphStore, tmp_path: Path
) -> None:
    path = write(tmp_path, "謎.csv", ODD)
    with pytest.raises(InputError, match="名称"):
        bring(store, path)
    (look,) = peek_paths(store, [path], options=ImportOptions(), vocabulary=V, now=NOW)
    assert (look.mapping, look.known) == (None, False)
    assert look.examples["いつ"] == ("火",)
    choices = {"よびな": "name", "どこで": "address", "いつ": "schedule", "なんじ": "schedule"}
    choices |= {"れんらく": "phone", "れんらく2": "phone", "駐車": LEAVE_OUT}
    made = chosen_mapping(
        look.header, choices, key="own-x", label="謎の表", fixed={"category": "サロン"}
    )
    saved = read_mapping(write(tmp_path, "own.toml", mapping_toml(made)))
    assert saved.header == look.header
    report = bring(store, path, mappings=(saved,))
    assert (report.files[0].mapping, report.totals()["added"]) == ("own-x", 1)
    made_of_it = resources(store)["あさひ会"]
    assert (made_of_it.phone, made_of_it.category) == ("043-222-0001", "salon")
    assert made_of_it.schedule is not None
    assert (made_of_it.schedule[0].weekday, made_of_it.schedule[0].start) == (1, 600)
    assert made_of_it.extra == {}
    (seen,) = peek_paths(
        store, [path], options=ImportOptions(mappings=(saved,)), vocabulary=V, now=NOW
    )
    assert seen.uses["なんじ"] == ("schedule",)
    assert seen.rows[0].original[0] == "あさひ会"
    assert seen.rows[0].cells["schedule"] == "火 10:00〜12:00"
    other = write(tmp_path, "別.csv", HEAD + "R1,別の会,,\n")
    assert bring(store, other, mappings=(saved,)).files[0].mapping == "ledger"


def test_a_column_kept_as_it_is_is_not_read_after_all(store: GraphStore, tmp_path: Path) -> None:
    path = write(tmp_path, "表.csv", "よびな,備考,電話\nあさひ会,持ったまま,043-222-0001\n")
    made = chosen_mapping(("よびな", "備考", "電話"), {"よびな": "name"}, key="own-y", label="表")
    bring(store, path, mappings=(made,))
    found = resources(store)["あさひ会"]
    assert (found.note, found.phone) == (None, None)
    assert found.extra == {"備考": "持ったまま", "電話": "043-222-0001"}


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"甲": "phone"}, "どの列が名称"),
        ({"甲": "name", "丙": "phone"}, "見出しにない列"),
        ({"甲": "name", "乙": "まぼろし"}, "という項目はありません"),
        ({"甲": "name", "{乙}": "phone"}, "波かっこ"),
    ],
)
def test_a_choice_that_cannot_be_is_told(choices: dict[str, str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        chosen_mapping(("甲", "乙", "{乙}"), choices, key="own-x", label="表")


def test_corrected_rejects_join_the_list_they_came_from(store: GraphStore, tmp_path: Path) -> None:
    head = "NO,名称,住所,都道府県コード又は市区町村コード\n"
    good = "1,第1集会所,松戸市根本1番地,122076\n"
    bad = "".join(f"{n},,松戸市根本{n}番地,122076\n" for n in (2, 3, 4))
    (first,) = bring(store, write(tmp_path, "施設.csv", head + good + bad)).files
    report = bring(store, tmp_path / "施設.csv", dry_run=True)
    text = rejects_csv(report.rejects)
    for n in (2, 3, 4):
        text = text.replace(f",{n},,松戸", f",{n},第{n}集会所,松戸")
    (second,) = bring(store, write(tmp_path, "直した行.csv", text, "utf-8-sig"), days=1).files
    assert (second.added, second.missing, second.dataset) == (3, 0, first.dataset)
    whole = head + good + "".join(f"{n},第{n}集会所,松戸市根本{n}番地,122076\n" for n in (2, 3, 4))
    (third,) = bring(store, write(tmp_path, "施設.csv", whole), days=2).files
    assert (third.unchanged, third.added) == (4, 0)


def test_a_lenient_import_takes_the_other_files(store: GraphStore, tmp_path: Path) -> None:
    paths = [write(tmp_path, "謎.csv", ODD), write(tmp_path, "台帳.csv", HEAD + "R1,会,,\n")]
    report = bring(store, *paths, lenient=True)
    assert [bool(file.error) for file in report.files] == [True, False]
    assert set(resources(store)) == {"会"}
