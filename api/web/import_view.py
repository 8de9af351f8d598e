"""What the import screens show before and after anything is written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from api.deps import Here
from api.imports import Upload, shown_name
from api.own_mappings import own_mappings
from api.resources import source_name_of
from api.web.read_words import Reading, ResourceReading
from graph.areas import AreaTree
from graph.vocabulary.protocol import Vocabulary
from ingest.conflicts import OpenConflict
from ingest.differences import PLACE_FIELDS
from ingest.mapping import shipped_mappings
from ingest.peek import RowPeek, TablePeek
from ingest.report import Difference
from ingest.schema import FIELDS, Kind

KIND_LABELS: Mapping[str, str] = {
    Kind.RESOURCES: "資源（台帳・施設一覧）",
    Kind.CONTACTS: "連絡先",
    Kind.AREAS: "区域",
    Kind.PROGRAMS: "施策・行動計画",
    Kind.POPULATION: "人口",
    Kind.GAZETTEER: "町丁目の位置（住所から位置を出す表）",
}
#: 台帳の項目の見出し。ほかの種類の項目も、同じ名なら同じ言葉で出す。
FIELD_LABELS: Mapping[str, str] = {
    name: label for kind in reversed(Kind) for name, label in FIELDS[kind].items()
}
_SHOWN = 100
ACTIONS: Mapping[str, str] = {
    "changed": "変更",
    "kept": "職員の直しを残す",
    "missing": "元から消えた",
    "added": "追加",
}
_HIDDEN = "（所在地非公開）"


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRow:
    """One difference in words; ``id`` where the thing is in the store already."""

    id: str
    name: str
    action: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceGroup:
    """All shown differences of one action, and how many rows of it there are."""

    key: str
    label: str
    total: int
    rows: tuple[DifferenceRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRow:
    """One column of a row: the original beside what is read of it."""

    column: str
    original: str
    fields: str
    reading: Reading | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRow:
    """One row as it will become."""

    number: int
    name: str
    fault: str
    blank: bool
    misses: int
    cells: tuple[CellRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewTable:
    """A table of an upload: its place among them, what it is, its first rows.

    ``aside`` = nobody knows its columns, but other tables of the same file are read (a memo sheet).
    """

    place: int
    name: str
    label: str
    own: bool
    known: bool
    mapped: bool
    aside: bool
    rows: tuple[PreviewRow, ...]


def tabs(here: Here, current: str = "") -> dict[str, Any]:
    """What the row of tabs over every import screen needs."""
    found = here.waiting.all()
    return {
        "tab": current,
        "pairs_left": len(found.pairs),
        "conflicts_left": len(found.conflicts),
    }


def differences(upload: Upload, names: Mapping[str, str]) -> Sequence[DifferenceGroup]:
    """The differences by action: what changes first, then what people said, what went, what came.

    ``names`` gives the names of things in the store.
    """
    report = upload.report
    if report is None:
        return ()
    totals = report.totals()
    totals["kept"] = sum(file.warnings.get("person_edit_kept", 0) for file in report.files)
    groups = []
    for key, label in ACTIONS.items():
        rows = [_row(item, names) for item in report.differences if item.action == key][:_SHOWN]
        if rows:
            groups.append(
                DifferenceGroup(key=key, label=label, total=totals.get(key, 0), rows=tuple(rows))
            )
    return groups


def _row(item: Difference, names: Mapping[str, str]) -> DifferenceRow:
    return DifferenceRow(
        id=item.id if item.id in names else "",
        name=names.get(item.id) or item.name,
        action=item.action,
        field=FIELD_LABELS.get(item.field or "", item.field or ""),
        before=item.before or "",
        after=item.after or "",
    )


def preview_tables(
    upload: Upload, vocabulary: Vocabulary, areas: AreaTree
) -> Sequence[PreviewTable]:
    """The tables of an upload with their first rows."""
    own = {mapping.key for mapping in upload.options.mappings}
    read = {peek.path for peek in upload.peeks if peek.mapping is not None}
    return [
        PreviewTable(
            place=place,
            name=shown_name(upload, peek.path) + (f"（{peek.sheet}）" if peek.sheet else ""),
            label=peek.mapping.label if peek.mapping else "",
            own=peek.mapping is not None and peek.mapping.key in own,
            known=peek.known,
            mapped=peek.mapping is not None,
            aside=peek.mapping is None and peek.path in read,
            rows=tuple(_preview(row, peek, vocabulary, areas) for row in peek.rows),
        )
        for place, peek in enumerate(upload.peeks)
    ]


def _preview(row: RowPeek, peek: TablePeek, vocabulary: Vocabulary, areas: AreaTree) -> PreviewRow:
    resources = peek.mapping is not None and peek.mapping.kind is Kind.RESOURCES
    read = (
        ResourceReading(row.built, vocabulary, areas)
        if row.built is not None and resources
        else None
    )
    return PreviewRow(
        number=row.number,
        name=row.cells.get("name", ""),
        fault=row.fault.reason if row.fault else "",
        blank=row.fault is not None and row.fault.code == "blank",
        misses=read.misses() if read else 0,
        cells=tuple(_cells(row, peek, read)),
    )


def _cells(row: RowPeek, peek: TablePeek, read: ResourceReading | None) -> Iterable[CellRow]:
    for column, original in zip(peek.header, row.original, strict=False):
        if original.strip():
            used = peek.uses.get(column, ())
            yield _cell(column, original, [f for f in used if f in row.cells], read, row, used)
    over = row.original[len(peek.header) :]
    if any(text.strip() for text in over):
        yield CellRow(
            column="（見出しのない列）", original="、".join(over), fields="", reading=None
        )
    fixed = peek.mapping.fixed if peek.mapping else {}
    for name, text in fixed.items():
        if row.cells.get(name) == text:
            yield CellRow(
                column="（どの行も同じ）",
                original=text,
                fields=FIELD_LABELS.get(name, name),
                reading=read.of(name) if read else None,
            )


def _cell(
    column: str,
    original: str,
    filled: Sequence[str],
    read: ResourceReading | None,
    row: RowPeek,
    used: Sequence[str],
) -> CellRow:
    shown = original if len(original) <= 300 else original[:300] + "…"  # noqa: PLR2004 - 画面の一欄
    labels = "、".join(FIELD_LABELS.get(name, name) for name in filled)
    found = [r for name in filled if read is not None and (r := read.of(name)) is not None]
    if not labels and not row.fault:
        labels = "（使わない）" if used else "（そのまま持つ）"
    texts = list(dict.fromkeys(reading.text for reading in found))
    reading = Reading("、".join(texts), any(r.unread for r in found)) if texts else None
    return CellRow(column=column, original=shown, fields=labels, reading=reading)


def conflict_rows(conflicts: Sequence[OpenConflict]) -> list[dict[str, Any]]:
    """Conflicts in words; of a confidential place nothing that tells where it is."""
    return [
        {
            "resource": item.resource_id,
            "name": item.name,
            "field": item.field,
            "label": FIELD_LABELS.get(item.field, item.field),
            "kept": _masked(item, item.kept),
            "by": "職員" if item.by in {"", "office"} else item.by,
            "at": item.at,
            "offered": _masked(item, item.offered),
            "source": source_name_of(item.dataset),
            "seen_at": item.seen_at,
        }
        for item in conflicts
    ]


def _masked(item: OpenConflict, text: str) -> str:
    return _HIDDEN if item.confidential and item.field in PLACE_FIELDS else text


def mapping_choices(here: Here) -> list[tuple[str, str]]:
    """Mappings a person may choose: key and label, the office's own first."""
    both = chain(own_mappings(here.settings).mappings, shipped_mappings())
    return [(m.key, m.label) for m in both]
