"""Which properties can be found without reading every node, the same in every backend."""

from collections.abc import Mapping
from types import MappingProxyType

from graph.model.element import NodeKind
from graph.model.values import Point

_K = NodeKind

#: Properties ``View.find`` answers from an index; any other is found by reading the kind through.
LOOKUPS: Mapping[NodeKind, frozenset[str]] = MappingProxyType(
    {
        _K.RESOURCE: frozenset(
            {"name", "category", "phone", "provider_number", "legal_entity_number"}
        ),
        _K.ORGANIZATION: frozenset({"name", "phone", "legal_entity_number"}),
        _K.SERVICE: frozenset({"name", "category"}),
        _K.FACILITY: frozenset({"name", "address", "local_government_code"}),
        _K.AREA: frozenset({"name", "local_government_code"}),
        _K.CONTACT: frozenset({"name", "phone"}),
        _K.DEPARTMENT: frozenset({"name"}),
        _K.PROGRAM: frozenset({"name", "number"}),
        _K.UNMET: frozenset({"need", "area_id", "month"}),
        _K.SOURCE_RECORD: frozenset({"dataset", "record_key", "batch"}),
        _K.DECISION: frozenset({"left", "right"}),
    }
)

#: Longer texts are not indexed (servers limit the size of an index entry); they are read through.
LONGEST_INDEXED = 1000

#: The property ``View.near`` measures from.
POINT_PROP = "point"


def indexed_text(kind: NodeKind, prop: str, value: object) -> str | None:
    """The text to look up, or ``None`` where this value is not kept in an index."""
    if isinstance(value, str) and prop in LOOKUPS[kind] and len(value) <= LONGEST_INDEXED:
        return value
    return None


def point_of(value: object) -> Point | None:
    """The point, where the value is one."""
    return value if isinstance(value, Point) else None
