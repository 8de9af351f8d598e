"""Decisions that two things are one, or are not: they survive re-import and can be undone.

Joining two things lets the source records of both speak about one; what they say stays untouched,
so that parting them again is complete. Every ASSERTS edge keeps the id its row gave itself.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from graph.errors import NotFoundError
from graph.model.codec import from_node, to_node
from graph.model.element import Edge, EdgeKind, NodeKind, Ref
from graph.model.provenance import Decision, Judgement
from graph.store import Direction, View
from ingest.change import OWN_ID, Changes, compose, held_edges, lonely_facilities, records_of
from ingest.context import Context
from ingest.records import stable_id


def read_decisions(view: View) -> dict[str, str]:
    """For every joined thing the one that stands for it."""
    parent: dict[str, str] = {}
    for node in view.nodes(NodeKind.DECISION):
        if node.props.get("judgement") == Judgement.SAME.value:
            left, right = str(node.props["left"]), str(node.props["right"])
            parent[_root(parent, right)] = _root(parent, left)
    return {key: _root(parent, key) for key in parent}


def decision_id(left: str, right: str) -> str:
    """Id of the decision about a pair, whichever way round."""
    return stable_id("decision", *sorted((left, right)))


def decided_pairs(view: View) -> set[str]:
    """Ids of the decisions there are."""
    return {node.id for node in view.nodes(NodeKind.DECISION)}


def make_decision(  # noqa: PLR0913 - a decision has these parts
    left: str,
    right: str,
    judgement: Judgement,
    *,
    by: str,
    now: datetime,
    reasons: Sequence[str] = (),
    score: float | None = None,
) -> Decision:
    """A decision about two things; ``left`` is the one that stays."""
    return Decision(
        id=decision_id(left, right),
        left=left,
        right=right,
        judgement=judgement,
        by=by,
        reasons=tuple(reasons),
        score=score,
        decided_at=now,
    )


def put_decisions(view: View, decisions: Iterable[Decision], changes: Changes) -> None:
    """Write decisions; they concern the things of theirs that exist."""
    held = list(decisions)
    ids = {key for d in held for key in (d.left, d.right)}
    there = {node.id for node in view.get_many(NodeKind.RESOURCE, ids)} - {
        ref.id for ref in changes.gone
    }
    for decision in held:
        node = to_node(decision)
        changes.nodes[node.ref] = node
        for key in {decision.left, decision.right} & there:
            target = Ref(NodeKind.RESOURCE, key)
            edge = Edge(kind=EdgeKind.CONCERNS, source=node.ref, target=target)
            changes.edges[edge.key] = edge


def join(view: View, pairs: Iterable[tuple[str, str]], context: Context) -> Changes:
    """Let the records of each right thing speak about the left one; the right one goes."""
    changes = Changes()
    into: dict[Ref, list[Ref]] = {}
    for stays, goes in pairs:
        into.setdefault(Ref(NodeKind.RESOURCE, stays), []).append(Ref(NodeKind.RESOURCE, goes))
    everything = [*into, *(ref for rights in into.values() for ref in rights)]
    records = records_of(view, everything)
    edges = held_edges(view, everything)
    for left, rights in into.items():
        together = list(records[left])
        for right in rights:
            for record in records[right]:
                _retarget(changes, record.id, left, own=right.id)
            together += records[right]
            changes.gone[right] = None
            changes.stale.update({edge.key: edge for edge in edges[right]})
        if together:
            built, _ = compose(left, together, context)
            changes.add(built, edges[left])
    lonely_facilities(view, changes)
    return changes


def part(view: View, decision: Decision, context: Context) -> Changes:
    """Give the right thing its own records back."""
    left, right = Ref(NodeKind.RESOURCE, decision.left), Ref(NodeKind.RESOURCE, decision.right)
    changes = Changes()
    own = {
        edge.source.id
        for edge, _ in view.neighbours([left], (EdgeKind.ASSERTS,), Direction.IN)
        if edge.props.get(OWN_ID) == right.id
    }
    records = records_of(view, [left])[left]
    edges = held_edges(view, [left])
    for ref, mine in ((left, False), (right, True)):
        some = [record for record in records if (record.id in own) is mine]
        if some:
            built, _ = compose(ref, some, context)
            changes.add(built, edges.get(ref, ()))
    for record_id in own:
        source = Ref(NodeKind.SOURCE_RECORD, record_id)
        stale = Edge(kind=EdgeKind.ASSERTS, source=source, target=left)
        changes.stale[stale.key] = stale
        edge = Edge(kind=EdgeKind.ASSERTS, source=source, target=right)
        changes.edges[edge.key] = edge
    return changes


def get_decision(view: View, key: str) -> Decision:
    """A decision; raises NotFoundError."""
    node = view.get(Ref(NodeKind.DECISION, key))
    if node is None:
        raise NotFoundError(
            "この重複の判断は見つかりません。",
            hint="一覧を開き直して、もう一度選んでください。",
            facts={"decision": key},
        )
    return from_node(node, Decision)


def _retarget(changes: Changes, record_id: str, target: Ref, *, own: str) -> None:
    source = Ref(NodeKind.SOURCE_RECORD, record_id)
    edge = Edge(kind=EdgeKind.ASSERTS, source=source, target=target, props={OWN_ID: own})
    changes.edges[edge.key] = edge


def _root(parent: dict[str, str], key: str) -> str:
    seen = {key}
    while parent.get(key, key) != key and parent[key] not in seen:
        key = parent[key]
        seen.add(key)
    return key
