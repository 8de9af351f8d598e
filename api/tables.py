"""Results as tables for a terminal."""

import sys
from pathlib import PurePath
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from api.web.words import warning_word
from matching.report import render_text
from matching.result import MatchResult

if TYPE_CHECKING:
    from ingest.report import FileReport, ImportReport
    from matching.intake import Intake

_COUNTS = (
    ("read", "読んだ行"),
    ("added", "追加"),
    ("changed", "変更"),
    ("unchanged", "変わりなし"),
    ("merged", "まとめた"),
    ("rejected", "取り込めない"),
    ("blank", "空行"),
    ("possible_duplicates", "重複かも"),
)
_SHOWN_REJECTS = 5


def match_table(result: MatchResult) -> None:
    """A match as a person reads it."""
    sys.stdout.write(render_text(result))


def import_table(report: "ImportReport", console: Console, *, planned: bool) -> None:
    """What an import did, or would do: a line a file, then what to look at."""
    done = "まだ書き込んでいません。取り込むと次のようになります。"
    console.print(done if planned else "取り込みました。")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("ファイル", overflow="fold", ratio=1)
    for _, label in _COUNTS:
        table.add_column(label, justify="right", no_wrap=True, min_width=cell_len(label))
    for file in report.files:
        if file.error:
            continue
        name = PurePath(file.path).name
        shown = f"{name}（{file.sheet}）" if file.sheet else name
        table.add_row(shown, *(f"{getattr(file, key):,}" for key, _ in _COUNTS))
    if len(report.files) > 1:
        totals = report.totals()
        table.add_row("合計", *(f"{totals.get(key, 0):,}" for key, _ in _COUNTS), style="bold")
    console.print(table)
    for file in report.files:
        _told(file, console)
    _rejects(report, console)


def _told(file: "FileReport", console: Console) -> None:
    name = PurePath(file.path).name
    if file.error:
        console.print(f"× {name}：取り込みませんでした。{file.error}", markup=False, soft_wrap=True)
    if file.warnings:
        said = "、".join(f"{warning_word(c)} {n:,}件" for c, n in sorted(file.warnings.items()))
        console.print(f"・{name}：{said}", markup=False, soft_wrap=True)


def _rejects(report: "ImportReport", console: Console) -> None:
    for reject in report.rejects[:_SHOWN_REJECTS]:
        console.print(f"× {reject.path} {reject.number}行目：{reject.reason}", markup=False)
    left = len(report.rejects) - _SHOWN_REJECTS
    if left > 0:
        console.print(f"　ほか{left:,}行。--rejects 直すもの.csv で理由とともに書き出せます。")


def intake_table(intake: "Intake", console: Console) -> None:
    """What a memo says, each with its words."""
    for emergency in intake.emergencies:
        console.print(f"!! 急ぎます：{emergency.label}（「{emergency.text}」）", markup=False)
    for member in intake.members:
        age = f"{member.age:g}歳" if member.age is not None else (member.age_band or "年齢は不明")
        console.print(f"■ {member.role}（{age}）", markup=False)
        for finding in member.findings:
            mark = "　" if finding.taken else "―"
            console.print(
                f"　{mark}{finding.field}：{finding.label} ←「{finding.text}」", markup=False
            )
