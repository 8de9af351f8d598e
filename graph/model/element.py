"""Nodes, edges and what may be joined to what: the only things a store has to keep."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from graph.model.values import Value


class NodeKind(StrEnum):
    """Kinds of node. A node's key is its kind and its id."""

    ORGANIZATION = "organization"
    FACILITY = "facility"
    SERVICE = "service"
    RESOURCE = "resource"
    AREA = "area"
    CONTACT = "contact"
    DEPARTMENT = "department"
    PROGRAM = "program"
    UNMET = "unmet"
    SOURCE_RECORD = "source_record"
    DECISION = "decision"


class EdgeKind(StrEnum):
    """Kinds of edge, read from source to target."""

    OFFERED_BY = "offered_by"
    LOCATED_AT = "located_at"
    HIDDEN_AT = "hidden_at"
    INSTANCE_OF = "instance_of"
    SERVES = "serves"
    OVERSEEN_BY = "overseen_by"
    CONTACTED_THROUGH = "contacted_through"
    WITHIN = "within"
    PART_OF = "part_of"
    COVERS = "covers"
    BELONGS_TO = "belongs_to"
    OWNED_BY = "owned_by"
    ASSERTS = "asserts"
    CONCERNS = "concerns"
    FOLLOWS = "follows"


_K = NodeKind

#: What each kind of edge may join. A writer refuses anything else.
EDGE_ENDS: Mapping[EdgeKind, tuple[frozenset[NodeKind], frozenset[NodeKind]]] = MappingProxyType(
    {
        EdgeKind.OFFERED_BY: (frozenset({_K.RESOURCE, _K.SERVICE}), frozenset({_K.ORGANIZATION})),
        # 所在地非公開の場は LOCATED_AT を持たない。距離や地図に使う側は HIDDEN_AT を読まない。
        EdgeKind.LOCATED_AT: (frozenset({_K.RESOURCE}), frozenset({_K.FACILITY})),
        EdgeKind.HIDDEN_AT: (frozenset({_K.RESOURCE}), frozenset({_K.FACILITY})),
        EdgeKind.INSTANCE_OF: (frozenset({_K.RESOURCE}), frozenset({_K.SERVICE})),
        EdgeKind.SERVES: (frozenset({_K.RESOURCE}), frozenset({_K.AREA})),
        EdgeKind.OVERSEEN_BY: (frozenset({_K.RESOURCE}), frozenset({_K.DEPARTMENT})),
        EdgeKind.CONTACTED_THROUGH: (frozenset({_K.RESOURCE}), frozenset({_K.CONTACT})),
        EdgeKind.WITHIN: (frozenset({_K.FACILITY}), frozenset({_K.AREA})),
        EdgeKind.PART_OF: (frozenset({_K.AREA}), frozenset({_K.AREA})),
        EdgeKind.COVERS: (frozenset({_K.CONTACT}), frozenset({_K.AREA})),
        EdgeKind.BELONGS_TO: (frozenset({_K.CONTACT}), frozenset({_K.ORGANIZATION})),
        EdgeKind.OWNED_BY: (frozenset({_K.PROGRAM}), frozenset({_K.DEPARTMENT})),
        EdgeKind.ASSERTS: (frozenset({_K.SOURCE_RECORD}), frozenset(_K)),
        EdgeKind.CONCERNS: (frozenset({_K.UNMET, _K.DECISION}), frozenset(_K)),
        EdgeKind.FOLLOWS: (frozenset({_K.PROGRAM}), frozenset({_K.PROGRAM})),
    }
)


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """The key of a node."""

    kind: NodeKind
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One record. A property that is absent is unknown; an empty tuple is known to be empty."""

    kind: NodeKind
    id: str
    props: Mapping[str, Value] = field(default_factory=dict)

    @property
    def ref(self) -> Ref:
        """The key."""
        return Ref(self.kind, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A typed, directed relation; unique by kind, source and target."""

    kind: EdgeKind
    source: Ref
    target: Ref
    props: Mapping[str, Value] = field(default_factory=dict)

    @property
    def key(self) -> tuple[EdgeKind, Ref, Ref]:
        """What makes it unique."""
        return (self.kind, self.source, self.target)
