"""Columns a criterion asks for: how one fact of a resource becomes numbers.

Facts that repeat (a set of situations, a weekly timetable) are kept once in a table of distinct
values, with a small code for each row.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from graph.vocabulary.concept import Family
from matching.card import ResourceCard

T = TypeVar("T")
_REMEMBERED = 8192
Plain: TypeAlias = str | int | float | bool | tuple["Plain", ...] | None


@dataclass(frozen=True, slots=True)
class Number:
    """A number a row, ``None`` = unknown (NaN). ``spread``: nearly every row has its own."""

    name: str
    of: Callable[[ResourceCard], float | None]
    dtype: str = "f4"
    spread: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """Any plain value (text, tuple of texts …) a row; looked at once per distinct value."""

    name: str
    of: Callable[[ResourceCard], Plain]


@dataclass(frozen=True, slots=True)
class Bits:
    """A set a row, ``None`` = unknown: of concepts of a family, or of numbers below ``size``."""

    name: str
    of: Callable[[ResourceCard], Iterable[str] | Iterable[int] | None]
    family: Family | None = None
    size: int = 0


def once_each(make: Callable[[Any], T]) -> Callable[[Any], T]:
    """``make``, remembered for each object: for values that many rows share as one object.

    Records read one after another share their timetables; to find a known one by its contents
    costs more than most columns do.
    """
    known: dict[int, tuple[object, T]] = {}

    def of(thing: Any) -> T:  # noqa: ANN401 - whatever ``make`` takes
        found = known.get(id(thing))
        # 覚えている物は手放さないので、同じ番号なら同じ物。
        if found is None:
            if len(known) >= _REMEMBERED:
                known.clear()
            found = known[id(thing)] = (thing, make(thing))
        return found[1]

    return of


Column: TypeAlias = Number | Label | Bits


def freeze(value: object) -> Plain:
    """A value as kept in a file and read back: lists become tuples again."""
    if isinstance(value, list | tuple):
        return tuple(freeze(item) for item in value)
    return value  # type: ignore[return-value]


def by_name(columns: Iterable[Column]) -> dict[str, Column]:
    """One column a name. The same name must mean the same column."""
    found: dict[str, Column] = {}
    for column in columns:
        known = found.setdefault(column.name, column)
        if known is not column:
            raise ValueError(f"列「{column.name}」が二通りに宣言されています。")
    return found


Key: TypeAlias = Hashable
Universe: TypeAlias = Sequence[str]
