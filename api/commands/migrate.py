"""``tsunagu migrate``: from one backend to another, with a proof."""

from typing import Annotated

import typer

from api.commands import Command
from api.terminal import asking, counting, office, out
from graph.errors import StoreError


def run(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="FROM", help="移す元（sqlite:///… など）")],
    target: Annotated[str, typer.Argument(metavar="TO", help="移す先（neo4j://… など）")],
    yes: Annotated[bool, typer.Option("--yes", help="移す先の内容を確かめずに入れ替える")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Copy, then compare counts and digests of both sides."""
    from graph.backends.migrate import migrate  # noqa: PLC0415 - keeps --help fast

    with office(ctx) as opened, counting("移しています") as note:
        done = migrate(
            source,
            target,
            settings=opened.store_settings,
            ask=asking(yes),
            progress=note,
        )
    if done is None:
        raise typer.Abort
    console = out()
    for name, digest in (("元", done.source), ("先", done.target)):
        console.print(
            f"{name}　記録 {digest.nodes:,}件　つながり {digest.edges:,}本　印 {digest.value[:16]}"
        )
    if not done.equal:
        raise StoreError(
            "移した先が元と同じになっていません。",
            hint="移す間に元へ書き込みがあったときに起きます。書き込みを止めて、もう一度実行してください。",
            code="migrate_differs",
        )
    console.print("元と先は同じです。")


COMMAND = Command(
    name="migrate",
    help="保存先を別の種類へ移し、同じになったことを確かめます。",
    example="tsunagu migrate sqlite:///tsunagu.sqlite3 neo4j://localhost:7687",
    run=run,
)
