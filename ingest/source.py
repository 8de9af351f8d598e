"""A file to be read, held to limits so that no file can use up time, memory or disk.

A :class:`Source` is a named run of bytes on disk. What lies inside an archive becomes a source of
its own, unpacked into a working folder that the caller removes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from graph.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds an import keeps to. Sizes in bytes, text lengths in characters."""

    file_bytes: int = 1_500_000_000
    workbook_bytes: int = 80_000_000
    sheet_cells: int = 2_000_000
    sheet_grid: int = 40_000_000
    json_bytes: int = 300_000_000
    unpacked_bytes: int = 1_500_000_000
    unpacked_ratio: int = 250
    unpacked_ratio_from: int = 20_000_000
    members: int = 2_000
    depth: int = 3
    columns: int = 1_000
    cell_characters: int = 200_000
    row_characters: int = 1_000_000


DEFAULT_LIMITS = Limits()
#: フォルダーを渡されたとき、その中から読むファイル。
_TABLES = frozenset(
    [
        ".csv",
        ".tsv",
        ".tab",
        ".txt",
        ".xlsx",
        ".xlsm",
        ".xls",
        ".xlsb",
        ".ods",
        ".json",
        ".geojson",
        ".shp",
        ".zip",
        ".gz",
    ]
)
HEAD_BYTES = 65_536


class FileRefusedError(InputError):
    """The file can't be taken as it is. ``code`` tells the kind of fault."""

    code = "file_refused"


@dataclass(frozen=True)
class Source:
    """Bytes on disk under the name a person knows them by.

    ``shown`` is that name (``一覧.zip/施設.csv`` for a file inside an archive); ``path`` is where
    the bytes lie now; ``depth`` counts the archives around it.
    """

    shown: str
    path: Path
    depth: int = 0

    @property
    def name(self) -> str:
        """File name without folders."""
        return self.shown.replace("\\", "/").rsplit("/", 1)[-1]

    @property
    def suffix(self) -> str:
        """Last suffix in small letters, with its dot."""
        return Path(self.name).suffix.lower()

    @property
    def stem(self) -> str:
        """Name without suffixes such as ``.csv.gz``."""
        stem = Path(self.name)
        while stem.suffix and len(stem.suffix) <= 8:  # noqa: PLR2004 - ".geojson" is the longest
            stem = stem.with_suffix("")
        return stem.name

    @cached_property
    def size(self) -> int:
        """Length in bytes."""
        return self.path.stat().st_size

    @cached_property
    def head(self) -> bytes:
        """The first 64 KiB."""
        with self.path.open("rb") as stream:
            return stream.read(HEAD_BYTES)

    def sibling(self, suffix: str) -> Path | None:
        """The file of the same name with another suffix (``.dbf`` beside ``.shp``), in any case."""
        for candidate in self.path.parent.iterdir():
            if candidate.stem == self.path.stem and candidate.suffix.lower() == suffix:
                return candidate
        return None


def refuse(source: Source, what: str, hint: str, code: str) -> FileRefusedError:
    """Make the error for a file that can't be taken, naming it."""
    return FileRefusedError(
        f"「{source.shown}」{what}", hint=hint, code=code, facts={"path": source.shown}
    )


def check_size(source: Source, limits: Limits = DEFAULT_LIMITS) -> None:
    """Refuse a file that is empty or beyond the limit, before any of it is read."""
    if source.size == 0:
        raise refuse(
            source,
            "は空のファイルです。",
            "中身のあるファイルか確かめて、もう一度選んでください。",
            "empty_file",
        )
    if source.size > limits.file_bytes:
        raise refuse(
            source,
            f"は大きすぎます（{source.size / 1e9:.1f}GB）。",
            "市区町村やサービスの種類ごとに分けたファイルにしてください。",
            "file_too_large",
        )


def _is_table(file: Path) -> bool:
    return file.suffix.lower() in _TABLES and file.name != "attributes.csv"


def walk(paths: list[Path]) -> Iterator[Source]:
    """Every file named, and every table file of the folders named, ordered by name.

    In a folder, hidden files, notes, licences and the parts of a shapefile are left out.

    Raises InputError when a path does not exist.
    """
    for path in paths:
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                inside = file.relative_to(path).parts
                hidden = any(part.startswith((".", "~$")) for part in inside)
                if file.is_file() and not hidden and _is_table(file):
                    yield Source(str(file), file)
        elif path.is_file():
            yield Source(str(path), path)
        else:
            raise InputError(
                f"「{path}」が見つかりません。",
                hint="ファイル名と置き場所を確かめてください。",
                code="no_such_file",
                facts={"path": str(path)},
            )
