"""``/api/imports``: files in, the report of interfaces §2 out."""

from typing import Annotated

from fastapi import APIRouter, File, Query, UploadFile
from fastapi.responses import JSONResponse

from api.deps import HereDep
from api.imports import import_now, import_options
from api.routes import Route
from api.wire.imports import ImportOut

router = APIRouter(prefix="/api/imports", tags=["imports"])


@router.post("", responses={200: {"model": ImportOut}})
def run(
    here: HereDep,
    files: Annotated[list[UploadFile], File(min_length=1, max_length=50)],
    kind: Annotated[str | None, Query(max_length=40, description="何の一覧か")] = None,
    municipality: Annotated[str | None, Query(max_length=100)] = None,
    dry_run: Annotated[bool, Query(description="書き込まずに結果だけ見る")] = True,  # noqa: FBT002 - query flag
) -> JSONResponse:
    """Read the files; nothing is written unless ``dry_run=false``."""
    options = import_options(here.settings, kind=kind, municipality=municipality)
    named = [(file.filename or "file", file.file) for file in files]
    report = import_now(here.office, named, options, write=not dry_run, number=here.number)
    return JSONResponse(report.to_json())


ROUTE = Route(label="ファイルを取り込む", router=router)
