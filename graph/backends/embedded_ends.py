"""Edges at nodes of a SQLite store, with the nodes at their other ends.

Inside the file nodes are joined by small row numbers. A view keeps those it has come across, so
that a node which a caller goes on from is not looked up by its id once more.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, TypeVar
from zlib import crc32

from graph.backends import dialect
from graph.backends.faults import damaged
from graph.backends.props import decode_props
from graph.errors import StoreDamagedError
from graph.model.element import EDGE_ENDS, Edge, EdgeKind, Node, NodeKind, Ref
from graph.store import Direction, Reached

T = TypeVar("T")
#: So many nodes are looked up with one statement.
BATCH = 256
#: More row numbers than this are not kept; whoever reads a whole store does not come back to one.
KEPT_AT_MOST = 50_000
KINDS = {str(kind): kind for kind in NodeKind}
EDGE_KINDS = {str(kind): kind for kind in EdgeKind}

Rows = Callable[[str, tuple[object, ...]], Iterator[tuple[Any, ...]]]
#: A row of :func:`dialect.ends_sql`: kind of the edge, kind and id of the far node, row numbers of
#: the far and the near node, props and sum of the edge, props and sum of the far node.
_End = tuple[str, str, str, int, int, str, int, str, int]
#: A row of :func:`dialect.reach_sql`: kind of the edge, id of the far node, row numbers of the far
#: and the near node, props and sum of the edge, and of the far node where it is read whole.
_Reach = tuple[str, str, int, int, str, int, str | None, int]
_IN_ORDER = itemgetter(0, 1, 2, 3, 4, 5, 6)
_Far = dict[int, Node]


class Ends:
    """Reads edges at nodes within one snapshot."""

    def __init__(self, rows: Rows, where: str) -> None:
        self._rows = rows
        self._where = where
        self._rids: dict[str, dict[str, int]] = {}
        self._kept = 0

    def nodes(self, kind: NodeKind, ids: Collection[str]) -> Iterator[Node]:
        """Those of ``ids`` that exist and may be seen, ordered by id."""
        for some in batches(sorted(set(ids))):
            rows = sorted(self._rows(dialect.nodes_sql(len(some)), (kind, *some)))
            self._keep(kind, {key: rid for key, rid, _, _ in rows})
            for key, _, text, total in rows:
                yield node_of(kind, key, text, total, self._where)

    def present(self, kind: NodeKind, ids: Collection[str]) -> set[str]:
        """Those of ``ids`` that exist and may be seen; only their numbers are looked up."""
        return set(self._numbers(kind, ids).values())

    def reached(
        self,
        kind: NodeKind,
        ids: Collection[str],
        names: Sequence[EdgeKind],
        *,
        inward: bool,
        whole: Collection[EdgeKind],
    ) -> Reached:
        """What the edges of those of ``ids`` that exist lead to, or come from; see View."""
        near = self._numbers(kind, ids)
        sides = {str(name): _Side(name, inward=inward) for name in names}
        found: dict[str, dict[EdgeKind, list[str]]] = {}
        for name, key, far, at, edge_text, edge_sum, text, total in self._reach(
            sorted(near), names, whole, inward=inward
        ):
            side = sides[name]
            source, target = (far, at) if inward else (at, far)
            if crc32(f"{name}\x1f{source}\x1f{target}\x1f{edge_text}".encode()) != edge_sum:
                raise self._damaged(side.kind, key)
            found.setdefault(near[at], {}).setdefault(side.edge, []).append(key)
            side.rids[key] = far
            if text is not None and key not in side.nodes:
                side.nodes[key] = node_of(side.kind, key, text, total, self._where)
        for leads in found.values():
            for keys in leads.values():
                keys.sort()
        return Reached(found, self._gathered(sides.values()))

    def _gathered(self, sides: Iterable["_Side"]) -> Mapping[NodeKind, Mapping[str, Node]]:
        nodes: dict[NodeKind, dict[str, Node]] = {}
        for side in sides:
            self._keep(side.kind, side.rids)
            if side.nodes:
                nodes.setdefault(side.kind, {}).update(side.nodes)
        return nodes

    def neighbours(
        self, refs: Collection[Ref], names: Sequence[EdgeKind], direction: Direction
    ) -> Iterator[tuple[Edge, Node]]:
        """Edges at ``refs`` with the node at the other end, ordered by edge."""
        wanted: dict[NodeKind, set[str]] = {}
        for ref in refs:
            wanted.setdefault(ref.kind, set()).add(ref.id)
        found: list[tuple[Any, ...]] = []
        for kind, ids in wanted.items():
            if direction is not Direction.IN:
                found.extend(self._whole(kind, ids, names, outward=True))
            if direction is not Direction.OUT:
                found.extend(self._whole(kind, ids, names, outward=False))
        # 物にする前の文字のまま並べる。順は、物にしてから並べるのと同じ。
        found.sort(key=_IN_ORDER)
        yield from self._edges(found)

    def _whole(
        self, kind: NodeKind, ids: Collection[str], names: Sequence[EdgeKind], *, outward: bool
    ) -> Iterator[tuple[Any, ...]]:
        """Ends with both sides told: kind, source, target, far side, which way, the end itself."""
        near = self._numbers(kind, ids)
        for end in self._at(sorted(near), names, outward=outward):
            name, far, key, _, rid, *_ = end
            if outward:
                yield name, kind, near[rid], far, key, far, key, True, end
            else:
                yield name, far, key, kind, near[rid], far, key, False, end

    def _edges(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Edge, Node]]:
        refs: dict[tuple[str, str], Ref] = {}
        nodes: _Far = {}
        last: tuple[str, ...] = ()
        for row in rows:
            order = _IN_ORDER(row)
            if order == last:
                # 自分自身に戻るつながりは、両向きに読んでも一度だけ。
                continue
            last = order
            name, sk, si, tk, ti, _, _, outward, end = row
            self._verify(end, outward=outward)
            source = refs.get((sk, si)) or refs.setdefault((sk, si), Ref(KINDS[sk], si))
            target = refs.get((tk, ti)) or refs.setdefault((tk, ti), Ref(KINDS[tk], ti))
            props = decode_props(end[5])
            edge = Edge(kind=EDGE_KINDS[name], source=source, target=target, props=props)
            yield edge, self._far(end, nodes)

    def _verify(self, end: _End, *, outward: bool) -> None:
        name, kind, key, far, near, text, total, _, _ = end
        ends = f"{near}\x1f{far}" if outward else f"{far}\x1f{near}"
        if crc32(f"{name}\x1f{ends}\x1f{text}".encode()) != total:
            raise self._damaged(kind, key)

    def _damaged(self, kind: str, key: str) -> StoreDamagedError:
        return damaged(self._where, f"{kind}/{key} とのつながりが書いたときと違います")

    def _far(self, end: _End, known: _Far) -> Node:
        """The node at the far end; what several edges lead to is decoded once."""
        _, kind, key, rid, _, _, _, text, total = end
        node = known.get(rid)
        if node is None:
            node = known[rid] = node_of(KINDS[kind], key, text, total, self._where)
        return node

    def _at(
        self, rids: Sequence[int], names: Sequence[EdgeKind], *, outward: bool
    ) -> Iterator[_End]:
        for some in batches(rids):
            sql = dialect.ends_sql(len(names), len(some), outward=outward)
            for end in self._rows(sql, (*some, *names)):
                self._keep(end[1], {end[2]: end[3]})
                yield end

    def _reach(
        self,
        rids: Sequence[int],
        names: Sequence[EdgeKind],
        whole: Collection[EdgeKind],
        *,
        inward: bool,
    ) -> Iterator[_Reach]:
        read = [name for name in names if name in whole]
        for some in batches(rids):
            sql = dialect.reach_sql(len(names), len(read), len(some), outward=not inward)
            yield from self._rows(sql, (*read, *some, *names))

    def _numbers(self, kind: NodeKind, ids: Collection[str]) -> Mapping[int, str]:
        """Ids by row number; those that do not exist, or may not be seen, are left out."""
        known = self._rids.get(kind, {})
        near = {known[key]: key for key in ids if key in known}
        for some in batches(sorted(key for key in ids if key not in known)):
            found = self._rows(dialect.rids_sql(len(some)), (kind, *some))
            near.update((rid, key) for key, rid in found)
        return near

    def _keep(self, kind: str, rids: Mapping[str, int]) -> None:
        if self._kept > KEPT_AT_MOST:
            self._rids.clear()
            self._kept = 0
        self._kept += len(rids)
        self._rids.setdefault(kind, {}).update(rids)


class _Side:
    """The other ends of one kind of edge: of what kind they are, and those come across."""

    __slots__ = ("edge", "kind", "nodes", "rids")

    def __init__(self, edge: EdgeKind, *, inward: bool) -> None:
        (self.kind,) = EDGE_ENDS[edge][0 if inward else 1]
        self.edge = edge
        self.rids: dict[str, int] = {}
        self.nodes: dict[str, Node] = {}


_new_node = object.__new__
_put_kind, _put_id, _put_props = (getattr(Node, name).__set__ for name in ("kind", "id", "props"))


def node_of(kind: NodeKind, key: str, text: str, total: int, where: str) -> Node:
    """The node of a row. Raises StoreDamagedError when it is not as it was written."""
    if crc32(f"{kind}\x1f{key}\x1f{text}".encode()) != total:
        raise damaged(where, f"{kind}/{key} の中身が書いたときと違います")
    # 凍った組の作り方は、欄を名前で決め直す分だけ長い。
    node = _new_node(Node)
    _put_kind(node, kind)
    _put_id(node, key)
    _put_props(node, decode_props(text))
    return node


def batches(keys: Sequence[T]) -> Iterator[Sequence[T]]:
    """Some keys at a time, filled up to a power of two: few statements, each prepared once."""
    for start in range(0, len(keys), BATCH):
        some = list(keys[start : start + BATCH])
        size = 1 << (len(some) - 1).bit_length()
        yield some + some[-1:] * (size - len(some))
