"""Reads vocabulary files into plain entries; says what can't be read, and goes on."""

import hashlib
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from graph.vocabulary.concept import Family
from graph.vocabulary.problem import Problem

#: The data shipped with the product.
SHIPPED = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A concept as its file has it, before anything is checked."""

    family: Family
    file: str
    key: str
    body: Mapping[str, Any]


@dataclass(slots=True)
class Sources:
    """All entries of a folder, a digest of its bytes, and the faults met on the way."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    digest: str = ""


class _DuplicateKeyError(yaml.YAMLError):
    pass


class _StrictLoader(yaml.CSafeLoader):
    """Safe loader that refuses a heading written twice (YAML would keep the last silently)."""


def _mapping(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    seen: set[str] = set()
    for key_node, _ in node.value:
        if key_node.value in seen:
            line = key_node.start_mark.line + 1
            raise _DuplicateKeyError(f"{line}行目の「{key_node.value}」が二度書かれています。")
        seen.add(key_node.value)
    return loader.construct_mapping(node, deep=True)


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_sources(folder: Path) -> Sources:
    """Every ``<family>/*.yaml`` under ``folder``, in the order of their names."""
    sources = Sources()
    digest = hashlib.sha256()
    families = {str(family) for family in Family}
    for path in sorted(folder.rglob("*.yaml")):
        name = path.relative_to(folder).as_posix()
        content = path.read_bytes()
        digest.update(name.encode() + b"\0" + content + b"\0")
        family = name.split("/", 1)[0]
        if family not in families or name.count("/") != 1:
            sources.problems.append(
                Problem(
                    file=name,
                    key="",
                    what="置き場所がちがいます。",
                    todo=f"{'・'.join(sorted(families))} のどれかのフォルダの直下に置いてください。",
                )
            )
            continue
        _read_file(Family(family), name, content, sources)
    sources.digest = digest.hexdigest()[:16]
    return sources


def _read_file(family: Family, name: str, content: bytes, sources: Sources) -> None:
    data = _parse(name, content, sources)
    if data is None:
        return
    concepts = data.get("concepts")
    if not isinstance(concepts, Mapping) or not concepts:
        sources.problems.append(
            Problem(
                file=name,
                key="concepts",
                what="見出し concepts の下に概念がありません。",
                todo="data/README.md の例のとおり、concepts: の下に一つずつ書いてください。",
            )
        )
        return
    unknown = sorted(str(key) for key in data if key not in {"concepts", "defaults"})
    sources.problems.extend(
        Problem(
            file=name,
            key=key,
            what="ファイルの先頭に置けない見出しです。",
            todo="使えるのは defaults と concepts だけです。",
        )
        for key in unknown
    )
    defaults = data.get("defaults") or {}
    for key, body in concepts.items():
        if not isinstance(body, Mapping):
            sources.problems.append(
                Problem(
                    file=name,
                    key=str(key),
                    what="中身がありません。",
                    todo="label（表示名）と definition（説明）を書いてください。",
                )
            )
            continue
        whole = _with_defaults(defaults, body, str(key))
        sources.entries.append(Entry(family=family, file=name, key=str(key), body=whole))


def _with_defaults(
    defaults: Mapping[str, Any], body: Mapping[str, Any], key: str
) -> Mapping[str, Any]:
    whole = dict(body)
    for name, value in defaults.items():
        if name == "broader" and value == key:
            continue
        if name == "facts":
            whole["facts"] = {**value, **(body.get("facts") or {})}
        else:
            whole.setdefault(name, value)
    return whole


def _parse(name: str, content: bytes, sources: Sources) -> Mapping[str, Any] | None:
    try:
        data = yaml.load(content.decode("utf-8-sig"), Loader=_StrictLoader)  # noqa: S506 - a safe loader
    except UnicodeDecodeError:
        fault = "文字コードがUTF-8ではありません。"
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"{mark.line + 1}行目が読めません。" if mark else str(error)
        fault = f"YAMLとして読めません。{line}"
    else:
        if isinstance(data, Mapping):
            return data
        fault = "中身がありません。"
    sources.problems.append(
        Problem(
            file=name,
            key="",
            what=fault,
            todo="字下げ（半角空白2つ）とコロンの後の空白を確かめ、UTF-8で保存してください。",
        )
    )
    return None
