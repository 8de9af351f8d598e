"""What the building of records needs to know: vocabulary, areas, default area, geocoder."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from graph.areas import AreaTree
from graph.model.place import AreaKind, Facility, Precision
from graph.model.values import Point
from graph.text import normalise
from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary
from ingest.clean.lists import split_list
from ingest.geocode import Locator

_ALL_CITY = re.compile(
    r"^(?:市|区|町|村)?(?:内)?全(?:域|市|区|町|村)$|^市内$|^市全体$|^全市$|^市内在[住勤学]"
)
_ANYWHERE = re.compile(r"全国|どこでも|地域(?:を)?問わず|制限なし|限定なし|県外も")
_WHOLE_OF = re.compile(r"^(.+?)(?:全域|内全域|全体|内|の全域|在住|にお住まい)$")

_LONGEST_AREA = 40
_KEPT_POINTS = 20_000
_LONG_WORD = 6
_OVERLAYS = (AreaKind.SCHOOL_DISTRICT, AreaKind.ASSOCIATION)


@dataclass(frozen=True, slots=True)
class AreaReading:
    """Areas a text names. ``rest`` holds the parts that were not understood."""

    ids: tuple[str, ...]
    anywhere: bool
    rest: tuple[str, ...]


@dataclass
class Context:
    """Shared by all rows of an import. ``municipality`` is an area id, or ``None``."""

    vocabulary: Vocabulary
    areas: AreaTree
    municipality: str | None = None
    locator: Locator | None = None
    contacts: frozenset[str] = frozenset()
    resources: Mapping[str, Sequence[str]] = field(default_factory=dict)
    new_areas: dict[str, list[str]] = field(default_factory=dict)
    _category_words: dict[str, str] | None = None
    _within: dict[Point, tuple[str, ...]] = field(default_factory=dict)
    _areas_read: dict[str, AreaReading] = field(default_factory=dict)
    _concepts: dict[tuple[str, tuple[Family, ...]], str | None] = field(default_factory=dict)

    def forget(self) -> None:
        """Forget what was read of areas, after they changed."""
        self._areas_read.clear()
        self._within.clear()

    def resources_named(self, word: str) -> Sequence[str]:
        """Ids of the resources a word names, by id or by exact name."""
        return self.resources.get(word, ())

    def concept(self, text: str, *families: Family) -> str | None:
        """Key of the concept a word means, or ``None``."""
        asked = (text, families)
        if asked not in self._concepts:
            found = self.vocabulary.resolve(text, families)
            self._concepts[asked] = found.concept.key if found else None
        return self._concepts[asked]

    def category_in(self, name: str) -> str | None:
        """The category whose word a name ends with, or holds where the word is long.

        「大井川図書館」 is a 図書館; the longest word wins.
        """
        if self._category_words is None:
            self._category_words = {
                normalise(word): concept.key
                for concept in self.vocabulary.concepts(Family.CATEGORY)
                for word in (concept.label, *concept.synonyms)
            }
        plain = normalise(name)
        words = self._category_words
        tails = (plain[i:] for i in range(len(plain) - 1))
        found = next((words[tail] for tail in tails if tail in words), None)
        if found is not None:
            return found
        held = (
            plain[i : i + n]
            for n in range(len(plain), _LONG_WORD - 1, -1)
            for i in range(len(plain) - n + 1)
        )
        return next((words[part] for part in held if part in words), None)

    def read_areas(self, text: str) -> AreaReading:
        """Areas named by a cell: 市全域, 区, 圏域, 町, several of them."""
        if text not in self._areas_read:
            self._areas_read[text] = self._read_areas(text)
        return self._areas_read[text]

    def municipality_name(self) -> str:
        """The default area in words that are read as it again."""
        key = self.municipality or ""
        return self.areas.label(key) if key in self.areas.areas else key

    def city(self) -> str | None:
        """The municipality of this office: the one given, or the only city of the store."""
        if self.municipality is not None:
            return self.municipality
        cities = [a.id for a in self.areas.areas.values() if a.kind is AreaKind.CITY]
        return cities[0] if len(cities) == 1 else None

    def areas_of(self, facility: Facility) -> Sequence[str]:
        """The narrowest area of the main tree that holds it, and the overlays that do.

        Without a usable point (or polygons), the area of its 市区町村コード or named in its address.
        """
        if facility.point is not None and facility.precision is not Precision.CITY:
            if facility.point not in self._within:
                if len(self._within) >= _KEPT_POINTS:
                    self._within.clear()
                self._within[facility.point] = self._located(facility.point)
            if self._within[facility.point]:
                return self._within[facility.point]
        return self._named(facility)

    def _located(self, point: Point) -> tuple[str, ...]:
        found = self.areas.locate(point) if self.areas.has_polygons else ()
        main = [key for key in found if self.areas.areas[key].kind not in _OVERLAYS]
        overlays = [key for key in found if self.areas.areas[key].kind in _OVERLAYS]
        return (*main[:1], *overlays)

    def _named(self, facility: Facility) -> Sequence[str]:
        if not self.areas.areas:
            return ()
        address = "".join((facility.address or "").split())
        for size in range(min(len(address), _LONGEST_AREA), 2, -1):
            found = self.areas.find(address[:size])
            if len(found) == 1 and self._sure(found[0], size):
                return found
        if facility.local_government_code:
            return self.areas.find(facility.local_government_code)[:1]
        return ()

    def _sure(self, key: str, size: int) -> bool:
        # 町の名だけでは、よその市の同じ名の町かもしれない。
        area = self.areas.areas[key]
        return area.kind in (AreaKind.CITY, AreaKind.WARD) or size > len(area.name)

    def _read_areas(self, text: str) -> AreaReading:
        ids: dict[str, None] = {}
        rest: list[str] = []
        anywhere = False
        for part in _parts(text):
            if _ANYWHERE.search(part):
                anywhere = True
                continue
            found = self._one(part)
            ids.update(dict.fromkeys(found))
            if not found:
                rest.append(part)
        return AreaReading(tuple(ids), anywhere, tuple(rest))

    def _one(self, part: str) -> Sequence[str]:
        city = self.city()
        if _ALL_CITY.search(part) and city is not None:
            return (city,)
        for name in _spellings(part):
            found = self.areas.find(name)
            if len(found) > 1 and city is not None:
                inside = set(self.areas.descendants(city))
                found = [key for key in found if key in inside] or found
            if found:
                return _widest(self.areas, found)
        return ()


def _widest(areas: AreaTree, found: Sequence[str]) -> Sequence[str]:
    # 同じ名の区と町（中央区と町名の中央など）は、広いほうを指すとみる。
    if len(found) == 1:
        return found
    order = list(AreaKind)
    level = min(order.index(areas.areas[key].kind) for key in found)
    return [key for key in found if order.index(areas.areas[key].kind) == level]


@lru_cache(maxsize=10_000)
def _parts(text: str) -> tuple[str, ...]:
    return tuple(
        p
        for part in split_list(text)
        for p in re.split(r"[・,，/／]| 及び |及び|および|と(?=.+[区町圏])", part)
        if p.strip()
    )


def _spellings(part: str) -> Sequence[str]:
    names = [part.strip()]
    match = _WHOLE_OF.match(names[0])
    if match:
        names.append(match[1])
    bare = re.sub(r"[（(].*?[)）]", "", names[0]).strip()
    names += [
        bare,
        bare.removesuffix("圏域"),
        bare.removesuffix("地区"),
        f"{bare}圏域",
        f"{bare}地区",
    ]
    return list(dict.fromkeys(name for name in names if name))
