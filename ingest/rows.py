"""Rows of a table under a mapping: blank, not to be taken (with the reason), or ready."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from graph.model.codec import canonical_json
from graph.model.provenance import SourceRecord
from graph.text import normalise
from ingest.clean.blanks import has_radicals, mended
from ingest.mapping import Bound
from ingest.reader import Row, Table
from ingest.records import Merged, digest_of, encode_fields, record_id, stable_id
from ingest.rejects import OWN_COLUMNS, Reject, plain_cell
from ingest.row_marks import Above, Fault, beside_rows
from ingest.schema import Kind
from ingest.typed import SCHEDULE_PARTS, hours_text

_MARKUP = re.compile(
    r"<\s*/?\s*(?:script|iframe|img|svg|object|embed|style|link|meta|a|body|html)\b", re.IGNORECASE
)
_FORMULA = re.compile(r"^\s*(?:=|[+\-@](?=\w+[(|!]))\s*[\w'\"$(]+.*[(|!]|^=\d+\s*[-+*/]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
MAX_NAME = 200
MAX_KEY = 180
NAME_LABELS: Mapping[Kind, str] = {
    Kind.RESOURCES: "名称",
    Kind.CONTACTS: "名称",
    Kind.AREAS: "区域の名称",
    Kind.PROGRAMS: "取組項目",
    Kind.POPULATION: "区域の名称",
    Kind.GAZETTEER: "町名",
}


@dataclass(frozen=True, slots=True)
class Ready:
    """A row that can be taken. ``own_id`` is the id it gives itself, if any."""

    number: int
    dataset: str
    record_key: str
    own_id: str | None
    cells: dict[str, str]
    extra: dict[str, str]
    raw: str
    digest: str

    def repeats(self, merged: Merged, bound: Bound) -> bool:
        """Whether the row says just what is known: every column of its table has that value."""
        fields = [name for name, _ in bound.fields if name != "id"]
        known = without_told_hours(dict(merged.cells))
        if any(self.cells.get(name) != known.get(name) for name in fields):
            return False
        columns = [name for _, name in bound.extra if name not in OWN_COLUMNS]
        return all(self.extra.get(name) == merged.extra.get(name) for name in columns)

    def record(self, batch: str, rank: int, now: datetime) -> SourceRecord:
        """Its source record."""
        return SourceRecord(
            id=record_id(self.dataset, self.record_key),
            dataset=self.dataset,
            record_key=self.record_key,
            digest=self.digest,
            cells=self.raw,
            fields=encode_fields(self.cells, self.extra),
            batch=batch,
            rank=rank,
            seen_at=now,
        )


BLANK = Fault("blank", "空の行です。")
REPEATED = Fault("repeated", "同じ内容の行の繰り返しです。")


class RowReader:
    """Reads the rows of one table; keeps keys apart and notices repeated rows.

    ``given`` counts the rows read so far.
    """

    def __init__(
        self, table: Table, bound: Bound, path: str, dataset: str, *, forced: bool = False
    ) -> None:
        self.dataset = dataset
        self.forced = forced
        self.table = table
        self.bound = bound
        self.path = path
        self.kind = bound.mapping.kind
        self._digests: dict[str, dict[str, int]] = {}
        #: 島や飛び地ごとに分かれた区域の行は、後で一つの区域にまとめる。
        self.joins = self.kind in (Kind.AREAS, Kind.POPULATION)
        self.given = 0
        self._above = Above()
        #: つなぐが書き出した台帳の「同上」は、書いた人の言葉のまま。
        self._exported = bound.mapping.own_id and bool(bound.keys)

    def read(self) -> Iterator[tuple[Row, Ready | Fault]]:
        """Every row with what becomes of it."""
        for row in self.table.rows():
            self.given += 1
            yield row, self._one(row)

    @property
    def dittos(self) -> int:
        """How many cells held 「〃」 or 「同上」 and were filled from the row above."""
        return self._above.filled

    def reject(self, row: Row, fault: Fault) -> Reject:
        """The row as it goes into the rejects file."""
        return Reject(
            path=self.path,
            sheet=self.table.sheet,
            number=row.number,
            code=fault.code,
            reason=fault.reason,
            header=self.table.header,
            cells=row.cells,
        )

    def _one(self, row: Row) -> Ready | Fault:
        if not any(cell.strip() for cell in row.cells):
            return BLANK
        if (fault := beside_rows(row.cells)) is not None:
            return fault
        texts = tuple(plain_cell(cell) for cell in row.cells)
        if not self._exported:
            texts = self._above.resolve(texts)
        if has_radicals("".join(texts)):
            texts = tuple(mended(text) for text in texts)
        cells = without_told_hours(self.bound.read(texts))
        fault = self._fault(row, texts, cells)
        if fault is not None:
            return fault
        extra = {k: v for k, v in self.bound.extras(texts).items() if k not in OWN_COLUMNS}
        digest = digest_of(cells, extra)
        given = self.bound.record_key(texts)
        return self._keyed(row, given, cells, extra, digest)

    def _fault(self, row: Row, texts: tuple[str, ...], cells: dict[str, str]) -> Fault | None:
        if len(texts) > len(self.table.header) and any(
            cell.strip() for cell in texts[len(self.table.header) :]
        ):
            return Fault(
                "too_many_cells",
                f"見出しより列が多い行です（見出し{len(self.table.header)}列、この行{len(row.cells)}列）。"
                "区切りのカンマや引用符を直してください。",
            )
        name = cells.get("name") if self.kind is not Kind.GAZETTEER else "町"
        if not name:
            return Fault(
                "no_name",
                self.bound.mapping.no_name
                or f"{NAME_LABELS[self.kind]}がありません。{NAME_LABELS[self.kind]}を入れて取り込み直してください。",
            )
        return _name_fault(name)

    def _keyed(
        self,
        row: Row,
        given: str | None,
        cells: dict[str, str],
        extra: dict[str, str],
        digest: str,
    ) -> Ready | Fault:
        own = given if given is not None and self.bound.mapping.own_id else None
        key = given if given is not None else self._name_key(cells)
        if len(key) > MAX_KEY or _CONTROL.search(key):
            key = stable_id("key", key)
        dataset = (None if self.forced else self.bound.dataset(row.cells)) or self.dataset
        seen = self._digests.setdefault(f"{dataset}#{key}", {})
        if digest in seen:
            return REPEATED
        if seen and own is not None and not self.joins:
            return Fault(
                "repeated_id",
                f"IDが{min(seen.values())}行目と同じですが、内容がちがいます。IDを付け直すか、一方を消してください。",
            )
        seen[digest] = row.number
        if len(seen) > 1 and not self.joins:
            key = f"{key}#{len(seen)}"
        raw = canonical_json(
            {
                c: v
                for c, v in zip(self.table.header, row.cells, strict=False)
                if v and c not in OWN_COLUMNS
            }
        )
        return Ready(row.number, dataset, key, own, cells, extra, raw, digest)

    def _name_key(self, cells: dict[str, str]) -> str:
        parts = [cells.get(name, "") for name in _KEY_FIELDS[self.kind]]
        return "|".join(normalise(part) for part in parts)


_KEY_FIELDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.RESOURCES: ("name", "category", "address"),
    Kind.CONTACTS: ("name", "kind", "organization", "territory"),
    Kind.AREAS: ("local_government_code", "kind", "city", "ward", "parent", "name"),
    Kind.POPULATION: ("local_government_code", "kind", "city", "ward", "parent", "name"),
    Kind.PROGRAMS: ("plan", "edition", "pillar", "number", "name"),
    Kind.GAZETTEER: ("prefecture", "city", "town"),
}


def without_told_hours(cells: dict[str, str]) -> dict[str, str]:
    """開催日時 that only tells the columns of days and times again is left out."""
    if cells.get("schedule") and any(name in cells for name in SCHEDULE_PARTS):
        parts = {name: text for name, text in cells.items() if name != "schedule"}
        if hours_text(parts) == cells["schedule"]:
            return parts
    return cells


def _name_fault(name: str) -> Fault | None:
    if len(name) > MAX_NAME:
        return Fault(
            "name_too_long",
            f"名称が長すぎます（{len(name)}字）。{MAX_NAME}字までにし、説明は概要の列に移してください。",
        )
    if _CONTROL.search(name):
        return Fault("name_control", "名称に文字でない記号が混じっています。打ち直してください。")
    if _MARKUP.search(name):
        return Fault(
            "name_markup", "名称にHTMLの記号（<…>）が入っています。名称だけの文字にしてください。"
        )
    if _FORMULA.match(name):
        return Fault(
            "name_formula", "名称が表計算の式になっています。式ではなく文字で入れてください。"
        )
    return None
