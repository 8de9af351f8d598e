"""``tsunagu why``: every criterion and gate of one resource for one case."""

from typing import Annotated

import typer

from api.commands import Command
from api.terminal import office, out, print_json, read_date, read_json


def run(
    ctx: typer.Context,
    resource: Annotated[str, typer.Argument(metavar="RESOURCE", help="資源のIDか名前")],
    case: Annotated[
        str, typer.Option("--case", metavar="CASE.json", help="相談票（JSON）。- は標準入力")
    ],
    json_: Annotated[bool, typer.Option("--json", help="JSONで出す")] = False,  # noqa: FBT002 - a flag
    on: Annotated[
        str | None, typer.Option("--on", metavar="YYYY-MM-DD", help="いつの時点で見るか")
    ] = None,
) -> None:
    """Explain one resource, also an excluded one."""
    from api.consult import explain  # noqa: PLC0415 - keeps --help fast
    from api.tables import why_table  # noqa: PLC0415
    from matching.case import parse_case  # noqa: PLC0415
    from matching.result import to_json  # noqa: PLC0415

    parsed = parse_case(read_json(case))
    with office(ctx) as opened:
        answer = explain(opened, resource, parsed, on=read_date(on))
    if json_:
        print_json(to_json(answer))
    else:
        why_table(answer, out())


COMMAND = Command(
    name="why",
    help="一つの資源が、なぜ合うか・合わないかを、条件ごとに示します。",
    example="tsunagu why いきいきプラザ --case 相談票.json",
    run=run,
)
