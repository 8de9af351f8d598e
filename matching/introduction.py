"""Who introduces whom: the best path agency → contact → organisation → resource.

The small part of the graph around the shown resources is held as a networkx graph and searched by
weight: a contact of the place itself before one of its organisation, before the one in charge of
the person's district; CSW first; a territory that covers the person before one that does not.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import networkx as nx

from graph.model.codec import from_node
from graph.model.element import EdgeKind, NodeKind, Ref
from graph.model.people import Contact, ContactKind
from graph.store import Direction, View
from matching.card import ResourceCard
from matching.result import Hop

START = Ref(NodeKind.SOURCE_RECORD, "start")
#: Cost of a hop through a contact of each kind; smaller is asked first.
_KIND_COST: Mapping[ContactKind | None, float] = {
    ContactKind.CSW: 0.0,
    ContactKind.SEIKATSU_SHIEN_COORDINATOR: 0.1,
    ContactKind.MINSEI_IIN: 0.2,
    ContactKind.COUNSELLOR: 0.25,
    ContactKind.DESK: 0.3,
    None: 0.4,
}
_OTHER_TERRITORY = 1.0
_UNKNOWN_TERRITORY = 0.4
_THROUGH_ORGANIZATION = 0.3
#: The person's own district contact may ask anybody, though not known to introduce to this place.
_ASKS_AROUND = 1.2
_STRAIGHT = 2.5


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the way begins: an agency already involved, or a desk of the area."""

    id: str
    name: str


@dataclass(slots=True)
class Introducers:
    """Contacts known around some resources and areas."""

    areas: frozenset[str]
    contacts: dict[str, Contact] = field(default_factory=dict)
    territory: dict[str, set[str]] = field(default_factory=dict)
    of_resource: dict[str, list[str]] = field(default_factory=dict)
    of_organization: dict[str, list[str]] = field(default_factory=dict)
    local: list[str] = field(default_factory=list)

    def cost(self, contact_id: str) -> float:
        """How readily this contact is asked for the person."""
        contact = self.contacts[contact_id]
        cost = _KIND_COST[contact.kind]
        covered = self.territory.get(contact_id)
        if not covered:
            return cost + _UNKNOWN_TERRITORY
        return cost if covered & self.areas else cost + _OTHER_TERRITORY


def local_contacts(view: View, areas: Sequence[str]) -> Introducers:
    """Contacts whose territory covers the person (``areas`` narrowest first)."""
    found = Introducers(areas=frozenset(areas))
    refs = [Ref(NodeKind.AREA, key) for key in sorted(areas)]
    for edge, node in view.neighbours(refs, (EdgeKind.COVERS,), Direction.IN):
        found.contacts[node.id] = from_node(node, Contact)
        found.territory.setdefault(node.id, set()).add(edge.target.id)
    narrow = {key: place for place, key in enumerate(areas)}
    found.local = sorted(
        found.contacts,
        key=lambda c: (
            _KIND_COST[found.contacts[c].kind],
            min(narrow.get(a, len(narrow)) for a in found.territory[c]),
            c,
        ),
    )
    return found


def add_resources(view: View, known: Introducers, cards: Iterable[ResourceCard]) -> None:
    """Read the contacts of shown resources and of their organisations."""
    wanted = list(cards)
    for card in wanted:
        known.of_resource[card.id] = list(card.contacts)
    missing = {c for card in wanted for c in card.contacts} - known.contacts.keys()
    for node in view.get_many(NodeKind.CONTACT, missing):
        known.contacts[node.id] = from_node(node, Contact)
    organizations = {card.organization_id for card in wanted if card.organization_has_contact}
    refs = [Ref(NodeKind.ORGANIZATION, key) for key in sorted(o for o in organizations if o)]
    for edge, node in view.neighbours(refs, (EdgeKind.BELONGS_TO,), Direction.IN):
        known.contacts.setdefault(node.id, from_node(node, Contact))
        known.of_organization.setdefault(edge.target.id, []).append(node.id)
    _add_territories(view, known)


def _add_territories(view: View, known: Introducers) -> None:
    missing = sorted(known.contacts.keys() - known.territory.keys())
    refs = [Ref(NodeKind.CONTACT, key) for key in missing]
    for key in missing:
        known.territory[key] = set()
    for edge, _ in view.neighbours(refs, (EdgeKind.COVERS,), Direction.OUT):
        known.territory[edge.source.id].add(edge.target.id)


def paths(
    known: Introducers, cards: Collection[ResourceCard], desk: Desk | None
) -> dict[str, tuple[Hop, ...]]:
    """The best path to each card; just the resource where nobody is known to introduce."""
    g = introduction_graph(known, cards)
    best: dict[Ref, list[Ref]] = nx.single_source_dijkstra_path(g, START)
    names = {Ref(NodeKind.CONTACT, key): contact.name for key, contact in known.contacts.items()}
    for card in cards:
        names[Ref(NodeKind.RESOURCE, card.id)] = card.resource.name
        if card.organization_id:
            names[Ref(NodeKind.ORGANIZATION, card.organization_id)] = card.organization or ""
    first: tuple[Hop, ...] = (Hop(id=desk.id, kind="agency", name=desk.name),) if desk else ()
    return {
        card.id: first
        + tuple(
            Hop(id=ref.id, kind=str(ref.kind), name=names[ref])
            for ref in best[Ref(NodeKind.RESOURCE, card.id)][1:]
        )
        for card in cards
    }


def introduction_graph(known: Introducers, cards: Collection[ResourceCard]) -> "nx.DiGraph[Ref]":
    """Weighted ways from the start to each card. Ties go to the smaller id."""
    g: nx.DiGraph[Ref] = nx.DiGraph()
    g.add_node(START)
    asked = {c for card in cards for c in known.of_resource.get(card.id, ())}
    for card in cards:
        asked.update(known.of_organization.get(card.organization_id or "", ()))
    for key in sorted(asked | set(known.local[:1])):
        g.add_edge(START, Ref(NodeKind.CONTACT, key), weight=1.0 + known.cost(key))
    for card in cards:
        goal = Ref(NodeKind.RESOURCE, card.id)
        for key in sorted(known.of_resource.get(card.id, ())):
            if key in known.contacts:
                g.add_edge(Ref(NodeKind.CONTACT, key), goal, weight=0.0)
        if card.organization_id:
            middle = Ref(NodeKind.ORGANIZATION, card.organization_id)
            for key in sorted(known.of_organization.get(card.organization_id, ())):
                g.add_edge(Ref(NodeKind.CONTACT, key), middle, weight=_THROUGH_ORGANIZATION)
                g.add_edge(middle, goal, weight=0.0)
        for key in known.local[:1]:
            source = Ref(NodeKind.CONTACT, key)
            if not g.has_edge(source, goal):
                g.add_edge(source, goal, weight=_ASKS_AROUND)
        g.add_edge(START, goal, weight=_STRAIGHT + 1.0)
    return g
