"""``/imports/conflicts``: a person's edit against what a source says: both, and the choice."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import FormDep, Here, HereDep
from api.errors import WireError, wire
from api.paging import page_of
from api.routes import Route
from api.web.import_view import conflict_rows, tabs
from api.web.pages import render
from graph.errors import InputError
from ingest.conflicts import keep_edit, take_source

router = APIRouter(prefix="/imports/conflicts", include_in_schema=False)


@router.get("", response_class=HTMLResponse)
def index(here: HereDep, page: Annotated[int, Query(ge=1, le=100_000)] = 1) -> HTMLResponse:
    """All that nobody has answered yet."""
    return _page(here, page, None)


@router.post("")
def answer(here: HereDep, form: FormDep) -> Response:
    """Keep the edit, or let the source speak from now on."""
    resource, field = str(form.get("resource") or ""), str(form.get("field") or "")
    act = take_source if form.get("do") == "take" else keep_edit
    try:
        act(
            here.office.store,
            resource,
            field,
            by=here.call(str(form.get("by") or "")),
            now=here.office.now(),
            vocabulary=here.office.vocabulary,
        )
    except InputError as error:
        return _page(here, 1, wire(error, here.number))
    return RedirectResponse("/imports/conflicts", status_code=303)


def _page(here: Here, number: int, error: WireError | None) -> HTMLResponse:
    found = page_of(here.waiting.all().conflicts, number)
    context = {
        "page": found,
        "rows": conflict_rows(found.items),
        "who": here.who,
        "error": error,
        **tabs(here, "conflicts"),
    }
    return render(
        here.request, "imports/conflicts.html", context, status=200 if error is None else 422
    )


ROUTE = Route(label="職員の直しと取込の食い違いに答える", router=router)
