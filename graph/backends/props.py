"""Properties to text and back: equal properties give equal text, and no type is lost.

Text is canonical JSON (sorted keys, no spaces, Japanese as it is). What JSON lacks is tagged:
``{"date": …}``, ``{"datetime": …, "zone": …, "fold": …}``, ``{"point": [lat, lon]}``. Whole numbers and
decimals stay apart (``1`` and ``1.0``), whole numbers have no limit.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from graph.model.values import Point, Value

EMPTY = "{}"


def encode_props(props: Mapping[str, Value]) -> str:
    """Canonical text of properties. Raises TypeError or ValueError for what no store keeps."""
    if not props:
        return EMPTY
    return _ENCODER.encode(dict(props) if not isinstance(props, dict) else props)


def encode_value(value: Value) -> str:
    """Canonical text of one value; two values are the same when their texts are."""
    return _ENCODER.encode(value)


def decode_props(text: str) -> dict[str, Value]:
    """Properties of a text made by :func:`encode_props`."""
    if text == EMPTY:
        return {}
    props = _loads(text)
    for name, value in props.items():
        kind = type(value)
        if kind is list:
            props[name] = tuple(value)
        elif kind is dict:
            props[name] = _untag(value)
    return props


def _loads(text: str) -> dict[str, Any]:
    # 書いた文字列に余分な空白はない。前後の空白を探す手間を省き、違えばふつうの読み方に任せる。
    props: dict[str, Any]
    props, end = _DECODER.raw_decode(text)
    if end != len(text):
        props = json.loads(text)
    return props


def checksum(*parts: str) -> int:
    """CRC-32 of the parts of a row: tells a flipped bit that SQLite itself can't see."""
    return crc32("\x1f".join(parts).encode())


def _tag(value: object) -> object:
    if isinstance(value, datetime):
        zone = getattr(value.tzinfo, "key", None)
        if zone is None:
            return {"datetime": value.isoformat()}
        return {"datetime": value.isoformat(), "zone": zone, "fold": value.fold}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Point):
        # 整数で渡された座標も小数にそろえ、同じ場所は同じ文字列にする。
        return {"point": [float(value.lat), float(value.lon)]}
    message = f"保存できない型です：{type(value).__name__}"
    raise TypeError(message)


def _untag(tagged: Mapping[str, Any]) -> Value:
    if "point" in tagged:
        return Point(*tagged["point"])
    if "date" in tagged:
        return date.fromisoformat(tagged["date"])
    moment = datetime.fromisoformat(tagged["datetime"])
    return _in_zone(moment, tagged["zone"], tagged.get("fold", 0)) if "zone" in tagged else moment


def _in_zone(moment: datetime, zone: str, fold: int) -> datetime:
    try:
        return moment.replace(tzinfo=ZoneInfo(zone), fold=fold)
    except (ZoneInfoNotFoundError, ValueError):
        # 時間帯の表がない機械でも、時刻そのもの（UTCとの差）は失わない。
        return moment


_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_tag
)
_DECODER = json.JSONDecoder()
