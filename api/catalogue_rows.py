"""A resource as lists and maps show it, read from the store with what it is joined to."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from graph.areas import AreaTree
from graph.errors import NotFoundError
from graph.model.codec import from_node
from graph.model.element import Edge, EdgeKind, Node, NodeKind, Ref
from graph.model.people import Organization
from graph.model.place import Facility
from graph.model.resource import AreaScope, Publication, Resource, Status
from graph.model.values import Point
from graph.store import View
from graph.text import normalise
from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary

_JOINED = (EdgeKind.LOCATED_AT, EdgeKind.SERVES, EdgeKind.OFFERED_BY)
_Joined = Mapping[str, list[tuple[Edge, Node]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One resource as lists and maps show it. A confidential place has no point and no address."""

    id: str
    name: str
    kana: str | None
    category: str | None
    category_label: str
    needs: frozenset[str]
    place: str | None
    address: str | None
    point: Point | None
    home: frozenset[str]
    serves: frozenset[str]
    anywhere: bool
    area_text: str | None
    schedule: str | None
    cost: str | None
    who: str | None
    how: str | None
    phone: str | None
    url: str | None
    organization: str | None
    assured: date | None
    status: Status | None
    publication: Publication
    haystack: str


class RowReader:
    """Makes rows from a view."""

    def __init__(self, view: View, areas: AreaTree, vocabulary: Vocabulary) -> None:
        self._view = view
        self._areas = areas
        self._vocabulary = vocabulary
        self._words: dict[str, tuple[str, str]] = {}

    def all(self) -> Iterator[Row]:
        """A row for every resource."""
        facilities = {n.id: n for n in self._view.nodes(NodeKind.FACILITY)}
        organizations = {n.id: n for n in self._view.nodes(NodeKind.ORGANIZATION)}
        joined: dict[str, list[tuple[Edge, Node]]] = defaultdict(list)
        for kind, nodes in (
            (EdgeKind.LOCATED_AT, facilities),
            (EdgeKind.OFFERED_BY, organizations),
        ):
            for edge in self._view.edges(kind):
                if edge.source.kind is NodeKind.RESOURCE and edge.target.id in nodes:
                    joined[edge.source.id].append((edge, nodes[edge.target.id]))
        for edge in self._view.edges(EdgeKind.SERVES):
            joined[edge.source.id].append((edge, Node(kind=NodeKind.AREA, id=edge.target.id)))
        homes: dict[str, list[str]] = defaultdict(list)
        for edge in self._view.edges(EdgeKind.WITHIN):
            homes[edge.source.id].append(edge.target.id)
        for node in self._view.nodes(NodeKind.RESOURCE):
            yield self._row(from_node(node, Resource), joined.get(node.id, ()), homes)

    def some(self, ids: Collection[str]) -> Iterator[Row]:
        """A row for each of ``ids`` that still exists."""
        joined: dict[str, list[tuple[Edge, Node]]] = defaultdict(list)
        refs = [Ref(NodeKind.RESOURCE, key) for key in ids]
        for edge, node in self._view.neighbours(refs, _JOINED):
            joined[edge.source.id].append((edge, node))
        places = [
            n.ref for found in joined.values() for _, n in found if n.kind is NodeKind.FACILITY
        ]
        homes: dict[str, list[str]] = defaultdict(list)
        for edge, _ in self._view.neighbours(places, (EdgeKind.WITHIN,)):
            homes[edge.source.id].append(edge.target.id)
        for node in self._view.get_many(NodeKind.RESOURCE, ids):
            yield self._row(from_node(node, Resource), joined.get(node.id, ()), homes)

    def _row(
        self,
        resource: Resource,
        joined: Iterable[tuple[Edge, Node]],
        homes: Mapping[str, list[str]],
    ) -> Row:
        facility: Facility | None = None
        organization: str | None = None
        serves: list[str] = []
        for edge, node in joined:
            if edge.kind is EdgeKind.LOCATED_AT:
                facility = from_node(node, Facility)
            elif edge.kind is EdgeKind.OFFERED_BY:
                organization = from_node(node, Organization).name
            else:
                serves.append(edge.target.id)
        label, words = self._category(resource)
        point = facility.point if facility and not facility.point_doubt else None
        home = self._home(facility, point, homes)
        place = next(
            (self._areas.areas[key].name for key in home if key in self._areas.areas), None
        )
        address = facility.address if facility else None
        said = (resource.name, resource.name_kana, words, place, address, organization,
                resource.area_text, resource.description)  # fmt: skip
        return Row(
            id=resource.id,
            name=resource.name,
            kana=resource.name_kana,
            category=resource.category,
            category_label=label,
            needs=frozenset(resource.needs or ()),
            place=place,
            address=address,
            point=point,
            home=frozenset(home),
            serves=frozenset(serves),
            anywhere=resource.area_scope is AreaScope.ANYWHERE,
            area_text=resource.area_text,
            schedule=resource.schedule_text,
            cost=resource.cost_text,
            who=resource.eligibility_text,
            how=resource.application,
            phone=resource.phone,
            url=resource.url,
            organization=organization,
            assured=resource.assured_date,
            status=resource.status,
            publication=resource.publication,
            haystack="\n".join(normalise(text) for text in said if text),
        )

    def _home(
        self, facility: Facility | None, point: Point | None, homes: Mapping[str, list[str]]
    ) -> list[str]:
        """Areas the place lies in, narrowest first."""
        if facility is None:
            return []
        known = homes.get(facility.id, [])
        if not known and point is not None:
            return list(self._areas.locate(point))
        found: dict[str, None] = {}
        for key in known:
            found.update(dict.fromkeys(self._areas.ancestors(key)))
        order = {key: len(self._areas.ancestors(key)) for key in found}
        return sorted(found, key=lambda key: (-order[key], key))

    def _category(self, resource: Resource) -> tuple[str, str]:
        """Label of the category, and all the words that mean it."""
        key = resource.category
        if key is None:
            text = resource.category_text or "分類なし"
            return text, text
        if key not in self._words:
            try:
                concept = self._vocabulary.get(Family.CATEGORY, key)
                words = "\n".join((concept.label, *concept.synonyms))
                self._words[key] = (concept.label, words)
            except NotFoundError:
                text = resource.category_text or key
                self._words[key] = (text, text)
        label, words = self._words[key]
        return label, f"{words}\n{resource.category_text or ''}"
