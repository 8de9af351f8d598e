"""Keeping the index level with the store: compile once, then follow the change feed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from graph.areas import AreaTree
from graph.errors import StoreError
from graph.model.element import EdgeKind, NodeKind, Ref
from graph.store import Change, Direction, GraphStore, View
from graph.vocabulary.protocol import Vocabulary
from matching.cards import cards_of
from matching.compiling import compile_store
from matching.index.live import LiveIndex
from matching.index.snapshot import Origin, compile_rules, forget, load, save
from matching.mark import mark_of

#: A delta larger than this is folded into a new base.
DELTA_AT_MOST = 5000
_BATCH = 1000
_AREA_EDGES = frozenset({EdgeKind.PART_OF})
_RESOURCE_EDGES = frozenset(
    {
        EdgeKind.LOCATED_AT,
        EdgeKind.HIDDEN_AT,
        EdgeKind.OFFERED_BY,
        EdgeKind.SERVES,
        EdgeKind.CONTACTED_THROUGH,
        EdgeKind.OVERSEEN_BY,
    }
)


@dataclass(frozen=True, slots=True)
class Followed:
    """The index after following, and how many resources were looked at anew."""

    index: LiveIndex
    areas: AreaTree
    head: int
    looked_at: int


def open_index(
    store: GraphStore, vocabulary: Vocabulary, cache: Path | None
) -> tuple[LiveIndex, AreaTree, int]:
    """The index of a store as it stands: the kept one brought up to date, or compiled anew."""
    if cache is not None and (kept := open_kept(store, vocabulary, cache)) is not None:
        return kept
    with store.read() as view:
        head = view.head()
        areas = AreaTree.load(view)
        base = compile_store(store, view, vocabulary, areas)
    mark = mark_of(store, head)
    if cache is not None and mark is not None:
        origin = Origin(rules=compile_rules(), vocabulary=vocabulary.version, head=head, mark=mark)
        save(base, origin, cache)
    return LiveIndex(base, vocabulary), areas, head


def open_kept(
    store: GraphStore, vocabulary: Vocabulary, cache: Path
) -> tuple[LiveIndex, AreaTree, int] | None:
    """A snapshot of this very store and these rules, with what changed since; else ``None``."""
    loaded = load(cache)
    if loaded is None:
        return None
    base, origin = loaded
    if origin.rules != compile_rules() or origin.vocabulary != vocabulary.version:
        return None
    if mark_of(store, origin.head) != origin.mark or store.head() - origin.head > DELTA_AT_MOST:
        return None
    with store.read() as view:
        areas = AreaTree.load(view)
    index = LiveIndex(base, vocabulary)
    followed = follow(store, vocabulary, index, areas, origin.head)
    return followed.index, followed.areas, followed.head


def follow(
    store: GraphStore,
    vocabulary: Vocabulary,
    index: LiveIndex,
    areas: AreaTree,
    head: int,
    cache: Path | None = None,
) -> Followed:
    """Take in the changes after ``head``; compiles anew when areas changed or there are too many."""
    if store.head() == head:
        return Followed(index, areas, head, 0)
    try:
        touched = _touched(store, head)
    except StoreError:
        # 変更の記録が整理されて続きが無いときは、全体を作り直す。
        touched = None
    if touched is None or touched.areas:
        return _anew(store, vocabulary, cache)
    with store.read() as view:
        ids = touched.resources | _resources_of(view, touched.others)
        if len(ids) + index.changed > DELTA_AT_MOST:
            return _anew(store, vocabulary, cache)
        cards = cards_of(view, ids, vocabulary, areas)
    index.update({key: cards.get(key) for key in sorted(ids)})
    return Followed(index, areas, touched.head, len(ids))


def _anew(store: GraphStore, vocabulary: Vocabulary, cache: Path | None) -> Followed:
    if cache is not None:
        forget(cache)
    index, areas, head = open_index(store, vocabulary, cache)
    return Followed(index, areas, head, len(index))


@dataclass(slots=True)
class _Touched:
    """What a run of changes touches."""

    resources: set[str]
    others: set[Ref]
    areas: bool
    head: int


def _touched(store: GraphStore, head: int) -> _Touched:
    found = _Touched(set(), set(), areas=False, head=head)
    while changes := store.changes(found.head, _BATCH):
        for change in changes:
            _note(change, found)
        found.head = changes[-1].seq
    return found


def _note(change: Change, found: _Touched) -> None:
    kind = change.source.kind
    if kind is NodeKind.RESOURCE:
        if change.edge is None or change.edge in _RESOURCE_EDGES:
            found.resources.add(change.source.id)
    elif kind is NodeKind.AREA:
        found.areas = found.areas or change.edge is None or change.edge in _AREA_EDGES
    elif kind in (NodeKind.FACILITY, NodeKind.ORGANIZATION, NodeKind.DEPARTMENT):
        found.others.add(change.source)
    elif kind is NodeKind.CONTACT and change.edge is EdgeKind.BELONGS_TO and change.target:
        found.others.add(change.target)


def _resources_of(view: View, refs: Collection[Ref]) -> set[str]:
    """Resources at facilities, of organisations or overseen by departments that changed."""
    kinds = (EdgeKind.LOCATED_AT, EdgeKind.OFFERED_BY, EdgeKind.OVERSEEN_BY)
    ends: Iterable[Ref] = sorted(refs)
    found = view.neighbours(list(ends), kinds, Direction.IN)
    return {edge.source.id for edge, _ in found if edge.source.kind is NodeKind.RESOURCE}
