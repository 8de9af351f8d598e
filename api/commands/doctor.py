"""``tsunagu doctor``: is everything in place, and what to do if not."""

from dataclasses import asdict
from typing import Annotated

import typer

from api.commands import Command
from api.terminal import office, out, print_json

_MARKS = {"good": "○", "note": "△", "bad": "×"}


def run(
    ctx: typer.Context,
    json_: Annotated[bool, typer.Option("--json", help="JSONで出す")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Look at everything; exit 1 when something must be done."""
    from api.doctor import Level, examine  # noqa: PLC0415 - keeps --help fast

    with office(ctx) as opened:
        checks = examine(opened)
    fit = all(check.level is not Level.BAD for check in checks)
    if json_:
        print_json({"ok": fit, "checks": [asdict(check) for check in checks]})
    else:
        console = out()
        for check in checks:
            line = f"{_MARKS[check.level]} {check.label}：{check.found}"
            console.print(line, markup=False, soft_wrap=True)
            if check.todo:
                console.print(f"　→ {check.todo}", markup=False, soft_wrap=True)
    if not fit:
        raise typer.Exit(1)


COMMAND = Command(
    name="doctor",
    help="保存先・語彙・画面の部品・字形・データの新しさを確かめ、直し方を示します。",
    example="tsunagu doctor",
    run=run,
)
