"""``/imports/history``: the imports there were; the newest can be taken back, seen first."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import FormDep, HereDep
from api.own_mappings import mapping_labels
from api.routes import Route
from api.web.import_view import FIELD_LABELS, tabs
from api.web.pages import render
from graph.errors import NotFoundError
from ingest.history import history, last_import
from ingest.undo import undo_import, what_goes

router = APIRouter(prefix="/imports/history", include_in_schema=False)
_SHOWN = 50


@router.get("", response_class=HTMLResponse)
def index(here: HereDep) -> HTMLResponse:
    """When, by whom, from which files, with what counts."""
    with here.office.view() as view:
        past, last = history(view), last_import(view)
    context = {
        "past": past[:_SHOWN],
        "more": len(past) - _SHOWN,
        "last": last,
        "labels": mapping_labels(here.settings),
        **tabs(here, "history"),
    }
    return render(here.request, "imports/history.html", context)


@router.get("/undo", response_class=HTMLResponse)
def ask(here: HereDep) -> HTMLResponse:
    """What taking back the newest import would do."""
    with here.office.view() as view:
        last = last_import(view)
        if last is None:
            raise _nothing()
        goes = what_goes(view, last.batch)
    context: dict[str, Any] = {
        "last": last,
        "goes": goes,
        "who": here.who,
        "fields": FIELD_LABELS,
        **tabs(here, "history"),
    }
    return render(here.request, "imports/undo.html", context)


@router.post("/undo")
def undo(here: HereDep, form: FormDep) -> Response:
    """Take it back, if it is still the newest."""
    with here.office.view() as view:
        last = last_import(view)
    if last is None or last.batch != form.get("batch"):
        raise _nothing()
    undo_import(
        here.office.store,
        last.batch,
        by=here.call(str(form.get("by") or "")),
        now=here.office.now(),
        vocabulary=here.office.vocabulary,
    )
    return RedirectResponse("/imports/history", status_code=303)


def _nothing() -> NotFoundError:
    return NotFoundError(
        "取り消せる取込がありません。",
        hint="取り消せるのは、いちばん新しい取込を一度だけです。そのあとに取り込まれたか、もう取り消されています。",
    )


ROUTE = Route(label="これまでの取込を見て、いちばん新しいものを取り消す", router=router)
