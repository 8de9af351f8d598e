"""``/healthz`` (the process runs) and ``/readyz`` (the store answers)."""

from fastapi import APIRouter

from api.deps import HereDep
from api.routes import Route
from api.wire.health import Health, Ready

router = APIRouter(tags=["health"])


@router.get("/healthz")
def healthz() -> Health:
    """The process answers."""
    return Health(status="ok")


@router.get("/readyz")
def readyz(here: HereDep) -> Ready:
    """The store can be read; 503 or 500 with what to do when it can't."""
    store = here.office.store
    return Ready(status="ok", schema_version=store.schema_version(), head=store.head())


ROUTE = Route(label="動いているか・使えるか", router=router)
