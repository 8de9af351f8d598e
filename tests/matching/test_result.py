"""Results as plain JSON values: the same for every type, however often it was seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Any

import pytest

from matching.result import Step, Verdict, to_json


class _Number(IntEnum):
    ONE = 1


@dataclass(frozen=True, slots=True)
class _Nothing:
    """No field at all."""


@dataclass(frozen=True, slots=True)
class _One:
    only: object


def _slowly(value: object) -> Any:
    """What each value is, asked anew every time."""
    if is_dataclass(value) and not isinstance(value, type):
        names = {"what_with": "with"}
        return {names.get(f.name, f.name): _slowly(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _slowly(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_slowly(item) for item in value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        0.25,
        "言葉",
        Verdict.UNKNOWN,
        _Number.ONE,
        date(2026, 11, 20),
        datetime(2026, 11, 20, 9, tzinfo=UTC),
        (1, ("二", None), [3.5]),
        {Verdict.FITS: (1, 2), 5: date(2026, 1, 1)},
        MappingProxyType({"a": {"b": ()}}),
        Step(step=1, what="訪問", what_with="CSW", why="会えない"),
        (_Nothing(), _One(_One((Verdict.MISSES, _Nothing())))),
        _One,
        range(3),
    ],
)
def test_every_type_is_written_as_it_always_was(value: object) -> None:
    for _ in range(2):
        found = to_json(value)
        assert found == _slowly(value)
        assert type(found) is type(_slowly(value))


def test_a_word_of_the_language_is_written_by_its_outside_name() -> None:
    step = to_json(Step(step=1, what="訪問", what_with="CSW", why="会えない"))
    assert list(step) == ["step", "what", "with", "why", "member", "key"]
