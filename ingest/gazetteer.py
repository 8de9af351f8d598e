"""Offline gazetteer: town names of Japan with a point each (Geolonia 住所データ, 位置参照情報).

A search gives the finest unit that the address names for certain, and says which.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from graph.model.place import Precision
from graph.model.values import Point
from ingest.clean.addresses import plain_address
from ingest.clean.points import read_point
from ingest.clean.prefectures import DESIGNATED_CITIES, PREFECTURES
from ingest.gazetteer_town import City

#: 市の名の後に書かれた、辞書にない区（再編の前や後の区名）。
_OTHER_WARD = re.compile(r"[^\d市町村]{1,4}?区(?=.)")
_WARD_OF_CITY = re.compile(r".{1,9}?市(?P<ward>\D{1,4}区)")
#: 都道府県や市の字が抜けたり重なったりした書き出しで、市区町村名を探す範囲。
_NEAR_START = 14
_LONGEST_CITY = 20
#: 同じ名の市区町村がいくつもあるとき、いちばん細かく分かったところを採る。
_FINENESS = {Precision.BLOCK: 0, Precision.CHOME: 0, Precision.TOWN: 1, Precision.CITY: 2}


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


class Gazetteer:
    """Town names with points; finds an address written in any of the usual ways."""

    def __init__(self) -> None:
        self._cities: dict[tuple[str, str], City] = {}

    @classmethod
    def from_rows(cls, rows: Iterable[TownRow]) -> "Gazetteer":
        """Build from the lines of one or more files."""
        gazetteer = cls()
        for row in rows:
            key = (row.prefecture, row.city)
            if key not in gazetteer._cities:
                gazetteer._cities[key] = City(*key)
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
        finest = min((_FINENESS[h.precision] for h in found), default=0)
        best = [h for h in found if _FINENESS[h.precision] == finest]
        return best[0] if len({(h.prefecture, h.city) for h in best}) == 1 else None

    def _places(
        self, plain: str, prefecture: str | None, city: str | None
    ) -> Iterator[tuple[City, str]]:
        named = next((p for p in PREFECTURES if plain.startswith(p)), None)
        rest = plain[len(named or "") :]
        if named and rest.startswith(named):
            rest = rest[len(named) :]
        wanted = named or prefecture or None
        for length in range(min(len(rest), _LONGEST_CITY), 1, -1):
            places = [
                c for c in self._forms.get(rest[:length], ()) if wanted in {None, "", c.prefecture}
            ]
            if places:
                after = _after_city(places, rest[:length], rest[length:])
                yield from ((c, after) for c in self._near(places, city))
                return
        if city:
            hint = plain_address(city).replace(" ", "").removeprefix(wanted or "")
            for place in self._hinted(hint):
                if wanted in {None, "", place.prefecture}:
                    yield place, _after_hint(place.city, rest)

    def _hinted(self, hint: str) -> Sequence[City]:
        """The municipality of the row's own column, which may go on with the town."""
        lengths = range(min(len(hint), _LONGEST_CITY), 1, -1)
        return next((self._forms[hint[:n]] for n in lengths if hint[:n] in self._forms), ())

    def _near(self, places: Sequence[City], city: str | None) -> Sequence[City]:
        """Of several places of one name (中央区), those of the city the row names."""
        hint = plain_address(city).replace(" ", "") if city else ""
        return [
            p for p in places if hint and (hint in p.prefecture + p.city or p.city in hint)
        ] or places

    @cached_property
    def _forms(self) -> Mapping[str, Sequence[City]]:
        forms: dict[str, list[City]] = defaultdict(list)
        for place in self._cities.values():
            name = plain_address(place.city).replace(" ", "")
            variants = {name, re.sub(r"^\D{1,5}郡(?=.)", "", name)}
            if ward := _ward(name):
                variants |= {ward, name.removesuffix(ward)}
            for form in variants:
                forms[form].append(place)
        return forms


def _ward(city: str) -> str | None:
    match = _WARD_OF_CITY.fullmatch(city)
    return match["ward"] if match else None


def _after_city(places: Sequence[City], name: str, rest: str) -> str:
    """What follows a municipality; its name written twice and a ward that is gone are passed over."""
    rest = rest.removeprefix(name)
    if any(place.city.endswith(name) for place in places) or name not in DESIGNATED_CITIES:
        return rest
    ward = _OTHER_WARD.match(rest)
    return rest[ward.end() :] if ward else rest


def _after_hint(city: str, rest: str) -> str:
    """The part after a municipality that is misspelt (葉市中央区) or stands without its 市.

    >>> _after_hint('千葉市中央区', '葉市中央区院内2丁目'), _after_hint('八王子市', '八王子宮下町983')
    ('院内2丁目', '宮下町983')
    """
    name = re.sub(r"^\D{1,5}郡(?=.)", "", city)
    for part in filter(None, (name, _ward(name))):
        at = rest[: _NEAR_START + len(part)].find(part)
        if at >= 0:
            return rest[at + len(part) :]
    short = name[:-1]
    return rest[len(short) :] if len(short) > 1 and rest.startswith(short) else rest


def _in_city(place: City, rest: str) -> Geocoded:
    point, precision, name = place.find(rest) or (place.middle, Precision.CITY, "")
    return Geocoded(
        point=point,
        precision=precision,
        matched=place.city + name,
        prefecture=place.prefecture,
        city=place.city,
    )
