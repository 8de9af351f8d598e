"""``tsunagu match``: which resources fit a household, and why."""

from typing import Annotated

import typer

from api.commands import Command
from api.terminal import office, print_json, read_date, read_json
from graph.errors import InputError


def run(  # noqa: PLR0913, PLR0917 - one for each option
    ctx: typer.Context,
    case: Annotated[
        str, typer.Argument(metavar="CASE.json|-", help="相談票（JSON）。- は標準入力")
    ],
    json_: Annotated[bool, typer.Option("--json", help="JSONで出す")] = False,  # noqa: FBT002 - a flag
    top: Annotated[int, typer.Option("--top", min=1, max=1000, help="候補の数の上限")] = 20,
    on: Annotated[
        str | None,
        typer.Option(
            "--on",
            metavar="YYYY-MM-DD",
            help="いつの時点で見るか",
            show_default="相談票の日付か今日",
        ),
    ] = None,
    profile: Annotated[
        str | None, typer.Option("--profile", metavar="KEY", help="重みの組の名前")
    ] = None,
    full: Annotated[  # noqa: FBT002 - a flag
        bool, typer.Option("--full", help="困りごとの多い世帯でも、一つずつの一覧を短くしない")
    ] = False,
) -> None:
    """Match one case, or a list of cases in order."""
    from api.consult import match_case  # noqa: PLC0415 - keeps --help fast
    from matching.case import parse_case  # noqa: PLC0415
    from matching.result import to_json  # noqa: PLC0415

    data = read_json(case)
    day = read_date(on)
    if data == []:
        raise InputError(
            "相談が一件もありません。", hint="[ ] の中に相談（{ … }）を一件以上書いてください。"
        )
    cases = [parse_case(item) for item in (data if isinstance(data, list) else [data])]
    with office(ctx) as opened:
        results = [
            match_case(opened, parsed, top=top, on=day, weights=profile, full=full)
            for parsed in cases
        ]
    if json_:
        bodies = [to_json(result) for result in results]
        print_json(bodies if isinstance(data, list) else bodies[0])
        return
    from api.tables import match_table  # noqa: PLC0415

    for result in results:
        match_table(result)


COMMAND = Command(
    name="match",
    help="世帯に合う地域資源を、理由・確かめること・つなぎ方とともに挙げます。",
    example="tsunagu match 相談票.json --top 10",
    run=run,
)
