"""The tree of areas: reading an area's name, its parents, and which area holds a point."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from shapely import STRtree, prepare
from shapely.geometry import Point as ShapelyPoint
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from graph.model.codec import from_node
from graph.model.element import EdgeKind, NodeKind
from graph.model.place import Area, AreaKind
from graph.model.values import Point
from graph.store import View

_WIDE_TO_NARROW = tuple(AreaKind)
_IN_ADDRESSES = frozenset({AreaKind.PREFECTURE, AreaKind.CITY, AreaKind.WARD})


class AreaTree:
    """All areas of a store, held in memory (a city has hundreds, the country some thousands)."""

    def __init__(self, areas: Iterable[Area], parents: Mapping[str, Sequence[str]]) -> None:
        self.areas: Mapping[str, Area] = {area.id: area for area in areas}
        self._parents = {key: tuple(ids) for key, ids in parents.items()}
        self._children: dict[str, list[str]] = defaultdict(list)
        for child, ids in self._parents.items():
            for parent in ids:
                self._children[parent].append(child)
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for area in self.areas.values():
            for name in self._names(area):
                self._by_name[name].append(area.id)

    @classmethod
    def load(cls, view: View) -> "AreaTree":
        """Read every area and PART_OF edge of a store."""
        areas = [from_node(node, Area) for node in view.nodes(NodeKind.AREA)]
        parents: dict[str, list[str]] = defaultdict(list)
        for edge in view.edges(EdgeKind.PART_OF):
            parents[edge.source.id].append(edge.target.id)
        return cls(areas, parents)

    def find(self, text: str) -> Sequence[str]:
        """Ids of the areas a text names, exactly: 「中央区」, 「千葉市中央区」, an id or a code.

        More than one id = the name is shared (two towns of one name); none = not known.
        """
        name = "".join(text.split())
        if name in self.areas:
            return (name,)
        return tuple(dict.fromkeys(self._by_name.get(name, ())))

    def find_in(self, text: str) -> Sequence[str]:
        """Ids of the areas a text names, also when more follows (「中央区新町3番地」).

        The longest name the text begins with counts; as :meth:`find` otherwise.
        """
        name = "".join(text.split())
        for end in range(len(name), 1, -1):
            found = self.find(name[:end])
            if found:
                return found
        return ()

    @property
    def has_polygons(self) -> bool:
        """Whether any area has a shape, so that a point outside them all is a doubt."""
        return bool(self._shapes)

    def centre(self, area_id: str) -> Point | None:
        """The given centre of an area, or a point inside its shape, or ``None``."""
        area = self.areas[area_id]
        if area.point is not None:
            return area.point
        geometry = self._shapes.get(area_id)
        if geometry is None:
            return None
        spot = geometry.representative_point()
        return Point(spot.y, spot.x)

    def ancestors(self, area_id: str) -> Sequence[str]:
        """The area and everything that holds it, narrowest first."""
        seen: dict[str, None] = {area_id: None}
        queue = [area_id]
        while queue:
            for parent in self._parents.get(queue.pop(0), ()):
                if parent not in seen:
                    seen[parent] = None
                    queue.append(parent)
        return tuple(sorted(seen, key=self._narrowness, reverse=True))

    def descendants(self, area_id: str) -> Sequence[str]:
        """The area and everything inside it."""
        seen: dict[str, None] = {area_id: None}
        queue = [area_id]
        while queue:
            for child in self._children.get(queue.pop(0), ()):
                if child not in seen:
                    seen[child] = None
                    queue.append(child)
        return tuple(seen)

    def locate(self, point: Point, kinds: Iterable[AreaKind] | None = None) -> Sequence[str]:
        """Areas whose polygon holds the point, narrowest first; empty where none does."""
        wanted = set(kinds) if kinds is not None else None
        spot = ShapelyPoint(point.lon, point.lat)
        ids = (self._polygon_ids[int(i)] for i in self._tree.query(spot, predicate="intersects"))
        return tuple(
            sorted(
                (key for key in ids if wanted is None or self.areas[key].kind in wanted),
                key=lambda key: (-self._narrowness(key), key),
            )
        )

    def polygon(self, area_id: str) -> BaseGeometry | None:
        """The area's shape, or ``None``."""
        return self._shapes.get(area_id)

    def label(self, area_id: str) -> str:
        """Name with the names of its wards and city: 「みほん市東区本町」 style, widest first."""
        names = [
            self.areas[key].name for key in reversed(self.ancestors(area_id)) if key in self.areas
        ]
        return "".join(
            name for i, name in enumerate(names) if not any(name in n for n in names[i + 1 :])
        )

    def _names(self, area: Area) -> Iterator[str]:
        plain = "".join(area.name.split())
        yield plain
        full = plain
        for parent in self.ancestors(area.id)[1:]:
            if parent in self.areas and not full.startswith(self.areas[parent].name):
                full = self.areas[parent].name + full
                yield full
        yield from self._address_names(area, plain)
        if area.local_government_code:
            yield area.local_government_code

    def _address_names(self, area: Area, plain: str) -> Iterator[str]:
        """As addresses are written: 圏域 and 校区 do not stand between 区 and 町."""
        full = plain
        for parent in self.ancestors(area.id)[1:]:
            held = self.areas.get(parent)
            if held and held.kind in _IN_ADDRESSES and not full.startswith(held.name):
                full = held.name + full
                yield full

    def _narrowness(self, area_id: str) -> int:
        area = self.areas.get(area_id)
        return _WIDE_TO_NARROW.index(area.kind) if area else -1

    @cached_property
    def _shapes(self) -> dict[str, BaseGeometry]:
        shapes = {
            key: shape(json.loads(area.polygon)) for key, area in self.areas.items() if area.polygon
        }
        for geometry in shapes.values():
            prepare(geometry)
        return shapes

    @cached_property
    def _polygon_ids(self) -> list[str]:
        return list(self._shapes)

    @cached_property
    def _tree(self) -> STRtree:
        return STRtree(list(self._shapes.values()))
