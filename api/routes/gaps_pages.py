"""``/gaps``: what is missing, where, for how many, and what would help most."""

import json
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from api.deps import FormDep, Here, HereDep
from api.errors import WireError, wire
from api.gaps import read_cases, report_of_cases, report_of_records
from api.routes import Route
from api.web.gaps_view import matrix
from api.web.pages import render
from graph.errors import InputError
from matching.gaps.report import GapReport
from reports.writer import writers

router = APIRouter(prefix="/gaps", include_in_schema=False)
_BY = "need,area"


@router.get("", response_class=HTMLResponse)
def show(here: HereDep) -> HTMLResponse:
    """Over what people recorded, or an empty state that says how to begin."""
    try:
        return _page(here, report_of_records(here.office, by=_BY), None, None)
    except InputError as error:
        if error.code != "no_unmet":
            raise
        return _page(here, None, None, None)


@router.post("")
def of_cases(here: HereDep, form: FormDep) -> Response:
    """Over a file of cases matched on the spot; the report is kept under a random name."""
    try:
        report = report_of_cases(here.office, read_cases(_uploaded(form)), by=_BY)
    except InputError as error:
        return _page(here, None, None, wire(error, here.number), status=422)
    return RedirectResponse(f"/gaps/{here.reports.put(here.session, report)}", status_code=303)


@router.get("/export/{suffix}")
def export_records(here: HereDep, suffix: str) -> Response:
    """The report over recorded needs as a file."""
    return _file(report_of_records(here.office, by="need,area,reason"), suffix)


@router.get("/{token}", response_class=HTMLResponse)
def show_cases(here: HereDep, token: str) -> HTMLResponse:
    """A report over cases that was made a moment ago."""
    return _page(here, here.reports.get(here.session, token), token, None)


@router.get("/{token}/export/{suffix}")
def export_cases(here: HereDep, token: str, suffix: str) -> Response:
    """That report as a file."""
    return _file(here.reports.get(here.session, token), suffix)


def _uploaded(form: FormData) -> Any:  # noqa: ANN401 - JSON
    file = form.get("cases")
    if not isinstance(file, UploadFile) or not file.filename:
        raise InputError(
            "相談のファイルが選ばれていません。",
            hint="一行に一件の相談（JSON）を書いたファイルを選んでください。",
        )
    try:
        text = file.file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(
            "相談のファイルを文字として読めません。",
            hint="UTF-8で保存したファイルを選んでください。",
        ) from None
    return _json(text)


def _json(text: str) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        pass
    values = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            if line.strip():
                values.append(json.loads(line))
        except json.JSONDecodeError:
            raise InputError(
                f"相談のファイルの{number}行目はJSONとして読めません。",
                hint="一行に一件の相談を、{ … } の形で書いてください。",
            ) from None
    return values


def _page(
    here: Here,
    report: GapReport | None,
    token: str | None,
    error: WireError | None,
    *,
    status: int = 200,
) -> HTMLResponse:
    base = f"/gaps/{token}/export" if token else "/gaps/export"
    context = {
        "report": report,
        "matrix": matrix(report) if report is not None else None,
        "token": token,
        "error": error,
        "exports": [(w.label, f"{base}/{s.removeprefix('.')}") for s, w in writers().items()],
    }
    return render(here.request, "gaps.html", context, status=status)


def _file(report: GapReport, suffix: str) -> Response:
    writer = writers().get(f".{suffix}")
    if writer is None:
        raise InputError(
            f"「{suffix}」の形では書き出せません。", hint="画面の「書き出す」から選んでください。"
        )
    name = quote(f"不足資源_{report.as_of.isoformat()}{writer.suffix}")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(writer.render(report), media_type=writer.media_type, headers=headers)


ROUTE = Route(
    label="何が、どこで、何人分足りないか", router=router, menu="不足資源", path="/gaps", order=40
)
