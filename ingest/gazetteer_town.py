"""The towns of one municipality, and which of them the rest of an address names.

Exact spellings come first; then what offices leave out or write otherwise (町 left out, 樋ノ口 for
樋野口, a town since divided, one wrong character), each only where a single town fits.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean
from typing import TYPE_CHECKING

from graph.geo import rough_m
from graph.model.place import Precision
from graph.model.values import Point
from ingest.clean.addresses import town_key

if TYPE_CHECKING:
    from ingest.gazetteer import TownRow

Hit = tuple[Point, Precision, str]

_CHOME = re.compile(r"(?P<base>.*\D)(?P<n>\d+)丁目")
_AFTER = re.compile(
    r"(?P<n>\d+)(?P<mark>丁目|番地の?|番|号|-|の|$|[^\d])(?P<more>\d+)?(?P<third>[-の]\d)?"
)
_KYOTO_STREET = re.compile(r"^.*(?:上る|下る|上ル|下ル|東入る?ル?|西入る?ル?|通)(?=\D)")
#: 町名の直後に来てよい文字。
_ENDS_TOWN = re.compile(r"[\d\s(番地先-]|$")
#: 丁目のない大字・町の後の小字と番地（河原塚字初崎157、羽黒古市場148）。向きの字は別の町かもしれない。
_SMALL_PLACE = re.compile(r"(?![東西南北新本上中下]\d)[^\d\s]{1,14}\d")
_BUILDING = re.compile(r"[ァ-ヶーA-Za-z]{2}")
_BEFORE_NUMBER = re.compile(r"(?P<name>\D{1,12})(?=\d)")
_LOOSE = str.maketrans({"野": "の", "洲": "州", "ニ": "二", "ハ": "八", "靭": "靱"})
_TELLS_APART = frozenset("東西南北上中下新本元内外前後大小一二三四五六七八九十")
_SHORTEST_TYPO = 3
_SHORTEST_GROUP = 2
#: 分かれた町（千城台東・西・南・北）の真ん中を位置としてよい広さ。
_GROUP_SPREAD_M = 3_000.0


@dataclass(frozen=True, slots=True)
class Town:
    """One 町・大字 with its 丁目 and 街区."""

    name: str
    point: Point | None
    chomes: Mapping[int, Point]
    blocks: Mapping[tuple[int, str], Point]

    def middle(self) -> Point:
        """The mean of all its points."""
        points = [*([self.point] if self.point else []), *self.chomes.values()]
        return Point(fmean(p.lat for p in points), fmean(p.lon for p in points))


class City:
    """The towns of one municipality, indexed when it is first asked for."""

    def __init__(self, prefecture: str, city: str) -> None:
        self.prefecture = prefecture
        self.city = city
        self.rows: list[TownRow] = []

    @cached_property
    def towns(self) -> Mapping[str, Town]:
        """Towns by :func:`town_key` without 丁目."""
        plain: dict[str, Point] = {}
        chomes: dict[str, dict[int, Point]] = defaultdict(dict)
        blocks: dict[str, dict[tuple[int, str], Point]] = defaultdict(dict)
        names: dict[str, str] = {}
        for row in self.rows:
            key = town_key(row.town)
            match = _CHOME.fullmatch(key)
            base, number = (match["base"], int(match["n"])) if match else (key, 0)
            bare = re.sub(r"[〇一二三四五六七八九十\d]+丁目?$", "", row.town)
            names.setdefault(base, row.town if number == 0 else bare)
            if row.block:
                blocks[base][(number, row.block)] = row.point
            if number:
                chomes[base].setdefault(number, row.point)
            else:
                plain.setdefault(base, row.point)
        return {
            b: Town(n, plain.get(b), chomes.get(b, {}), blocks.get(b, {}))
            for b, n in names.items()
            if b
        }

    @cached_property
    def longest(self) -> int:
        """Characters of the longest town name."""
        return max(map(len, self.towns), default=0)

    @cached_property
    def middle(self) -> Point:
        """The mean of its towns."""
        return Point(fmean(r.point.lat for r in self.rows), fmean(r.point.lon for r in self.rows))

    @cached_property
    def _ordered(self) -> Sequence[str]:
        return sorted(self.towns)

    @cached_property
    def _loose(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for key in self.towns:
            found[_loosened(key)].append(key)
        return found

    def beginning(self, name: str) -> Sequence[str]:
        """Keys of the towns whose names go on after ``name``."""
        start = bisect_left(self._ordered, name)
        found = []
        for key in self._ordered[start:]:
            if not key.startswith(name):
                break
            if key != name:
                found.append(key)
        return found

    def find(self, rest: str) -> Hit | None:
        """The finest unit that the part of an address after the municipality names."""
        rest = town_key(rest)
        return (
            self._exact(rest)
            or self._exact(_KYOTO_STREET.sub("", rest))
            or self._without_cho(rest)
            or self._otherwise(rest)
        )

    def _exact(self, rest: str) -> Hit | None:
        for length in range(min(len(rest), self.longest), 0, -1):
            if rest[:length] in self.towns:
                return self._within(rest[:length], rest[length:])
        return None

    def _without_cho(self, rest: str) -> Hit | None:
        """「生実1850」 for 生実町: the word 町 is often left out before a number."""
        match = _BEFORE_NUMBER.match(rest)
        if match is None or match["name"] + "町" not in self.towns:
            return None
        return self._within(match["name"] + "町", rest[match.end("name") :])

    def _otherwise(self, rest: str) -> Hit | None:
        match = _BEFORE_NUMBER.match(rest) or re.fullmatch(r"(?P<name>\D{2,12})", rest)
        if match is None:
            return None
        name, after = match["name"], rest[match.end("name") :]
        same = self._loose.get(_loosened(name), ())
        if len(same) == 1:
            return self._within(same[0], after)
        return self._group(name) or self._typo(name)

    def _group(self, name: str) -> Hit | None:
        """「千城台4-5」 where there are only 千城台東, 西, 南, 北: the middle of them all."""
        keys = self.beginning(name) if len(name) >= _SHORTEST_GROUP else ()
        points = [self.towns[key].middle() for key in keys]
        if len(points) < 2:  # noqa: PLR2004 - 一つだけなら、その町とは限らない
            return None
        middle = Point(fmean(p.lat for p in points), fmean(p.lon for p in points))
        if max(rough_m(middle, p) for p in points) > _GROUP_SPREAD_M:
            return None
        return middle, Precision.TOWN, name

    def _typo(self, name: str) -> Hit | None:
        """One wrong character in a name (沢良宣 for 沢良宜), where one town alone is so near."""
        if len(name) < _SHORTEST_TYPO:
            return None
        near = [key for key in self.towns if len(key) == len(name) and _one_off(key, name)]
        if len(near) != 1:
            return None
        town = self.towns[near[0]]
        return town.middle(), Precision.TOWN, town.name

    def _within(self, key: str, rest: str) -> Hit:
        town = self.towns[key]
        rest = _unrepeated(key, rest)
        if not _ENDS_TOWN.match(rest):
            # 丁目のない大字なら、小字や建物の名が続いても大字までは確かに分かる。
            sure = town.point is not None and not town.chomes and not self.beginning(key)
            said = _SMALL_PLACE.match(rest) or _BUILDING.match(rest)
            precise = Precision.CHOME if sure and said else Precision.TOWN
            return town.middle(), precise, town.name
        chome, block = _count(town, rest)
        if (point := town.blocks.get((chome or 0, block))) is not None:
            return point, Precision.BLOCK, f"{town.name}{f'{chome}丁目' if chome else ''}{block}"
        if chome is not None:
            return town.chomes[chome], Precision.CHOME, f"{town.name}{chome}丁目"
        if town.point is not None and (not town.chomes or block):
            return town.point, Precision.CHOME, town.name
        return town.middle(), Precision.TOWN, town.name


def _loosened(key: str) -> str:
    return key.translate(_LOOSE).removesuffix("町")


def _one_off(left: str, right: str) -> bool:
    apart = [(a, b) for a, b in zip(left, right, strict=True) if a != b]
    return len(apart) == 1 and not _TELLS_APART & set(apart[0])


def _unrepeated(key: str, rest: str) -> str:
    """What follows a town whose name stands there twice (畑町畑町662, 高品町町1597)."""
    if rest.startswith(key):
        return rest[len(key) :]
    return rest[1:] if key.endswith("町") and re.match(r"町\d", rest) else rest


def _count(town: Town, rest: str) -> tuple[int | None, str]:
    """The 丁目 the numbers name, where that is certain, and the 街区 after it."""
    match = _AFTER.match(rest)
    if match is None:
        return None, ""
    number, mark, more = int(match["n"]), match["mark"], match["more"] or ""
    # 「幸田3-124」は大字の3番地の124とも読めるが、丁目の数ほどの小さな番地はまずない。
    joined = mark in {"-", "の"} and bool(more)
    # 丁目しかない町の三つの数（おゆみ野3番地41-15）は、丁目から始まる。
    three = town.point is None and bool(more) and bool(match["third"])
    if number in town.chomes and (mark == "丁目" or joined or three):
        return number, more
    return None, str(number)
