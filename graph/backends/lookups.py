"""Which properties can be found without reading every node, the same in every backend."""

from graph.model.values import Point

#: Properties ``View.find`` answers from an index; any other one is found by reading the kind.
INDEXED_PROPS = frozenset(
    {
        "name",
        "record_key",
        "dataset",
        "phone",
        "provider_number",
        "legal_entity_number",
        "local_government_code",
        "category",
        "address",
        "left",
        "right",
    }
)

#: The property ``View.near`` measures from.
POINT_PROP = "point"


def point_of(value: object) -> Point | None:
    """The point, where the value is one."""
    return value if isinstance(value, Point) else None
