"""After an import: which of the new resources are already there, or may be.

Sure pairs of different sources are joined, unsure ones are put before a person. Two rows of one
source are never joined by a rule: their office lists them as two.
"""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graph.model.element import EdgeKind, Node, NodeKind
from graph.model.provenance import Decision, Judgement
from graph.store import Direction, View
from ingest.clean.prefectures import PREFECTURES
from ingest.decisions import decided_pairs, decision_id, join, make_decision, put_decisions
from ingest.duplicates import Band, DuplicateKey, Pair, find_duplicates
from ingest.planned import parts_of
from ingest.report import DuplicatePair
from ingest.run import Run

RULE = "rule"
_AT_ONCE = 2000
_ONE_GROUP = 60_000
_PLACES = (EdgeKind.LOCATED_AT,)
#: 手で書き足していく台帳だけは、同じ台帳の中の書き重ねも人に見せる。
_OWN_LISTS = ("ledger", "person")


@dataclass(frozen=True, slots=True)
class _Found:
    pair: Pair
    left: str
    right: str
    merged: bool


def settle_pairs(run: Run) -> None:
    """Find, report and (unless it is a trial) join duplicates of the resources just added."""
    with run.store.read() as view:
        groups = _groups(run, view)
        done = decided_pairs(view)
    while groups:
        fresh, others = groups.pop()
        if fresh:
            _settle(run, fresh, others, done)


def _settle(run: Run, fresh: list[str], others: list[str], done: set[str]) -> None:
    with run.store.read() as view:
        keys = {key: run.planned[key].key(key) for key in fresh}
        keys |= {key.id: key for key in duplicate_keys(view, others)}
        pairs = [
            found
            for pair in find_duplicates(
                [keys[k] for k in fresh], (keys[k] for k in others if k in keys)
            )
            if (found := _weighed(pair, keys, run, done)) is not None
        ]
    run.report.duplicates.extend(_shown(found, keys) for found in pairs)
    joined = _chains(found for found in pairs if found.merged)
    for found in pairs:
        _count(run, found)
    _write(run, pairs, joined)


def _groups(run: Run, view: View) -> list[tuple[list[str], list[str]]]:
    """New and other resources as one group; where there are very many a group for each prefecture.

    The keys of a whole country do not fit into memory at once, and what lies in two prefectures
    is not one place.
    """
    fresh: dict[str, list[str]] = {}
    others: dict[str, list[str]] = {}
    for key in run.added:
        if key in run.planned:
            fresh.setdefault(_prefecture(run.planned[key].address), []).append(key)
    written = 0 if run.options.dry_run else len(run.added)
    if view.counts().get(NodeKind.RESOURCE, 0) > written:
        for nodes in _batches(n for n in view.nodes(NodeKind.RESOURCE) if n.id not in run.added):
            places = {
                edge.source.id: str(node.props.get("address", ""))
                for edge, node in view.neighbours([n.ref for n in nodes], _PLACES, Direction.OUT)
            }
            for node in nodes:
                others.setdefault(_prefecture(places.get(node.id)), []).append(node.id)
    total = sum(map(len, fresh.values())) + sum(map(len, others.values()))
    if total <= _ONE_GROUP:
        return [(_all(fresh), _all(others))]
    return [(fresh[place], others.get(place, [])) for place in sorted(fresh, reverse=True)]


def _all(groups: dict[str, list[str]]) -> list[str]:
    return [key for ids in groups.values() for key in ids]


def _prefecture(address: str | None) -> str:
    return next((p for p in PREFECTURES if address and address.startswith(p)), "")


def duplicate_keys(view: View, ids: Iterable[str]) -> Iterator[DuplicateKey]:
    """Keys of resources. A place that is kept secret is not compared by its place."""
    todo = iter(ids)
    while some := list(itertools.islice(todo, _AT_ONCE)):
        yield from _keys(view, list(view.get_many(NodeKind.RESOURCE, some)))


def _batches(nodes: Iterator[Node]) -> Iterator[list[Node]]:
    while some := list(itertools.islice(nodes, _AT_ONCE)):
        yield some


def _keys(view: View, nodes: list[Node]) -> Iterator[DuplicateKey]:
    refs = [node.ref for node in nodes]
    places = {e.source.id: n for e, n in view.neighbours(refs, _PLACES, Direction.OUT)}
    operators = {
        e.source.id: str(n.props.get("name", ""))
        for e, n in view.neighbours(refs, (EdgeKind.OFFERED_BY,), Direction.OUT)
    }
    for node in nodes:
        yield parts_of(node, places.get(node.id), operators.get(node.id)).key(node.id)


def _weighed(pair: Pair, keys: dict[str, DuplicateKey], run: Run, done: set[str]) -> _Found | None:
    """Which side stays, and whether a rule may join them; ``None`` where there is nothing to ask."""
    if decision_id(pair.a, pair.b) in done:
        return None
    source_a, source_b = keys[pair.a].source or "", keys[pair.b].source or ""
    own_a, own_b = source_a.startswith(_OWN_LISTS), source_b.startswith(_OWN_LISTS)
    if source_a == source_b and not own_a:
        return None
    # 前からあるもの、次に事務所の台帳にあるものを残す。
    order = {pair.a: (pair.a in run.added, not own_a), pair.b: (pair.b in run.added, not own_b)}
    left, right = sorted((pair.a, pair.b), key=lambda key: (order[key], key))
    merged = pair.band is Band.MERGED and source_a != source_b and not (own_a and own_b)
    return _Found(pair, left, right, merged)


def _shown(found: _Found, keys: dict[str, DuplicateKey]) -> DuplicatePair:
    return DuplicatePair(
        a=(found.left, keys[found.left].name),
        b=(found.right, keys[found.right].name),
        score=found.pair.score,
        band=(Band.MERGED if found.merged else Band.REVIEW).value,
        reasons=tuple(reason.sentence for reason in found.pair.reasons),
    )


def _chains(found: Iterator[_Found]) -> dict[str, str]:
    """Right → the one left that stands for its whole chain."""
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.get(key, key) != key:
            key = parent[key]
        return key

    for item in found:
        left, right = root(item.left), root(item.right)
        if left != right:
            parent[right] = left
    return {key: root(key) for key in parent}


def _count(run: Run, found: _Found) -> None:
    file = run.added.get(found.right) or run.added.get(found.left)
    if file is None:
        return
    if not found.merged:
        file.possible_duplicates += 1
    elif found.right in run.added:
        del run.added[found.right]
        file.added -= 1
        file.merged += 1


def _write(run: Run, pairs: list[_Found], joined: dict[str, str]) -> None:
    if run.options.dry_run or not pairs:
        return
    with run.store.write(actor=run.options.actor) as writer, run.store.read() as view:
        changes = join(view, [(left, right) for right, left in joined.items()], run.context)
        put_decisions(view, [_decision(run, found, joined) for found in pairs], changes)
        changes.apply(writer, run.shared)
        run.wrote = True


def _decision(run: Run, found: _Found, joined: dict[str, str]) -> Decision:
    left = joined.get(found.left, found.left) if found.merged else found.left
    return make_decision(
        left,
        found.right,
        Judgement.SAME if found.merged else Judgement.REVIEW,
        by=RULE,
        now=run.now,
        reasons=[reason.sentence for reason in found.pair.reasons],
        score=round(found.pair.score, 4),
    )
