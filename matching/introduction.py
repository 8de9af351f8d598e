"""Who introduces whom: the best path agency → contact → organisation → resource.

Each way has a cost: a contact of the place itself before one of its organisation, before the one
in charge of the district; CSW first; a territory that covers the person before one that does not.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from graph.model.codec import from_node
from graph.model.element import EdgeKind, Node, NodeKind, Ref
from graph.model.people import Contact, ContactKind
from graph.store import Direction, View
from matching.card import ResourceCard
from matching.cards import Met
from matching.result import Hop

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
THROUGH_ORGANIZATION = 0.3
#: The person's own district contact may ask anybody, though not known to introduce to this place.
ASKS_AROUND = 1.2
STRAIGHT = 2.5


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
    refs = [Ref(NodeKind.AREA, key) for key in areas]
    nodes: dict[str, Node] = {}
    for edge, node in view.neighbours(refs, (EdgeKind.COVERS,), Direction.IN):
        nodes[node.id] = node
        found.territory.setdefault(node.id, set()).add(edge.target.id)
    narrow = {key: place for place, key in enumerate(areas)}
    found.local = sorted(
        nodes,
        key=lambda c: (
            _KIND_COST[_kind_of(nodes[c])],
            min(narrow.get(a, len(narrow)) for a in found.territory[c]),
            c,
        ),
    )
    # 大きな町には何百人もいるが、尋ねるのは初めの一人だけ。
    for key in found.local[:1]:
        found.contacts[key] = from_node(nodes[key], Contact)
    return found


def _kind_of(node: Node) -> ContactKind | None:
    kind = node.props.get("kind")
    return ContactKind(str(kind)) if kind is not None else None


def add_resources(view: View, known: Introducers, cards: Iterable[ResourceCard], met: Met) -> None:
    """Take in the contacts of shown resources and of their organisations, as met with the cards."""
    for card in cards:
        known.of_resource[card.id] = list(card.contacts)
        nodes = {key: met.contacts[key] for key in card.contacts if key in met.contacts}
        organization = card.organization_id
        if organization is not None and organization not in known.of_organization:
            members = met.members.get(organization, {})
            known.of_organization[organization] = list(members)
            nodes |= members
        for key, node in nodes.items():
            if key not in known.contacts:
                known.contacts[key] = from_node(node, Contact)
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
    """The best path to each card; just the resource where nobody is known to introduce.

    The cheapest of the ways of a small graph; the tests hold it against networkx over that graph.
    """
    first: tuple[Hop, ...] = (Hop(id=desk.id, kind="agency", name=desk.name),) if desk else ()
    return {card.id: (*first, *_best_way(known, card)) for card in cards}


def _best_way(known: Introducers, card: ResourceCard) -> tuple[Hop, ...]:
    """Straight, through a contact, or through one of the organisation; ties go to the former."""
    goal = Hop(id=card.id, kind=str(NodeKind.RESOURCE), name=card.resource.name)
    best: tuple[float, tuple[Hop, ...]] = (STRAIGHT + 1.0, (goal,))
    own = {key for key in known.of_resource.get(card.id, ()) if key in known.contacts}
    for key in known.local[:1]:
        if key not in own:
            best = min(
                best, (1.0 + known.cost(key) + ASKS_AROUND, (_hop(known, key), goal)), key=_cost
            )
    for key in sorted(own, key=lambda key: (known.cost(key), key)):
        best = min(best, (1.0 + known.cost(key), (_hop(known, key), goal)), key=_cost)
    members = known.of_organization.get(card.organization_id or "", ())
    for key in sorted(members, key=lambda key: (known.cost(key), key)):
        middle = Hop(
            id=card.organization_id or "",
            kind=str(NodeKind.ORGANIZATION),
            name=card.organization or "",
        )
        cost = 1.0 + known.cost(key) + THROUGH_ORGANIZATION
        best = min(best, (cost, (_hop(known, key), middle, goal)), key=_cost)
    return best[1]


def _cost(way: tuple[float, tuple[Hop, ...]]) -> float:
    return way[0]


def _hop(known: Introducers, key: str) -> Hop:
    return Hop(id=key, kind=str(NodeKind.CONTACT), name=known.contacts[key].name)
