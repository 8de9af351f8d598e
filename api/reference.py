"""Makes the reference pages of the command line and the API from the code itself.

``python -m api.reference`` writes them; a test says when they are out of date.
"""

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

from typer.models import ArgumentInfo, OptionInfo

from api.app import create_app
from api.cli import all_commands
from api.commands import Command
from api.settings import Settings

_NOTE = "<!-- python -m api.reference が書くページ。手で直さない。 -->"
_FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"


def cli_page() -> str:
    """Every command with its arguments, options and an example."""
    lines = [
        _NOTE,
        "# 命令（tsunagu）",
        "",
        (
            "共通のオプション：`--store URL`（または環境変数 `TSUNAGU_STORE`）。"
            "`sqlite:///PATH`、`memory:`、`neo4j://HOST:7687`、`bolt://HOST:7687`。"
            "既定は利用者のデータフォルダーのSQLite。Neo4jの利用者名と合言葉は "
            "`TSUNAGU_NEO4J_USER`、`TSUNAGU_NEO4J_PASSWORD`。"
        ),
        "",
        (
            "終了コード：0＝終わった、1＝渡されたものに不具合があった（標準エラーに、次にすること）、"
            "2＝使い方のちがい。`--json` の出力は標準出力にそれだけが出る。"
        ),
    ]
    for command in all_commands():
        lines += ["", f"## tsunagu {command.name}", "", command.help, ""]
        lines += ["```", command.example, "```", ""]
        lines += _parameters(command)
    return "\n".join(lines).rstrip() + "\n"


def _parameters(command: Command) -> Iterator[str]:
    rows = [row for row in map(_row, inspect.signature(command.run).parameters.values()) if row]
    if rows:
        yield "| 引数・オプション | 意味 |"
        yield "|---|---|"
        yield from rows


def _row(parameter: inspect.Parameter) -> str | None:
    if get_origin(parameter.annotation) is not Annotated:
        return None
    info = next(
        (a for a in get_args(parameter.annotation)[1:] if isinstance(a, OptionInfo | ArgumentInfo)),
        None,
    )
    if info is None:
        return None
    name = parameter.name.rstrip("_")
    if isinstance(info, OptionInfo):
        # Annotated のなかでは、最初の名前は default の場所に入る。
        given = (info.default, *(info.param_decls or ()))
        names = [d for d in given if isinstance(d, str) and d.startswith("-")] or [f"--{name}"]
        shown = ", ".join(names) + (f" {info.metavar}" if info.metavar else "")
    else:
        shown = info.metavar or name.upper()
    shown = shown.replace("|", "\\|")
    return f"| `{shown}` | {info.help or ''} |"


def api_page() -> str:
    """Every path of the HTTP API with what it answers."""
    described = create_app(Settings(store="memory:")).openapi()
    lines = [
        _NOTE,
        "# HTTP API",
        "",
        (
            "詳しい形は `/api/openapi.json`。エラーはどこでも "
            '`{"code", "message", "hint", "facts", "request_id"}`。'
            "相談の中身はURLに入れず、記録にも残らない。"
        ),
        "",
        "| 送り方 | 道 | 何をするか | 主な引数 |",
        "|---|---|---|---|",
    ]
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            lines.append(_operation(method, path, operation))
    return "\n".join(lines) + "\n"


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    named = [
        f"`{p['name']}`" + (f" {p['description']}" if p.get("description") else "")
        for p in operation.get("parameters", ())
        if p["in"] == "query"
    ]
    about = operation.get("description", "").split("\n")[0]
    return f"| {method.upper()} | `{path}` | {about} | {'、'.join(named)} |"


def pages() -> dict[Path, str]:
    """The pages and where they lie."""
    return {_FOLDER / "cli.md": cli_page(), _FOLDER / "api.md": api_page()}


def main() -> None:
    """Write them."""
    for path, text in pages().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
