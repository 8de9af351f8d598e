"""The store seam: small protocols that memory, SQLite, Neo4j (and later PostgreSQL) fulfil.

No query language crosses it. Writes are all-or-nothing; iteration is ordered by id; every write
leaves gapless numbered changes that another process can follow. It assumes neither one file nor
one server.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeAlias

import networkx as nx

from graph.model.element import Edge, EdgeKind, Node, NodeKind, Ref
from graph.model.values import Point, Scalar


class Direction(StrEnum):
    """Which way edges are followed from a node."""

    OUT = "out"
    IN = "in"
    BOTH = "both"


class Scope(StrEnum):
    """How much of the graph a reader may see.

    ``PUBLIC`` holds nodes whose ``publication`` is public, or confidential-location resources
    without HIDDEN_AT edges, facilities and other nodes that carry no flag; never unmet records,
    source records or decisions. ``OFFICE`` is everything.
    """

    OFFICE = "office"
    PUBLIC = "public"


class ChangeAction(StrEnum):
    """What happened to a node or edge."""

    PUT = "put"
    DELETE = "delete"
    LINK = "link"
    UNLINK = "unlink"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entry of the change feed. ``source`` is the node, or the source of the edge."""

    seq: int
    at: datetime
    action: ChangeAction
    source: Ref
    edge: EdgeKind | None = None
    target: Ref | None = None


#: Kind of an edge and the id of its target.
Link: TypeAlias = tuple[EdgeKind, str]


@dataclass(frozen=True, slots=True)
class Reached:
    """Where the edges of some nodes lead.

    ``ids``: for each node that has such edges, the ids at their other ends by kind of edge, ordered.
    ``nodes``: by kind and id, those nodes at the other ends that were asked for whole.
    """

    ids: Mapping[str, Mapping[EdgeKind, Sequence[str]]]
    nodes: Mapping[NodeKind, Mapping[str, Node]]


class View(Protocol):
    """Reading, inside ``with store.read() as view``."""

    def head(self) -> int:
        """Sequence number of the newest change this view holds at least."""

    def get(self, ref: Ref) -> Node | None:
        """The node, or ``None``."""

    def get_many(self, kind: NodeKind, ids: Collection[str]) -> Iterator[Node]:
        """Those of ``ids`` that exist, ordered by id."""

    def present(self, kind: NodeKind, ids: Collection[str]) -> AbstractSet[str]:
        """Those of ``ids`` that exist."""

    def nodes(self, kind: NodeKind, *, after: str | None = None) -> Iterator[Node]:
        """All nodes of a kind ordered by id (code points), from behind ``after``; streams."""

    def id_at(self, kind: NodeKind, place: int) -> str | None:
        """The id of the node so many places behind the first of its kind, in the order of ids."""

    def edges(self, kind: EdgeKind) -> Iterator[Edge]:
        """All edges of a kind ordered by source, then target; streams."""

    def links(
        self, source: NodeKind, kinds: Collection[EdgeKind], *, after: str | None = None
    ) -> Iterator[tuple[str, Sequence[Link]]]:
        """What nodes of a kind lead to, without properties: each source's id and its ordered links.

        Ordered by source, from behind ``after``; a node without such edges is passed over;
        streams. Raises ValueError for kinds of edge whose targets may be of several kinds.
        """

    def find(self, kind: NodeKind, prop: str, value: Scalar) -> Iterator[Node]:
        """Nodes whose property equals ``value`` exactly, ordered by id."""

    def neighbours(
        self,
        refs: Collection[Ref],
        kinds: Collection[EdgeKind],
        direction: Direction = Direction.OUT,
    ) -> Iterator[tuple[Edge, Node]]:
        """Edges of ``kinds`` at any of ``refs`` with the node at the other end, ordered by edge."""

    def reached(
        self,
        kind: NodeKind,
        ids: Collection[str],
        edges: Collection[EdgeKind],
        *,
        inward: bool = False,
        whole: Collection[EdgeKind] = (),
    ) -> Reached:
        """What the edges of those of ``ids`` that exist lead to (``inward``: come from).

        Over edges of the kinds ``whole`` the nodes themselves are read, over the others ids alone.
        Raises ValueError for kinds of edge whose other ends may be of several kinds.
        """

    def near(self, kind: NodeKind, centre: Point, radius_m: float) -> Iterator[tuple[float, Node]]:
        """Nodes with a ``point`` within ``radius_m`` metres, nearest first, then by id."""

    def counts(self) -> Mapping[NodeKind, int]:
        """Number of nodes of each kind that occurs."""

    def subgraph(
        self, roots: Collection[Ref], kinds: Collection[EdgeKind], hops: int
    ) -> "nx.MultiDiGraph[Ref]":
        """What lies within ``hops`` edges (either way) of ``roots``.

        Node attribute ``node`` holds the :class:`Node`, edge key the :class:`EdgeKind`, edge
        attribute ``edge`` the :class:`Edge`.
        """


class Writer(Protocol):
    """Writing, inside ``with store.write(...) as w``: all of it is kept, or none.

    Whoever writes sees their own writes through :meth:`get`.
    """

    def get(self, ref: Ref) -> Node | None:
        """The node as it will be."""

    def put(self, nodes: Collection[Node]) -> None:
        """Add or replace nodes whole. A node equal to what is stored leaves no change."""

    def link(self, edges: Collection[Edge]) -> None:
        """Add or replace edges. Raises DanglingEdgeError when an end does not exist."""

    def unlink(self, edges: Collection[Edge]) -> None:
        """Remove edges; one that is not there is passed over."""

    def delete(self, refs: Collection[Ref]) -> None:
        """Remove nodes and every edge at them; one that is not there is passed over."""


class GraphStore(Protocol):
    """A place that keeps the graph."""

    @property
    def url(self) -> str:
        """Where it is, without password."""

    def read(self, scope: Scope = Scope.OFFICE) -> AbstractContextManager[View]:
        """A consistent look at what is committed."""

    def write(self, *, actor: str) -> AbstractContextManager[Writer]:
        """One all-or-nothing write. An exception inside undoes it.

        Raises StoreLockedError when another writer does not end within the operator's limit.
        """

    def changes(self, after: int, limit: int = 1000) -> Sequence[Change]:
        """Changes numbered ``after + 1`` and on, without a hole.

        Raises StoreError with code ``feed_pruned`` when ``after`` lies before the kept part.
        """

    def head(self) -> int:
        """Number of the newest change; 0 in a fresh store."""

    def floor(self) -> int:
        """Every change numbered above this is still kept."""

    def floor_mark(self) -> tuple[int, str] | None:
        """The floor and a random name of its newest raising (by pruning, or by filling whole).

        Two states, of this store or any other, that have no newer change and the same floor mark
        are the same. ``None`` where it was never raised, or by a version that left no name.
        """

    def prune(self, before: datetime) -> int:
        """Forget changes older than ``before``; gives how many."""

    def schema_version(self) -> int:
        """Version of the stored form."""

    def check(self) -> Sequence[str]:
        """Faults found when the stored form is read through; empty when whole."""

    def close(self) -> None:
        """Let go of files and connections."""
