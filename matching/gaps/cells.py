"""Counting unmet needs by any of area, need, reason, month and group, small numbers withheld.

Cells under the threshold are suppressed, together with a second cell of their row or column where
a single hidden one could be worked out from the total (complementary suppression; Willenborg and
de Waal 2001, ch. 2).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeAlias, TypeVar

from matching.gaps.unmet import Asked

Key = TypeVar("Key", bound=tuple[str | None, ...])

#: A count of people or needs that leaves the house as ``null`` where it is under the threshold.
Count: TypeAlias = Annotated[int, "withheld"]

AXES = ("need", "area", "reason", "month", "group", "route")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One combination of the axes asked for. ``count`` is ``None`` where it is withheld."""

    values: Mapping[str, str | None]
    count: int | None


def count_cells(
    asked: Iterable[Asked],
    axes: Sequence[str],
    threshold: int,
    area_of: Callable[[str | None], str | None],
) -> tuple[Cell, ...]:
    """Count unmet needs by the axes; ``area_of`` lifts an area to the level that is reported."""
    counts: Counter[tuple[str | None, ...]] = Counter()
    for item in asked:
        if item.is_unmet:
            counts[tuple(_value(item, axis, area_of) for axis in axes)] += 1
    hidden = suppressed(counts, threshold)
    ordered = sorted(counts, key=lambda key: (-counts[key], tuple(v or "" for v in key)))
    return tuple(
        Cell(
            values=dict(zip(axes, key, strict=True)),
            count=None if key in hidden else counts[key],
        )
        for key in ordered
    )


def few(count: int, threshold: int) -> int | None:
    """The count, or ``None`` where it is small enough to point at somebody.

    >>> few(4, 5), few(5, 5), few(0, 5)
    (None, 5, 0)
    """
    return None if 0 < count < threshold else count


def spoken(count: int, threshold: int, unit: str) -> str:
    """A count as it may be read aloud.

    >>> spoken(3, 5, "人"), spoken(7, 5, "人")
    ('5人未満', '7人')
    """
    shown = few(count, threshold)
    return f"{threshold}{unit}未満" if shown is None else f"{shown}{unit}"


def suppressed(counts: Mapping[Key, int], threshold: int) -> frozenset[Key]:
    """Keys to withhold: small ones, and per line a second where only one is hidden.

    A line is all cells that differ in one axis alone. Repeats until nothing more could be revealed.
    """
    hidden = {key for key, count in counts.items() if 0 < count < threshold}
    lines = _lines(counts)
    grown = bool(hidden)
    while grown:
        grown = False
        for line in lines:
            inside = [key for key in line if key in hidden]
            shown = [key for key in line if key not in hidden]
            if len(inside) == 1 and shown:
                hidden.add(min(shown, key=lambda key: (counts[key], tuple(v or "" for v in key))))
                grown = True
    return frozenset(hidden)


def _lines(counts: Iterable[Key]) -> list[list[Key]]:
    lines: dict[tuple[int, tuple[str | None, ...]], list[Key]] = defaultdict(list)
    for key in counts:
        for axis in range(len(key)):
            lines[axis, key[:axis] + key[axis + 1 :]].append(key)
    return list(lines.values())


def _value(item: Asked, axis: str, area_of: Callable[[str | None], str | None]) -> str | None:
    if axis == "area":
        return area_of(item.area_id)
    values: dict[str, str | None] = {
        "need": item.need,
        "reason": item.reason,
        "month": item.month,
        "group": item.group,
        "route": item.route,
    }
    return values[axis]
