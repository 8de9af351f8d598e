"""``/api/gaps``: the missing-resource report as JSON."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from fastapi.responses import JSONResponse

from api.deps import HereDep
from api.gaps import DEFAULT_BY, report_of_cases, report_of_records
from api.routes import Route
from api.wire.case import CaseIn
from api.wire.derive import wire_model
from matching.case import parse_case
from matching.gaps.report import GapReport
from reports.writers.json_file import as_json

router = APIRouter(prefix="/api/gaps", tags=["gaps"])

ByQuery = Annotated[
    str, Query(max_length=100, description="集計の軸：need,area,reason,month,group,route")
]
_MODEL: dict[int | str, dict[str, Any]] = {200: {"model": wire_model(GapReport)}}


@router.get("", responses=_MODEL)
def recorded(here: HereDep, by: ByQuery = DEFAULT_BY) -> JSONResponse:
    """Over the unmet needs people recorded."""
    return JSONResponse(as_json(report_of_records(here.office, by=by)))


@router.post("", responses=_MODEL)
def of_cases(
    here: HereDep,
    cases: Annotated[list[CaseIn], Body(min_length=1, max_length=2000)],
    by: ByQuery = DEFAULT_BY,
) -> JSONResponse:
    """Over cases matched on the spot; nothing of them is kept."""
    parsed = [parse_case(case.data()) for case in cases]
    return JSONResponse(as_json(report_of_cases(here.office, parsed, by=by)))


ROUTE = Route(label="不足資源の集計", router=router)
