"""``/imports``: upload, what each file seems to be, what would change, confirm; rejects back."""

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from api.deps import FormDep, Here, HereDep
from api.errors import WireError, wire
from api.imports import Upload, import_options, shown_name, shown_rejects, stage
from api.own_mappings import mapping_labels, own_mappings
from api.routes import Route
from api.web.import_view import (
    KIND_LABELS,
    differences,
    mapping_choices,
    preview_tables,
    tabs,
)
from api.web.pages import render
from graph.errors import InputError
from ingest.history import last_import
from ingest.rejects import rejects_csv
from ingest.samples import sample_folder
from reports.exports.rejects_book import rejects_workbook

router = APIRouter(prefix="/imports", include_in_schema=False)

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SAMPLE = ("区域.csv", "区域.geojson", "施策.csv", "連絡先.csv", "資源.csv")


@router.get("", response_class=HTMLResponse)
def start(here: HereDep) -> HTMLResponse:
    """Choose files."""
    return _start(here, None, 200)


@router.post("")
def begin(here: HereDep, form: FormDep) -> Response:
    """Take the files and read them without writing."""
    try:
        upload = _staged(here, form)
    except InputError as error:
        return _start(here, wire(error, here.number), 422)
    upload.start(here.office, write=False)
    return RedirectResponse(f"/imports/{here.uploads.put(here.session, upload)}", status_code=303)


@router.post("/sample")
def sample(here: HereDep, form: FormDep) -> Response:
    """Read the sample municipality, for trying the product out."""
    del form
    options = import_options(here.settings, kind=None, municipality=None)
    folder = sample_folder()
    files = tuple(folder / name for name in _SAMPLE if (folder / name).exists())
    upload = Upload(folder=folder, files=files, options=options, number=here.number)
    upload.start(here.office, write=False)
    return RedirectResponse(f"/imports/{here.uploads.put(here.session, upload)}", status_code=303)


@router.get("/{token}", response_class=HTMLResponse)
def show(here: HereDep, token: str) -> HTMLResponse:
    """Progress, then what would be added, changed and doubted, then what was done."""
    upload = here.upload(token)
    report = upload.report
    read = upload.state == "read"
    context: dict[str, Any] = {
        "token": token,
        "upload": upload,
        "report": report,
        "names": {f.path: shown_name(upload, f.path) for f in report.files} if report else {},
        "rejects": shown_rejects(upload),
        "changes": differences(upload, _names(here)) if read else [],
        "tables": _tables(here, upload) if read else [],
        "who": here.who,
        "takes": any(f.error is None for f in report.files) if report else False,
        "kinds": KIND_LABELS,
        "mappings": mapping_choices(here),
        "labels": mapping_labels(here.settings),
        **tabs(here, "start"),
    }
    return render(here.request, "imports/show.html", context)


@router.post("/{token}/options")
def options(here: HereDep, token: str, form: FormDep) -> Response:
    """Read again with another kind, mapping or municipality."""
    upload = here.upload(token)
    chosen = import_options(
        here.settings,
        kind=str(form.get("kind") or "") or None,
        municipality=str(form.get("municipality") or "") or None,
        mapping=str(form.get("mapping") or "") or None,
    )
    upload.choose(replace(chosen))
    upload.start(here.office, write=False)
    return RedirectResponse(f"/imports/{token}", status_code=303)


@router.post("/{token}/confirm")
def confirm(here: HereDep, token: str, form: FormDep) -> Response:
    """Write it."""
    upload = here.upload(token)
    if upload.state != "read":
        raise InputError(
            "まだ書き込めません。", hint="読み取りが終わってから、内容を確かめて押してください。"
        )
    if name := str(form.get("by") or "").strip():
        upload.choose(replace(upload.options, actor=here.call(name)))
    upload.start(here.office, write=True)
    return RedirectResponse(f"/imports/{token}", status_code=303)


@router.get("/{token}/rejects.csv")
def rejects(here: HereDep, token: str) -> Response:
    """Rows that were not taken, to be corrected in Excel and imported again."""
    body = ("\ufeff" + rejects_csv(shown_rejects(here.upload(token)))).encode()
    return _download(body, "取り込めなかった行.csv", "text/csv; charset=utf-8")


@router.get("/{token}/rejects.xlsx")
def rejects_excel(here: HereDep, token: str) -> Response:
    """The same rows as a workbook: zeros and dates stay, each layout on its own sheet."""
    body = rejects_workbook(shown_rejects(here.upload(token)))
    return _download(body, "取り込めなかった行.xlsx", _EXCEL)


def _download(body: bytes, name: str, media: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(body, media_type=media, headers=headers)


def _names(here: Here) -> dict[str, str]:
    return {row.id: row.name for row in here.catalogue.rows()}


def _tables(here: Here, upload: Upload) -> Any:  # noqa: ANN401 - for the template
    return preview_tables(upload, here.office.vocabulary, here.office.areas)


def _staged(here: Here, form: FormData) -> Upload:
    chosen = import_options(
        here.settings,
        kind=str(form.get("kind") or "") or None,
        municipality=str(form.get("municipality") or "") or None,
    )
    files = [
        (file.filename, file.file)
        for file in form.getlist("files")
        if isinstance(file, UploadFile) and file.filename
    ]
    return stage(files, chosen, parent=here.settings.upload_folder, number=here.number)


def _start(here: Here, error: WireError | None, status: int) -> HTMLResponse:
    with here.office.view() as view:
        last = last_import(view)
    context = {
        "error": error,
        "kinds": KIND_LABELS,
        "last": last,
        "faults": own_mappings(here.settings).faults,
        "most": here.settings.max_upload_mb,
        **tabs(here, "start"),
    }
    return render(here.request, "imports/start.html", context, status=status)


ROUTE = Route(label="ファイルを取り込む画面", router=router, menu="取込", path="/imports", order=50)
