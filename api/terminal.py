"""What commands share: reading what a person gave, writing what they read."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from api.office import Office
from api.settings import Settings
from graph.errors import InputError

_MAX_TEXT_BYTES = 20_000_000
_STDIN = "-"


def out() -> Console:
    """Where results go."""
    return Console(file=sys.stdout, highlight=False, soft_wrap=False)


def err() -> Console:
    """Where progress and errors go."""
    return Console(stderr=True, highlight=False)


@contextmanager
def office(ctx: typer.Context) -> Iterator[Office]:
    """The office of this run, closed at the end."""
    settings = ctx.find_root().obj
    with Office(settings if isinstance(settings, Settings) else Settings()) as opened:
        yield opened


def read_text(source: str) -> str:
    """The text of a file, or of standard input for ``-``.

    Raises InputError when it is missing, a folder, empty, too big or no text.
    """
    data = sys.stdin.buffer.read(_MAX_TEXT_BYTES + 1) if source == _STDIN else _file_bytes(source)
    name = "標準入力" if source == _STDIN else f"「{source}」"
    if len(data) > _MAX_TEXT_BYTES:
        raise InputError(
            f"{name}が大きすぎます（上限 {_MAX_TEXT_BYTES // 1_000_000} MB）。",
            hint="いくつかのファイルに分けて実行してください。",
        )
    if not data.strip():
        raise InputError(f"{name}は空です。", hint="中身のあるファイルを指定してください。")
    return _decode(data, name)


def _file_bytes(source: str) -> bytes:
    path = Path(source)
    if path.is_dir():
        raise InputError(
            f"「{source}」はフォルダーです。", hint="ファイルの名前まで指定してください。"
        )
    try:
        with path.open("rb") as file:
            return file.read(_MAX_TEXT_BYTES + 1)
    except FileNotFoundError:
        raise InputError(
            f"ファイル「{source}」がありません。", hint="名前と置き場所を確かめてください。"
        ) from None
    except OSError as error:
        raise InputError(
            f"ファイル「{source}」を開けません（{error.strerror}）。",
            hint="読み取りの権限と、ほかのソフトで開いていないかを確かめてください。",
        ) from error


def _decode(data: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise InputError(
        f"{name}は文字のファイルではないようです。",
        hint="UTF-8の文字で保存したファイルを指定してください。",
    )


def read_json(source: str) -> Any:  # noqa: ANN401 - JSON
    """The JSON of a file or of standard input; one value a line (JSONL) gives a list.

    Raises InputError with the line where it stops being JSON.
    """
    text = read_text(source)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if source.endswith(".jsonl"):
            return _json_lines(text, source)
        name = "標準入力" if source == _STDIN else f"「{source}」"
        raise InputError(
            f"{name}はJSONとして読めません（{error.lineno}行目 {error.colno}文字目）。",
            hint="引用符・かっこ・コンマを確かめてください。文章の相談メモなら tsunagu intake を使えます。",
            facts={"line": error.lineno, "column": error.colno},
        ) from None


def _json_lines(text: str, source: str) -> list[Any]:
    values = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            values.append(json.loads(line))
        except json.JSONDecodeError:
            raise InputError(
                f"「{source}」の{number}行目はJSONとして読めません。",
                hint="一行に一件の相談を、{ … } の形で書いてください。",
                facts={"line": number},
            ) from None
    return values


def print_json(value: object) -> None:
    """A value as JSON on standard output, alone."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def read_date(text: str | None) -> date | None:
    """An option like ``--on 2026-11-20``."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(
            f"日付「{text}」を読めません。", hint="2026-11-20 のように年-月-日で書いてください。"
        ) from None


@contextmanager
def progress() -> Iterator[Progress]:
    """A bar on standard error; silent where nobody watches."""
    console = err()
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        yield bar


@contextmanager
def counting(what: str) -> Iterator[Callable[[int], None]]:
    """A counter on standard error for work whose end is not known."""
    with progress() as bar:
        task = bar.add_task(what, total=None)
        yield lambda done: bar.update(task, completed=done)


def asking(yes: bool) -> Callable[[str], bool]:  # noqa: FBT001 - the --yes flag
    """Answers a question of a part: by the flag, by the person, or no where nobody is there."""

    def ask(question: str) -> bool:
        if yes:
            return True
        if not sys.stdin.isatty():
            raise InputError(
                question,
                hint="入れ替えてよければ --yes を付けて実行してください。",
                code="needs_yes",
            )
        return typer.confirm(question, err=True)

    return ask
