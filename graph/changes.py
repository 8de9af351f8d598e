"""Following a store's changes from another process, without missing one.

A follower accepts only the next number. A hole means that a write is still on its way: wait; a
hole that stays, or a part that has been pruned, means that what was built must be built anew.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from graph.errors import StoreError
from graph.store import Change, GraphStore

PRUNED = "feed_pruned"
HOLE = "feed_hole"


def feed_pruned(after: int, floor: int) -> StoreError:
    """The error for a reader that asks behind the kept part."""
    return StoreError(
        f"変更の記録は{floor}番より前が整理されています（{after}番の続きは読めません）。",
        hint="索引を作り直してください（つなぐは自動で作り直します）。",
        code=PRUNED,
        facts={"after": after, "floor": floor},
    )


def feed_hole(seq: int) -> StoreError:
    """The error for a number that should be there and is not."""
    return StoreError(
        f"変更の記録の{seq}番が見つかりません。",
        hint="索引を作り直し、tsunagu doctor でストアを確かめてください。",
        code=HOLE,
        facts={"seq": seq},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What a follower has to do: apply ``changes``, or build anew up to ``head``."""

    head: int
    changes: tuple[Change, ...] = ()
    rebuild: bool = False


@dataclass(slots=True)
class Follower:
    """Reads a store's feed in order; ``position`` is the last number that was handed out.

    ``now`` gives seconds of a clock that never goes back; a hole older than ``patience_s`` asks
    for a rebuild, and so does being more than ``too_far`` changes behind.
    """

    store: GraphStore
    position: int
    now: Callable[[], float]
    patience_s: float = 5.0
    too_far: int = 200_000
    _hole_since: float | None = field(default=None, init=False)

    def poll(self, limit: int = 10_000) -> Batch:
        """What has happened since the last poll."""
        head = self.store.head()
        if head < self.position or head - self.position > self.too_far:
            return self._rebuild(head)
        try:
            changes = self.store.changes(self.position, limit)
        except StoreError as error:
            if error.code == PRUNED:
                return self._rebuild(head)
            if error.code == HOLE:
                return self._wait(head)
            raise
        self._hole_since = None
        self.position += len(changes)
        return Batch(head=self.position, changes=tuple(changes))

    def _wait(self, head: int) -> Batch:
        if self._hole_since is None:
            self._hole_since = self.now()
        if self.now() - self._hole_since < self.patience_s:
            return Batch(head=self.position)
        return self._rebuild(head)

    def _rebuild(self, head: int) -> Batch:
        self._hole_since = None
        self.position = head
        return Batch(head=head, rebuild=True)
