"""The contract, over one SQLite file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.backends import embedded_ends
from graph.backends.open import StoreSettings, open_store
from graph.backends.settings import sqlite_url
from graph.model.element import EDGE_ENDS, EdgeKind, NodeKind
from graph.store import Direction, GraphStore, Scope
from tests.graph.store.contract import Place, StoreContract
from tests.graph.store.contract_base import write
from tests.graph.store.graphs import small_graph


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


@pytest.mark.parametrize("kept", [0, 3, 50_000])
@pytest.mark.parametrize("scope", Scope)
def test_what_was_read_before_changes_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scope: Scope, kept: int
) -> None:
    """A view that keeps row numbers of what it came across answers like one that keeps none."""
    monkeypatch.setattr(embedded_ends, "BATCH", 2)
    store = open_store(sqlite_url(tmp_path / "s.db"))
    made, edges = small_graph()
    write(store, made, edges)
    refs = [node.ref for node in made]
    with store.read(scope) as view:
        fresh = list(view.neighbours(refs, list(EdgeKind), Direction.BOTH))
    monkeypatch.setattr(embedded_ends, "KEPT_AT_MOST", kept)
    with store.read(scope) as view:
        for kind in NodeKind:
            for inward in (False, True):
                single = [name for name in EdgeKind if len(EDGE_ENDS[name][not inward]) == 1]
                view.reached(kind, [node.id for node in made], single, inward=inward)
            list(view.get_many(kind, [node.id for node in made]))
            assert list(view.neighbours(refs, list(EdgeKind), Direction.BOTH)) == fresh
    store.close()
