"""Pages of a long list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
SIZE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """One page: ``number`` from 1; ``first`` and ``last`` count items from 1."""

    items: Sequence[T]
    number: int
    pages: int
    total: int
    first: int
    last: int


def page_of(items: Sequence[T], number: int, size: int = SIZE) -> Page[T]:
    """The ``number``-th page; a number past the end gives the last page.

    >>> page_of(list(range(120)), 3).first, page_of(list(range(120)), 9).number
    (101, 3)
    >>> page_of([], 1).pages
    1
    """
    pages = max(1, -(-len(items) // size))
    chosen = min(max(1, number), pages)
    start = (chosen - 1) * size
    shown = items[start : start + size]
    return Page(
        items=shown,
        number=chosen,
        pages=pages,
        total=len(items),
        first=start + 1 if shown else 0,
        last=start + len(shown),
    )
