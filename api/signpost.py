"""Finds the route of a plain path at once: every request used to try all routes in turn, twice."""

from collections.abc import Sequence

from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send


class Signpost(BaseRoute):
    """Stands before the routes and remembers which of them a path leads to.

    What it remembers is what trying them in turn gave, so their order keeps its meaning. Only
    ``paths`` (those the app itself has, without variables) are remembered: nothing of a request.
    """

    def __init__(self, routes: Sequence[BaseRoute], paths: frozenset[str]) -> None:
        self._routes = routes
        self._paths = paths
        self._known: dict[tuple[str, str], BaseRoute] = {}

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As the route that the path leads to; no match where the rest has to be tried."""
        route = self._route(scope)
        return (Match.NONE, {}) if route is None else route.matches(scope)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request to the route."""
        route = self._route(scope)
        assert route is not None  # noqa: S101 - it matched
        await route.handle(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: object) -> URLPath:
        """No path of its own has a name."""
        raise NoMatchFound(name, path_params)

    def _route(self, scope: Scope) -> BaseRoute | None:
        if scope["type"] != "http" or scope["path"] not in self._paths:
            return None
        key = (scope["method"], scope["path"])
        found = self._known.get(key)
        if found is None:
            matching = (r for r in self._routes if r.matches(scope)[0] is Match.FULL)
            found = next(matching, None)
            if found is not None:
                self._known[key] = found
        return found
