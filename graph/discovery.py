"""Finds the one-file units of a seam (criteria, readers, layers, reports, routes).

A unit is a module of a package that declares one constant; no list has to be edited to add one.
A module that does not declare it whole is refused loudly, never passed over.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import TypeVar

from graph.errors import DiscoveryError

T = TypeVar("T")


def discover(
    package: ModuleType,
    constant: str,
    expected: type[T],
    problems_of: Callable[[T], Iterable[str]] = lambda _unit: (),
) -> tuple[T, ...]:
    """Import every module of ``package`` and return the units it declares, ordered by module name.

    ``problems_of`` lists what a unit lacks (label, examples …). Raises :class:`DiscoveryError`
    naming every faulty module at once.
    """
    found: list[T] = []
    faults: list[str] = []
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
        if info.name.startswith("_"):
            continue
        name = f"{package.__name__}.{info.name}"
        unit = getattr(importlib.import_module(name), constant, None)
        if not isinstance(unit, expected):
            faults.append(f"{name}: 定数 {constant}（{expected.__name__}）がありません")
            continue
        faults.extend(f"{name}: {problem}" for problem in problems_of(unit))
        found.append(unit)
    if faults:
        raise DiscoveryError(
            "読み込めない部品があります。" + "／".join(faults), facts={"faults": faults}
        )
    return tuple(found)
