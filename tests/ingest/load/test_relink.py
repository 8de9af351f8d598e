"""Contacts find the resources they name, also when the names are spelt a little otherwise."""

from pathlib import Path

import pytest

from graph.model.element import EdgeKind, NodeKind, Ref
from graph.store import Direction, GraphStore
from ingest.samples import sample_folder
from tests.ingest.importing import bring, memory, write

LEDGER = (
    "資源ID,名称\nR1,アウトリーチ支援チーム（とびら）\nR2,ｺｺﾛの相談室（精神保健福祉センター）\n"
    "R3,ひだまり（東）\nR4,ひだまり（西）\nR5,社会福祉法人つなぐ会　みどりの家\n"
)


def _led_to(store: GraphStore, contact: str) -> set[str]:
    with store.read() as view:
        found = view.neighbours(
            [Ref(NodeKind.CONTACT, contact)], (EdgeKind.CONTACTED_THROUGH,), Direction.IN
        )
        return {node.id for _, node in found}


@pytest.mark.parametrize(
    ("named", "resources"),
    [
        ("アウトリーチ支援チーム（とびら）", {"R1"}),
        ("アウトリーチ支援チーム(とびら)", {"R1"}),
        ("アウトリーチ支援チーム　（とびら）", {"R1"}),
        ("こころの相談室", {"R2"}),
        ("みどりの家;R4", {"R5", "R4"}),
        # 二つあって決められない名は、どちらにも結ばない。
        ("ひだまり", set()),
        ("ないところ", set()),
    ],
)
def test_names_are_joined_however_they_are_written(
    tmp_path: Path, named: str, resources: set[str]
) -> None:
    store = memory()
    contacts = f"連絡先ID,名称,種別,担当区域,つなげる資源\nC1,CSW,CSW,東区,{named}\n"
    report = bring(
        store, write(tmp_path, "資源.csv", LEDGER), write(tmp_path, "連絡先.csv", contacts)
    )
    assert _led_to(store, "C1") == resources
    told = sum(file.warnings["resource_unknown"] for file in report.files)
    assert told == (0 if resources else 1)


def test_every_resource_the_sample_contacts_name_is_joined() -> None:
    report = bring(memory(), sample_folder())
    assert sum(file.warnings["resource_unknown"] for file in report.files) == 0
