"""What a source record held before, kept in the record itself, for one undo."""

import json
from dataclasses import replace
from datetime import datetime

from graph.model.codec import canonical_json
from graph.model.provenance import SourceRecord

_TIMES = ("seen_at", "missing_since")
_TEXTS = ("digest", "cells", "fields", "batch", "rank")


def previous_of(record: SourceRecord) -> str:
    """What an undo has to put back."""
    held = {name: getattr(record, name) for name in _TEXTS}
    times = {
        name: value.isoformat() if (value := getattr(record, name)) else None for name in _TIMES
    }
    return canonical_json({**held, **times})


def restored(record: SourceRecord) -> SourceRecord | None:
    """The record as it was before its last change; ``None`` when that change made it."""
    if record.previous is None:
        return None
    held = json.loads(record.previous)
    times = {name: datetime.fromisoformat(held.pop(name)) for name in _TIMES if held.get(name)}
    for name in _TIMES:
        held.pop(name, None)
    return replace(record, **{"missing_since": None, **held, **times}, previous=None)
