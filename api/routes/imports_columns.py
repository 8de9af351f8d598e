"""Which column means what, chosen by a person, saved under a name, used again for the same list."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from api.deps import FormDep, Here, HereDep
from api.errors import WireError, wire
from api.imports import Upload, import_options, shown_name
from api.own_mappings import mappings_folder, named, own_mappings, remove_mapping, save_mapping
from api.routes import Route
from api.web.columns_view import FIXED, MAPPED_KINDS, column_rows, field_groups
from api.web.import_view import FIELD_LABELS, KIND_LABELS, tabs
from api.web.pages import render
from graph.errors import InputError, NotFoundError
from ingest.chosen import chosen_mapping, mapping_key
from ingest.mapping import Mapping
from ingest.peek import TablePeek
from ingest.propose import mapping_toml
from ingest.schema import Kind

router = APIRouter(prefix="/imports", include_in_schema=False)


@router.get("/mappings", response_class=HTMLResponse)
def index(here: HereDep) -> HTMLResponse:
    """The office's own mappings."""
    found = own_mappings(here.settings)
    context = {
        "mappings": found.mappings,
        "faults": found.faults,
        "folder": mappings_folder(here.settings),
        "kinds": KIND_LABELS,
        "fields": FIELD_LABELS,
        **tabs(here, "mappings"),
    }
    return render(here.request, "imports/mappings.html", context)


@router.get("/mappings/{key}.toml")
def download(here: HereDep, key: str) -> Response:
    """One as TOML, for another office or for correcting by hand."""
    mapping = named(here.settings, key)
    name = quote(f"{mapping.label}.toml")
    return Response(
        mapping_toml(mapping),
        media_type="application/toml; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
    )


@router.post("/mappings/{key}/remove")
def remove(here: HereDep, key: str, form: FormDep) -> Response:
    """Throw one away."""
    del form
    remove_mapping(here.settings, key)
    return RedirectResponse("/imports/mappings", status_code=303)


@router.get("/{token}/columns/{place}", response_class=HTMLResponse)
def show(
    here: HereDep,
    token: str,
    place: int,
    kind: Annotated[str | None, Query(max_length=40)] = None,
) -> HTMLResponse:
    """Every column with examples, what it seems to be and why."""
    upload = here.upload(token)
    peek = _peek(upload, place)
    chosen = _kind(kind) or (peek.mapping.kind if peek.mapping else Kind.RESOURCES)
    return _page(here, token, upload, place, chosen, None, None)


@router.post("/{token}/columns/{place}")
def save(here: HereDep, token: str, place: int, form: FormDep) -> Response:
    """Save what was chosen and read the files again with it."""
    upload = here.upload(token)
    peek = _peek(upload, place)
    kind = _kind(str(form.get("kind") or "")) or Kind.RESOURCES
    try:
        _check_unwritten(upload)
        save_mapping(here.settings, _chosen(upload, peek, kind, form))
    except InputError as error:
        return _page(here, token, upload, place, kind, form, wire(error, here.number))
    upload.choose(
        import_options(
            here.settings, kind=None, municipality=upload.options.municipality, mapping=None
        )
    )
    upload.start(here.office, write=False)
    return RedirectResponse(f"/imports/{token}", status_code=303)


def _chosen(upload: Upload, peek: TablePeek, kind: Kind, form: FormData) -> Mapping:
    choices = {
        column: str(form.get(f"c.{number}") or "") for number, column in enumerate(peek.header)
    }
    fixed = {name: str(form.get(f"x.{name}") or "") for name in FIXED if kind is Kind.RESOURCES}
    stem = shown_name(upload, peek.path).rsplit("/", 1)[-1].split(".", 1)[0]
    if peek.sheet:
        stem = f"{stem}_{peek.sheet}"
    return chosen_mapping(
        peek.header,
        choices,
        key=peek.mapping.key if peek.mapping and peek.mapping.kind is kind else mapping_key(stem),
        label=str(form.get("label") or ""),
        kind=kind,
        fixed=fixed,
    )


def _check_unwritten(upload: Upload) -> None:
    if upload.state in {"writing", "written"}:
        raise InputError(
            "この取込は、もう書き込みました。",
            hint="対応を変えるには、取込を取り消してから、もう一度ファイルを選んでください。",
            code="already_written",
        )


def _kind(text: str | None) -> Kind | None:
    return Kind(text) if text in MAPPED_KINDS else None


def _peek(upload: Upload, place: int) -> TablePeek:
    if not 0 <= place < len(upload.peeks):
        raise NotFoundError(
            "その表は、この取込にありません。", hint="取込の確認の画面から選び直してください。"
        )
    return upload.peeks[place]


def _page(  # noqa: PLR0913, PLR0917 - the page has these parts
    here: Here,
    token: str,
    upload: Upload,
    place: int,
    kind: Kind,
    form: FormData | None,
    error: WireError | None,
) -> HTMLResponse:
    peek = _peek(upload, place)
    name = shown_name(upload, peek.path)
    held = peek.mapping if peek.mapping and peek.mapping.kind is kind else None
    own = peek.known and held is not None
    context: dict[str, Any] = {
        "token": token,
        "place": place,
        "name": name + (f"（{peek.sheet}）" if peek.sheet else ""),
        "peek": peek,
        "kind": kind,
        "kinds": {key: KIND_LABELS[key] for key in MAPPED_KINDS},
        "groups": field_groups(kind),
        "rows": column_rows(peek, kind, form),
        "label": str(form.get("label") or "")
        if form is not None
        else (held.label if own and held else name.rsplit("/", 1)[-1].split(".", 1)[0]),
        "fixed": {
            field: str(form.get(f"x.{field}") or "")
            if form is not None
            else (held.fixed.get(field, "") if held else "")
            for field in FIXED
        },
        "labels": FIELD_LABELS,
        "error": error,
        **tabs(here, "start"),
    }
    status = 200 if error is None else 422
    return render(here.request, "imports/columns.html", context, status=status)


ROUTE = Route(label="列の対応を決め、保存する", router=router)
