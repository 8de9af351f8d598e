"""``tsunagu export``: the ledger, GeoJSON or HSDS; whole, or only what may be public."""

import os
from pathlib import Path
from typing import Annotated

import typer

from api.commands import Command
from api.terminal import err, office, out
from graph.errors import InputError


def run(
    ctx: typer.Context,
    format_: Annotated[str, typer.Argument(metavar="hsds|csv|xlsx|geojson", help="形式")],
    file: Annotated[Path, typer.Argument(metavar="OUT", help="書き出す先")],
    public: Annotated[bool, typer.Option("--public", help="公開してよいものだけ")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Write the file whole, or not at all."""
    from reports.exports.exporter import export_store  # noqa: PLC0415 - keeps --help fast

    _check_folder(file)
    with office(ctx) as opened:
        try:
            count = export_store(
                opened.store, format_, file, vocabulary=opened.vocabulary, public=public
            )
        except OSError as error:
            raise InputError(
                f"「{file}」に書き出せません（{error.strerror}）。",
                hint="フォルダーがあるか、書き込めるか、ほかのソフトで開いていないかを確かめてください。",
            ) from error
    out().print(f"{count:,}件を書き出しました：{file}", markup=False, soft_wrap=True)
    if not public:
        err().print("関係者限りの情報が入っています。外に出すときは --public を付けてください。")


def _check_folder(file: Path) -> None:
    if not file.parent.is_dir() or not os.access(file.parent, os.W_OK):
        raise InputError(
            f"書き出す先のフォルダー「{file.parent}」がないか、書き込めません。",
            hint="フォルダーを作るか、別の場所を指定してください。",
        )


COMMAND = Command(
    name="export",
    help="台帳（CSV・Excel）、GeoJSON、HSDS 3.1 で書き出します。台帳はそのまま取り込み直せます。",
    example="tsunagu export xlsx 台帳.xlsx",
    run=run,
)
