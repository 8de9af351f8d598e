"""``/resources/…/edit``: a change is one form; what the sources said stays beside it."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from api.deps import FormDep, Here, HereDep
from api.errors import RequestError, WireError, status_of, wire
from api.resources import correct, read_detail
from api.routes import Route
from api.web.pages import render
from graph.errors import InputError

router = APIRouter(prefix="/resources", include_in_schema=False)

_LONG = frozenset({"description", "eligibility", "schedule", "note", "application"})
_NOT_TYPED = frozenset({"assured_date", "assured_method"})


@router.get("/{resource_id}/edit", response_class=HTMLResponse)
def form(here: HereDep, resource_id: str) -> HTMLResponse:
    """The form: fields in doubt first, then the rest in the order of the ledger."""
    return _page(here, resource_id, {}, None, 200)


@router.post("/{resource_id}/edit")
def save(here: HereDep, resource_id: str, form: FormDep) -> Response:
    """Keep the correction; on a conflict or an error what was typed stays."""
    said = _said(form)
    try:
        version = str(form.get("version") or "") or None
        correct(here.office, resource_id, said, version=version, by=here.who or "office")
    except (InputError, RequestError) as error:
        return _page(here, resource_id, said, wire(error, here.number), status_of(error))
    return RedirectResponse(f"/resources/{resource_id}", status_code=303)


def _said(form: FormData) -> dict[str, str]:
    return {
        name.removeprefix("f."): value
        for name, value in form.items()
        if name.startswith("f.") and isinstance(value, str)
    }


def _page(
    here: Here, resource_id: str, typed: dict[str, str], error: WireError | None, status: int
) -> HTMLResponse:
    detail = read_detail(here.office, resource_id)
    shown = [field for field in detail.fields if field.name not in _NOT_TYPED]
    context: dict[str, Any] = {
        "detail": detail,
        "doubtful": [f for f in shown if not f.text or f.others],
        "settled": [f for f in shown if f.text and not f.others],
        "typed": typed,
        "error": error,
        "long": _LONG,
    }
    return render(here.request, "resources/edit.html", context, status=status)


ROUTE = Route(label="資源の内容を直す", router=router)
