"""Reads resource cards out of a store: all of them in one stream, or some by id."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from graph.areas import AreaTree
from graph.errors import NotFoundError
from graph.model.codec import from_node
from graph.model.element import EdgeKind, Node, NodeKind
from graph.model.place import Precision
from graph.model.quick import quick
from graph.model.resource import Resource
from graph.model.values import Point
from graph.store import Link, Reached, View
from graph.vocabulary.concept import Concept, Family
from graph.vocabulary.protocol import Vocabulary
from matching.card import ResourceCard

_ROUGH = frozenset({Precision.TOWN, Precision.CITY})
_OUT = (
    EdgeKind.LOCATED_AT,
    EdgeKind.OFFERED_BY,
    EdgeKind.SERVES,
    EdgeKind.CONTACTED_THROUGH,
)
#: Of whose other ends a card tells more than their ids.
_TOLD = (EdgeKind.LOCATED_AT, EdgeKind.OFFERED_BY)
_PLACE = (EdgeKind.LOCATED_AT,)
_MEMBERS = (EdgeKind.BELONGS_TO,)


_NO_MORE: tuple[str | None, Sequence[Link]] = (None, ())
_card = quick(ResourceCard)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a facility is."""

    point: Point | None
    rough: bool


class Concepts(Protocol):
    """As much of a vocabulary as cards are read by."""

    def get(self, family: Family, key: str) -> Concept:
        """The concept; raises NotFoundError."""


@dataclass(slots=True)
class _Around:
    """What cards take from other nodes."""

    vocabulary: Concepts
    areas: AreaTree
    places: dict[str, _Place] = field(default_factory=dict)
    organizations: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    introducing: set[str] = field(default_factory=set)
    centres: dict[str, Point | None] = field(default_factory=dict)
    categories: dict[str, Concept | None] = field(default_factory=dict)

    @staticmethod
    def exact(node: Node) -> Point | None:
        """Where a facility is known to be, without doubt."""
        point = node.props.get("point")
        return point if isinstance(point, Point) and not node.props.get("point_doubt") else None

    def place(self, node: Node, within: str | None) -> _Place:
        point = self.exact(node)
        if point is None:
            return _Place(self.centre(within), rough=True)
        return _Place(point, rough=node.props.get("precision") in _ROUGH)

    def centre(self, area: str | None) -> Point | None:
        if area is None or area not in self.areas.areas:
            return None
        if area not in self.centres:
            self.centres[area] = self.areas.centre(area)
        return self.centres[area]

    def category(self, key: str | None) -> Concept | None:
        if key is None:
            return None
        if key not in self.categories:
            try:
                self.categories[key] = self.vocabulary.get(Family.CATEGORY, key)
            except NotFoundError:
                self.categories[key] = None
        return self.categories[key]

    def card(self, node: Node, targets: Mapping[EdgeKind, Sequence[str]]) -> ResourceCard:
        resource = from_node(node, Resource)
        offered = targets.get(EdgeKind.OFFERED_BY)
        located = targets.get(EdgeKind.LOCATED_AT)
        served = targets.get(EdgeKind.SERVES)
        place = self.places.get(located[0]) if located else None
        organization = self.organizations.get(offered[0]) if offered else None
        return _card(
            resource=resource,
            category=self.category(resource.category),
            served=frozenset(served) if served else None,
            point=place.point if place else None,
            point_is_rough=bool(place and place.rough),
            organization=organization[0] if organization else None,
            organization_id=offered[0] if offered else None,
            organization_phone=organization[1] if organization else None,
            contacts=tuple(targets.get(EdgeKind.CONTACTED_THROUGH, ())),
            organization_has_contact=bool(offered and offered[0] in self.introducing),
        )

    def add_organization(self, node: Node) -> None:
        phone = node.props.get("phone")
        self.organizations[node.id] = (
            str(node.props.get("name", "")),
            str(phone) if phone else None,
        )


def _beside(
    nodes: Iterable[Node], links: Iterable[tuple[str, Sequence[Link]]]
) -> Iterator[tuple[Node, Sequence[Link]]]:
    """Each node with what it leads to; both streams come in the order of ids."""
    coming = iter(links)
    key, found = next(coming, _NO_MORE)
    for node in nodes:
        while key is not None and key < node.id:
            key, found = next(coming, _NO_MORE)
        yield node, found if key == node.id else ()


def all_cards(
    view: View,
    vocabulary: Concepts,
    areas: AreaTree,
    *,
    after: str | None = None,
    until: str | None = None,
) -> Iterator[ResourceCard]:
    """Every resource of a store ordered by id; nodes and edges are streamed side by side.

    Only those behind ``after``, and up to ``until`` (which is the last).
    """
    around = _Around(vocabulary, areas)
    within = {edge.source.id: edge.target.id for edge in view.edges(EdgeKind.WITHIN)}
    for node in view.nodes(NodeKind.FACILITY):
        around.places[node.id] = around.place(node, within.get(node.id))
    for node in view.nodes(NodeKind.ORGANIZATION):
        around.add_organization(node)
    around.introducing.update(edge.target.id for edge in view.edges(EdgeKind.BELONGS_TO))
    links = view.links(NodeKind.RESOURCE, _OUT, after=after)
    for node, found in _beside(view.nodes(NodeKind.RESOURCE, after=after), links):
        if until is not None and node.id > until:
            return
        yield around.card(node, _by_kind(found))


@dataclass(frozen=True, slots=True)
class Met:
    """Contacts that were read beside cards: by their id, and the ids of those of an organisation."""

    contacts: dict[str, Node] = field(default_factory=dict)
    members: dict[str, Sequence[str]] = field(default_factory=dict)

    def add(self, leads: Reached, members: Reached) -> None:
        """Take in what resources lead to, and who belongs to their organisations."""
        for reached in (leads, members):
            self.contacts.update(reached.nodes.get(NodeKind.CONTACT, {}))
        for organization, come in members.ids.items():
            self.members[organization] = come[EdgeKind.BELONGS_TO]


def cards_of(
    view: View,
    ids: Collection[str],
    vocabulary: Vocabulary,
    areas: AreaTree,
    met: Met | None = None,
) -> dict[str, ResourceCard]:
    """The cards of some resources; ids that do not exist are left out.

    ``met`` takes in the contacts on the way; without it, only whether there are any is read.
    """
    around = _Around(vocabulary, areas)
    nodes = list(view.get_many(NodeKind.RESOURCE, ids))
    told = _TOLD if met is None else (*_TOLD, EdgeKind.CONTACTED_THROUGH)
    leads = view.reached(NodeKind.RESOURCE, [node.id for node in nodes], _OUT, whole=told)
    for node in leads.nodes.get(NodeKind.ORGANIZATION, {}).values():
        around.add_organization(node)
    _add_places(view, leads.nodes.get(NodeKind.FACILITY, {}), around)
    members = view.reached(
        NodeKind.ORGANIZATION,
        around.organizations,
        _MEMBERS,
        inward=True,
        whole=_MEMBERS if met is not None else (),
    )
    around.introducing.update(members.ids)
    if met is not None:
        met.add(leads, members)
    return {node.id: around.card(node, leads.ids.get(node.id, {})) for node in nodes}


def placed_cards_of(
    view: View, ids: Collection[str], vocabulary: Vocabulary, areas: AreaTree
) -> dict[str, ResourceCard]:
    """Cards that tell the record and its place alone, as much as あと一歩 (``relax``) reads."""
    around = _Around(vocabulary, areas)
    nodes = list(view.get_many(NodeKind.RESOURCE, ids))
    leads = view.reached(NodeKind.RESOURCE, [node.id for node in nodes], _PLACE, whole=_PLACE)
    _add_places(view, leads.nodes.get(NodeKind.FACILITY, {}), around)
    return {node.id: around.card(node, leads.ids.get(node.id, {})) for node in nodes}


def _by_kind(links: Iterable[Link]) -> dict[EdgeKind, list[str]]:
    targets: dict[EdgeKind, list[str]] = {}
    for kind, target in links:
        targets.setdefault(kind, []).append(target)
    return targets


def _add_places(view: View, facilities: Mapping[str, Node], around: _Around) -> None:
    # 場所の分かる建物は、どの区域にあるかを聞くまでもない。
    unsure = [key for key, node in facilities.items() if around.exact(node) is None]
    within = view.reached(NodeKind.FACILITY, unsure, (EdgeKind.WITHIN,)).ids
    for key, node in facilities.items():
        area = within[key][EdgeKind.WITHIN][-1] if key in within else None
        around.places[key] = around.place(node, area)


class CardReader:
    """Reads the cards of shown resources from one view, each once.

    ``met``: the contacts that lead to them and to their organisations.
    """

    def __init__(self, view: View, vocabulary: Vocabulary, areas: AreaTree) -> None:
        self.view = view
        self._vocabulary = vocabulary
        self._areas = areas
        self._known: dict[str, ResourceCard] = {}
        self._placed: dict[str, ResourceCard] = {}
        self.met = Met()

    def __call__(self, ids: Iterable[str]) -> dict[str, ResourceCard]:
        """Cards by id; what is gone from the store is left out."""
        wanted = set(ids)
        missing = wanted - self._known.keys()
        if missing:
            found = cards_of(self.view, missing, self._vocabulary, self._areas, self.met)
            self._known.update(found)
        return {key: self._known[key] for key in wanted if key in self._known}

    def placed(self, ids: Iterable[str]) -> dict[str, ResourceCard]:
        """As calling it; what is not known yet tells its record and its place alone."""
        wanted = set(ids)
        missing = wanted - self._known.keys() - self._placed.keys()
        if missing:
            found = placed_cards_of(self.view, missing, self._vocabulary, self._areas)
            self._placed.update(found)
        cards = ((key, self._known.get(key) or self._placed.get(key)) for key in wanted)
        return {key: card for key, card in cards if card is not None}
