"""``/resources``: what there is, whether it is still true, and one click to say so."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import FormDep, HereDep
from api.paging import Page, page_of
from api.resources import read_detail, verify
from api.routes import Route
from api.web.lists import area_options
from api.web.pages import render
from api.wire.filter import FilterQuery
from graph.vocabulary.concept import Family

router = APIRouter(prefix="/resources", include_in_schema=False)

STATES = {
    "stale": "確認待ち（古い順）",
    "no_point": "地図の位置がない",
    "confidential": "所在地非公開",
}


@router.get("", response_class=HTMLResponse)
def index(here: HereDep, query: Annotated[FilterQuery, Query()]) -> HTMLResponse:
    """The list under a filter, a page at a time."""
    wanted = query.filter()
    found: Page[Any] = page_of(here.catalogue.select(wanted), query.page)
    context = {
        "search": wanted.q,
        "wanted": wanted,
        "page": found,
        "categories": here.catalogue.categories(),
        "areas": area_options(here.office),
        "needs": here.office.vocabulary.concepts(Family.NEED),
        "states": STATES,
        "is_stale": here.catalogue.is_stale,
        "query": query.without_page(),
    }
    return render(here.request, "resources/list.html", context)


@router.get("/{resource_id}", response_class=HTMLResponse)
def show(here: HereDep, resource_id: str) -> HTMLResponse:
    """One resource whole: what is known, who says so, what is unknown."""
    detail = read_detail(here.office, resource_id)
    return render(
        here.request, "resources/detail.html", {"detail": detail, "typed": {}, "error": None}
    )


@router.post("/{resource_id}/verify")
def verified(here: HereDep, resource_id: str, form: FormDep) -> Response:
    """「確認しました」: who and how, today."""
    on = _day(form.get("on")) or here.office.today
    verify(here.office, resource_id, method=str(form.get("method") or ""), on=on)
    return RedirectResponse(f"/resources/{resource_id}", status_code=303)


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


ROUTE = Route(
    label="資源をさがし、確かめ、直す", router=router, menu="資源", path="/resources", order=30
)
