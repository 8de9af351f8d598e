"""What an operator may set for a store; passed in, since this room reads no environment."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """Limits and credentials of a store.

    ``wait_s``: seconds a writer waits for another writer before StoreLockedError, and the longest
    a call to a server may hang before StoreUnavailableError.
    ``clock`` stamps the change feed; tests pass their own.
    ``user``/``password``/``database`` concern servers only (``database=None``: the server's own).
    ``cache_mb``: page cache of one embedded connection.
    """

    wait_s: float = 30.0
    clock: Callable[[], datetime] = _utc_now
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    database: str | None = None
    cache_mb: int = 64


def sqlite_url(path: Path) -> str:
    """The url of an embedded store; what means something in a url is escaped, Japanese is not."""
    text = str(path)
    for mark in "%?#":
        text = text.replace(mark, f"%{ord(mark):02X}")
    return f"sqlite:///{text}"
