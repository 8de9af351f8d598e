"""追加情報 tables: further places of the rows of a main table, joined by the ID they share.

Such a row has no name of its own. Beside its main table (``X.csv`` and ``X_tsuika.csv``) it becomes
a resource at its own place, with the name and the contacts of the row it belongs to; days, sums
and points are its own or unknown, never those of the other place.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ingest.header import column_key
from ingest.reader import Reader, Row, Table
from ingest.source import Limits, Source

#: この対応表で読まれる表は、本表と合わせて読む。
EXTRA_MAPPING = "kodomo_shokudo_extra"
PLACE_MAPPING = "kodomo_shokudo_place"
#: 場所が変わっても同じもの。
_SHARED = (
    "全国地方公共団体コード", "都道府県コード又は市区町村コード", "都道府県", "都道府県名", "市区町村名",
    "名称", "名称_カナ", "設置目的", "実施支援の主な区分", "電話番号1", "電話番号2", "電話番号", "URL",
    "メールアドレス1", "メールアドレス2", "法人番号", "運営団体名",
)  # fmt: skip
_MARK = "追加情報の行"
_ENDING = re.compile(r"[_\-]?(?:tsuika|追加情報|追加)$", re.IGNORECASE)


def main_of(source: Source, others: Iterable[Source]) -> Source | None:
    """The main file of a 追加情報 file: of the same import, or lying beside it."""
    base = _ENDING.sub("", source.stem)
    if base == source.stem:
        return None
    for other in others:
        if other.stem == base:
            return other
    beside = source.path.with_name(source.path.name.replace(source.stem, base))
    return (
        Source(str(Path(source.shown).with_name(beside.name)), beside) if beside.is_file() else None
    )


def joined(extra: Table, main: Source, reader: Reader, limits: Limits) -> Table:
    """The 追加情報 table with the columns it shares with the rows of its main table."""
    tables = reader.tables(main, limits) if reader.tables is not None else ()
    known = _by_id(tables[0]) if tables else {}
    columns = [name for name in _SHARED if any(column_key(name) in row for row in known.values())]

    def rows() -> Iterator[Row]:
        at = _places(extra.header)
        for row in extra.rows():
            held = known.get(_cell(row.cells, at.get(column_key("ID")))) or {}
            address = _cell(row.cells, at.get(column_key("住所")))
            # 住所のない行は別の場所ではない。名称を付けず、理由とともに却下させる。
            shared = [held.get(column_key(name), "") if address else "" for name in columns]
            own = (*row.cells, *[""] * (len(extra.header) - len(row.cells)))
            yield Row(row.number, (*own[: len(extra.header)], *shared, "1" if any(own) else ""))

    return Table(
        header=(*extra.header, *columns, _MARK),
        rows=rows,
        encoding=extra.encoding,
        sheet=extra.sheet,
        notes=extra.notes,
        mapping=PLACE_MAPPING,
    )


def _by_id(table: Table) -> Mapping[str, Mapping[str, str]]:
    keys = [column_key(name) for name in table.header]
    at = _places(table.header).get(column_key("ID"))
    return {
        found: dict(zip(keys, row.cells, strict=False))
        for row in table.rows()
        if (found := _cell(row.cells, at))
    }


def _places(header: Iterable[str]) -> Mapping[str, int]:
    return {column_key(name): place for place, name in enumerate(header)}


def _cell(cells: tuple[str, ...], at: int | None) -> str:
    return cells[at].strip() if at is not None and at < len(cells) else ""
