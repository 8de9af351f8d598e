"""A request read as it came, where the framework's own reading would take longer than the answer.

What is read here is told to OpenAPI from the same models.
"""

import json
import re
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from graph.errors import InputError

M = TypeVar("M", bound=BaseModel)
Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_REFERENCE = "#/components/schemas/{model}"
#: A half of a pair of code units, written as an escape: alone it is no character.
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")


class LeanRoute(APIRoute):
    """A path whose function takes the request as it came and gives the response it made."""

    def get_route_handler(self) -> Handler:
        """The function itself: no parameters are worked out, no model is held against the answer."""
        handler: Handler = self.endpoint
        return handler


def read_json(body: bytes) -> object:
    """The value of a body. Raises InputError when it is none, or holds what is no text."""
    try:
        value: object = json.loads(body)
        if _HALF.search(body):
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise InputError(
            "送られた内容を、JSONとして読めませんでした。",
            hint="文字コード（UTF-8）とかっこの対応を確かめて、もう一度送ってください。例は docs/reference/case.md にあります。",
        ) from error
    return value


def read_query(model: type[M], request: Request) -> M:
    """The query string as a model. Raises RequestValidationError, as the framework would."""
    try:
        return model.model_validate(dict(request.query_params))
    except ValidationError as error:
        items = error.errors(include_url=False)
        raise RequestValidationError(
            [{**item, "loc": ("query", *item["loc"])} for item in items]
        ) from error


def parameters_of(model: type[BaseModel]) -> Sequence[dict[str, Any]]:
    """How OpenAPI tells of a query string that is read here."""
    schema = model.model_json_schema()
    needed = schema.get("required", ())
    return [
        {
            "name": name,
            "in": "query",
            "required": name in needed,
            "schema": held,
            "description": held.get("description", ""),
        }
        for name, held in schema["properties"].items()
    ]


def body_of(model: type[BaseModel]) -> dict[str, Any]:
    """How OpenAPI tells of a body that is read here; the models it holds are described elsewhere."""
    schema = model.model_json_schema(ref_template=_REFERENCE)
    schema.pop("$defs", None)
    return {"required": True, "content": {"application/json": {"schema": schema}}}
