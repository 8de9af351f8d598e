"""The seam of written reports: one file a format, found by its suffix."""

import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import reports.writers
from graph.discovery import discover
from graph.errors import InputError
from matching.gaps.report import GapReport


@dataclass(frozen=True, slots=True, kw_only=True)
class GapWriter:
    """A format a gap report can be written in. ``render`` gives the bytes of the file."""

    suffix: str
    label: str
    media_type: str
    render: Callable[[GapReport], bytes]


def _problems(writer: GapWriter) -> Iterable[str]:
    if not writer.suffix.startswith("."):
        yield "suffix は「.」で始めてください"
    if not writer.label or not writer.media_type:
        yield "label と media_type が要ります"


@cache
def writers() -> Mapping[str, GapWriter]:
    """All formats by suffix."""
    found = discover(reports.writers, "WRITER", GapWriter, _problems)
    return {writer.suffix: writer for writer in found}


def write_gaps(report: GapReport, out: Path) -> None:
    """Write the report in the format its name asks for; nothing is left behind on a failure.

    Raises InputError when the suffix is not one of ours or the folder can't be written.
    """
    writer = writers().get(out.suffix.lower())
    if writer is None:
        known = "、".join(sorted(writers()))
        raise InputError(
            f"「{out.suffix or out.name}」の形では書き出せません。",
            hint=f"{known} のどれかで終わる名前にしてください。",
        )
    content = writer.render(report)
    part = out.with_name(out.name + ".part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(out)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise InputError(
            f"報告を {out} に書き込めません。",
            hint="書き込める場所と空き容量を確かめ、Excelなどで開いている場合は閉じてください。",
        ) from error
