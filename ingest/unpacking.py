"""Unpacking to disk without being drowned: size and ratio are watched while it happens."""

from pathlib import Path
from typing import Protocol

from ingest.source import FileRefusedError, Limits, Source, refuse

_CHUNK = 1 << 20


class Readable(Protocol):
    """Anything bytes can be read from."""

    def read(self, size: int = -1, /) -> bytes:
        """At most so many bytes; empty at the end."""


def copy_within(stream: Readable, target: Path, source: Source, limits: Limits) -> int:
    """Copy a stream of unpacked bytes to a file; gives its length.

    Raises FileRefusedError (and removes the file) once it grows beyond what the packed size can
    honestly hold.
    """
    total = 0
    with target.open("wb") as out:
        while chunk := stream.read(_CHUNK):
            total += len(chunk)
            if is_bomb(total, source.size, limits):
                out.close()
                target.unlink()
                raise bomb(source)
            out.write(chunk)
    return total


def is_bomb(unpacked: int, packed: int, limits: Limits) -> bool:
    """Whether so many bytes out of so few are no honest file."""
    if unpacked > limits.unpacked_bytes:
        return True
    return unpacked > limits.unpacked_ratio_from and unpacked > limits.unpacked_ratio * max(
        packed, 1
    )


def bomb(source: Source) -> FileRefusedError:
    """The error for an archive that grows without end."""
    return refuse(
        source,
        "は、解凍すると異常に大きくなるため取り込みません。",
        "中のファイルを取り出して、そのファイルを選んでください。",
        "archive_bomb",
    )
