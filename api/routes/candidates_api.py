"""``/api/candidates``: the list for one need of one person, for other programs."""

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.candidates import Lists, Question
from api.office import Office
from api.routes import Route
from api.wire.candidates import Candidates, ListQuery, QuestionIn, wanted_of
from api.wire.lean import LeanRoute, body_of, parameters_of, read_json, read_query
from matching.case import parse_case

router = APIRouter(prefix="/api", tags=["match"], route_class=LeanRoute)


@router.post(
    "/candidates",
    responses={200: {"model": Candidates}},
    openapi_extra={"parameters": parameters_of(ListQuery), "requestBody": body_of(QuestionIn)},
)
async def candidates(request: Request) -> Response:
    """The best places for one need of one person, with what each criterion gave."""
    office: Office = request.app.state.office
    lists: Lists = request.app.state.lists
    query = read_query(ListQuery, request)
    data = read_json(await request.body())
    case = parse_case(data)
    question = Question(
        case=case,
        wanted=wanted_of(data),
        top=query.top,
        on=query.on or case.on or office.today,
        weights=query.profile,
        names=query.names,
    )
    answer = lists.at_once(question) or await run_in_threadpool(lists.answer, question)
    return Response(answer, media_type="application/json")


ROUTE = Route(label="一つの困りごとの候補", router=router)
