"""What waits for a person after imports: pairs that look the same, edits against sources."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from api.office import Office
from graph.model.codec import from_node
from graph.model.element import NodeKind
from graph.model.provenance import Decision, Judgement
from graph.store import View
from ingest.conflicts import OpenConflict, open_conflicts
from ingest.decisions import decision_id, read_decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A pair to be judged. ``left`` and ``right`` are the things that stand for it now."""

    key: str
    left: str
    right: str
    left_name: str
    right_name: str
    reasons: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """All that waits, as of one state of the store."""

    pairs: tuple[Pair, ...]
    conflicts: tuple[OpenConflict, ...]


class Waiting:
    """Reads what waits, once for every state of the store."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._lock = threading.Lock()
        self._held: tuple[int, Found] | None = None

    def all(self) -> Found:
        """All pairs (the most alike first) and conflicts (by name)."""
        with self._lock:
            head = self._office.store.head()
            if self._held is None or self._held[0] != head:
                with self._office.view() as view:
                    conflicts = sorted(open_conflicts(view), key=lambda c: (c.name, c.resource_id))
                    self._held = (head, Found(tuple(_pairs(view)), tuple(conflicts)))
            return self._held[1]

    def pair(self, key: str) -> Pair | None:
        """One pair that waits."""
        return next((pair for pair in self.all().pairs if pair.key == key), None)


def _pairs(view: View) -> Sequence[Pair]:
    decisions = [from_node(node, Decision) for node in view.nodes(NodeKind.DECISION)]
    judged = {d.id for d in decisions if d.judgement is not Judgement.REVIEW}
    stands = read_decisions(view)
    asked: dict[str, tuple[Decision, str, str]] = {}
    for decision in decisions:
        # 一方がほかのものとまとめられていれば、まとめた先どうしの問いになる。
        left, right = (stands.get(key, key) for key in (decision.left, decision.right))
        now = decision_id(left, right)
        if decision.judgement is Judgement.REVIEW and left != right and now not in judged:
            asked.setdefault(now, (decision, left, right))
    names = _names(view, [key for _, left, right in asked.values() for key in (left, right)])
    found = [
        Pair(
            key=decision.id,
            left=left,
            right=right,
            left_name=names[left],
            right_name=names[right],
            reasons=decision.reasons,
            score=decision.score or 0.0,
        )
        for decision, left, right in asked.values()
        if left in names and right in names
    ]
    return sorted(found, key=lambda pair: (-pair.score, pair.left_name, pair.key))


def _names(view: View, ids: Sequence[str]) -> dict[str, str]:
    nodes = view.get_many(NodeKind.RESOURCE, list(dict.fromkeys(ids)))
    return {node.id: str(node.props.get("name", "")) for node in nodes}
