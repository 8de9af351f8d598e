"""Records to nodes and back, from their annotations alone, so that no backend knows a record."""

import json
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, asdict, fields
from datetime import date, datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, ClassVar, Protocol, TypeVar, cast

from graph.model.element import Node, NodeKind
from graph.model.resource import Slot
from graph.model.values import Point, Value


class Record(Protocol):
    """What every record dataclass has."""

    KIND: ClassVar[NodeKind]
    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def id(self) -> str:
        """Key within its kind."""


R = TypeVar("R", bound=Record)
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
Decoder = Callable[[Any], Any]


def to_node(record: Record) -> Node:
    """Make the node of a record; fields that are ``None`` are left out (unknown)."""
    props: dict[str, Value] = {}
    for name in _field_names(type(record)):
        value = getattr(record, name)
        if name != "id" and value is not None:
            props[name] = _encode(value)
    return Node(kind=record.KIND, id=record.id, props=props)


def from_node(node: Node, record_type: type[R]) -> R:
    """Make the record of a node. Properties the record does not know are ignored."""
    decoders, needed = _decoders(record_type)
    values: dict[str, Any] = {"id": node.id}
    for name, value in node.props.items():
        decode = decoders.get(name)
        if decode is not None:
            values[name] = decode(value)
    for name in needed:
        values.setdefault(name, None)
    return record_type(**values)


def canonical_json(value: object) -> str:
    """JSON with sorted keys and no spaces, Japanese as it is: equal values, equal text."""
    return _CANONICAL.encode(value)


def _encode(value: Any) -> Value:  # noqa: ANN401 - any field of any record
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, tuple) and value and isinstance(value[0], Slot):
        return _slots_text(value)
    if isinstance(value, tuple):
        return tuple(str(v) if isinstance(v, StrEnum) else v for v in value)
    if isinstance(value, Mapping):
        return canonical_json(dict(value))
    return cast("Value", value)


@lru_cache(maxsize=4096)
def _slots_text(slots: tuple[Slot, ...]) -> str:
    # 同じ曜日と時刻の表は、たくさんの資源に出てくる。
    return canonical_json([asdict(slot) for slot in slots])


@cache
def _field_names(record_type: type[Record]) -> tuple[str, ...]:
    return tuple(f.name for f in fields(record_type))


@cache
def _decoders(record_type: type[Record]) -> tuple[Mapping[str, Decoder], tuple[str, ...]]:
    """How each field is read, and the fields without a default."""
    hints = typing.get_type_hints(record_type)
    known = [field for field in fields(record_type) if field.name != "id"]
    needed = (f.name for f in known if f.default is MISSING and f.default_factory is MISSING)
    return {f.name: _decoder(hints[f.name]) for f in known}, tuple(needed)


def _decoder(hint: Any) -> Decoder:  # noqa: ANN401 - a type annotation
    options = [hint]
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        options = [option for option in typing.get_args(hint) if option is not type(None)]
    inner = options[0]
    origin = typing.get_origin(inner)
    if origin is tuple and typing.get_args(inner)[0] is Slot:
        return _slots
    if origin is tuple:
        return tuple
    if origin is not None:
        return json.loads
    if isinstance(inner, type) and issubclass(inner, StrEnum):
        return inner
    return _identity if inner in (str, int, bool, date, datetime, Point) else inner


@lru_cache(maxsize=4096)
def _slots(text: str) -> tuple[Slot, ...]:
    # 空の表（開催なし）は空タプルのまま保存される。同じ表は、たくさんの資源に出てくる。
    rows = json.loads(text) if isinstance(text, str) else ()
    return tuple(Slot(**{**row, "weeks": tuple(row["weeks"])}) for row in rows)


def _identity(value: Any) -> Any:  # noqa: ANN401 - passes a stored value through
    return value
