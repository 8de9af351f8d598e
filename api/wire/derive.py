"""Wire models made from the inner dataclasses, so that the two cannot drift apart.

A model has the fields of its dataclass under the names that leave the process. It documents an
answer (OpenAPI) and checks it in tests; answers themselves are written straight from the dataclass.
"""

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model

#: Names that differ outside (``with`` is a word of the language).
RENAMED: Mapping[str, str] = {"what_with": "with"}


@cache
def wire_model(record: type) -> type[BaseModel]:
    """The wire model of a dataclass, with those it holds."""
    hints = typing.get_type_hints(record, include_extras=True)
    members: dict[str, Any] = {}
    for item in fields(record):
        outside = RENAMED.get(item.name, item.name)
        annotation = wire_type(hints[item.name])
        alias = None if outside == item.name else outside
        members[item.name] = (annotation, Field(alias=alias))
    return create_model(
        record.__name__,
        __config__=ConfigDict(extra="forbid", populate_by_name=False),
        __doc__=(record.__doc__ or "").strip().partition("\n")[0],
        **members,
    )


def wire_type(hint: Any) -> Any:  # noqa: ANN401 - a type annotation
    """How a type looks outside: dates as text, tuples as lists, enums as their values."""
    origin = typing.get_origin(hint)
    arguments = typing.get_args(hint)
    if origin is typing.Annotated:  # 小さな数は伏せて null で出る（matching.gaps.cells.Count）
        return wire_type(arguments[0]) | None
    if origin in {types.UnionType, typing.Union}:
        kinds = [wire_type(argument) for argument in arguments]
        return typing.Union[tuple(kinds)]  # noqa: UP007 - built from a list
    if origin in {tuple, frozenset, list} or _is_sequence(origin):
        return list[wire_type(arguments[0])]  # type: ignore[misc]
    if origin is not None and issubclass(origin, Mapping):
        return dict[str, wire_type(arguments[1])]  # type: ignore[misc]
    if isinstance(hint, type):
        return _plain_type(hint)
    return hint


def _plain_type(hint: type) -> Any:  # noqa: ANN401 - a type
    if is_dataclass(hint):
        return wire_model(hint)
    if issubclass(hint, StrEnum):
        return typing.Literal[tuple(str(member) for member in hint)]
    if issubclass(hint, (date, datetime)):
        return str
    return hint


def _is_sequence(origin: Any) -> bool:  # noqa: ANN401 - a type
    return isinstance(origin, type) and origin.__name__ == "Sequence"
