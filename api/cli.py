"""``tsunagu``: the command line. Commands are found in :mod:`api.commands`, one file each."""

import logging
import os
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup

from api import commands
from api.commands import Command, problems_of
from api.errors import where
from api.settings import Settings
from api.usage import usage_message
from graph.discovery import discover
from graph.errors import TsunaguError

_FAULT = 1
_USAGE = 2
_INTERRUPTED = 130

# ヘルプの見出しを日本語にする（Typerが公開している見出しの定数）。
rich_utils.ARGUMENTS_PANEL_TITLE = "引数"
rich_utils.OPTIONS_PANEL_TITLE = "オプション"
rich_utils.COMMANDS_PANEL_TITLE = "命令"
rich_utils.DEFAULT_STRING = "[既定: {}]"
rich_utils.REQUIRED_LONG_STRING = "[必須]"
rich_utils.ENVVAR_STRING = "[環境変数: {}]"


class _Japanese:
    """Says in Japanese what the parser says in English in a help text."""

    def get_help_option(self, ctx: Any) -> Any:  # noqa: ANN401 - Typer keeps these classes private
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "使い方を表示して終わる"
        return option

    def get_usage(self, ctx: Any) -> str:  # noqa: ANN401
        usage: str = super().get_usage(ctx)  # type: ignore[misc]
        words = {"Usage:": "使い方:", "[OPTIONS]": "[オプション]"}
        words |= {"COMMAND [ARGS]...": "命令 [引数]..."}
        for english, japanese in words.items():
            usage = usage.replace(english, japanese)
        return usage


class _Group(_Japanese, TyperGroup):
    """The whole command line."""


class _Command(_Japanese, TyperCommand):
    """One command."""


def build() -> typer.Typer:
    """The command-line app with every command."""
    app = typer.Typer(
        name="tsunagu",
        help="つなぐ：人の困りごとと地域の資源をつなぎ、足りない資源を明らかにします。",
        cls=_Group,
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback()(_root)
    for command in all_commands():
        app.command(command.name, cls=_Command, help=command.help)(command.run)
    return app


def all_commands() -> tuple[Command, ...]:
    """Every command, by name of its file."""
    return discover(commands, "COMMAND", Command, problems_of)


def _root(
    ctx: typer.Context,
    store: Annotated[
        str | None,
        typer.Option(
            "--store",
            envvar="TSUNAGU_STORE",
            help="記録の置き場所。sqlite:///PATH、memory:、neo4j://HOST:7687、bolt://HOST:7687",
            show_default="利用者のデータフォルダー",
        ),
    ] = None,
    version: Annotated[bool, typer.Option("--version", help="版を表示して終わる")] = False,  # noqa: FBT002 - a flag
) -> None:
    if version:
        from importlib.metadata import version as installed  # noqa: PLC0415 - only here

        sys.stdout.write(f"つなぐ {installed('tsunagu')}\n")
        raise typer.Exit
    settings = Settings()
    ctx.obj = settings.model_copy(update={"store": store}) if store else settings


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and leave with its exit code: 0 done, 1 a fault in what was given, 2 usage."""
    _use_utf8()
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run a command; the exit code."""
    try:
        command = typer.main.get_command(build())
        outcome: Any = command.main(
            args=list(arguments), prog_name="tsunagu", standalone_mode=False
        )
    except BrokenPipeError:
        # 読み手（head など）が先に閉じただけで、こちらの不具合ではない。
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _FAULT
    except (TsunaguError, ValidationError, typer.TyperException) as error:
        return _told(error)
    except (typer.Abort, KeyboardInterrupt):
        return _say("中断しました。保存の途中のものはありません。", _INTERRUPTED)
    except Exception as error:
        if os.environ.get("TSUNAGU_DEBUG"):
            raise
        # 例外の文や呼び出しの跡には相談の言葉が入りうるので、種類と場所だけを示す。
        return _say(
            f"思わぬ不具合が起きました（{type(error).__name__}、{where(error)}）。\n"
            "保存の途中のものはありません。もう一度行っても続く場合は、この表示を管理者に知らせてください。",
            _FAULT,
        )
    return outcome if isinstance(outcome, int) else 0


def _told(error: TsunaguError | ValidationError | typer.TyperException) -> int:
    if isinstance(error, TsunaguError):
        return _say(f"{error.message}\n{error.hint}", _FAULT)
    if isinstance(error, ValidationError):
        names = "、".join(f"TSUNAGU_{str(e['loc'][0]).upper()}" for e in error.errors() if e["loc"])
        return _say(
            f"環境変数の値が使えません：{names}\n値を直すか、設定を外してください。", _USAGE
        )
    if type(error).__name__ == "NoArgsIsHelpError":
        return _say(error.format_message(), _USAGE)
    return _say(usage_message(error), _USAGE)


def _say(text: str, code: int) -> int:
    sys.stderr.write(f"{text}\n")
    return code


def _use_utf8() -> None:
    # Windowsの端末や転送先の既定（cp932）で落ちないように、出力を必ずUTF-8にする。
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    main()
