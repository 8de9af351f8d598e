"""The store in this process's memory: for trials, tests and small one-off work."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import takewhile
from uuid import uuid4

from graph.backends.memory_state import State
from graph.backends.memory_view import MemoryView
from graph.backends.memory_writer import MemoryWriter
from graph.backends.migrations import CURRENT
from graph.backends.settings import StoreSettings
from graph.changes import feed_pruned
from graph.errors import StoreLockedError
from graph.model.element import Edge, Node
from graph.store import Change, Scope, View, Writer


class MemoryStore:
    """A GraphStore of plain dictionaries; gone when the process ends.

    A write works on a copy of what it touches and is taken over at its end, so readers keep the
    snapshot they began with.
    """

    def __init__(self, settings: StoreSettings) -> None:
        self._settings = settings
        self._state = State()
        self._changes: list[Change] = []
        self._floor = 0
        self._mark: str | None = None
        self._writing = threading.Lock()

    @property
    def url(self) -> str:
        """``memory:``."""
        return "memory:"

    @contextmanager
    def read(self, scope: Scope = Scope.OFFICE) -> Iterator[View]:
        """See GraphStore."""
        yield MemoryView(self._state, public=scope is Scope.PUBLIC)

    @contextmanager
    def write(self, *, actor: str) -> Iterator[Writer]:
        """See GraphStore. ``actor`` isn't kept, since nothing of this store is."""
        del actor
        with self._turn():
            writer = MemoryWriter(self._state, self._settings.clock())
            yield writer
            self._changes.extend(writer.changes)
            self._state = writer.finish()

    def changes(self, after: int, limit: int = 1000) -> Sequence[Change]:
        """See GraphStore."""
        if after < self._floor:
            raise feed_pruned(after, self._floor)
        start = after - self._floor
        return self._changes[start : start + limit]

    def head(self) -> int:
        """See GraphStore."""
        return self._state.head

    def floor(self) -> int:
        """See GraphStore."""
        return self._floor

    def floor_mark(self) -> tuple[int, str] | None:
        """See GraphStore."""
        return None if self._mark is None else (self._floor, self._mark)

    def prune(self, before: datetime) -> int:
        """See GraphStore."""
        with self._turn():
            old = takewhile(lambda change: change.at < before, self._changes)
            gone = sum(1 for _ in old)
            self._floor += gone
            self._mark = uuid4().hex if gone else self._mark
            self._changes = self._changes[gone:]
            return gone

    def schema_version(self) -> int:
        """See GraphStore."""
        return CURRENT

    def check(self) -> Sequence[str]:
        """Nothing outside this process can damage it."""
        return ()

    def refill(self, nodes: Iterable[Node], edges: Iterable[Edge], *, actor: str) -> None:
        """See Refillable."""
        del actor
        with self._turn():
            writer = MemoryWriter(State(), self._settings.clock())
            writer.put(list(nodes))
            writer.link(list(edges))
            state = writer.finish()
            state.head = self._state.head + 1
            self._floor = state.head
            self._mark = uuid4().hex
            self._changes = []
            self._state = state

    def close(self) -> None:
        """See GraphStore."""

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._writing.acquire(timeout=self._settings.wait_s):
            raise StoreLockedError(
                "ほかの処理がストアに書き込んでいるため、待ちきれませんでした。",
                facts={"store": self.url, "waited_s": self._settings.wait_s},
            )
        try:
            yield
        finally:
            self._writing.release()
