"""A zip archive: every file inside becomes a source of its own.

The parts of a shapefile are unpacked side by side. Names written in CP932 by Japanese tools are
read as such; paths never leave the working folder.
"""

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path, PurePosixPath

from ingest.reader import Reader
from ingest.source import Limits, Source, refuse
from ingest.unpacking import bomb, copy_within, is_bomb

_MAGIC = b"PK\x03\x04"
_UTF8_FLAG = 0x800
_OFFICE = ("xl/", "word/", "ppt/", "[Content_Types].xml", "content.xml")
_SKIPPED = ("__MACOSX/", ".DS_Store", "Thumbs.db")


def sniff(source: Source) -> float:
    """A zip that is no office document."""
    if not source.head.startswith(_MAGIC):
        return 0.0
    try:
        with zipfile.ZipFile(source.path) as archive:
            names = archive.namelist()[:2000]
    except (zipfile.BadZipFile, OSError):
        return 0.5 if source.suffix == ".zip" else 0.0
    return 0.0 if any(name.startswith(_OFFICE) for name in names) else 0.9


def unpack(source: Source, limits: Limits, folder: Path) -> Iterator[Source]:
    """The files inside. Raises FileRefusedError for a damaged, locked or oversized archive."""
    if source.depth >= limits.depth:
        raise refuse(
            source,
            "は、圧縮が何重にもなっています。",
            "一度解凍してから選んでください。",
            "archive_too_deep",
        )
    try:
        with zipfile.ZipFile(source.path) as archive:
            yield from _members(archive, source, limits, folder)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as fault:
        raise refuse(
            source,
            "は壊れていて解凍できません。",
            "もう一度ダウンロードするか、圧縮し直してください。",
            "damaged_archive",
        ) from fault
    except RuntimeError as fault:
        raise refuse(
            source,
            "にはパスワードが付いています。",
            "パスワードを外した zip を選んでください。",
            "locked_archive",
        ) from fault


def _members(
    archive: zipfile.ZipFile, source: Source, limits: Limits, folder: Path
) -> Iterator[Source]:
    members = [m for m in archive.infolist() if not m.is_dir() and not _skipped(m)]
    if len(members) > limits.members:
        raise refuse(
            source,
            f"に入っているファイルが多すぎます（{len(members):,}個）。",
            "必要なファイルだけを選んでください。",
            "too_many_members",
        )
    if is_bomb(sum(m.file_size for m in members), source.size, limits):
        raise bomb(source)
    inside = folder / f"zip{len(list(folder.iterdir()))}"
    left = limits.unpacked_bytes
    found: list[Source] = []
    for member in members:
        name = _name(member)
        target = inside.joinpath(*_safe_parts(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as stream:
            left -= copy_within(stream, target, source, limits)
        if left < 0:
            raise bomb(source)
        found.append(Source(f"{source.shown}/{name}", target, source.depth + 1))
    yield from sorted(found, key=lambda s: s.shown)


def _skipped(member: zipfile.ZipInfo) -> bool:
    name = member.filename
    return name.startswith(_SKIPPED) or name.endswith(_SKIPPED) or "/__MACOSX/" in name


def _name(member: zipfile.ZipInfo) -> str:
    if member.flag_bits & _UTF8_FLAG:
        return member.filename
    raw = member.filename.encode("cp437", errors="replace")
    for encoding in ("utf-8", "cp932"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename


def _safe_parts(name: str) -> tuple[str, ...]:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    kept = [p.replace(":", "_") for p in parts if p not in ("/", "..", ".", "")]
    return tuple(part[-120:] for part in kept) or ("file",)


def _sample() -> tuple[str, bytes, int]:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("施設/一覧.csv", "名称,住所\n本町会館,本町1\n東会館,東町2\n")
        archive.writestr("__MACOSX/x", "")
    return "施設.zip", stream.getvalue(), 2


READER = Reader(
    key="zip",
    label="zip",
    suffixes=(".zip",),
    sniff=sniff,
    unpack=unpack,
    sample=_sample,
)
