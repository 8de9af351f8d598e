"""The commands of ``tsunagu``: one file a command, found by discovery."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command: its name, one line of help, a worked example, and the function Typer reads.

    The example is the command line as a person types it; the reference page shows it.
    """

    name: str
    help: str
    example: str
    run: Callable[..., None]


def problems_of(command: Command) -> list[str]:
    """What a command file lacks."""
    problems = []
    if not command.help:
        problems.append("help（一行の説明）が空です")
    if f"tsunagu {command.name}" not in command.example:
        problems.append(f"example に「tsunagu {command.name}」を使ってください")
    return problems
