"""``tsunagu restore``: a store from a backup."""

from pathlib import Path
from typing import Annotated

import typer

from api.commands import Command
from api.terminal import asking, office, out


def run(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="IN", help="控えのファイル")],
    yes: Annotated[bool, typer.Option("--yes", help="確かめずに入れ替える")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Check the file, then fill the store; asks before replacing what is there."""
    from graph.backends.backup import restore  # noqa: PLC0415 - keeps --help fast

    with office(ctx) as opened:
        digest = restore(file, opened.settings.store, asking(yes), settings=opened.store_settings)
    if digest is None:
        raise typer.Abort
    out().print(f"控えから戻しました。記録 {digest.nodes:,}件　つながり {digest.edges:,}本")


COMMAND = Command(
    name="restore",
    help="控えのファイルから保存先を戻します。傷んだ控えや新しい版の控えは使いません。",
    example="tsunagu restore 控え.tsunagu",
    run=run,
)
