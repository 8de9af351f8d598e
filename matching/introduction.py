"""Who introduces whom: the best path agency → contact → organisation → resource.

Each way has a cost: a contact of the place itself before one of its organisation, before the one
in charge of the district; CSW first; a territory that covers the person before one that does not.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graph.model.codec import from_node
from graph.model.element import EdgeKind, Node, NodeKind
from graph.model.people import Contact, ContactKind
from graph.store import View
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
_COVERS = (EdgeKind.COVERS,)
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
    of_resource: dict[str, Sequence[str]] = field(default_factory=dict)
    of_organization: dict[str, Sequence[str]] = field(default_factory=dict)
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
    there = view.reached(NodeKind.AREA, areas, _COVERS, inward=True, whole=_COVERS)
    nodes = there.nodes.get(NodeKind.CONTACT, {})
    narrowest: dict[str, int] = {}
    for place, area in enumerate(areas):
        for key in there.ids.get(area, {}).get(EdgeKind.COVERS, ()):
            narrowest.setdefault(key, place)
            found.territory.setdefault(key, set()).add(area)
    found.local = sorted(
        narrowest, key=lambda key: (_KIND_COST[_kind_of(nodes[key])], narrowest[key], key)
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
    wanted: set[str] = set()
    for card in cards:
        known.of_resource[card.id] = card.contacts
        wanted.update(card.contacts)
        organization = card.organization_id
        if organization is not None and organization not in known.of_organization:
            known.of_organization[organization] = met.members.get(organization, ())
            wanted.update(known.of_organization[organization])
    for key in wanted & met.contacts.keys() - known.contacts.keys():
        known.contacts[key] = from_node(met.contacts[key], Contact)
    _add_territories(view, known)


def _add_territories(view: View, known: Introducers) -> None:
    missing = known.contacts.keys() - known.territory.keys()
    covered = view.reached(NodeKind.CONTACT, missing, _COVERS).ids
    for key in missing:
        known.territory[key] = set(covered[key][EdgeKind.COVERS] if key in covered else ())


def paths(
    known: Introducers, cards: Collection[ResourceCard], desk: Desk | None
) -> dict[str, tuple[Hop, ...]]:
    """The best path to each card; just the resource where nobody is known to introduce.

    The cheapest of the ways of a small graph; the tests hold it against networkx over that graph.
    """
    first: tuple[Hop, ...] = (Hop(id=desk.id, kind="agency", name=desk.name),) if desk else ()
    return {card.id: (*first, *_best_way(known, card)) for card in cards}


#: What a way costs, whom it goes through (``""`` = nobody), and whether by way of the organisation.
_Way = tuple[float, str, bool]


def _best_way(known: Introducers, card: ResourceCard) -> tuple[Hop, ...]:
    """Straight, through a contact, or through one of the organisation; ties go to the former."""
    best: _Way = (STRAIGHT + 1.0, "", False)
    own = [key for key in known.of_resource.get(card.id, ()) if key in known.contacts]
    for key in known.local[:1]:
        if key not in own:
            best = _cheaper(best, (1.0 + known.cost(key) + ASKS_AROUND, key, False))
    if own:
        cost, key = min((known.cost(key), key) for key in own)
        best = _cheaper(best, (1.0 + cost, key, False))
    members = known.of_organization.get(card.organization_id or "", ())
    if members:
        cost, key = min((known.cost(key), key) for key in members)
        best = _cheaper(best, (1.0 + cost + THROUGH_ORGANIZATION, key, True))
    _, contact, through = best
    return tuple(_hops(known, card, contact, through=through))


def _cheaper(one: _Way, other: _Way) -> _Way:
    return other if other[0] < one[0] else one


def _hops(known: Introducers, card: ResourceCard, contact: str, *, through: bool) -> Iterator[Hop]:
    if contact:
        yield Hop(id=contact, kind=str(NodeKind.CONTACT), name=known.contacts[contact].name)
    if through:
        yield Hop(
            id=card.organization_id or "",
            kind=str(NodeKind.ORGANIZATION),
            name=card.organization or "",
        )
    yield Hop(id=card.id, kind=str(NodeKind.RESOURCE), name=card.resource.name)
