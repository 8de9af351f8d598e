"""The need × area matrix of the gap screen: numbers first, shade second, withheld cells marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matching.gaps.report import GapReport

_STEPS = (1, 5, 10, 20, 40)
_ROWS = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """One need: its label and, by area, the count (``None`` = withheld) and the shade 0–5."""

    label: str
    cells: tuple[tuple[int | None, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Needs down, areas across."""

    areas: tuple[str, ...]
    rows: tuple[MatrixRow, ...]


def matrix(report: GapReport) -> Matrix:
    """Counts of a report that was made by need and area."""
    needs = [line for line in report.needs if line.widen + line.create][:_ROWS]
    counts: dict[tuple[str | None, str | None], int | None] = {
        (cell.values.get("need"), cell.values.get("area")): cell.count for cell in report.cells
    }
    areas = _areas(report)
    labels = report.labels.get("area", {})
    return Matrix(
        areas=tuple(labels.get(key or "", "区域不明") for key in areas),
        rows=tuple(
            MatrixRow(label=line.label, cells=_cells(line.need, areas, counts)) for line in needs
        ),
    )


def _areas(report: GapReport) -> Sequence[str | None]:
    found = {cell.values.get("area") for cell in report.cells}
    return sorted(found, key=lambda key: (key is None, key or ""))


def _cells(
    need: str,
    areas: Sequence[str | None],
    counts: Mapping[tuple[str | None, str | None], int | None],
) -> tuple[tuple[int | None, int], ...]:
    return tuple(
        (counts.get((need, area), 0), shade(counts.get((need, area), 0))) for area in areas
    )


def shade(count: int | None) -> int:
    """Depth of tint for a count.

    >>> [shade(n) for n in (None, 0, 1, 7, 12, 99)]
    [0, 0, 1, 2, 3, 5]
    """
    return sum(count >= step for step in _STEPS) if count else 0
