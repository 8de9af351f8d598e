"""Coordinates as cells: decimals, degrees-minutes-seconds, both in one cell, WKT."""

import re

from graph.model.values import Point
from ingest.clean.blanks import tidy

_DECIMAL = re.compile(r"[NSEW北南東西緯経]*\s*(?P<v>[+-]?\d{1,3}(?:\.\d+)?)\s*(?:度|°)?\s*[NSEW]?")
_DMS = re.compile(
    r"(?:[NE]|北緯|東経)?\s*(?P<d>\d{1,3})\s*[度°.:]\s*(?P<m>\d{1,2})\s*[分'′.:]\s*(?P<s>\d{1,2}(?:\.\d+)?)\s*(?:秒|\"|″|'')?\s*[NE]?"
)
_PAIR = re.compile(r"(?P<a>[+-]?\d{1,3}\.\d+)\s*[,、\s/]\s*(?P<b>[+-]?\d{1,3}\.\d+)")
_WKT = re.compile(
    r"POINT\s*\(\s*(?P<lon>[+-]?\d+(?:\.\d+)?)\s+(?P<lat>[+-]?\d+(?:\.\d+)?)\s*\)", re.IGNORECASE
)


def read_degrees(text: str) -> float | None:
    """One coordinate in degrees; 0 and blanks are unknown.

    >>> read_degrees('35.607'), read_degrees('１４０．１０６'), read_degrees('35度36分26秒')
    (35.607, 140.106, 35.607222)
    >>> read_degrees('0'), read_degrees('北側'), read_degrees('369.56')
    (None, None, 369.56)
    """
    plain = tidy(text).replace(",", ".") if re.fullmatch(r"\s*\d+,\d{3,}\s*", text) else tidy(text)
    if match := _DECIMAL.fullmatch(plain):
        return float(match["v"]) or None
    if match := _DMS.fullmatch(plain):
        return round(int(match["d"]) + int(match["m"]) / 60 + float(match["s"]) / 3600, 6)
    return None


def read_point(lat: str, lon: str = "") -> Point | None:
    """A point of two cells, or of one that holds both (緯度,経度 or WKT). Not yet checked.

    >>> read_point('35.607', '140.106'), read_point('35.607,140.106'), read_point('POINT(140.1 35.6)')
    (Point(lat=35.607, lon=140.106), Point(lat=35.607, lon=140.106), Point(lat=35.6, lon=140.1))
    >>> read_point('35.607', ''), read_point('0', '0')
    (None, None)
    """
    first = tidy(lat)
    if match := _WKT.search(first):
        return Point(float(match["lat"]), float(match["lon"]))
    if not lon.strip() and (match := _PAIR.fullmatch(first)):
        return Point(float(match["a"]), float(match["b"]))
    north, east = read_degrees(lat), read_degrees(lon)
    return None if north is None or east is None else Point(north, east)
