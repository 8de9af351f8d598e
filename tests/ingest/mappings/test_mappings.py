"""Mappings are data: each shipped file is whole, bad ones are refused with every fault named."""

from pathlib import Path

import pytest

from graph.errors import InputError
from ingest.mapping import (
    Mapping,
    bind,
    choose_mapping,
    mapping_from,
    read_mapping,
    shipped_mappings,
)
from ingest.propose import mapping_toml, propose_mapping
from ingest.readers.csv_text import read_tables
from ingest.schema import LEDGER, Kind
from ingest.source import DEFAULT_LIMITS, Source
from tests.ingest.importing import bring, memory, resources, write


def test_keys_and_labels_are_different() -> None:
    keys = [m.key for m in shipped_mappings()]
    assert len(keys) == len(set(keys)) >= 20
    assert all(m.label for m in shipped_mappings())


@pytest.mark.parametrize("mapping", shipped_mappings(), ids=lambda m: m.key)
def test_each_mapping_suits_its_own_columns(mapping: Mapping) -> None:
    header = tuple(dict.fromkeys(mapping.column_names()))
    header = tuple(c for c in header if c not in mapping.forbidden)
    if mapping.files or not mapping.required:
        pytest.skip("ファイル名で選ぶ対応表")
    assert mapping.fit(header, sheet=(mapping.sheets or (None,))[0]) > 0
    assert dict(bind(mapping, header).fields)


def test_the_ledger_is_chosen_for_the_template() -> None:
    chosen = choose_mapping(tuple(LEDGER.values()), shipped_mappings())
    assert chosen is not None
    assert chosen.key == "ledger"
    assert set(LEDGER) <= set(chosen.fields)


def test_templates_leave_out_what_is_blank() -> None:
    mapping = mapping_from(
        {"label": "x", "fields": {"name": "名", "schedule": "{曜} {始}〜{終} {注}"}}, "x"
    )
    bound = bind(mapping, ("名", "曜", "始", "終", "注"))
    assert bound.read(("A", "月", "9:00", "10:00", "")) == {
        "name": "A",
        "schedule": "月 9:00〜10:00",
    }
    assert bound.read(("A", "", "", "", "随時")) == {"name": "A", "schedule": "随時"}
    assert bound.read(("A", "", "", "", "")) == {"name": "A"}


def test_every_fault_of_a_mapping_is_named(tmp_path: Path) -> None:
    path = write(
        tmp_path, "bad.toml", 'kind = "resources"\n[fields]\nnam = "名"\n[fixed]\ncolour = "赤"\n'
    )
    with pytest.raises(InputError) as caught:
        read_mapping(path)
    assert "label" in str(caught.value)
    assert "nam" in str(caught.value)
    assert "colour" in str(caught.value)


def test_an_unknown_layout_is_proposed_saved_and_used_again(tmp_path: Path) -> None:
    text = (
        "会のなまえ,ばしょ,問合せ,いつ,ひとり,番地\n"
        "ふれあい会,みほん市本町1-2-3,043-222-1111,毎週火曜 10:00〜12:00,100円,https://a.example.jp/\n"
        "さくら会,みほん市東町4-5,043-222-1112,第2・4土曜 13時～16時,無料,https://b.example.jp/\n"
    )
    path = write(tmp_path, "サロン.csv", text)
    (table,) = read_tables(Source("サロン.csv", path), DEFAULT_LIMITS)
    mapping, guesses = propose_mapping(table, "サロン")
    assert mapping is not None
    assert {g.field: g.column for g in guesses} == {
        "name": "会のなまえ",
        "address": "ばしょ",
        "phone": "問合せ",
        "schedule": "いつ",
        "cost": "ひとり",
        "url": "番地",
    }
    saved = write(tmp_path, "own.toml", mapping_toml(mapping))
    again = read_mapping(saved)
    assert again.fields == mapping.fields
    store = memory()
    report = bring(store, path, mappings=(again,))
    assert report.files[0].mapping == again.key
    assert report.proposals == []
    assert resources(store)["さくら会"].schedule is not None


def test_a_proposal_is_shown_when_it_is_used(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "x.csv",
        "集いの名前,開催場所,電話番号\nA会,みほん市本町1-2,043-222-1111\nB会,みほん市東町3,043-222-1112\n",
    )
    report = bring(memory(), path, dry_run=True)
    (proposal,) = report.to_json()["proposals"]
    assert proposal["fields"]["phone"] == ["電話番号"]
    assert "[fields]" in proposal["toml"]


def test_a_table_without_names_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "消火栓.csv", "番号,口径\n1,65\n2,75\n")
    with pytest.raises(InputError, match="名称"):
        bring(memory(), path)


def test_kinds_are_written_in_the_file() -> None:
    assert {m.kind for m in shipped_mappings()} == set(Kind)
