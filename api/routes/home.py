"""``/``: start of a consultation, and how the data stand."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.case_form import CaseForm, read_form
from api.consult import open_case
from api.deps import FormDep, Here, HereDep
from api.errors import WireError, wire
from api.routes import Route
from api.web.lists import area_words
from api.web.pages import render
from api.web.words import CONSENTS
from graph.errors import InputError

router = APIRouter(include_in_schema=False)


@router.get("/", response_class=HTMLResponse)
def start(here: HereDep) -> HTMLResponse:
    """Memo box, or an empty card to fill in."""
    return _page(here, {}, None, 200)


@router.post("/consult")
def begin(here: HereDep, form: FormDep) -> Response:
    """Read the memo and open the case under a random name; keep what was typed on an error."""
    read = read_form(form)
    try:
        opened = open_case(here.office, _started(read, form.get("do") == "blank").case())
    except InputError as error:
        return _page(here, read.data, wire(error, here.number), 422)
    return RedirectResponse(f"/consult/{here.cases.put(here.session, opened)}", status_code=303)


def _started(read: CaseForm, blank: bool) -> CaseForm:  # noqa: FBT001 - which button was pressed
    if blank:
        read.data["members"] = [{"id": "m1", "role": "本人"}]
    elif not read.data.get("memo"):
        raise InputError(
            "相談メモが空です。",
            hint="相談の内容を一、二行でも書くか、「メモなしで始める」を選んでください。",
        )
    return read


def _page(here: Here, typed: dict[str, Any], error: WireError | None, status: int) -> HTMLResponse:
    context = {
        "typed": typed,
        "error": error,
        "areas": area_words(here.office),
        "consents": CONSENTS,
    }
    return render(here.request, "home.html", context, status=status)


ROUTE = Route(label="相談をはじめる", router=router, menu="相談", path="/", order=10)
