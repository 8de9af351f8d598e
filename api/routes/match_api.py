"""``/api/match``, ``/api/why`` and ``/api/intake``: the engine for other programs."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from api.consult import explain, match_case, read_intake
from api.deps import HereDep
from api.routes import Route
from api.wire.case import CaseIn, MemoIn
from api.wire.derive import wire_model
from matching.case import parse_case
from matching.intake import Intake
from matching.result import MatchResult, to_json
from matching.why import Why

router = APIRouter(prefix="/api", tags=["match"])

OnQuery = Annotated[date | None, Query(description="いつの時点で見るか（既定は相談の日付か今日）")]
FullQuery = Annotated[
    bool, Query(description="困りごとの多い世帯でも、一つずつの一覧とあと一歩を短くしない")
]
ProfileQuery = Annotated[str | None, Query(max_length=100, description="重みの組の名前")]


@router.post("/match", responses={200: {"model": wire_model(MatchResult)}})
def match(
    here: HereDep,
    case: CaseIn,
    top: Annotated[int, Query(ge=1, le=1000, description="候補の数の上限")] = 20,
    on: OnQuery = None,
    profile: ProfileQuery = None,
    full: FullQuery = False,  # noqa: FBT002 - a plain yes in the query
) -> JSONResponse:
    """The whole result for a household (interfaces §5)."""
    parsed = parse_case(case.data())
    found = match_case(here.office, parsed, top=top, on=on, weights=profile, full=full)
    return JSONResponse(to_json(found))


@router.post("/why", responses={200: {"model": wire_model(Why)}})
def why(
    here: HereDep,
    case: CaseIn,
    resource: Annotated[str, Query(min_length=1, max_length=300, description="資源のIDか名前")],
    on: OnQuery = None,
) -> JSONResponse:
    """Every gate and criterion of one resource for a case."""
    return JSONResponse(to_json(explain(here.office, resource, parse_case(case.data()), on=on)))


@router.post("/intake", responses={200: {"model": wire_model(Intake)}})
def intake(here: HereDep, memo: MemoIn) -> JSONResponse:
    """What a memo says, each proposal with the words that led to it."""
    return JSONResponse(to_json(read_intake(here.office, memo.memo)))


ROUTE = Route(label="照らし合わせ・なぜ・相談メモの読み取り", router=router)
