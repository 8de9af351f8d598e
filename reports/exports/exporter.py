"""The seam of exports: each format is one file with an ``EXPORTER``, found by discovery."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import reports.exports.formats
from graph.discovery import discover
from graph.errors import InputError
from graph.store import GraphStore
from graph.vocabulary.protocol import Vocabulary

Write = Callable[[GraphStore, Path, Vocabulary, bool], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter:
    """One format. ``write(store, out, vocabulary, public)`` gives the number of resources."""

    key: str
    label: str
    suffixes: tuple[str, ...]
    write: Write


@cache
def exporters() -> tuple[Exporter, ...]:
    """All formats, ordered by module name."""
    return discover(reports.exports.formats, "EXPORTER", Exporter)


def export_store(
    store: GraphStore, key: str, out: Path, *, vocabulary: Vocabulary, public: bool = False
) -> int:
    """Write everything that may be given out to ``out``; gives the number of resources.

    ``key``: csv, xlsx, geojson or hsds (its ``.zip`` is the tabular package). Written beside and
    moved into place, so that a file is whole or not there. Raises InputError for an unknown
    format or a suffix it does not have.
    """
    exporter = next((e for e in exporters() if e.key == key), None)
    if exporter is None:
        raise InputError(
            f"書き出しの形式「{key}」はありません。",
            hint="使える形式は " + "、".join(e.key for e in exporters()) + " です。",
            code="unknown_format",
        )
    if out.suffix.lower() not in exporter.suffixes:
        raise InputError(
            f"{exporter.label}のファイル名は {' か '.join(exporter.suffixes)} で終わらせてください。",
            hint=f"例：{out.stem}{exporter.suffixes[0]}",
            code="wrong_suffix",
        )
    part = out.with_name(f".{out.name}.part{out.suffix}")
    try:
        count = exporter.write(store, part, vocabulary, public)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return count
