"""The web app, put together: settings in, FastAPI out."""

import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from api import routes
from api.candidates import Lists
from api.cases import Desk
from api.catalogue import Catalogue
from api.consult import OpenCase
from api.handlers import add_error_handlers
from api.imports import Upload
from api.office import Office
from api.routes import Route, problems_of
from api.security import Guard, allowed_hosts
from api.settings import Settings
from api.waiting import Waiting
from api.wire.responses import COMMON_RESPONSES
from graph.discovery import discover
from matching.gaps.report import GapReport

_STATIC = Path(__file__).parent / "web" / "static"
_MEGABYTE = 1_000_000


def create_app(settings: Settings | None = None) -> FastAPI:
    """The app over one store. Opening the store is left to the first use."""
    chosen = settings or Settings()
    app = FastAPI(
        title="つなぐ",
        summary="人の困りごとと地域の資源をつなぐ",
        version=version("tsunagu"),
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        telemetry={"tracing": False},
        lifespan=_lifespan,
        responses=COMMON_RESPONSES,
    )
    office = Office(chosen)
    app.state.office = office
    app.state.settings = chosen
    app.state.secret = secrets.token_bytes(32)
    app.state.catalogue = Catalogue(office)
    app.state.cases = Desk[OpenCase](minutes=chosen.case_minutes, limit=chosen.max_cases)
    app.state.uploads = Desk[Upload](minutes=chosen.case_minutes, limit=20)
    app.state.names = Desk[str](minutes=chosen.case_minutes, limit=500)
    app.state.waiting = Waiting(office)
    app.state.lists = Lists(office)
    app.state.reports = Desk[GapReport](minutes=chosen.case_minutes, limit=50)
    found = discover(routes, "ROUTE", Route, problems_of)
    app.state.menu = sorted((r for r in found if r.menu), key=lambda r: r.order)
    for route in found:
        app.include_router(route.router)
    app.mount("/static/maps", StaticFiles(packages=[("maps", "vendor")]), name="map-assets")
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    add_error_handlers(app)
    app.add_middleware(
        Guard,
        hosts=allowed_hosts(chosen.host, chosen.trusted_hosts),
        max_body=chosen.max_body_mb * _MEGABYTE,
        max_upload=chosen.max_upload_mb * _MEGABYTE,
    )
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    logging.getLogger("tsunagu.web").setLevel(logging.INFO)
    yield
    app.state.office.close()
