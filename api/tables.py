"""Results as tables for a terminal."""

import sys
from pathlib import PurePath
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.web.columns_view import column_rows
from api.web.words import VERDICTS, warning_word
from ingest.schema import FIELDS, Kind
from matching.gaps.cells import spoken
from matching.report import render_text
from matching.result import MatchResult

if TYPE_CHECKING:
    from ingest.peek import TablePeek
    from ingest.report import FileReport, ImportReport
    from matching.gaps.report import GapReport
    from matching.intake import Intake
    from matching.why import Why

_COUNTS = (
    ("read", "行"),
    ("added", "追加"),
    ("changed", "変更"),
    ("unchanged", "同じ"),
    ("merged", "統合"),
    ("rejected", "却下"),
    ("blank", "空行"),
    ("possible_duplicates", "重複？"),
)
_SHOWN_REJECTS = 5
_SHOWN_PAIRS = 3
_SHOWN_NEEDS = 30


def match_table(result: MatchResult) -> None:
    """A match as a person reads it."""
    sys.stdout.write(render_text(result))


def import_table(report: "ImportReport", console: Console, *, planned: bool) -> None:
    """What an import did, or would do: a line a file, then what to look at."""
    done = "まだ書き込んでいません。取り込むと次のようになります。"
    console.print(done if planned else "取り込みました。")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("ファイル", overflow="fold", min_width=14)
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
    _pairs(report, console, planned=planned)
    _rejects(report, console)


def _pairs(report: "ImportReport", console: Console, *, planned: bool) -> None:
    """The duplicates of both bands, a few of each with their reasons."""
    for band, said in (
        ("merged", "一つにまと" + ("まります" if planned else "めました")),
        ("review", "人が確かめます"),
    ):
        pairs = [pair for pair in report.duplicates if pair.band == band]
        if pairs:
            console.print(f"重複：{len(pairs):,}組は{said}。")
        for pair in pairs[:_SHOWN_PAIRS]:
            why = "".join(pair.reasons[:3])
            console.print(f"　・{pair.a[1]} ＝ {pair.b[1]}：{why}", markup=False, soft_wrap=True)


def columns_table(peek: "TablePeek", console: Console) -> None:
    """Columns of an unknown list: examples, the field proposed for each and why."""
    name = PurePath(peek.path).name + (f"（{peek.sheet}）" if peek.sheet else "")
    console.print(f"見慣れない見出しです：{name}。列の対応の案は次のとおりです。", markup=False)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("列", "値の例", "項目の案", "わけ"):
        table.add_column(heading, overflow="fold")
    for row in column_rows(peek, Kind.RESOURCES, None):
        label = FIELDS[Kind.RESOURCES].get(row.chosen, "そのまま持つ")
        why = f"{row.sure}：{row.why}" if row.sure else row.why
        table.add_row(*map(escape, (row.column, "、".join(row.examples[:2]), label, why)))
    console.print(table)
    console.print(
        "直すには --column 項目=列（例：--column 名称=会の名、--column 使わない=列）を、"
        "覚えさせるには --save-mapping 名前 を付けて、もう一度実行してください。",
        markup=False,
        soft_wrap=True,
    )


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
        console.print(
            f"　ほか{left:,}行。--rejects 直すもの.xlsx（か .csv）で理由とともに書き出せます。"
        )


def intake_table(intake: "Intake", console: Console) -> None:
    """What a memo says, each with its words."""
    for emergency in intake.emergencies:
        console.print(f"!! 急ぎます：{emergency.label}（「{emergency.text}」）", markup=False)
    for member in intake.members:
        age = f"{member.age:g}歳" if member.age is not None else (member.age_band or "年齢は不明")
        console.print(f"■ {member.role}（{age}）", markup=False)
        for finding in member.findings:
            mark = "　" if finding.taken else "―"
            if finding.certainty == "possible":
                mark = "？もしかすると "
            console.print(
                f"　{mark}{finding.field}：{finding.label} ←「{finding.text}」", markup=False
            )


def why_table(why: "Why", console: Console) -> None:
    """Every gate and criterion of one resource, need by need."""
    kind = f"（{why.category_label}）" if why.category_label else ""
    console.print(f"{why.name}{kind}", markup=False, style="bold")
    if not why.needs:
        console.print(
            "この相談からは困りごとが読み取れませんでした。needs に言葉を足してください。"
        )
    for need in why.needs:
        mark = "○" if need.fits else "×"
        console.print(f"\n{mark} {need.label}（{need.member}）：{need.summary}", markup=False)
        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in ("見るところ", "判定", "理由", "本人", "資源"):
            table.add_column(heading, overflow="fold")
        table.add_column("点", justify="right")
        for row in (*need.gates, *need.contributions):
            points = f"{row.points:.3f}" if row.weight else "条件"
            table.add_row(
                row.label,
                VERDICTS[row.verdict],
                row.reason,
                row.asked or "―",
                row.offered or "―",
                points,
            )
        console.print(table)
        for change in need.missing:
            console.print(f"→ こう変われば使える：{change.change}", markup=False)
        for confirm in need.confirm:
            phone = f"（電話 {confirm.phone}）" if confirm.phone else ""
            console.print(f"？ {confirm.question}{phone}", markup=False)


def gaps_table(report: "GapReport", console: Console) -> None:
    """The three sentences, then needs, changes and who would act."""
    for sentence in report.sentences:
        console.print(f"● {sentence}", markup=False, soft_wrap=True)
    table = Table(title="困りごとごとの行き先", box=None, header_style="bold")
    for heading in ("困りごと", "相談", "ある", "広げれば", "ない", "今は待つ", "所管課"):
        left = heading in {"困りごと", "所管課"}
        table.add_column(heading, justify="left" if left else "right")
    for line in report.needs[:_SHOWN_NEEDS]:
        numbers = (line.asked, line.available, line.widen, line.create, line.not_now)
        shown = [spoken(n, report.threshold, "") for n in numbers]
        table.add_row(line.label, *shown, line.department or "未定")
    console.print(table)
    if report.widenings:
        console.print("広げる案（効く人数の多い順）", style="bold")
        for change in report.widenings:
            console.print(
                f"・{change.name}：{change.change}（{spoken(change.serves, report.threshold, '人')}）",
                markup=False,
            )
    console.print(report.caveat, style="dim", markup=False)
