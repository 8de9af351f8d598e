"""What was made of an object, kept while that very object is asked about.

Schedules are long tuples that many resources share (the reader of the store gives equal ones as
one object); to hash one costs as much as to put it into words.
"""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")
V = TypeVar("V")


class OfTheSame(Generic[T, V]):
    """Remembers ``work`` by the identity of its first argument and the value of the others."""

    def __init__(self, work: Callable[..., V], at_most: int = 4096) -> None:
        self._work = work
        self._at_most = at_most
        self._made: dict[tuple[int, tuple[Hashable, ...]], tuple[T, V]] = {}

    def __call__(self, thing: T, *more: Hashable) -> V:
        """What ``work`` gives; the object is held on to, so that its identity stays its own."""
        key = (id(thing), more)
        found = self._made.get(key)
        if found is not None:
            return found[1]
        made = self._work(thing, *more)
        if len(self._made) >= self._at_most:
            self._made.clear()
        self._made[key] = (thing, made)
        return made
