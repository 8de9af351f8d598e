"""``/settings``: the state of the product, what it is and whose work it contains."""

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.deps import HereDep
from api.doctor import examine
from api.routes import Route
from api.web.pages import render

router = APIRouter(prefix="/settings", include_in_schema=False)
_MANIFEST = Path(__file__).parents[1] / "web" / "static" / "vendor" / "MANIFEST.json"


@router.get("", response_class=HTMLResponse)
def show(here: HereDep) -> HTMLResponse:
    """Checks with what to do, versions and notices."""
    settings = here.settings
    context = {
        "checks": examine(here.office, deep=False),
        "version": version("tsunagu"),
        "parts": _parts(),
        "stale_days": settings.stale_days,
        "case_minutes": settings.case_minutes,
        "host": settings.host,
    }
    return render(here.request, "settings.html", context)


def _parts() -> list[dict[str, Any]]:
    files = json.loads(_MANIFEST.read_text(encoding="utf-8"))["files"]
    return list({f["name"]: f for f in files}.values())


ROUTE = Route(
    label="状態と、この製品について", router=router, menu="設定", path="/settings", order=60
)
