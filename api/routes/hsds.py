"""``/hsds``: HSDS 3.1 read API over what may be public."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse

from api.catalogue import Filter
from api.deps import Here, HereDep
from api.paging import page_of
from api.routes import Route
from graph.errors import NotFoundError
from reports.exports.hsds import hsds_id, service_object
from reports.exports.view import exported_of

router = APIRouter(prefix="/hsds", tags=["hsds"])

_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {"schema": {"type": "object"}}}}
}


@router.get("/", responses=_ANSWER)
def root(here: HereDep) -> JSONResponse:
    """Version and where the description is."""
    base = str(here.request.base_url).rstrip("/")
    return JSONResponse(
        {
            "version": "3.1",
            "profile": "https://docs.openreferral.org/en/v3.1.0/",
            "openapi_url": f"{base}/api/openapi.json",
        }
    )


@router.get("/services", responses=_ANSWER)
def services(
    here: HereDep,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    per_page: Annotated[int, Query(ge=1, le=100)] = 50,
    search: Annotated[str, Query(max_length=200)] = "",
) -> JSONResponse:
    """Public services, a page at a time, in the order of their ids."""
    rows = here.catalogue.select(Filter(q=search, public=True))
    found = page_of(sorted(row.id for row in rows), page, per_page)
    return JSONResponse(
        {
            "total_items": found.total,
            "total_pages": found.pages,
            "page_number": found.number,
            "size": len(found.items),
            "first_page": found.number == 1,
            "last_page": found.number == found.pages,
            "empty": not found.items,
            "contents": _objects(here, found.items),
        }
    )


@router.get("/services/{service_id}", responses=_ANSWER)
def service(
    here: HereDep, service_id: Annotated[str, Path(max_length=100, description="UUID")]
) -> JSONResponse:
    """One public service, whole."""
    rows = here.catalogue.select(Filter(public=True))
    found = next((row.id for row in rows if hsds_id(row.id) == service_id), None)
    objects = _objects(here, [found]) if found is not None else []
    if not objects:
        raise NotFoundError(
            "そのサービスは公開されていません。", hint="/hsds/services の一覧から選んでください。"
        )
    return JSONResponse(objects[0])


def _objects(here: Here, ids: Sequence[str]) -> list[dict[str, Any]]:
    vocabulary = here.office.vocabulary
    with here.office.view() as view:
        return [
            service_object(item, vocabulary, public=True)
            for item in exported_of(view, list(ids), public=True)
        ]


ROUTE = Route(label="HSDS 3.1 の読み出し", router=router)
