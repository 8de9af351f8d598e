"""What layers read from a store, loaded once for a map."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from graph.areas import AreaTree
from graph.errors import InputError
from graph.model.codec import from_node
from graph.model.element import EdgeKind, NodeKind
from graph.model.people import Contact
from graph.model.place import AreaKind, Facility
from graph.model.resource import AreaScope, Publication, Resource, Status
from graph.model.unmet import UnmetRecord
from graph.model.values import Point
from graph.store import View
from graph.text import best_matches, normalise
from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary
from maps.place import Placement, place_of

#: Levels a coordinator works in, narrowest first: the first one a store has is used.
_LEVELS = (AreaKind.SPHERE, AreaKind.WARD, AreaKind.CITY)
_SUGGESTIONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A resource as the map sees it. ``area`` is the 圏域 (or 区) it lies in, if known."""

    resource: Resource
    placement: Placement
    placement_text: str
    point: Point | None
    area: str | None
    serves: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapData:
    """Everything a layer may ask for. Closed resources are counted, not listed."""

    spots: Sequence[Spot]
    closed: int
    areas: AreaTree
    contacts: Sequence[Contact]
    covers: Mapping[str, Sequence[str]]
    unmet: Sequence[UnmetRecord]
    vocabulary: Vocabulary
    on: date
    area: str | None
    public: bool

    @classmethod
    def load(
        cls,
        view: View,
        *,
        vocabulary: Vocabulary,
        on: date,
        area: str | None,
        public: bool,
        unmet: Iterable[UnmetRecord] = (),
    ) -> "MapData":
        """Read a view. Raises InputError when ``area`` names no area, or several.

        ``unmet`` are records that are not in the store, such as those of cases just matched.
        """
        tree = AreaTree.load(view)
        area_id = None if area is None else find_area(tree, area)
        within = frozenset(tree.descendants(area_id)) if area_id else None
        found = [spot for spot in _spots(view, tree, public=public) if _inside(spot, tree, within)]
        return cls(
            spots=[spot for spot in found if spot.resource.status is not Status.CLOSED],
            closed=sum(spot.resource.status is Status.CLOSED for spot in found),
            areas=tree,
            contacts=_contacts(view, public=public),
            covers=_targets(view, EdgeKind.COVERS),
            unmet=()
            if public
            else [*(from_node(node, UnmetRecord) for node in view.nodes(NodeKind.UNMET)), *unmet],
            vocabulary=vocabulary,
            on=on,
            area=area_id,
            public=public,
        )

    def shown_areas(self, kinds: Sequence[AreaKind] | None = None) -> Sequence[str]:
        """Ids of the areas in the chosen area, widest first, of the kinds asked for."""
        ids = self.areas.descendants(self.area) if self.area else tuple(self.areas.areas)
        order = list(AreaKind)
        return sorted(
            (i for i in ids if kinds is None or self.areas.areas[i].kind in kinds),
            key=lambda i: (order.index(self.areas.areas[i].kind), i),
        )

    @property
    def level(self) -> AreaKind | None:
        """The narrowest level people work in that this store has."""
        kinds = {area.kind for area in self.areas.areas.values()}
        return next((kind for kind in _LEVELS if kind in kinds), None)

    def area_at_level(self, area_id: str) -> str | None:
        """The 圏域 (or 区, 市) an area belongs to; ``None`` when it is wider than that."""
        return area_at_level(self.areas, area_id)

    def area_name(self, area_id: str | None) -> str:
        """Name with its ward and city, or a plain word when not known."""
        if area_id is None or area_id not in self.areas.areas:
            return "区域がわからないもの"
        return self.areas.label(area_id)

    def category_label(self, resource: Resource) -> str:
        """The category in words: the vocabulary's, else the office's own."""
        if resource.category:
            return self.vocabulary.get(Family.CATEGORY, resource.category).label
        return resource.category_text or "分類がわからない"


def find_area(tree: AreaTree, text: str) -> str:
    """The one area a text names; raises InputError with what could be meant."""
    ids = tree.find(text)
    if len(ids) == 1:
        return ids[0]
    if ids:
        labels = "、".join(dict.fromkeys(tree.label(key) for key in ids))
        raise InputError(
            f"「{text}」という区域はいくつもあります。",
            hint=f"{labels} のように、市や区から書いてください。",
            facts={"area": text, "ids": list(ids)},
        )
    if not tree.areas:
        raise InputError(
            "区域がまだ取り込まれていません。",
            hint="区域の表か境界のファイルを tsunagu import --kind areas で取り込んでください。",
            facts={"area": text},
        )
    names = sorted({area.name for area in tree.areas.values()})
    hits = best_matches(text, [normalise(name) for name in names], limit=_SUGGESTIONS)
    near = "、".join(names[index] for index, _ in hits)
    raise InputError(
        f"「{text}」という区域はありません。",
        hint=f"近い名前は {near} です。" if near else "区域の名前を確かめてください。",
        facts={"area": text},
    )


def area_at_level(tree: AreaTree, area_id: str) -> str | None:
    """The narrowest of 圏域, 区, 市 that holds an area."""
    chain = tree.ancestors(area_id)
    for kind in _LEVELS:
        for key in chain:
            if key in tree.areas and tree.areas[key].kind is kind:
                return key
    return None


def _targets(view: View, kind: EdgeKind) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for edge in view.edges(kind):
        found[edge.source.id].append(edge.target.id)
    return found


def _contacts(view: View, *, public: bool) -> Sequence[Contact]:
    contacts = (from_node(node, Contact) for node in view.nodes(NodeKind.CONTACT))
    return [c for c in contacts if not public or c.publication is Publication.PUBLIC]


def _spots(view: View, tree: AreaTree, *, public: bool) -> Sequence[Spot]:
    facilities = {node.id: from_node(node, Facility) for node in view.nodes(NodeKind.FACILITY)}
    located = _targets(view, EdgeKind.LOCATED_AT)
    within = _targets(view, EdgeKind.WITHIN)
    serves = _targets(view, EdgeKind.SERVES)
    spots = []
    for node in view.nodes(NodeKind.RESOURCE):
        resource = from_node(node, Resource)
        if public and resource.publication is Publication.RESTRICTED:
            continue
        ids = located.get(node.id, ())
        facility = facilities.get(ids[0]) if ids else None
        placement, point, text = place_of(resource, facility)
        spots.append(
            Spot(
                resource=resource,
                placement=placement,
                placement_text=text,
                point=point,
                area=_area_of(tree, facility, placement, point, within),
                serves=tuple(serves.get(node.id, ())),
            )
        )
    return spots


def _area_of(
    tree: AreaTree,
    facility: Facility | None,
    placement: Placement,
    point: Point | None,
    within: Mapping[str, Sequence[str]],
) -> str | None:
    if facility is None or placement is Placement.CONFIDENTIAL:
        return None
    ids = [key for key in within.get(facility.id, ()) if key in tree.areas]
    if not ids and point is not None:
        ids = list(tree.locate(point))
    levels = [key for area_id in ids if (key := area_at_level(tree, area_id))]
    order = list(AreaKind)
    return max(levels, key=lambda key: (order.index(tree.areas[key].kind), key), default=None)


def _inside(spot: Spot, tree: AreaTree, within: frozenset[str] | None) -> bool:
    """Whether a spot belongs to the chosen area: it lies there, or it is meant for there.

    A wider service located elsewhere is left out, but one without a point is kept where its
    service area holds the chosen one, since the map can't show where it is.
    """
    if within is None:
        return True
    if spot.area in within or any(key in within for key in spot.serves):
        return True
    if spot.placement is Placement.PLACED or spot.area is not None:
        return False
    if spot.resource.area_scope is AreaScope.ANYWHERE:
        return True
    return any(within & frozenset(tree.descendants(key)) for key in spot.serves)
