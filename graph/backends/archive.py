"""The backup file: gzip of JSON lines, the same for every backend.

First line: what it is and its version. Then one line per node (``["n", kind, id, props]``) and
edge (``["e", kind, kind, id, kind, id, props]``), ``props`` being canonical text. Last line:
counts, the digest of the graph, and SHA-256 of everything before it. A file without its last
line, or whose hash differs, is damaged.
"""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from graph.backends.digest import Digester, GraphDigest
from graph.backends.props import decode_props, encode_props
from graph.errors import InputError
from graph.model.element import Edge, EdgeKind, Node, NodeKind, Ref

FORMAT = "tsunagu-backup"
#: Newest version this code reads and the one it writes.
VERSION = 1

_LEVEL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A file that was read through and found whole."""

    path: Path
    created: str
    digest: GraphDigest

    def nodes(self) -> Iterator[Node]:
        """Every node in it."""
        for row in _rows(self.path, "n"):
            yield Node(kind=NodeKind(row[1]), id=row[2], props=decode_props(row[3]))

    def edges(self) -> Iterator[Edge]:
        """Every edge in it."""
        for row in _rows(self.path, "e"):
            yield Edge(
                kind=EdgeKind(row[1]),
                source=Ref(NodeKind(row[2]), row[3]),
                target=Ref(NodeKind(row[4]), row[5]),
                props=decode_props(row[6]),
            )


def write_archive(
    path: Path, nodes: Iterable[Node], edges: Iterable[Edge], *, created: str
) -> GraphDigest:
    """Write a file; the caller moves it into place."""
    whole, digester = sha256(), Digester()
    with gzip.open(path, "wb", compresslevel=_LEVEL) as out:

        def put(row: object) -> None:
            line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            whole.update(line)
            out.write(line)

        put({"format": FORMAT, "version": VERSION, "created": created})
        for node in nodes:
            digester.node(node)
            put(["n", node.kind, node.id, encode_props(node.props)])
        for edge in edges:
            digester.edge(edge)
            s, t = edge.source, edge.target
            put(["e", edge.kind, s.kind, s.id, t.kind, t.id, encode_props(edge.props)])
        digest = digester.result()
        put({**asdict(digest), "sha256": whole.hexdigest()})
    return digest


def open_archive(path: Path) -> Archive:
    """Read a file through before anything is done with it.

    Raises InputError: not a backup, of a newer version, or damaged.
    """
    try:
        header, trailer, found = _read_through(path)
    except FileNotFoundError as error:
        raise _bad(
            path, "控えのファイルがありません。", "場所と名前を確かめてください。"
        ) from error
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise _damaged(path) from error
    if header.get("format") != FORMAT:
        raise _bad(path, "つなぐの控えではないファイルです。", "ファイルを確かめてください。")
    if header["version"] > VERSION:
        raise InputError(
            f"この控えは新しい版のつなぐで書かれています（形式 {header['version']}）。",
            hint="控えを取った版以上のつなぐで戻してください。",
            code="backup_newer",
            facts={"path": str(path), "version": header["version"], "supported": VERSION},
        )
    if trailer.get("sha256") != found:
        raise _damaged(path)
    digest = GraphDigest(nodes=trailer["nodes"], edges=trailer["edges"], value=trailer["value"])
    return Archive(path=path, created=header["created"], digest=digest)


def _read_through(path: Path) -> tuple[dict[str, Any], dict[str, Any], str]:
    whole, last = sha256(), b""
    header: dict[str, Any] = {}
    with gzip.open(path, "rb") as lines:
        for number, line in enumerate(lines):
            if number == 0:
                header = _mapping(line)
            whole.update(last)
            last = line
    return header, _mapping(last), whole.hexdigest()


def _mapping(line: bytes) -> dict[str, Any]:
    found = json.loads(line)
    return found if isinstance(found, dict) else {}


def _rows(path: Path, mark: Literal["n", "e"]) -> Iterator[list[str]]:
    start = f'["{mark}"'.encode()
    with gzip.open(path, "rb") as lines:
        for line in lines:
            if line.startswith(start):
                yield json.loads(line)


def _damaged(path: Path) -> InputError:
    return InputError(
        "控えのファイルが壊れているか、途中で切れています。ストアには何も書いていません。",
        hint="別の日の控えで戻してください。",
        code="backup_damaged",
        facts={"path": str(path)},
    )


def _bad(path: Path, message: str, hint: str) -> InputError:
    return InputError(message, hint=hint, code="not_a_backup", facts={"path": str(path)})
