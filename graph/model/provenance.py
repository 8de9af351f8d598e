"""Where a fact came from, and what people decided about it. Source rows are never rewritten."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from graph.model.element import NodeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """One row of one source as it was read, joined by ASSERTS to what it says something about.

    ``id`` = dataset + record key; ``digest`` tells whether the row changed; ``cells`` and
    ``fields`` are canonical JSON (the row as it stood, and what was understood);
    ``missing_since`` is set when a re-import no longer holds the row (nothing is deleted).
    ``previous`` is canonical JSON of what the record held before ``batch``, for one undo;
    ``None`` = the batch made it.
    """

    KIND: ClassVar[NodeKind] = NodeKind.SOURCE_RECORD

    id: str
    dataset: str
    record_key: str
    digest: str
    cells: str
    fields: str
    batch: str
    rank: int = 0
    seen_at: datetime | None = None
    missing_since: datetime | None = None
    previous: str | None = None


class Judgement(StrEnum):
    """What a person (or a sure rule) decided about a pair; ``REVIEW`` = nobody has yet."""

    SAME = "same"
    DIFFERENT = "different"
    REVIEW = "review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Two records judged to be the same or not; survives re-import and can be undone.

    ``reasons`` and ``score`` are what the rules found; ``note`` is the deciding person's own reason.
    """

    KIND: ClassVar[NodeKind] = NodeKind.DECISION

    id: str
    left: str
    right: str
    judgement: Judgement
    by: str
    reasons: tuple[str, ...] = ()
    score: float | None = None
    decided_at: datetime | None = None
    note: str | None = None
