"""The gap report of the sample: counts that add up, a change that serves, an owner for each gap."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from graph.errors import InputError
from matching.case import Case
from matching.gaps.cells import Cell
from matching.gaps.report import GapContext, GapReport, gap_report, parse_axes
from matching.gaps.unmet import Base, Needs, records
from reports.writer import write_gaps, writers
from tests.reports.conftest import ON


def test_every_need_is_counted_once(report: GapReport) -> None:
    assert report.asked == report.available + report.widen + report.create + report.not_now
    assert sum(cell.count or 0 for cell in report.cells) == report.widen + report.create
    assert sum(report.reasons.values()) == report.widen + report.create
    assert sum(d.unmet for d in report.departments) == report.widen + report.create
    assert report.cases == 40


def test_the_sample_has_something_to_widen_and_something_to_create(report: GapReport) -> None:
    assert report.widenings and report.creations  # noqa: PT018 - one claim
    assert report.widenings[0].serves == max(w.serves for w in report.widenings)
    assert any(w.department for w in report.widenings)
    assert any(d.department for d in report.departments)
    assert len(report.sentences) == 3


def test_small_numbers_are_withheld_by_default(needs: Needs, gap_context: GapContext) -> None:
    shown = gap_report(needs, gap_context, on=ON).cells
    assert all(cell.count is None or cell.count >= 5 for cell in shown)


def test_records_hold_no_case_and_stay_the_same(needs: Needs, cases: list[Case]) -> None:
    first, again = records(needs.asked), records(needs.asked)
    assert first == again
    assert len({record.id for record in first}) == len(first)
    text = repr(first)
    assert "MH-C-" not in text
    assert all(case.memo not in text for case in cases if case.memo)


def test_no_case_no_gap(gap_context: GapContext) -> None:
    nobody = Needs(asked=(), base=Base(cases=0, data_version="", rules_version=""))
    report = gap_report(nobody, gap_context, on=ON)
    assert (report.asked, report.cells, report.widenings) == (0, (), ())


@pytest.mark.parametrize("text", ["", "area,colour", "名前"])
def test_an_unknown_axis_names_those_there_are(text: str) -> None:
    with pytest.raises(InputError, match="軸"):
        parse_axes(text)


def test_csv_and_json_tell_the_same_counts(report: GapReport, tmp_path: Path) -> None:
    write_gaps(report, tmp_path / "g.csv")
    write_gaps(report, tmp_path / "g.json")
    rows = list(csv.reader(io.StringIO((tmp_path / "g.csv").read_text(encoding="utf-8-sig"))))
    data = json.loads((tmp_path / "g.json").read_text(encoding="utf-8"))
    assert [int(row[-1]) for row in rows[1:]] == [cell["count"] for cell in data["cells"]]


def test_excel_opens_with_every_table_and_no_formula(report: GapReport, tmp_path: Path) -> None:
    evil = replace(report, sentences=("=1+1", "@x", "ふつうの文"))
    write_gaps(evil, tmp_path / "g.xlsx")
    book = openpyxl.load_workbook(tmp_path / "g.xlsx")
    assert book.sheetnames[0] == "概要"
    assert len(book.sheetnames) == 7
    assert not any(
        cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row
    )
    assert book["件数"].max_row == len(report.cells) + 1


def test_html_escapes_and_names_nothing_outside(report: GapReport, tmp_path: Path) -> None:
    write_gaps(replace(report, sentences=("<script>alert(1)</script>",)), tmp_path / "g.html")
    page = (tmp_path / "g.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "http://" not in page
    assert "https://" not in page


def test_pdf_is_written(report: GapReport, tmp_path: Path) -> None:
    write_gaps(report, tmp_path / "g.pdf")
    assert (tmp_path / "g.pdf").read_bytes().startswith(b"%PDF-")


def test_an_unknown_suffix_and_an_unwritable_place_leave_nothing(
    report: GapReport, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="書き出せません"):
        write_gaps(report, tmp_path / "g.docx")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="書き込めません"):
        write_gaps(report, tmp_path / "file" / "g.csv")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_each_format_is_whole() -> None:
    assert set(writers()) == {".json", ".csv", ".xlsx", ".html", ".pdf"}


def test_a_withheld_cell_is_words_in_csv_and_null_in_json(report: GapReport) -> None:
    hidden = replace(report, threshold=5, cells=(Cell(values=report.cells[0].values, count=None),))
    assert "5未満" in writers()[".csv"].render(hidden).decode("utf-8-sig")
    assert json.loads(writers()[".json"].render(hidden))["cells"][0]["count"] is None
