"""What many cases ask again and again, worked out once and kept within bounds."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

from graph.areas import AreaTree
from graph.store import View
from graph.vocabulary.protocol import Vocabulary
from matching.card import ResourceCard
from matching.cards import cards_of

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """A store of at most ``limit`` values; the one not used for longest goes first."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held: OrderedDict[K, V] = OrderedDict()

    def __contains__(self, key: K) -> bool:
        return key in self._held

    def __len__(self) -> int:
        return len(self._held)

    def __getitem__(self, key: K) -> V:
        self._held.move_to_end(key)
        return self._held[key]

    def __setitem__(self, key: K, value: V) -> None:
        self._held[key] = value
        self._held.move_to_end(key)
        if len(self._held) > self._limit:
            self._held.popitem(last=False)

    def once(self, key: K, work: Callable[[], V]) -> V:
        """The kept value, or that of ``work``."""
        if key not in self._held:
            self[key] = work()
        return self[key]


class KeptCards:
    """Cards of one view. ``None`` is kept as well: the resource is no longer there."""

    def __init__(self, view: View, vocabulary: Vocabulary, areas: AreaTree, limit: int) -> None:
        self._view = view
        self._vocabulary = vocabulary
        self._areas = areas
        self._kept: Kept[str, ResourceCard | None] = Kept(limit)

    def __call__(self, ids: Iterable[str]) -> dict[str, ResourceCard]:
        """Cards by id; what is gone from the store is left out."""
        wanted = set(ids)
        found = {key: self._kept[key] for key in wanted if key in self._kept}
        missing = wanted - found.keys()
        if missing:
            read = cards_of(self._view, missing, self._vocabulary, self._areas)
            for key in sorted(missing):
                found[key] = self._kept[key] = read.get(key)
        return {key: card for key, card in found.items() if card is not None}
