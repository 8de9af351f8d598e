"""The contract, over one SQLite file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.backends.open import StoreSettings, open_store
from graph.backends.settings import sqlite_url
from graph.store import GraphStore
from tests.graph.store.contract import Place, StoreContract


class TestEmbedded(StoreContract):
    @pytest.fixture
    def place(self, tmp_path: Path) -> Iterator[Place]:
        url = sqlite_url(tmp_path / "資源 100%#1?.sqlite")
        opened: list[GraphStore] = []

        def opener(settings: StoreSettings) -> GraphStore:
            opened.append(open_store(url, settings=settings))
            return opened[-1]

        yield Place(opener=opener, settings=StoreSettings(), url=url)
        for store in opened:
            store.close()
