"""What the import screen shows before anything is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.imports import Upload
from ingest.mapping import shipped_mappings
from ingest.report import Difference
from ingest.schema import LEDGER, Kind

KIND_LABELS: Mapping[str, str] = {
    Kind.RESOURCES: "資源（台帳・施設一覧）",
    Kind.CONTACTS: "連絡先",
    Kind.AREAS: "区域",
    Kind.PROGRAMS: "施策・行動計画",
    Kind.POPULATION: "人口",
    Kind.GAZETTEER: "町丁目の位置（住所から位置を出す表）",
}
_ROWS = 20
_ACTIONS = {
    "added": "追加",
    "changed": "変更",
    "missing": "元から消えた",
    "kept": "職員の直しを残す",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRow:
    """One difference in words."""

    name: str
    action: str
    field: str
    before: str
    after: str


def preview(upload: Upload) -> Sequence[DifferenceRow]:
    """The first differences, changes before additions."""
    found = upload.report.differences if upload.report else []
    ordered = sorted(found, key=lambda d: d.action == "added")
    return [_row(item) for item in ordered[: _ROWS * 5]]


def _row(item: Difference) -> DifferenceRow:
    return DifferenceRow(
        name=item.name,
        action=_ACTIONS.get(item.action, item.action),
        field=LEDGER.get(item.field or "", item.field or ""),
        before=item.before or "",
        after=item.after or "",
    )


def mapping_choices() -> list[tuple[str, str]]:
    """Mappings a person may choose: key and label."""
    return [(m.key, m.label) for m in shipped_mappings()]
