"""JSON that holds a list of records: at the top, or under one or more names.

Some cities publish ``{"header": {key: label}, "data": [...]}``: the labels then become the
columns, and a record list per section becomes a table per section.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from ingest.reader import Reader, Row, Table
from ingest.source import Limits, Source, refuse


def sniff(source: Source) -> float:
    """Text that begins like JSON."""
    head = source.head.lstrip(b"\xef\xbb\xbf \r\n\t")
    if not head.startswith((b"{", b"[")):
        return 0.0
    return 0.8 if source.suffix in READER.suffixes else 0.5


def load_json(source: Source, limits: Limits) -> Any:  # noqa: ANN401 - any JSON
    """Parse a JSON file. Raises FileRefusedError when it is too large or broken."""
    if source.size > limits.json_bytes:
        raise refuse(
            source,
            "は、JSONのファイルとしては大きすぎます。",
            "区域やサービスの種類ごとに分けてください。",
            "file_too_large",
        )
    try:
        return json.loads(source.path.read_bytes().decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as fault:
        raise refuse(
            source,
            f"はJSONとして読めません（{_place(fault)}）。",
            "書き出したソフトで、もう一度JSON（UTF-8）で保存してください。",
            "bad_json",
        ) from fault


def read_tables(source: Source, limits: Limits) -> Sequence[Table]:
    """A table for every list of records."""
    data = load_json(source, limits)
    tables = tuple(_tables(data))
    if not tables:
        raise refuse(
            source,
            "に、記録の並び（[{…}, {…}]）が見つかりません。",
            "一件ずつの記録が並ぶJSONにしてください。",
            "no_rows",
        )
    return tables


def text_of(value: object) -> str:
    """A JSON value as the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004 - 整数で表せる範囲
        return str(int(value))
    if isinstance(value, list) and all(not isinstance(v, (dict, list)) for v in value):
        return ";".join(text_of(v) for v in value)
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return str(value)


def _tables(data: object) -> Iterator[Table]:
    if _is_records(data):
        yield _table(data, {}, None)
        return
    if not isinstance(data, dict):
        return
    labels, sections = _dict(data.get("header")), _dict(data.get("index"))
    for name, value in data.items():
        if _is_records(value):
            own = _dict(labels.get(name)) or labels
            yield _table(value, own, text_of(sections.get(name)) or None)
        elif name == "data" and isinstance(value, dict):
            for part, records in value.items():
                if _is_records(records):
                    own = _dict(labels.get(part))
                    yield _table(records, own, text_of(sections.get(part)) or part)


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _is_records(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)


def _table(records: Any, labels: dict[str, Any], section: str | None) -> Table:  # noqa: ANN401 - checked by _is_records
    keys: dict[str, None] = {}
    for record in records:
        keys.update(dict.fromkeys(record))
    header = _labelled(tuple(keys), labels)
    rows = [
        Row(i, tuple(text_of(record.get(key)) for key in keys))
        for i, record in enumerate(records, start=1)
    ]
    return Table(header=header, rows=lambda: iter(rows), encoding="utf-8", sheet=section)


def _labelled(keys: tuple[str, ...], labels: dict[str, Any]) -> tuple[str, ...]:
    names: list[str] = []
    for key in keys:
        label = text_of(labels.get(key)).strip() or key
        names.append(label if label not in names else f"{label}_{key}")
    return tuple(names)


def _place(fault: Exception) -> str:
    if isinstance(fault, json.JSONDecodeError):
        return f"{fault.lineno}行目"
    return "文字が壊れています" if isinstance(fault, UnicodeDecodeError) else "入れ子が深すぎます"


def _sample() -> tuple[str, bytes, int]:
    data = {"header": {"n": "名称", "a": "住所"}, "data": [{"n": "本町図書館", "a": "本町1"}]}
    return "図書館.json", json.dumps(data, ensure_ascii=False).encode(), 1


READER = Reader(
    key="json",
    label="JSON",
    suffixes=(".json",),
    sniff=sniff,
    tables=read_tables,
    sample=_sample,
)
