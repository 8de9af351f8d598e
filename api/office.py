"""The composition: one office with its store, vocabulary and matcher, each opened when first used.

Only here are parts of the inner rooms joined; commands and routes ask an :class:`Office`.
"""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import platformdirs

from api.settings import Settings
from graph.areas import AreaTree
from graph.backends.open import open_store
from graph.backends.settings import StoreSettings
from graph.store import GraphStore, Scope, View
from graph.vocabulary.load import load_vocabulary
from graph.vocabulary.protocol import Vocabulary

if TYPE_CHECKING:
    from matching.engine import Matcher

_FILE_URL = "sqlite:///"
_MEMORY_URL = "memory:"


class Office:
    """Everything a command or a page works with. Close it, or use it in ``with``."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.RLock()
        self._areas: tuple[int, AreaTree] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @cached_property
    def store(self) -> GraphStore:
        """The store of the settings. Raises StoreError with what to do."""
        return open_store(self.settings.store, settings=self.store_settings)

    @property
    def store_settings(self) -> StoreSettings:
        """Credentials and limits for any store this office opens."""
        password = self.settings.neo4j_password
        return StoreSettings(
            wait_s=self.settings.store_wait_s,
            user=self.settings.neo4j_user,
            password=password.get_secret_value() if password else None,
            database=self.settings.neo4j_database,
        )

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The concepts: the shipped ones, or the operator's folder."""
        return load_vocabulary(self.settings.vocabulary)

    @cached_property
    def _matcher(self) -> "Matcher":
        from matching.engine import open_matcher  # noqa: PLC0415 - heavy, only when matching

        return open_matcher(self.store, self.vocabulary, cache=self.cache_folder)

    @property
    def matcher(self) -> "Matcher":
        """The engine, brought up to what the store holds now."""
        with self._lock:
            matcher = self._matcher
            matcher.refresh()
            return matcher

    @property
    def is_open(self) -> bool:
        """Whether the engine was opened, by whoever asked first."""
        return "_matcher" in self.__dict__

    @contextmanager
    def if_level(self) -> Iterator["tuple[Matcher, View] | None"]:
        """The engine with a look at the store, where nothing has to be waited for; else ``None``.

        ``None`` before the engine is open, while another holds it, while the store holds news,
        and where the store is a server.
        """
        matcher: Matcher | None = self.__dict__.get("_matcher")
        beside = self.settings.store.startswith((_FILE_URL, _MEMORY_URL))
        if matcher is None or not beside or not self._lock.acquire(blocking=False):
            yield None
            return
        try:
            with self.view() as view:
                yield (matcher, view) if view.head() == matcher.head else None
        finally:
            self._lock.release()

    @property
    def lock(self) -> threading.RLock:
        """Held while the engine or the catalogue is read, so that a refresh can't move under it."""
        return self._lock

    @property
    def cache_folder(self) -> Path | None:
        """Where the compiled index is kept: beside an embedded store, else in the user's cache."""
        if self.settings.cache is not None:
            return self.settings.cache
        url = self.settings.store
        if url.startswith(_FILE_URL):
            return Path(url.removeprefix(_FILE_URL)).with_suffix(".index")
        if url.startswith(_MEMORY_URL):
            return None
        digest = hashlib.sha256(url.encode()).hexdigest()[:16]
        return platformdirs.user_cache_path("tsunagu", appauthor=False) / digest

    @contextmanager
    def view(self, scope: Scope = Scope.OFFICE) -> Iterator[View]:
        """A consistent look at the store."""
        with self.store.read(scope) as view:
            yield view

    @property
    def areas(self) -> AreaTree:
        """The tree of areas as the store holds it now."""
        with self._lock:
            head = self.store.head()
            if self._areas is None or self._areas[0] != head:
                with self.view() as view:
                    self._areas = (head, AreaTree.load(view))
            return self._areas[1]

    @property
    def today(self) -> date:
        """Today in the office's time zone, or the date the operator fixed."""
        return self.settings.today or datetime.now().astimezone().date()

    @staticmethod
    def now() -> datetime:
        """The instant, for stamps."""
        return datetime.now(UTC)

    def close(self) -> None:
        """Let go of the store if it was opened."""
        if "store" in self.__dict__:
            self.store.close()
