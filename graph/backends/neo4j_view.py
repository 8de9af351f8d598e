"""Reading from a Bolt server, page by page; one record a page, since records are what costs."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import networkx as nx

from graph.algorithms import gather
from graph.backends import cypher
from graph.backends.links import merged_links, reached
from graph.backends.lookups import POINT_PROP, indexed_text, point_of
from graph.backends.nearness import band_range, longitude_ranges, metres_between
from graph.backends.props import decode_props, encode_value
from graph.backends.server import Server
from graph.model.element import EDGE_ENDS, Edge, EdgeKind, Node, NodeKind, Ref
from graph.model.values import Point, Scalar
from graph.store import Direction, Link, Reached

_PAGE = 6000
_IDS = 1000
_FEW = 20_000
#: Targets kept at hand: many edges lead to the same few.
_KNOWN = 50_000
_KINDS = {str(kind): kind for kind in NodeKind}


class Neo4jView:
    """A View of what is committed, read page by page.

    What others commit meanwhile may be seen; all of it is in the change feed behind :meth:`head`.
    """

    def __init__(self, server: Server, head: int, *, public: bool) -> None:
        self._server = server
        self._head = head
        self._public = public

    def head(self) -> int:
        """See View."""
        return self._head

    def get(self, ref: Ref) -> Node | None:
        """See View."""
        return next(self.get_many(ref.kind, [ref.id]), None)

    def get_many(self, kind: NodeKind, ids: Collection[str]) -> Iterator[Node]:
        """See View."""
        statement = cypher.get_nodes(kind, public=self._public)
        wanted = sorted(set(ids))
        for start in range(0, len(wanted), _IDS):
            rows = self._collected(statement, ids=wanted[start : start + _IDS])
            yield from _nodes(kind, rows)

    def present(self, kind: NodeKind, ids: Collection[str]) -> set[str]:
        """See View."""
        return {node.id for node in self.get_many(kind, ids)}

    def nodes(self, kind: NodeKind, *, after: str | None = None) -> Iterator[Node]:
        """See View."""
        statement = cypher.page_of_nodes(kind, public=self._public)
        for ids, props in self._pages(statement, after or ""):
            for key, text in zip(ids, props, strict=True):
                yield Node(kind=kind, id=key, props=decode_props(text))

    def id_at(self, kind: NodeKind, place: int) -> str | None:
        """See View."""
        (found,) = self._one(cypher.id_at(kind, public=self._public), place=place)
        return found[0] if found else None

    def edges(self, kind: EdgeKind) -> Iterator[Edge]:
        """See View."""
        if self._public and kind is EdgeKind.HIDDEN_AT:
            return
        (count,) = self._one(cypher.count_edges(kind))
        if not count:
            return
        for source in sorted(EDGE_ENDS[kind][0]):
            if count <= _FEW:
                yield from self._few_edges(kind, source)
            else:
                yield from self._many_edges(kind, source)

    def links(
        self, source: NodeKind, kinds: Collection[EdgeKind], *, after: str | None = None
    ) -> Iterator[tuple[str, Sequence[Link]]]:
        """See View."""
        return merged_links(self.edges, source, kinds, after or "")

    def find(self, kind: NodeKind, prop: str, value: Scalar) -> Iterator[Node]:
        """See View."""
        text = indexed_text(kind, prop, value)
        if text is not None:
            statement = cypher.find_nodes(kind, prop, public=self._public)
            yield from _nodes(kind, self._collected(statement, value=text))
            return
        wanted = encode_value(value)
        for node in self.nodes(kind):
            if prop in node.props and encode_value(node.props[prop]) == wanted:
                yield node

    def neighbours(
        self,
        refs: Collection[Ref],
        kinds: Collection[EdgeKind],
        direction: Direction = Direction.OUT,
    ) -> Iterator[tuple[Edge, Node]]:
        """See View."""
        if not kinds:
            return
        ids: dict[NodeKind, list[str]] = defaultdict(list)
        for ref in sorted(set(refs)):
            ids[ref.kind].append(ref.id)
        found: list[tuple[Edge, Node]] = []
        for kind, keys in ids.items():
            for start in range(0, len(keys), _IDS):
                part = keys[start : start + _IDS]
                if direction is not Direction.IN:
                    found.extend(self._at(kind, part, sorted(set(kinds)), outward=True))
                if direction is not Direction.OUT:
                    found.extend(self._at(kind, part, sorted(set(kinds)), outward=False))
        # 自分自身に戻るつながりは、両向きに読んでも一度だけ。
        once = {(edge.key, node.ref): (edge, node) for edge, node in found}
        for key in sorted(once):
            yield once[key]

    def reached(
        self,
        kind: NodeKind,
        ids: Collection[str],
        edges: Collection[EdgeKind],
        *,
        inward: bool = False,
        whole: Collection[EdgeKind] = (),
    ) -> Reached:
        """See View."""
        return reached(self, kind, ids, edges, inward=inward, whole=whole)

    def near(self, kind: NodeKind, centre: Point, radius_m: float) -> Iterator[tuple[float, Node]]:
        """See View."""
        found: dict[str, tuple[float, str, Node]] = {}
        for node in self._around(kind, centre, radius_m):
            point = point_of(node.props.get(POINT_PROP))
            if point is not None and (metres := metres_between(centre, point)) <= radius_m:
                found[node.id] = (metres, node.id, node)
        for metres, _, node in sorted(found.values(), key=lambda item: item[:2]):
            yield metres, node

    def counts(self) -> Mapping[NodeKind, int]:
        """See View."""
        found: dict[NodeKind, int] = {}
        for kind in sorted(NodeKind):
            (count,) = self._one(cypher.count_nodes(kind, public=self._public))
            if count:
                found[kind] = count
        return found

    def subgraph(
        self, roots: Collection[Ref], kinds: Collection[EdgeKind], hops: int
    ) -> "nx.MultiDiGraph[Ref]":
        """See View."""
        ids: dict[NodeKind, list[str]] = defaultdict(list)
        for ref in roots:
            ids[ref.kind].append(ref.id)
        nodes = (node for kind in sorted(ids) for node in self.get_many(kind, ids[kind]))
        return gather(nodes, lambda refs: self.neighbours(refs, kinds, Direction.BOTH), hops)

    def _pages(self, statement: str, after: str) -> Iterator[Sequence[Any]]:
        """Page after page; from the second on, the next is fetched while one is being read."""
        page = self._one(statement, after=after, limit=_PAGE)
        yield page
        if len(page[0]) < _PAGE:
            return
        with ThreadPoolExecutor(1, thread_name_prefix="tsunagu-read") as pool:

            def fetch(last: str) -> "Future[Sequence[Any]]":
                return pool.submit(self._one, statement, after=last, limit=_PAGE)

            coming: Future[Sequence[Any]] | None = fetch(page[0][-1])
            while coming is not None:
                page = coming.result()
                coming = fetch(page[0][-1]) if len(page[0]) == _PAGE else None
                yield page

    def _one(self, statement: str, /, **params: object) -> Sequence[Any]:
        return self._server.read(lambda tx: tx.rows(statement, **params)[0].values())

    def _collected(self, statement: str, /, **params: object) -> list[list[str]]:
        return self._server.read(lambda tx: tx.rows(statement, **params)[0]["rows"])

    def _few_edges(self, kind: EdgeKind, source: NodeKind) -> Iterator[Edge]:
        statement = cypher.few_edges(kind, source, public=self._public)
        for sid, target_kind, tid, text in sorted(self._collected(statement)):
            yield _edge(kind, Ref(source, sid), target_kind, tid, text)

    def _many_edges(self, kind: EdgeKind, source: NodeKind) -> Iterator[Edge]:
        statement = cypher.page_of_edges(kind, source, public=self._public)
        only = next(iter(EDGE_ENDS[kind][1])) if len(EDGE_ENDS[kind][1]) == 1 else None
        at = 0 if only else 1
        known: dict[tuple[str, ...], Ref] = {}
        for ids, ends in self._pages(statement, ""):
            if len(known) > _KNOWN:
                known.clear()
            for key, found in zip(ids, ends, strict=True):
                ref = Ref(source, key)
                for end in sorted(found) if len(found) > 1 else found:
                    name = tuple(end[: at + 1])
                    target = known.get(name)
                    if target is None:
                        target = known[name] = Ref(only or _KINDS[end[0]], end[at])
                    props = decode_props(end[at + 1]) if len(end) > at + 1 else {}
                    yield Edge(kind=kind, source=ref, target=target, props=props)

    def _at(
        self, kind: NodeKind, ids: list[str], kinds: list[EdgeKind], *, outward: bool
    ) -> Iterator[tuple[Edge, Node]]:
        statement = cypher.neighbours(kind, kinds, outward=outward, public=self._public)
        for key, name, text, far_kind, far_id, far_text in self._collected(statement, ids=ids):
            near, far = Ref(kind, key), Ref(_KINDS[far_kind], far_id)
            source, target = (near, far) if outward else (far, near)
            edge = Edge(
                kind=cypher.KIND_OF_TYPE[name],
                source=source,
                target=target,
                props=decode_props(text),
            )
            yield edge, Node(kind=far.kind, id=far.id, props=decode_props(far_text))

    def _around(self, kind: NodeKind, centre: Point, radius_m: float) -> Iterator[Node]:
        bands = band_range(centre, radius_m)
        if bands is None or kind not in cypher.PLACED:
            yield from self.nodes(kind)
            return
        statement = cypher.in_bands(kind, public=self._public)
        numbers = list(range(bands[0], bands[1] + 1))
        for west, east in longitude_ranges(centre, radius_m):
            rows = self._collected(statement, bands=numbers, west=west, east=east)
            yield from _nodes(kind, rows)


def _nodes(kind: NodeKind, rows: list[list[str]]) -> Iterator[Node]:
    for key, text in sorted(rows):
        yield Node(kind=kind, id=key, props=decode_props(text))


def _edge(kind: EdgeKind, source: Ref, target_kind: str, target_id: str, text: str) -> Edge:
    target = Ref(_KINDS[target_kind], target_id)
    return Edge(kind=kind, source=source, target=target, props=decode_props(text))
