"""Wire model of an import's report (interfaces §2)."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class ImportFileOut(BaseModel):
    """Counts of one table of one file; ``read`` is the sum of the six that follow."""

    model_config = ConfigDict(extra="allow")

    path: str
    format: str
    mapping: str | None
    encoding: str | None
    sheet: str | None
    read: int
    blank: int
    added: int
    changed: int
    unchanged: int
    merged: int
    rejected: int
    possible_duplicates: int
    warnings: dict[str, int]
    seconds: float


class ImportOut(BaseModel):
    """What an import did, or would do."""

    model_config = ConfigDict(extra="allow")

    files: list[ImportFileOut]
    totals: dict[str, int]
    duplicates: list[dict[str, Any]]
    dry_run: bool
