"""``tsunagu backup``: the whole store to one file."""

from pathlib import Path
from typing import Annotated

import typer

from api.commands import Command
from api.terminal import counting, err, office, out


def run(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="OUT", help="控えを書き出すファイル")],
) -> None:
    """Write the backup and read it back."""
    from graph.backends.backup import backup  # noqa: PLC0415 - keeps --help fast

    with office(ctx) as opened, counting("書き出し中") as note:
        digest = backup(opened.settings.store, file, settings=opened.store_settings, progress=note)
    console = out()
    console.print(f"控えを書き出しました：{file}", markup=False, soft_wrap=True)
    console.print(f"記録 {digest.nodes:,}件　つながり {digest.edges:,}本　印 {digest.value[:16]}")
    err().print("控えには関係者限りの情報が入っています。置き場所に気をつけてください。")


COMMAND = Command(
    name="backup",
    help="保存先の中身をまるごと一つのファイルに控えます。動かしたままで行えます。",
    example="tsunagu backup 控え.tsunagu",
    run=run,
)
