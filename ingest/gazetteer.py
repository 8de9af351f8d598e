"""Offline gazetteer: town names of Japan with a point each (Geolonia 住所データ, 位置参照情報).

A search gives the finest unit that the address names for certain, and says which.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean

from graph.model.place import Precision
from graph.model.values import Point
from ingest.clean.addresses import plain_address, town_key
from ingest.clean.points import read_point
from ingest.clean.prefectures import DESIGNATED_CITIES, PREFECTURES

_CHOME = re.compile(r"(?P<base>.*\D)(?P<n>\d+)丁目")
_AFTER = re.compile(r"(?P<n>\d+)(?P<mark>丁目|番地|番|号|-|の|$|[^\d])(?P<more>\d+)?")
_KYOTO_STREET = re.compile(r"^.*(?:上る|下る|上ル|下ル|東入る?ル?|西入る?ル?|通)(?=\D)")
#: 町名の直後に来てよい文字。漢字が続くときは小字とみて、町の位置までにとどめる。
_ENDS_TOWN = re.compile(r"[\d\s(字番地先-]|$")
_BEFORE_NUMBER = re.compile(r"(?P<name>\D{1,12})(?=\d)")
_LONGEST_CITY = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class TownRow:
    """One line of a gazetteer. ``block`` = 街区符号 of 位置参照情報, where there is one."""

    prefecture: str
    city: str
    town: str
    point: Point
    block: str | None = None

    @classmethod
    def read(cls, cells: Mapping[str, str]) -> "TownRow | None":
        """Cells under the field names of ``ingest.schema.GAZETTEER``; ``None`` without a point.

        >>> TownRow.read({'prefecture': '千葉県', 'city': '松戸市', 'town': '根本', 'lat': '35.78', 'lon': '139.90'}).town
        '根本'
        """
        point = read_point(cells.get("lat", ""), cells.get("lon", ""))
        city = cells.get("city", "").strip()
        if point is None or not city:
            return None
        town = cells.get("town", "").strip()
        block = cells.get("block", "").strip() or None
        return cls(
            prefecture=cells.get("prefecture", "").strip(),
            city=city,
            town=town,
            point=point,
            block=block,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Geocoded:
    """Where an address lies. ``matched`` is the part of the gazetteer that was recognised.

    ``precision``: BLOCK (街区), CHOME (丁目, or a 町・大字 that has none), TOWN (a town whose 丁目
    or 小字 is not certain: the middle of it), CITY (only the municipality).
    """

    point: Point
    precision: Precision
    matched: str
    prefecture: str
    city: str


@dataclass(frozen=True, slots=True)
class _Town:
    name: str
    point: Point | None
    chomes: Mapping[int, Point]
    blocks: Mapping[tuple[int, str], Point]

    def middle(self) -> Point:
        points = [*([self.point] if self.point else []), *self.chomes.values()]
        return Point(fmean(p.lat for p in points), fmean(p.lon for p in points))


class _City:
    """The towns of one municipality, indexed when it is first asked for."""

    def __init__(self, prefecture: str, city: str) -> None:
        self.prefecture = prefecture
        self.city = city
        self.rows: list[TownRow] = []

    @cached_property
    def towns(self) -> Mapping[str, _Town]:
        plain: dict[str, Point] = {}
        chomes: dict[str, dict[int, Point]] = defaultdict(dict)
        blocks: dict[str, dict[tuple[int, str], Point]] = defaultdict(dict)
        names: dict[str, str] = {}
        for row in self.rows:
            key = town_key(row.town)
            match = _CHOME.fullmatch(key)
            base, number = (match["base"], int(match["n"])) if match else (key, 0)
            names.setdefault(
                base,
                row.town
                if number == 0
                else re.sub(r"[〇一二三四五六七八九十\d]+丁目?$", "", row.town),
            )
            if row.block:
                blocks[base][(number, row.block)] = row.point
            if number:
                chomes[base].setdefault(number, row.point)
            else:
                plain.setdefault(base, row.point)
        return {
            b: _Town(n, plain.get(b), chomes.get(b, {}), blocks.get(b, {}))
            for b, n in names.items()
            if b
        }

    @cached_property
    def longest(self) -> int:
        return max(map(len, self.towns), default=0)

    @cached_property
    def middle(self) -> Point:
        return Point(fmean(r.point.lat for r in self.rows), fmean(r.point.lon for r in self.rows))


class Gazetteer:
    """Town names with points; finds an address written in any of the usual ways."""

    def __init__(self) -> None:
        self._cities: dict[tuple[str, str], _City] = {}

    @classmethod
    def from_rows(cls, rows: Iterable[TownRow]) -> "Gazetteer":
        """Build from the lines of one or more files."""
        gazetteer = cls()
        for row in rows:
            key = (row.prefecture, row.city)
            if key not in gazetteer._cities:
                gazetteer._cities[key] = _City(*key)
            gazetteer._cities[key].rows.append(row)
        return gazetteer

    def __len__(self) -> int:
        return sum(len(city.rows) for city in self._cities.values())

    def find(
        self, address: str, *, prefecture: str | None = None, city: str | None = None
    ) -> Geocoded | None:
        """The place an address names; ``None`` when no municipality (or more than one) fits.

        ``prefecture`` and ``city`` are other columns of the same row, for addresses that leave
        them out.
        """
        plain = plain_address(address).replace(" ", "")
        if not plain:
            return None
        found = [
            hit
            for place, rest in self._places(plain, prefecture, city)
            if (hit := _in_city(place, rest)) is not None
        ]
        best = [h for h in found if h.precision is not Precision.CITY] or found
        return best[0] if len({(h.prefecture, h.city) for h in best}) == 1 else None

    def _places(
        self, plain: str, prefecture: str | None, city: str | None
    ) -> Iterator[tuple[_City, str]]:
        named = next((p for p in PREFECTURES if plain.startswith(p)), None)
        rest = plain[len(named or "") :]
        wanted = named or prefecture or None
        for length in range(min(len(rest), _LONGEST_CITY), 1, -1):
            places = [
                c for c in self._forms.get(rest[:length], ()) if wanted in {None, "", c.prefecture}
            ]
            if places:
                yield from ((c, rest[length:]) for c in self._near(places, city))
                return
        if city:
            hint = plain_address(city).replace(" ", "").removeprefix(wanted or "")
            for place in self._forms.get(hint, ()):
                if wanted in {None, "", place.prefecture}:
                    ward = _ward(place.city)
                    yield place, rest.removeprefix(ward) if ward else rest

    def _near(self, places: Sequence[_City], city: str | None) -> Sequence[_City]:
        """Of several places of one name (中央区), those of the city the row names."""
        hint = plain_address(city).replace(" ", "") if city else ""
        return [
            p for p in places if hint and (hint in p.prefecture + p.city or p.city in hint)
        ] or places

    @cached_property
    def _forms(self) -> Mapping[str, Sequence[_City]]:
        forms: dict[str, list[_City]] = defaultdict(list)
        for place in self._cities.values():
            name = plain_address(place.city).replace(" ", "")
            variants = {name, re.sub(r"^\D{1,5}郡(?=.)", "", name)}
            if ward := _ward(name):
                variants |= {ward, name.removesuffix(ward)}
            for form in variants:
                forms[form].append(place)
        return forms


def _ward(city: str) -> str | None:
    return next(
        (city[len(c) :] for c in DESIGNATED_CITIES if city.startswith(c) and city != c), None
    )


def _in_city(place: _City, rest: str) -> Geocoded | None:
    rest = town_key(rest)
    hit = _town(place, rest) or _town(place, _KYOTO_STREET.sub("", rest))
    point, precision, name = hit or (place.middle, Precision.CITY, "")
    return Geocoded(
        point=point,
        precision=precision,
        matched=place.city + name,
        prefecture=place.prefecture,
        city=place.city,
    )


def _town(place: _City, rest: str) -> tuple[Point, Precision, str] | None:
    for length in range(min(len(rest), place.longest), 0, -1):
        town = place.towns.get(rest[:length])
        if town is not None:
            return _within(town, rest[length:])
    return _short(place, rest)


def _short(place: _City, rest: str) -> tuple[Point, Precision, str] | None:
    """「生実1850」 for 生実町: the word 町 is often left out before a number."""
    match = _BEFORE_NUMBER.match(rest)
    town = place.towns.get(match["name"] + "町") if match else None
    return _within(town, rest[match.end("name") :]) if match and town else None


def _within(town: _Town, rest: str) -> tuple[Point, Precision, str]:
    if not _ENDS_TOWN.match(rest):
        return town.middle(), Precision.TOWN, town.name
    chome, block = _count(town, rest)
    if (point := town.blocks.get((chome or 0, block))) is not None:
        return point, Precision.BLOCK, f"{town.name}{f'{chome}丁目' if chome else ''}{block}"
    if chome is not None:
        return town.chomes[chome], Precision.CHOME, f"{town.name}{chome}丁目"
    if town.point is not None and (not town.chomes or block):
        return town.point, Precision.CHOME, town.name
    return town.middle(), Precision.TOWN, town.name


def _count(town: _Town, rest: str) -> tuple[int | None, str]:
    """The 丁目 the numbers name, where that is certain, and the 街区 after it."""
    match = _AFTER.match(rest)
    if match is None:
        return None, ""
    number, mark, more = int(match["n"]), match["mark"], match["more"] or ""
    # 「幸田3-124」は大字の3番地の124とも読めるが、丁目の数ほどの小さな番地はまずない。
    joined = mark in {"-", "の"} and bool(more)
    if number in town.chomes and (mark == "丁目" or joined):
        return number, more
    return None, str(number)
