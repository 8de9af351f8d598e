"""A mapping from what a person chose for each column, the same on the screen and the command line."""

import re
from collections.abc import Mapping, Sequence

from graph.errors import InputError
from ingest.mapping import Mapping as ColumnMapping
from ingest.schema import FIELDS, Kind

#: Choices for a column besides a field: kept as it is, or left out.
KEEP, LEAVE_OUT = "", "-"
#: 同じ項目に選ばれた列をつなぐ文字。ここにない項目は、はじめに値のある列をとる。
_JOINED: Mapping[str, str] = {
    "schedule": " ",
    "eligibility": " ",
    "description": " ",
    "application": " ",
    "cost": " ",
    "note": " ",
    "address": "",
    "summary": " ",
}
_LONGEST = 60


def chosen_mapping(
    header: Sequence[str],
    choices: Mapping[str, str],
    *,
    key: str,
    label: str,
    kind: Kind = Kind.RESOURCES,
    fixed: Mapping[str, str] | None = None,
) -> ColumnMapping:
    """A mapping for just this header: column → field, ``KEEP`` or ``LEAVE_OUT``.

    Two columns of one field are joined (日時, 住所 …) or the first that is filled counts (電話 …).
    Raises InputError when no column is the name, or a column or field does not exist.
    """
    known = FIELDS[kind]
    columns: dict[str, list[str]] = {}
    for column in header:
        name = choices.get(column, KEEP)
        if name in {KEEP, LEAVE_OUT}:
            continue
        if name not in known:
            raise _fault(
                f"「{name}」という項目はありません。", "一覧にある項目から選んでください。"
            )
        if "{" in column or "}" in column:
            raise _fault(
                f"見出し「{column}」には波かっこ（{{ }}）があり、対応を決められません。",
                "元のファイルの見出しから波かっこを消してください。",
            )
        columns.setdefault(name, []).append(column)
    missing = [column for column in choices if column not in header]
    if missing:
        raise _fault(
            "見出しにない列です：" + "、".join(missing),
            "見出しのとおりに書いてください（全角・半角も同じに）。",
        )
    if "name" not in columns:
        raise _fault(
            "どの列が名称かが決まっていません。",
            "場や会の名前が入っている列に「名称」を選んでください。",
            code="no_name_column",
        )
    label = label.strip()
    if not label:
        raise _fault(
            "対応表の名前が空です。", "あとで分かる名前（例：社協サロン一覧）を付けてください。"
        )
    return ColumnMapping(
        key=key,
        label=label[:_LONGEST],
        kind=kind,
        required=tuple((column,) for held in columns.values() for column in held),
        fields={name: _alternatives(name, held) for name, held in columns.items()},
        fixed={name: text.strip() for name, text in (fixed or {}).items() if text.strip()},
        ignored=tuple(column for column in header if choices.get(column) == LEAVE_OUT),
        header=tuple(header),
    )


def choices_of(mapping: ColumnMapping, uses: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """What was chosen for the columns of a mapping: column → field or ``LEAVE_OUT``."""
    chosen = {column: fields[0] for column, fields in uses.items()}
    return {**dict.fromkeys(mapping.ignored, LEAVE_OUT), **chosen}


def mapping_key(stem: str) -> str:
    """A key made of a file's name.

    >>> mapping_key("サロン 一覧(R8).4")
    'own-サロン_一覧_R8_4'
    """
    return "own-" + re.sub(r"\W+", "_", stem).strip("_")[:_LONGEST]


def _alternatives(name: str, columns: Sequence[str]) -> tuple[str, ...]:
    if len(columns) == 1 or name not in _JOINED:
        return tuple(columns)
    return (_JOINED[name].join(f"{{{column}}}" for column in columns),)


def _fault(message: str, hint: str, *, code: str = "bad_mapping") -> InputError:
    return InputError(message, hint=hint, code=code)
