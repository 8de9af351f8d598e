"""What an import adds, in the few texts by which duplicates are found.

Kept while the tables are read, so that a trial without writing finds the same duplicates and a
large import need not read back what it has just written.
"""

from collections.abc import Iterable
from typing import NamedTuple

from graph.model.element import EdgeKind, Node, NodeKind
from graph.model.place import Precision
from graph.model.values import Point
from ingest.build import Built
from ingest.duplicates import DuplicateKey, make_key


class KeyParts(NamedTuple):
    """The arguments of :func:`ingest.duplicates.make_key`, as they stand in the graph.

    A place that is kept secret is not among them. ``point`` only where the source gave it.
    """

    name: str
    name_kana: str | None = None
    address: str | None = None
    phone: str | None = None
    legal_entity_number: str | None = None
    provider_number: str | None = None
    kind: str | None = None
    organization: str | None = None
    email: str | None = None
    point: Point | None = None
    source: str | None = None

    def key(self, resource_id: str) -> DuplicateKey:
        """The key to compare by."""
        return make_key(
            id=resource_id,
            name=self.name,
            name_kana=self.name_kana,
            address=self.address,
            phones=(self.phone,) if self.phone else (),
            legal_entity_number=self.legal_entity_number,
            provider_number=self.provider_number,
            kind=self.kind,
            organization=self.organization,
            email=self.email,
            point=self.point,
            source=self.source,
        )


def parts_of(resource: Node, place: Node | None, operator: str | None) -> KeyParts:
    """The parts of a resource at an open place, run by ``operator``."""
    held = place.props if place is not None else {}
    point = held.get("point") if held.get("precision") == Precision.GIVEN.value else None
    address = held.get("address")
    return KeyParts(
        name=str(resource.props["name"]),
        name_kana=_text(resource, "name_kana"),
        address=None if address is None else str(address),
        phone=_text(resource, "phone"),
        legal_entity_number=_text(resource, "legal_entity_number"),
        provider_number=_text(resource, "provider_number"),
        kind=_text(resource, "category") or _text(resource, "category_text"),
        organization=operator,
        email=_text(resource, "email"),
        point=point if isinstance(point, Point) else None,
        source=_text(resource, "source"),
    )


def parts_of_built(built: Built) -> KeyParts:
    """The parts of a resource that has just been composed."""
    targets = {edge.kind: edge.target for edge in built.edges}
    place = _named(built.nodes, targets.get(EdgeKind.LOCATED_AT))
    operator = _named(built.shared, targets.get(EdgeKind.OFFERED_BY))
    name = str(operator.props.get("name", "")) if operator is not None else None
    return parts_of(_resource(built), place, name)


def _resource(built: Built) -> Node:
    return next(n for n in built.nodes if n.kind is NodeKind.RESOURCE)


def _named(nodes: Iterable[Node], ref: object) -> Node | None:
    return next((node for node in nodes if node.ref == ref), None) if ref is not None else None


def _text(node: Node, name: str) -> str | None:
    value = node.props.get(name)
    return None if value is None else str(value)
