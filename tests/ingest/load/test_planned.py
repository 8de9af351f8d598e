"""A trial finds the duplicates a real import finds, and a secret place is not compared."""

from pathlib import Path

import pytest

from ingest import pairs
from ingest.report import ImportReport
from tests.ingest.importing import bring, memory, write

HEAD = "都道府県コード又は市区町村コード,NO,名称,住所,電話番号,種別\n"
HOME = "122076,{no},特別養護老人ホームひまわり園,千葉県松戸市根本387番地の5,047-366-1111,特別養護老人ホーム\n"
NEAR = "122076,{no},特養ひまわり園,千葉県松戸市根本,047-366-1111,特別養護老人ホーム\n"
OTHER = "122076,{no},さくら苑,千葉県松戸市秋山1-2,047-366-2222,特別養護老人ホーム\n"


def _said(report: ImportReport) -> list[tuple[str, str, str, float]]:
    return [(p.a[0], p.b[0], p.band, p.score) for p in report.duplicates]


@pytest.fixture(params=[60_000, 0], ids=["一つの組", "都道府県ごと"])
def groups(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs, "_ONE_GROUP", request.param)


@pytest.mark.usefixtures("groups")
def test_a_trial_shows_the_duplicates_of_the_import(tmp_path: Path) -> None:
    store = memory()
    bring(store, write(tmp_path, "一.csv", HEAD + HOME.format(no=1) + OTHER.format(no=2)))
    second = write(tmp_path, "二.csv", HEAD + HOME.format(no=7) + NEAR.format(no=8))
    head = store.head()
    dry = bring(store, second, days=1, dataset="別", dry_run=True)
    assert store.head() == head
    done = bring(store, second, days=1, dataset="別")
    assert _said(dry) == _said(done) != []
    assert {band for _, _, band, _ in _said(dry)} == {"merged", "review"}
    assert dry.totals() == done.totals()
    assert all(pair.reasons for pair in dry.duplicates)


def test_a_trial_can_leave_the_search_out(tmp_path: Path) -> None:
    store = memory()
    bring(store, write(tmp_path, "一.csv", HEAD + HOME.format(no=1)))
    path = write(tmp_path, "二.csv", HEAD + HOME.format(no=7))
    report = bring(store, path, days=1, dataset="別", dry_run=True, duplicates=False)
    assert report.duplicates == []
    assert report.totals()["added"] == 1


def test_the_place_of_a_secret_house_is_not_compared(tmp_path: Path) -> None:
    head = "資源ID,名称,分類,住所,電話,公開区分\n"
    row = "{id},ひみつの家,シェルター,千葉県松戸市根本387番地の5,047-366-1111,所在地非公開\n"
    store = memory()
    bring(store, write(tmp_path, "台帳.csv", head + row.format(id="R1")))
    for dry in (True, False):
        report = bring(
            store,
            write(tmp_path, "別の台帳.csv", head + row.format(id="R9")),
            days=1,
            dataset="ledger:別",
            dry_run=dry,
        )
        said = [reason for pair in report.duplicates for reason in pair.reasons]
        assert not any("住所" in reason or "町名" in reason for reason in said)
