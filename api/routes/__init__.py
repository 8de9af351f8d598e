"""The routes: one file each, found by discovery. How to add one: docs/howto/add_route.md."""

from dataclasses import dataclass

from fastapi import APIRouter


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A group of paths: what it answers in one Japanese line, and its router.

    ``menu`` is the heading in the top bar and ``path`` where it leads, for screens that have one;
    ``order`` is the place in the bar.
    """

    label: str
    router: APIRouter
    menu: str | None = None
    path: str | None = None
    order: int = 100


def problems_of(route: Route) -> list[str]:
    """What a route file lacks."""
    problems = []
    if not route.label:
        problems.append("label（何に答えるか）が空です")
    if not route.router.routes:
        problems.append("router に道が一つもありません")
    if (route.menu is None) != (route.path is None):
        problems.append("menu と path は両方書くか、両方省いてください")
    return problems
