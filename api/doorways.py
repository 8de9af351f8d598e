"""Areas in which somebody introduces people to places: every question asks, and few edits touch it."""

from api.office import Office
from graph.errors import StoreError
from graph.model.element import EdgeKind, NodeKind
from graph.store import Change, View

#: Changes looked through before the areas are simply read again.
_FEED = 1000


class Doorways:
    """Areas that some contact's territory covers, as of one head of the store."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._head = -1
        self._areas: frozenset[str] = frozenset()

    def known(self, head: int) -> frozenset[str] | None:
        """The areas as of ``head`` where they are known already."""
        return self._areas if head == self._head else None

    def at(self, view: View) -> frozenset[str]:
        """The areas as the view has them."""
        head = view.head()
        if head != self._head:
            if self._head < 0 or self._touched():
                self._areas = frozenset(edge.target.id for edge in view.edges(EdgeKind.COVERS))
            self._head = head
        return self._areas

    def _touched(self) -> bool:
        try:
            changes = self._office.store.changes(self._head, _FEED)
        except StoreError:
            # 続きの記録が整理されていれば、読み直す。
            return True
        return len(changes) >= _FEED or any(map(_concerns, changes))


def _concerns(change: Change) -> bool:
    if change.edge is not None:
        return change.edge is EdgeKind.COVERS
    return change.source.kind in (NodeKind.CONTACT, NodeKind.AREA)
