"""What a preview shows: which field of which thing would change, in the office's own words.

Compared are the ledger fields as the sources give them, before and after: what people read, not
what is made of it.
"""

from collections.abc import Iterator

from graph.model.element import Ref
from graph.model.resource import Publication
from ingest.clean.choices import read_publication
from ingest.records import Merged
from ingest.report import Difference

_LONG = 200
#: 所在地を明かさない場では、変わったことだけを示す項目。
PLACE_FIELDS = frozenset(
    {"address", "building", "postal_code", "lat", "lon", "point", "facility_name"}
)
_HIDDEN = "（所在地非公開）"


def differences(ref: Ref, before: Merged | None, after: Merged) -> Iterator[Difference]:
    """Differences between what the sources said of a thing and what they say now."""
    name = after.cells.get("name", "")
    if before is None:
        yield Difference(id=ref.id, name=name, action="added")
        return
    hidden = _confidential(before) or _confidential(after)
    for old, new in ((before.cells, after.cells), (before.extra, after.extra)):
        for field in [*old, *(f for f in new if f not in old)]:
            if old.get(field) == new.get(field):
                continue
            mask = hidden and field in PLACE_FIELDS
            yield Difference(
                id=ref.id,
                name=name,
                action="changed",
                field=field,
                before=_HIDDEN if mask else _text(old.get(field)),
                after=_HIDDEN if mask else _text(new.get(field)),
            )


def _confidential(merged: Merged) -> bool:
    said = merged.cells.get("publication", "")
    return read_publication(said) is Publication.CONFIDENTIAL_LOCATION


def _text(value: str | None) -> str | None:
    if value is None or len(value) <= _LONG:
        return value
    return value[:_LONG] + "…"
