"""``tsunagu bench``: speed beside its rivals, or quality on labelled cases, on this machine."""

from pathlib import Path
from typing import Annotated

import typer

from api.commands import Command


def run(
    ctx: typer.Context,
    resources: Annotated[
        int, typer.Option("--resources", min=100, max=5_000_000, help="架空の資源の数")
    ] = 10_000,
    json_: Annotated[bool, typer.Option("--json", help="JSONで出す")] = False,  # noqa: FBT002 - a flag
    quality: Annotated[bool, typer.Option("--quality", help="相談事例で照合の質を測る")] = False,  # noqa: FBT002 - a flag
    cases: Annotated[
        Path | None, typer.Option("--cases", metavar="FOLDER", help="質を測る相談事例のフォルダー")
    ] = None,
    groups: Annotated[bool, typer.Option("--groups", help="群ごとの誤りの分析も出す")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Measure; exit 1 when the engines' lists differ (then no speed is told)."""
    if quality:
        from benchmarks import quality as measured  # noqa: PLC0415 - only for this command

        store = ctx.find_root().params.get("store")
        code = measured.main(store, cases=cases, as_json=json_, groups=groups)
    else:
        from benchmarks.run import main  # noqa: PLC0415 - only for this command

        code = main(resources, json_)
    raise typer.Exit(code)


COMMAND = Command(
    name="bench",
    help="このパソコンでの速さ（競争相手と同じ答えになったときだけ）や、照合の質を測ります。",
    example="tsunagu bench --resources 10000 --json",
    run=run,
)
