"""The seam of file formats: one reader a file in ``ingest/readers``, found by discovery.

A reader turns a source into tables of text cells (``tables``), or a container into further
sources (``unpack``). It decides nothing about what a column means; that is a mapping's work.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

import ingest.readers
from graph.discovery import discover
from graph.errors import InputError
from ingest.source import Limits, Source, check_size, refuse


class Row(NamedTuple):
    """One row as it stood; ``number`` is where a person finds it (line or sheet row, from 1)."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under one header. ``rows()`` may be called again and gives the same rows.

    ``notes`` maps a warning code to a count, for what the reader itself passed over (title lines,
    comment lines, sheets of examples).
    """

    header: tuple[str, ...]
    rows: Callable[[], Iterator[Row]]
    encoding: str | None = None
    sheet: str | None = None
    notes: dict[str, int] = field(default_factory=dict)
    mapping: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One file format.

    ``sniff`` says from name and first bytes how sure it is (0 = not mine, 1 = certain). ``sample``
    is a small file as bytes with the number of rows it holds, run by the tests.
    """

    key: str
    label: str
    suffixes: tuple[str, ...]
    sniff: Callable[[Source], float]
    tables: Callable[[Source, Limits], Sequence[Table]] | None = None
    unpack: Callable[[Source, Limits, Path], Iterator[Source]] | None = None
    sample: Callable[[], tuple[str, bytes, int]] | None = None

    def problems(self) -> Iterator[str]:
        """What is missing for it to be usable."""
        if not self.key or not self.label:
            yield "key と label を書いてください"
        if (self.tables is None) == (self.unpack is None):
            yield "tables か unpack のどちらか一つを書いてください"
        if self.sample is None:
            yield "試験で読む見本 sample を書いてください"


@cache
def readers() -> tuple[Reader, ...]:
    """All readers, ordered by module name."""
    return discover(ingest.readers, "READER", Reader, Reader.problems)


def choose_reader(source: Source, limits: Limits, forced: str | None = None) -> Reader:
    """The reader that is most sure of the source.

    Raises FileRefusedError when none is, or when the name promises a format the bytes are not.
    """
    check_size(source, limits)
    if forced is not None:
        return reader_named(forced)
    ranked = sorted(((r.sniff(source), -i, r) for i, r in enumerate(readers())), reverse=True)
    sure, _, best = ranked[0]
    if sure > 0:
        return best
    promised = next((r.label for r in readers() if source.suffix in r.suffixes), None)
    if promised:
        raise refuse(
            source,
            f"は、名前は{promised}ですが中身がちがいます。",
            "元のソフトで開けるか確かめ、正しい形式で保存し直してください。",
            "not_what_name_says",
        )
    raise refuse(
        source,
        "の形式が分かりません。",
        "CSV、Excel、JSON、GeoJSON、シェープファイル、zipのどれかで保存し直してください。",
        "unknown_format",
    )


def reader_named(key: str) -> Reader:
    """The reader of a key; raises InputError naming the keys there are."""
    for reader in readers():
        if reader.key == key:
            return reader

    raise InputError(
        f"形式「{key}」はありません。",
        hint="使える形式は " + "、".join(r.key for r in readers()) + " です。",
        code="unknown_format",
    )
