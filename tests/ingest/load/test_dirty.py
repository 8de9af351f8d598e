"""Tables as different offices keep them: what the import makes of every row."""

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from graph.model.element import EdgeKind, NodeKind
from graph.model.resource import Resource
from graph.store import Direction, GraphStore
from ingest.report import ImportReport
from tests.ingest.importing import bring, memory, resources, write

Cells = list[list[Any]]


def book(path: Path, sheets: dict[str, Cells], merged: tuple[str, ...] = ()) -> Path:
    """A workbook; ``merged`` ranges keep the value of their first cell."""
    with xlsxwriter.Workbook(str(path)) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for r, cells in enumerate(rows):
                for c, cell in enumerate(cells):
                    if cell is not None:
                        sheet.write(r, c, cell)
            for place in merged:
                first = place.split(":")[0]
                column, row = ord(first[0]) - 65, int(first[1:]) - 1
                sheet.merge_range(place, rows[row][column])
    return path


def took(path: Path) -> tuple[GraphStore, ImportReport, dict[str, Resource]]:
    store = memory()
    report = bring(store, path)
    return store, report, resources(store)


def address_of(store: GraphStore, name: str) -> str | None:
    with store.read() as view:
        node = next(n for n in view.nodes(NodeKind.RESOURCE) if n.props["name"] == name)
        found = [n for _, n in view.neighbours([node.ref], (EdgeKind.LOCATED_AT,), Direction.OUT)]
    return str(found[0].props.get("address")) if found else None


def codes(report: ImportReport) -> list[str]:
    return [reject.code for reject in report.rejects]


def times(resource: Resource) -> list[tuple[int, int | None, int | None, tuple[int, ...]]]:
    return [(s.weekday, s.start, s.end, s.weeks) for s in resource.schedule or ()]


def test_two_header_lines_ditto_marks_totals_and_notes(tmp_path: Path) -> None:
    rows: Cells = [
        ["令和７年度　サロン一覧表", None, None, None, None, None, None, None],
        [None, None, None, None, None, None, None, "令和8年4月1日現在"],
        ["No.", "サロン名", "会場", None, "開催日時", None, "連絡先", None],
        [None, None, "会場名", "所在地", "曜日", "時間", "代表者", "電話"],
        [1, "ほほえみ", "本町会館", "みほん市本町1-2-3", "第1・3水曜", "10:00～12:00", "会長", "０４３－２２２－０００１"],
        [2, "ﾋﾏﾜﾘの会", "東町集会所", "みほん市東町２丁目", "毎週火", "13時半～15時半", "役員", "043-222-0002"],
        [3, "さくら会", "〃", "〃", "隔週金曜", "午前10時から正午", "同上", "同　上"],
        [None, "合計", "3か所", None, None, None, None, None],
        ["※会場は変更になることがあります。"],
    ]  # fmt: skip
    merged = ("A1:H1", "C3:D3", "E3:F3", "G3:H3")
    store, report, held = took(book(tmp_path / "サロン.xlsx", {"Sheet1": rows}, merged))
    assert set(held) == {"ほほえみ", "ﾋﾏﾜﾘの会", "さくら会"}
    assert codes(report) == ["total_row", "note_row"]
    assert report.files[0].warnings["ditto_filled"] == 4
    assert times(held["ほほえみ"]) == [(2, 600, 720, (1, 3))]
    assert times(held["ﾋﾏﾜﾘの会"]) == [(1, 810, 930, ())]
    assert held["さくら会"].phone == "043-222-0002"
    assert address_of(store, "さくら会") == "みほん市東町２丁目"


def test_a_sheet_for_each_ward_and_sheets_that_are_no_lists(tmp_path: Path) -> None:
    head = ["施設名", "所在地", "開設日", "利用時間", "対象", "電話番号"]
    wards: dict[str, Cells] = {
        ward: [
            head,
            [f"{ward}サロン", f"{ward}1-1", "月～金", "9時～17時", "0歳～就学前", "043-111-1111"],
            [f"{ward}ひろば", "同上", "第２・第４土", "10:00-12:00", "おおむね３歳まで", "〃"],
        ]
        for ward in ("中央区", "東区")
    }
    sheets: dict[str, Cells] = {**wards, "集計": [["区", "件数"], ["中央区", 2], ["東区", 2]]}
    store, report, held = took(book(tmp_path / "子育て.xlsx", sheets))
    assert set(held) == {"中央区サロン", "中央区ひろば", "東区サロン", "東区ひろば"}
    left_out = [file for file in report.files if file.error]
    assert [file.sheet for file in left_out] == ["集計"]
    assert "名称" in (left_out[0].error or "")
    assert times(held["東区ひろば"]) == [(5, 600, 720, (2, 4))]
    assert (held["東区サロン"].minimum_age, held["東区サロン"].maximum_age) == (0.0, 6.0)
    assert address_of(store, "東区ひろば") == "東区1-1"
    assert report.files[1].warnings["columns_completed"] == 3


def test_several_tables_under_each_other_lose_no_row(tmp_path: Path) -> None:
    head = ["窓口名", "住所", "電話", "受付時間"]
    rows: Cells = [
        ["高齢者の相談窓口"],
        head,
        ["包括本町", "みほん市本町1-1", "043-333-0001", "平日8:30～17:15"],
        ["包括東", "みほん市東町2-2", "043-333-0002", "平日8:30～17:15"],
        [],
        ["障がい者の相談窓口"],
        head,
        ["基幹相談支援センター", "みほん市本町3-3", "043-333-0003", "月～土 9～18時"],
        [],
        ["子どもの相談窓口"],
        ["名称", "所在地", "電話番号", "対象"],
        ["子ども家庭支援センター", "みほん市西町4-4", "043-333-0004", "18歳未満"],
    ]
    _, report, held = took(book(tmp_path / "窓口.xlsx", {"窓口": rows}))
    assert len(held) == 4
    assert [file.sheet for file in report.files] == [
        "窓口",
        "窓口・障がい者の相談窓口",
        "窓口・子どもの相談窓口",
    ]
    assert [s.weekday for s in held["基幹相談支援センター"].schedule or ()] == [0, 1, 2, 3, 4, 5]
    assert report.totals()["rejected"] == 0


def test_a_workbook_named_csv_and_names_only_its_heading_tells(tmp_path: Path) -> None:
    rows: Cells = [
        ["番号", "居場所名", "住所", "開催日"],
        [1, "みんなの居場所", "みほん市本町1-1", "毎月第3日曜"],
        [2, "いろり", "みほん市西町3", "—"],
    ]
    path = book(tmp_path / "居場所.xlsx", {"一覧": rows})
    path = path.rename(tmp_path / "居場所.csv")
    _, report, held = took(path)
    assert report.files[0].format == "excel"
    assert set(held) == {"みんなの居場所", "いろり"}
    assert held["いろり"].schedule_text is None
    assert "schedule_unread" not in report.files[0].warnings


def test_tabs_in_a_cp932_file_named_csv_with_vendor_characters(tmp_path: Path) -> None:
    text = (
        "事業所名\t住所\t電話番号\t配達日\t料金\n"
        "㈱まごころ弁当\t千葉市中央区﨑町１－２－３\t043(222)0001\t月・水・金\t１食５５０円～\n"
        "お弁当の髙橋①\t千葉市中央区登戸2\tTEL:043-222-0002 FAX:043-222-0003\t年中無休\t無料\n"
    )
    _, _, held = took(write(tmp_path, "配食.csv", text, "cp932"))
    assert set(held) == {"㈱まごころ弁当", "お弁当の髙橋①"}
    assert [s.weekday for s in held["㈱まごころ弁当"].schedule or ()] == [0, 2, 4]
    assert held["お弁当の髙橋①"].cost_yen == 0
    assert held["お弁当の髙橋①"].phone == "043-222-0002"


def test_a_list_of_groups_with_titles_totals_and_remarks(tmp_path: Path) -> None:
    text = (
        "通いの場一覧（Ｒ８．４．１）,,,,,\r\n担当：高齢福祉課,,,,,\r\n,,,,,\r\n"
        "ﾅﾝﾊﾞｰ,団体名,活動場所,活動日,参加費,代表者電話\r\n"
        "１,はつらつ体操,本町公民館,毎週月曜　10時～11時,100円（お茶代）,043-222-0001\r\n"
        "２,囲碁クラブ,〃,毎週木曜午後,無し,〃\r\n"
        '３,歌声ひろば,同上,第1土曜 13:30～,"１回500円\n（会員は300円）",43-222-0009\r\n'
        ",計,,3団体,,\r\n備考：上記のほか随時募集,,,,,\r\n"
    )
    _, report, held = took(write(tmp_path, "通いの場.csv", text, "cp932"))
    assert set(held) == {"はつらつ体操", "囲碁クラブ", "歌声ひろば"}
    assert codes(report) == ["total_row", "note_row"]
    assert times(held["はつらつ体操"]) == [(0, 600, 660, ())]
    assert held["囲碁クラブ"].phone == "043-222-0001"
    assert held["歌声ひろば"].phone == "043-222-0009"


def test_values_as_people_write_them(tmp_path: Path) -> None:
    text = (
        "名称,住所,電話,最終確認日,対象年齢,定員,送迎,費用\n"
        "Ａ会館,みほん市本町１,43-222-0001,R8.4.1,６５歳以上,20名程度,あり,無料\n"
        "Ｂ会館,みほん市本町２,432220002,令和元年５月１日,概ね60～75歳,-,×,500円／月\n"
        "Ｃ会館,みほん市本町３,（043）222-0004　内線12,平成31年4月,小学生～高校生,０,○（一部地域）,実費\n"
    )
    _, report, held = took(write(tmp_path, "台帳.csv", text))
    a, b, c = held["Ａ会館"], held["Ｂ会館"], held["Ｃ会館"]
    assert (a.phone, a.minimum_age, a.capacity) == ("043-222-0001", 65.0, 20)
    assert (b.phone, b.minimum_age, b.maximum_age) == ("0432220002", 60.0, 75.0)
    assert (c.capacity, c.transport) == (None, True)
    assert c.extra["読めない値:transport"] == "○（一部地域）"
    warnings = report.files[0].warnings
    assert "capacity_unread" not in warnings
    assert warnings["assured_date_unread"] == 1


def test_cells_merged_downwards_and_a_subtotal(tmp_path: Path) -> None:
    rows: Cells = [
        ["圏域", "種類", "名称", "所在地", "電話番号", "利用日"],
        ["本町圏域", "配食", "にこにこ配食", "みほん市本町9", "043-222-1001", "月～土"],
        [None, None, "すまいる弁当", "みほん市本町10", "043-222-1002", "毎日"],
        [None, "移送", "おでかけ号", "みほん市本町11", "043-222-1003", "平日"],
        ["小計", None, None, None, None, "3件"],
    ]
    _, report, held = took(book(tmp_path / "圏域.xlsx", {"資源": rows}, ("A2:A4", "B2:B3")))
    assert {r.category_text for r in held.values()} == {"配食", "移送"}
    assert held["すまいる弁当"].category_text == "配食"
    assert codes(report) == ["total_row"]


def test_ragged_rows_full_width_marks_and_blank_columns(tmp_path: Path) -> None:
    text = (
        "\ufeff団体名,活動内容,連絡先,メール,ホームページ,,\n"
        '"NPO法人　つなぐ","傾聴、見守り","043-222-0001,043-222-0002",info＠example.jp,https://example.jp/,,\n'
        "ささえあい隊,草むしり,事務局（社協）043-222-0003,（なし）,ありません,,\n,,,,,,\n"
        "手話サークル　ひまわり,手話,,himawari@example.jp,,,\n"
    )
    _, report, held = took(write(tmp_path, "ボランティア.csv", text))
    assert len(held) == 3
    assert report.totals()["blank"] == 1
    assert held["NPO法人　つなぐ"].email == "info@example.jp"
    assert held["ささえあい隊"].phone == "043-222-0003"


MAIN = (
    "全国地方公共団体コード,ID,都道府県,市区町村名,名称,住所,緯度,経度,電話番号1,開催頻度,開催曜日,開催開始時間,参加費_大人\n"
    "132128,1,東京都,みほん市,おむすびキッチン,みほん市本町,35.6,139.4,042-000-0001,毎月,土,11:00,300\n"
)
EXTRA = (
    "ID,住所,緯度,経度,開催頻度,開催曜日,開催開始時間,参加費_大人\n"
    "1,みほん市旭が丘,,,毎月,日,12:00,\n1,,,,毎月,月,,\n9,みほん市西町,,,毎月,,,\n"
)


def test_further_places_of_a_main_table_become_resources_of_their_own(tmp_path: Path) -> None:
    write(tmp_path, "食堂.csv", MAIN)
    extra = write(tmp_path, "食堂_tsuika.csv", EXTRA)
    store = memory()
    report = bring(store, tmp_path)
    with store.read() as view:
        nodes = list(view.nodes(NodeKind.RESOURCE))
        places = [
            n.props
            for _, n in view.neighbours(
                [n.ref for n in nodes], (EdgeKind.LOCATED_AT,), Direction.OUT
            )
        ]
    assert [n.props["name"] for n in nodes] == ["おむすびキッチン"] * 2
    assert {n.props["phone"] for n in nodes} == {"042-000-0001"}
    assert sorted("point" in place for place in places) == [False, True]
    assert codes(report) == ["no_name", "no_name"]
    assert all("本表" in reject.reason for reject in report.rejects)
    head = store.head()
    bring(store, tmp_path, days=1)
    assert store.head() == head
    alone = bring(memory(), extra.rename(tmp_path / "別の名_tsuika.csv"))
    assert alone.totals()["rejected"] == 3
    assert "一緒に取り込む" in alone.rejects[0].reason


def test_a_column_for_each_weekday_and_the_times_beside(tmp_path: Path) -> None:
    rows: Cells = [
        ["施設名", "住所", "電話番号", *"月火水木金土日", "開所時間"],
        ["Ａ作業所", "みほん市本町1", "043-222-0001", *"○○○○○", "", "", "9:00～16:00"],
        ["Ｂ作業所", "みほん市本町2", "043-222-0002", *"○×○×○△×", "10時～15時"],
    ]
    _, _, held = took(book(tmp_path / "曜日.xlsx", {"表": rows}))
    assert times(held["Ａ作業所"]) == [(day, 540, 960, ()) for day in range(5)]
    assert times(held["Ｂ作業所"]) == [(day, 600, 900, ()) for day in (0, 2, 4)]
    assert held["Ｂ作業所"].schedule_text == "月・水・金 土 △ 10時～15時"


def test_headings_with_remarks_and_days_shut_beside_the_times(tmp_path: Path) -> None:
    text = (
        '"名称\n（正式名称）","所在地※番地まで","電話番号（代表）","定員\n（人）","対象者（年齢等）","開館時間","休館日"\n'
        "みなみ児童館,みほん市南町1-1,043-222-1111,30,0～18歳,9:30～17:30,第2・4月曜\n"
        "きた児童館,みほん市北町2-2,043-222-2222,40人,小学生以上,9時～17時,毎週月曜日\n以上,,,,,,\n"
    )
    store, report, held = took(write(tmp_path, "児童館.csv", text, "cp932"))
    assert set(held) == {"みなみ児童館", "きた児童館"}
    assert address_of(store, "きた児童館") == "みほん市北町2-2"
    assert held["みなみ児童館"].capacity == 30
    assert times(held["きた児童館"]) == [(day, 540, 1020, ()) for day in range(1, 7)]
    assert codes(report) == ["note_row"]


def test_an_address_in_several_columns_is_put_together(tmp_path: Path) -> None:
    text = (
        "事業所名,区,町名,番地,TEL,FAX\nひかり作業所,みほん区,本町,1-2-3,043-222-0001,043-222-0002\n"
        "のぞみ園,みほん区,東町2丁目,5番地,043-222-0003,\n"
    )
    store, _, held = took(write(tmp_path, "作業所.csv", text))
    assert address_of(store, "ひかり作業所") == "みほん区本町1-2-3"
    assert held["ひかり作業所"].phone == "043-222-0001"


def test_an_exported_ledger_keeps_its_words(tmp_path: Path) -> None:
    text = (
        "資源ID,名称,住所,備考\nR1,本町会館,みほん市本町1,夜間も可\nR2,東会館,みほん市東町2,同上\n"
    )
    _, _, held = took(write(tmp_path, "台帳.csv", text))
    assert held["東会館"].note == "同上"


@pytest.mark.parametrize("mark", ["〃", "々々", "同じ"])
def test_a_ditto_mark_without_a_row_above_stays_as_it_is(tmp_path: Path, mark: str) -> None:
    _, _, held = took(
        write(tmp_path, "一覧.csv", f"名称,住所,備考\n本町会館,みほん市本町1,{mark}\n")
    )
    assert held["本町会館"].note == mark
