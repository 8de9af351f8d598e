"""Turns what was raised into the one wire shape, or into a page that keeps the way back open."""

import logging
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.errors import WireError, plain_error, status_of, told_fault, where, wire
from api.web.pages import render
from graph.errors import TsunaguError

_LOG = logging.getLogger("tsunagu.web")
_MACHINE_PATHS = ("/api/", "/hsds", "/healthz", "/readyz", "/static/")
_SERVER_FAULT = 500
_FAULTS_TOLD = 5


def add_error_handlers(app: FastAPI) -> None:
    """Register a handler for every kind of error."""
    app.add_exception_handler(TsunaguError, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _plain)
    app.add_exception_handler(Exception, _unexpected)


def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, TsunaguError)  # noqa: S101 - registered for this class
    status = status_of(error)
    if status >= _SERVER_FAULT:
        _LOG.warning("%s %s", error.code, _number(request))
    return _answer(request, wire(error, _number(request)), status)


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class
    places = [".".join(str(part) for part in item["loc"]) for item in error.errors()]
    # 入力値そのものは返さない（相談の中身を含むことがある）。
    body = plain_error(422, _number(request), {"fields": places})
    told = [said for item in error.errors() if (said := told_fault(item)) is not None]
    if told:
        body = body.model_copy(update={"hint": "".join(dict.fromkeys(told[:_FAULTS_TOLD]))})
    return _answer(request, body, 422)


def _plain(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class
    response = _answer(request, plain_error(error.status_code, _number(request)), error.status_code)
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


def _unexpected(request: Request, error: Exception) -> Response:
    # 例外の文には相談の言葉が入りうるので、種類と場所だけを記録する。
    place = where(error)
    _LOG.error("%s at %s %s", type(error).__name__, place, _number(request))
    return _answer(request, plain_error(500, _number(request)), 500)


def _answer(request: Request, body: WireError, status: int) -> Response:
    if request.url.path.startswith(_MACHINE_PATHS):
        return JSONResponse(body.model_dump(), status_code=status)
    context: dict[str, Any] = {"error": body, "status": status}
    return render(request, "error.html", context, status=status)


def _number(request: Request) -> str:
    return str(getattr(request.state, "request_id", "-"))
