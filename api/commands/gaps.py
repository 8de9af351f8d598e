"""``tsunagu gaps``: what is missing, where, for how many, and what would help most."""

from pathlib import Path
from typing import Annotated

import typer

from api.commands import Command
from api.terminal import office, out, progress, read_json


def run(
    ctx: typer.Context,
    cases: Annotated[
        str | None,
        typer.Option(
            "--cases",
            metavar="FILE.jsonl",
            help="相談のファイル（一行一件）。なければ記録された不足を数える",
        ),
    ] = None,
    by: Annotated[
        str, typer.Option("--by", help="集計の軸：area,need,reason,month,group,route")
    ] = "need,area,reason",
    threshold: Annotated[
        int,
        typer.Option(
            "--threshold", min=1, metavar="N", help="この件数より少ない数は伏せる（1で伏せない）"
        ),
    ] = 5,
    file: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="書き出す先（.xlsx .pdf .html .csv .json）"),
    ] = None,
) -> None:
    """Report what is missing; on the terminal without ``--out``."""
    from api.gaps import read_cases, report_of_cases, report_of_records  # noqa: PLC0415
    from api.tables import gaps_table  # noqa: PLC0415
    from reports.writer import write_gaps  # noqa: PLC0415

    with office(ctx) as opened:
        if cases is None:
            report = report_of_records(opened, by=by, threshold=threshold)
        else:
            with progress() as bar:
                task = bar.add_task("照らし合わせ中", total=None)
                report = report_of_cases(
                    opened,
                    read_cases(read_json(cases)),
                    by=by,
                    threshold=threshold,
                    progress=lambda done, total: bar.update(task, completed=done, total=total),
                )
    if file is not None:
        write_gaps(report, file)
        out().print(f"書き出しました：{file}", markup=False, soft_wrap=True)
    gaps_table(report, out())


COMMAND = Command(
    name="gaps",
    help="何が、どこで、何人分足りず、何を変えれば最も効くかを報告します。",
    example="tsunagu gaps --cases cases.jsonl --out 不足資源.xlsx",
    run=run,
)
