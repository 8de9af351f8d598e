"""Renders a page with what every page carries: menu, date of the data, token for its forms."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.security import csrf_token
from api.web import words
from graph.errors import TsunaguError

_TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """The templates; everything is escaped, an unknown name is an error."""
    env = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(words.FILTERS)
    env.globals.update(words.GLOBALS)
    return env


def render(
    request: Request, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HTMLResponse:
    """A page."""
    values: dict[str, Any] = {
        "csrf": csrf_token(request),
        "menu": request.app.state.menu,
        "here": request.url.path,
        "search": "",
        "data": _data_line(request),
        "request_id": getattr(request.state, "request_id", "-"),
        **(context or {}),
    }
    html = environment().get_template(template).render(values)
    return HTMLResponse(html, status_code=status)


def _data_line(request: Request) -> dict[str, Any]:
    """Count, newest check and stale entries; says so when the store can't be read."""
    catalogue = request.app.state.catalogue
    try:
        return {
            "count": len(catalogue.rows()),
            "stale": catalogue.stale(),
            "newest": catalogue.newest_check(),
            "today": request.app.state.office.today,
        }
    except TsunaguError:
        # 本体のエラーは各画面が伝える。見出しは「読めない」とだけ示す。
        return {"count": None, "stale": 0, "newest": None, "today": date.min}
