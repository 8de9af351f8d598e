"""``tsunagu map``: one self-contained HTML file that opens with no network."""

from pathlib import Path
from typing import Annotated

import typer

from api.commands import Command
from api.gaps import read_cases, unmet_of_cases
from api.terminal import office, out, read_json
from graph.errors import InputError
from graph.store import Scope


def run(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="OUT.html", help="書き出す先")],
    layers: Annotated[
        str | None, typer.Option("--layers", metavar="a,b", help="重ねる情報（既定はすべて）")
    ] = None,
    area: Annotated[str | None, typer.Option("--area", metavar="NAME", help="この区域だけ")] = None,
    public: Annotated[bool, typer.Option("--public", help="公開してよいものだけ")] = False,  # noqa: FBT002 - a flag
    cases: Annotated[
        str | None,
        typer.Option(
            "--cases",
            metavar="FILE.jsonl",
            help="相談のファイル。見つからなかった困りごとを区域ごとに重ねる",
        ),
    ] = None,
) -> None:
    """Write the map and say what is on it."""
    from maps.render import render_map  # noqa: PLC0415 - heavy

    if public and cases is not None:
        raise InputError(
            "公開用の地図に、相談から数えた困りごとは載せられません。",
            hint="--public か --cases のどちらかを外してください。",
        )
    keys = [key.strip() for key in layers.split(",") if key.strip()] if layers else None
    with (
        office(ctx) as opened,
        opened.view(Scope.PUBLIC if public else Scope.OFFICE) as view,
    ):
        unmet = unmet_of_cases(opened, read_cases(read_json(cases))) if cases else ()
        summary = render_map(
            view,
            file,
            layers=keys,
            area=area,
            public=public,
            on=opened.today,
            vocabulary=opened.vocabulary,
            unmet=unmet,
        )
    console = out()
    console.print(f"地図を書き出しました：{file}", markup=False, soft_wrap=True)
    for line in summary.lines():
        console.print(f"・{line}", markup=False, soft_wrap=True)


COMMAND = Command(
    name="map",
    help="インターネットなしで開ける、一つのHTMLの地図を書き出します。",
    example="tsunagu map 地図.html --area 川辺区",
    run=run,
)
