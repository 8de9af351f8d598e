"""One file packed with gzip: unpacked to disk within limits, then read by its own reader."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from ingest.reader import Reader
from ingest.source import Limits, Source, refuse
from ingest.unpacking import copy_within

_MAGIC = b"\x1f\x8b"


def sniff(source: Source) -> float:
    """By its first two bytes."""
    return 1.0 if source.head.startswith(_MAGIC) else 0.0


def unpack(source: Source, limits: Limits, folder: Path) -> Iterator[Source]:
    """The file inside. Raises FileRefusedError when it is damaged or unpacks beyond the limits."""
    name = source.name.removesuffix(".gz") if source.name.lower().endswith(".gz") else source.name
    target = folder / f"{len(list(folder.iterdir()))}-{Path(name).name}"
    try:
        with gzip.open(source.path, "rb") as stream:
            copy_within(stream, target, source, limits)
    except (OSError, EOFError, zlib.error) as fault:
        raise refuse(
            source,
            "は壊れていて解凍できません。",
            "もう一度ダウンロードするか、圧縮し直してください。",
            "damaged_archive",
        ) from fault
    shown = source.shown.removesuffix(".gz")
    yield Source(
        shown if shown != source.shown else f"{source.shown}/{name}", target, source.depth + 1
    )


def _sample() -> tuple[str, bytes, int]:
    return "一覧.csv.gz", gzip.compress("名称,住所\n本町会館,本町1\n".encode(), mtime=0), 1


READER = Reader(
    key="gz",
    label="gzip（.gz）",
    suffixes=(".gz",),
    sniff=sniff,
    unpack=unpack,
    sample=_sample,
)
