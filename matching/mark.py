"""Telling the state of a store from any other, so that a kept index is never taken for another's."""

from graph.errors import StoreError
from graph.store import GraphStore


def mark_of(store: GraphStore, head: int) -> str | None:
    """Names a store as it was at change ``head``; ``None`` where nothing tells it any more.

    Two stores may count to the same number. The change itself tells them apart (its moment, to
    the microsecond); where no change is kept, after a restore or a pruning, the random name that
    the store gave to it does.
    """
    try:
        changes = store.changes(head - 1, 1) if head else ()
    except StoreError:
        floor = store.floor_mark()
        return f"{head} {floor[1]}" if floor is not None and floor[0] == head else None
    if not changes or changes[0].seq != head:
        return None
    change = changes[0]
    return f"{change.seq} {change.at.isoformat()} {change.action} {change.source.id}"
