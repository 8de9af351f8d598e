"""``tsunagu intake``: what an ordinary memo says, each proposal with the words that led to it."""

from typing import Annotated

import typer

from api.commands import Command
from api.terminal import office, out, print_json, read_text


def run(
    ctx: typer.Context,
    memo: Annotated[
        str, typer.Argument(metavar="MEMO.txt|-", help="相談メモ（文章）。- は標準入力")
    ],
    json_: Annotated[bool, typer.Option("--json", help="JSONで出す")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Read a memo."""
    from api.consult import read_intake  # noqa: PLC0415 - keeps --help fast
    from api.tables import intake_table  # noqa: PLC0415
    from matching.result import to_json  # noqa: PLC0415

    text = read_text(memo)
    with office(ctx) as opened:
        intake = read_intake(opened, text)
    if json_:
        print_json(to_json(intake))
    else:
        intake_table(intake, out())


COMMAND = Command(
    name="intake",
    help="相談メモの文章から、世帯員・状況・困りごと・望みを、もとの言葉とともに読み取ります。",
    example="tsunagu intake 相談メモ.txt",
    run=run,
)
