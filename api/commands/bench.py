"""``tsunagu bench``: speed beside its rivals, or quality on labelled cases, on this machine."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands import Command
from api.settings import Settings

if TYPE_CHECKING:
    from benchmarks.rival_neo4j import Server


def run(  # noqa: PLR0913, PLR0917 - the options of the command
    ctx: typer.Context,
    resources: Annotated[
        list[int] | None,
        typer.Option(
            "--resources",
            min=100,
            max=5_000_000,
            help="架空の資源の数。繰り返すと、増えたときの伸びも出す",
            show_default="10000",
        ),
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="JSONで出す")] = False,  # noqa: FBT002 - a flag
    keep: Annotated[
        Path | None,
        typer.Option("--keep", metavar="FOLDER", help="架空の台帳を残し、次に使い回す場所"),
    ] = None,
    neo4j: Annotated[
        str | None,
        typer.Option(
            "--neo4j",
            metavar="URL",
            envvar="TSUNAGU_BENCH_NEO4J",
            help="比べる相手にする、計測のためだけの空のNeo4j（bolt://ホスト:7687）",
        ),
    ] = None,
    gap_cases: Annotated[
        int,
        typer.Option("--gap-cases", min=0, max=100_000, help="不足の分析を測る相談の数（0で省く）"),
    ] = 100,
    imports: Annotated[
        list[Path] | None,
        typer.Option(
            "--import", metavar="FILE", help="世帯の照合を測る実データ（繰り返し可）", exists=True
        ),
    ] = None,
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
        from benchmarks.run import Wanted, main  # noqa: PLC0415 - only for this command

        wanted = Wanted(
            keep=keep,
            neo4j=_server(ctx, neo4j),
            gap_cases=gap_cases,
            imports=tuple(imports or ()),
        )
        code = main(resources or [10_000], json_, wanted=wanted)
    raise typer.Exit(code)


def _server(ctx: typer.Context, url: str | None) -> "Server | None":
    """The rival's server with the name and password every store uses."""
    if url is None:
        return None
    from benchmarks.rival_neo4j import Server  # noqa: PLC0415 - only for this command

    base = ctx.find_root().obj
    settings = base if isinstance(base, Settings) else Settings()
    password = settings.neo4j_password
    return Server(
        url,
        settings.neo4j_user,
        password.get_secret_value() if password else None,
        settings.neo4j_database,
    )


COMMAND = Command(
    name="bench",
    help="このパソコンでの速さ（競争相手と同じ答えになったときだけ）や、照合の質を測ります。",
    example="tsunagu bench --resources 10000 --json",
    run=run,
)
