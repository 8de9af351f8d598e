"""Filling a store whole, and copying one store into another."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, runtime_checkable

from graph.errors import StoreError
from graph.model.element import Edge, EdgeKind, Node, NodeKind, Ref
from graph.store import ChangeAction, Direction, GraphStore, View, Writer

Progress = Callable[[int], None]

_PAGE = 5000
_ROUNDS = 100


def quiet(done: int) -> None:
    """A progress that tells nobody."""
    del done


@runtime_checkable
class Refillable(Protocol):
    """A store that can be filled whole; what it held before is gone afterwards.

    No single changes are recorded: the feed's floor is raised to its head, so that readers
    build anew. Until it ends, readers keep what was there, or are told that it isn't whole.
    """

    def refill(self, nodes: Iterable[Node], edges: Iterable[Edge], *, actor: str) -> None:
        """Replace everything. Raises DanglingEdgeError; then nothing was replaced."""


def all_nodes(view: View, progress: Progress = quiet) -> Iterator[Node]:
    """Every node, kind by kind."""
    done = 0
    for kind in sorted(NodeKind):
        for node in view.nodes(kind):
            yield node
            done += 1
            if done % _PAGE == 0:
                progress(done)


def all_edges(view: View) -> Iterator[Edge]:
    """Every edge, kind by kind."""
    for kind in sorted(EdgeKind):
        yield from view.edges(kind)


def copy(source: GraphStore, target: GraphStore, *, actor: str, progress: Progress) -> None:
    """Make ``target`` hold what ``source`` holds, also when others write to it meanwhile."""
    if not isinstance(target, Refillable):
        message = f"この保存先（{target.url}）へは丸ごと移せません。"
        raise StoreError(message, code="not_refillable")
    with source.read() as view:
        position = view.head()
        target.refill(all_nodes(view, progress), all_edges(view), actor=actor)
    for _ in range(_ROUNDS):
        position, more = _catch_up(source, target, position, actor)
        if not more:
            return
    raise StoreError(
        "写している間も書き込みが続き、追いつけませんでした。",
        hint="取込や画面の保存を止めてから、もう一度実行してください。",
        code="too_busy",
    )


def _catch_up(
    source: GraphStore, target: GraphStore, position: int, actor: str
) -> tuple[int, bool]:
    changes = source.changes(position, _PAGE)
    if not changes:
        return position, False
    refs = {c.source for c in changes if c.action in (ChangeAction.PUT, ChangeAction.DELETE)}
    links = {
        Edge(kind=c.edge, source=c.source, target=c.target).key
        for c in changes
        if c.edge is not None and c.target is not None
    }
    with source.read() as view, target.write(actor=actor) as w:
        _renew_nodes(view, w, refs | {ref for key in links for ref in key[1:]})
        for kind, start, end in sorted(links):
            near = view.neighbours([start], [kind], Direction.OUT)
            found = [edge for edge, _ in near if edge.target == end]
            if found:
                w.link(found)
            else:
                w.unlink([Edge(kind=kind, source=start, target=end)])
    return changes[-1].seq, True


def _renew_nodes(view: View, w: Writer, refs: set[Ref]) -> None:
    for ref in sorted(refs):
        node = view.get(ref)
        if node is None:
            w.delete([ref])
        else:
            w.put([node])
