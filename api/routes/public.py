"""``/public``: for citizens. Words of life, then cards; only what may be public."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from api.catalogue import Filter
from api.deps import HereDep
from api.paging import page_of
from api.resources import read_detail
from api.routes import Route
from api.web.lists import area_options
from api.web.pages import render
from api.web.public_words import EMERGENCY, entries_of
from graph.errors import NotFoundError
from graph.model.resource import Publication

router = APIRouter(prefix="/public", include_in_schema=False)
_SIZE = 20


@router.get("", response_class=HTMLResponse)
def show(
    here: HereDep,
    need: Annotated[str | None, Query(max_length=100)] = None,
    area: Annotated[str | None, Query(max_length=100)] = None,
    q: Annotated[str, Query(max_length=100)] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> HTMLResponse:
    """Without a choice the words of life; with one, cards."""
    words = entries_of(here.office.vocabulary)
    context: dict[str, Any] = {
        "words": words,
        "areas": area_options(here.office),
        "emergency": EMERGENCY,
        "need": need,
        "area": area,
        "q": q,
        "chosen": next((w for w in words if w.need == need), None),
        "page": None,
    }
    if need or area or q.strip():
        wanted = Filter(q=q.strip(), need=need or None, area=area or None, reach=True, public=True)
        context["page"] = page_of(here.catalogue.select(wanted), page, _SIZE)
    return render(here.request, "public/list.html", context)


@router.get("/{resource_id}", response_class=HTMLResponse)
def one(here: HereDep, resource_id: str) -> HTMLResponse:
    """One place, as citizens may see it."""
    detail = read_detail(here.office, resource_id)
    if detail.resource.publication is Publication.RESTRICTED:
        raise NotFoundError("そのページはありません。", hint="一覧から選び直してください。")
    context = {"detail": detail, "emergency": EMERGENCY}
    return render(here.request, "public/one.html", context)


ROUTE = Route(label="市民向けの一覧", router=router)
