"""``/api/resources``: the list, one resource, a check and a correction."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.deps import HereDep
from api.errors import WireError
from api.paging import page_of
from api.resources import correct, read_detail, verify
from api.routes import Route
from api.wire.filter import FilterQuery
from api.wire.resource import CorrectIn, ResourceOut, ResourcePage, ResourceRow, VerifyIn

router = APIRouter(prefix="/api/resources", tags=["resources"])

ResourceId = Annotated[str, Path(max_length=200, description="資源ID")]


@router.get("")
def index(here: HereDep, query: Annotated[FilterQuery, Query()]) -> ResourcePage:
    """A page of the resources under a filter."""
    page = page_of(here.catalogue.select(query.filter()), query.page)
    return ResourcePage(
        items=[ResourceRow.of(row) for row in page.items],
        page=page.number,
        pages=page.pages,
        total=page.total,
    )


@router.get("/{resource_id}")
def show(here: HereDep, resource_id: ResourceId) -> ResourceOut:
    """One resource with who offers it, who introduces to it and who said what."""
    return ResourceOut.of(read_detail(here.office, resource_id))


@router.post("/{resource_id}/verify")
def verified(here: HereDep, resource_id: ResourceId, check: VerifyIn) -> ResourceOut:
    """A person checked it: sets 最終確認日."""
    verify(here.office, resource_id, method=check.method, on=check.on or here.office.today)
    return ResourceOut.of(read_detail(here.office, resource_id))


@router.patch(
    "/{resource_id}",
    responses={409: {"model": WireError, "description": "ほかの人が先に直しました"}},
)
def corrected(here: HereDep, resource_id: ResourceId, change: CorrectIn) -> ResourceOut:
    """A person's correction; it outranks every import."""
    correct(here.office, resource_id, change.fields, version=change.version)
    return ResourceOut.of(read_detail(here.office, resource_id))


ROUTE = Route(label="資源の一覧・内容・確認・訂正", router=router)
