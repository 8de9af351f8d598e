"""``/exports/…``: the template, and everything, as files."""

import csv
import io
import tempfile
from pathlib import Path
from urllib.parse import quote

import xlsxwriter
from fastapi import APIRouter
from fastapi.responses import Response

from api.deps import HereDep
from api.routes import Route
from graph.errors import NotFoundError
from reports.exports.exporter import export_store
from reports.exports.ledger import template_header

router = APIRouter(prefix="/exports", include_in_schema=False)

_FILES = {
    "ledger.csv": ("csv", "地域資源台帳.csv", "text/csv; charset=utf-8"),
    "ledger.xlsx": (
        "xlsx",
        "地域資源台帳.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "resources.geojson": ("geojson", "地域資源.geojson", "application/geo+json"),
    "hsds.json": ("hsds", "hsds.json", "application/json"),
    "hsds.zip": ("hsds", "hsds.zip", "application/zip"),
}


@router.get("/template.csv")
def template_csv() -> Response:
    """An empty ledger as CSV."""
    stream = io.StringIO(newline="")
    csv.writer(stream).writerow(template_header())
    body = ("\ufeff" + stream.getvalue()).encode()
    return _download(body, "地域資源台帳_ひな形.csv", "text/csv; charset=utf-8")


@router.get("/template.xlsx")
def template_xlsx() -> Response:
    """An empty ledger as an Excel workbook."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("資源")
        for column, label in enumerate(template_header()):
            sheet.write_string(0, column, label)
        sheet.freeze_panes(1, 1)
    return _download(stream.getvalue(), "地域資源台帳_ひな形.xlsx", _FILES["ledger.xlsx"][2])


@router.get("/{name}")
def whole(here: HereDep, name: str, public: bool = False) -> Response:  # noqa: FBT001, FBT002 - query flag
    """The ledger, GeoJSON or HSDS."""
    if name not in _FILES:
        raise NotFoundError("その書き出しはありません。", hint="取込の画面から選んでください。")
    key, shown, media = _FILES[name]
    with tempfile.TemporaryDirectory(prefix="tsunagu-export-") as folder:
        out = Path(folder) / f"out{Path(name).suffix}"
        vocabulary = here.office.vocabulary
        export_store(here.office.store, key, out, vocabulary=vocabulary, public=public)
        return _download(out.read_bytes(), shown, media)


def _download(body: bytes, name: str, media: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(body, media_type=media, headers=headers)


ROUTE = Route(label="ひな形と書き出し", router=router)
