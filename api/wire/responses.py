"""Answers that every path may give, for the OpenAPI page."""

from typing import Any

from api.errors import PLAIN, WireError

COMMON_RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"model": WireError, "description": PLAIN[status][1]}
    for status in (400, 403, 404, 413, 422, 500, 503)
}
