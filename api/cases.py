"""Cases being worked on: in memory only, under a random name, gone after a while.

Nothing of a case is written to disk here or put in a URL; another browser can't open it.
"""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from graph.errors import NotFoundError

T = TypeVar("T")


@dataclass(slots=True)
class _Entry(Generic[T]):
    session: str
    value: T
    touched: float = field(default=0.0)


class Desk(Generic[T]):
    """Holds values by random name for one browser session each, with an expiry and a limit."""

    def __init__(
        self, *, minutes: int, limit: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = minutes * 60
        self._limit = limit
        self._clock = clock
        self._entries: OrderedDict[str, _Entry[T]] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, session: str, value: T, name: str | None = None) -> str:
        """Keep a value; gives its name."""
        key = name or secrets.token_urlsafe(16)
        with self._lock:
            self._prune()
            self._entries[key] = _Entry(session, value, self._clock())
            self._entries.move_to_end(key)
            while len(self._entries) > self._limit:
                self._entries.popitem(last=False)
        return key

    def get(self, session: str, name: str) -> T:
        """The value; raises NotFoundError when it expired or belongs to another browser."""
        with self._lock:
            self._prune()
            entry = self._entries.get(name)
            if entry is None or not secrets.compare_digest(
                entry.session.encode(), session.encode()
            ):
                raise NotFoundError(
                    "この相談は、もうこの画面に残っていません。",
                    hint="相談の内容は保存されず、しばらく使わないと消えます。もう一度入力してください。",
                    code="case_expired",
                )
            entry.touched = self._clock()
            self._entries.move_to_end(name)
            return entry.value

    def drop(self, session: str, name: str) -> None:
        """Forget a value now."""
        with self._lock:
            entry = self._entries.get(name)
            if entry is not None and entry.session == session:
                del self._entries[name]

    def __len__(self) -> int:
        with self._lock:
            self._prune()
            return len(self._entries)

    def _prune(self) -> None:
        oldest = self._clock() - self._seconds
        while self._entries:
            name, entry = next(iter(self._entries.items()))
            if entry.touched >= oldest:
                return
            del self._entries[name]
