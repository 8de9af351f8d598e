"""Columns that a shipped mapping passes over, taken where their heading leaves no doubt.

A mapping for a common layout (施設名・住所・電話) fits many lists; what else such a list says
(料金, 利用日, 対象) should not end among the unknown columns.
"""

from dataclasses import replace

from ingest.mapping import Mapping, bind
from ingest.propose import guess_all
from ingest.reader import Table
from ingest.schema import Kind

#: 見出しがほぼ同じときだけ採る。似ているだけの列は、そのほかの項目として残す。
_SURE = 0.9
_COVERED = 0.9
#: 取り違えると害の大きい項目は、対応表に書いてあるときだけ使う。
_NEVER = frozenset(
    {
        "id", "name", "publication", "lat", "lon", "point", "address", "provider_number",
        "legal_entity_number", "local_government_code", "assured_date", "contact_ids", "status",
    }
)  # fmt: skip


def completed(mapping: Mapping, table: Table) -> Mapping:
    """The mapping with the columns of this table that it does not know but that are plain to see."""
    if mapping.kind is not Kind.RESOURCES or mapping.header:
        # 職員がこの一覧のために列ごとに選んだ対応は、選んだとおりに読む。
        return mapping
    if mapping.own_id and bind(mapping, table.header).keys:
        # つなぐが書き出した台帳。独自の列は、書いた人の列のまま残す。
        return mapping
    unknown = [column for column in table.header if not mapping.knows(column)]
    if not unknown or 1 - len(unknown) / len(table.header) >= _COVERED:
        return mapping
    taken = {name for name, _ in bind(mapping, table.header).fields} | set(mapping.fixed)
    fields = dict(mapping.fields)
    for guess in sorted(guess_all(table), key=lambda g: -g.score):
        free = guess.field not in taken and guess.field not in _NEVER
        if guess.score >= _SURE and guess.column in unknown and free:
            fields[guess.field] = (*fields.get(guess.field, ()), guess.column)
            taken.add(guess.field)
            unknown.remove(guess.column)
    if len(fields) == len(mapping.fields) and fields == dict(mapping.fields):
        return mapping
    table.notes["columns_completed"] = sum(
        len(columns) - len(mapping.fields.get(name, ())) for name, columns in fields.items()
    )
    return replace(mapping, fields=fields)
