"""What an import did, file by file (interfaces §2): nothing is counted away."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ingest.mapping import Mapping as ColumnMapping
from ingest.rejects import Reject

COUNTS = ("read", "blank", "added", "changed", "unchanged", "merged", "rejected")
SHOWN_DIFFS = 500


@dataclass(slots=True)
class FileReport:
    """Counts of one table of one file. ``read`` is the sum of the six that follow it.

    ``part`` says that it holds only some rows of its source (corrected rejects).
    """

    path: str
    format: str
    mapping: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    dataset: str | None = None
    read: int = 0
    blank: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    merged: int = 0
    rejected: int = 0
    missing: int = 0
    possible_duplicates: int = 0
    warnings: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    error: str | None = None
    part: bool = False

    def to_json(self) -> dict[str, Any]:
        """As in interfaces §2."""
        data = {
            name: getattr(self, name)
            for name in ("path", "format", "mapping", "encoding", "sheet", "dataset", *COUNTS)
        }
        data |= {
            "missing": self.missing,
            "possible_duplicates": self.possible_duplicates,
            "warnings": dict(sorted(self.warnings.items())),
            "seconds": round(self.seconds, 3),
        }
        return data | ({"error": self.error} if self.error else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicatePair:
    """Two records that are, or may be, one: ``band`` is ``merged`` or ``review``."""

    a: tuple[str, str]
    b: tuple[str, str]
    score: float
    band: str
    reasons: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As in interfaces §2: both sides with id and name."""
        return {
            "a": {"id": self.a[0], "name": self.a[1]},
            "b": {"id": self.b[0], "name": self.b[1]},
            "score": round(self.score, 4),
            "band": self.band,
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field of one record that an import changes, or does not because a person set it.

    ``action``: ``added``, ``changed``, ``missing`` or ``kept`` (a person's edit stands).
    """

    id: str
    name: str
    action: str
    field: str | None = None
    before: str | None = None
    after: str | None = None

    def to_json(self) -> dict[str, Any]:
        """All fields, for the preview screen."""
        return {
            "id": self.id,
            "name": self.name,
            "action": self.action,
            "field": self.field,
            "before": self.before,
            "after": self.after,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A mapping proposed for a table whose layout is not known, with the reason by column."""

    path: str
    sheet: str | None
    mapping: ColumnMapping
    reasons: Mapping[str, str]
    toml: str

    def to_json(self) -> dict[str, Any]:
        """For the mapping screen: which column fills which field, and why."""
        return {
            "path": self.path,
            "sheet": self.sheet,
            "fields": {name: list(columns) for name, columns in self.mapping.fields.items()},
            "reasons": dict(self.reasons),
            "toml": self.toml,
        }


@dataclass(slots=True)
class ImportReport:
    """What happened in one call of ``import_paths``."""

    files: list[FileReport] = field(default_factory=list)
    duplicates: list[DuplicatePair] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    noted: Counter[str] = field(default_factory=Counter)
    batch: str | None = None
    dry_run: bool = False

    def totals(self) -> dict[str, int]:
        """Sums over the files."""
        names = (*COUNTS, "missing", "possible_duplicates")
        return {name: sum(getattr(file, name) for file in self.files) for name in names}

    def to_json(self) -> dict[str, Any]:
        """The report of interfaces §2, with the preview beside it."""
        return {
            "files": [file.to_json() for file in self.files],
            "totals": self.totals(),
            "duplicates": [pair.to_json() for pair in self.duplicates],
            "differences": [item.to_json() for item in self.differences],
            "proposals": [item.to_json() for item in self.proposals],
            "batch": self.batch,
            "dry_run": self.dry_run,
        }

    def note(self, items: Iterable[Difference]) -> None:
        """Keep differences for the preview: of each action as many as a screen can show."""
        for item in items:
            if self.noted[item.action] < SHOWN_DIFFS:
                self.noted[item.action] += 1
                self.differences.append(item)
