"""The contract, in memory."""

from typing import ClassVar

import pytest

from graph.backends.memory import MemoryStore
from graph.backends.settings import StoreSettings
from tests.graph.store.contract import Place, StoreContract


class TestMemory(StoreContract):
    lasting: ClassVar[bool] = False

    @pytest.fixture
    def place(self) -> Place:
        made: list[MemoryStore] = []

        def opener(settings: StoreSettings) -> MemoryStore:
            # 一つの過程の中で「もう一度開く」とは、同じものを手にすること。
            if not made:
                made.append(MemoryStore(settings))
            return made[0]

        return Place(opener=opener, settings=StoreSettings(), url="memory:")
