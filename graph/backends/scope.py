"""What the public may see, as one number per node that every backend can filter by."""

from collections.abc import Mapping
from enum import IntEnum

from graph.model.element import NodeKind
from graph.model.resource import Publication
from graph.model.values import Value

#: Counted or source material: never public, whatever flag it carries.
_OFFICE_ONLY = frozenset({NodeKind.UNMET, NodeKind.SOURCE_RECORD, NodeKind.DECISION})


class Openness(IntEnum):
    """Whether a node is in the public part."""

    CLOSED = 0
    OPEN = 1
    #: 印のない施設は、非公開の場の所在地（HIDDEN_AT の先）でないときだけ見せる。
    UNLESS_HIDDEN = 2


def openness(kind: NodeKind, props: Mapping[str, Value]) -> Openness:
    """How far a node of these properties is open (graph/store.py, ``Scope.PUBLIC``)."""
    if kind in _OFFICE_ONLY:
        return Openness.CLOSED
    flag = props.get("publication")
    if flag is None:
        return Openness.UNLESS_HIDDEN if kind is NodeKind.FACILITY else Openness.OPEN
    if flag == Publication.PUBLIC:
        return Openness.OPEN
    if flag == Publication.CONFIDENTIAL_LOCATION and kind is NodeKind.RESOURCE:
        return Openness.OPEN
    return Openness.CLOSED
