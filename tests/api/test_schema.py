"""The API keeps its own description, whatever is sent (schemathesis over the app in process)."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import create_app
from tests.api.conftest import settings_of

#: A stream that does not end, and files: tested by hand.
_SKIPPED = frozenset({"/api/events", "/api/imports"})
_CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.mark.slow
def test_every_answer_is_as_described(sample_store: Path, tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    shutil.copy(sample_store, path)
    # 道具は testserver という名前で尋ねる。
    chosen = settings_of(path).model_copy(update={"trusted_hosts": ("testserver",)})
    made = create_app(chosen)
    described = schemathesis.openapi.from_asgi("/api/openapi.json", made)
    tried = set()
    for found in described.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        if operation.path not in _SKIPPED:
            _fuzz(operation)
            tried.add(operation.path)
    made.state.office.close()
    assert len(tried) >= 13
    assert {"/api/match", "/api/candidates", "/api/why", "/api/intake"} <= tried


def _fuzz(operation: Any) -> None:
    @settings(
        max_examples=10,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def check(case: Any) -> None:
        case.call_and_validate(checks=_CHECKS)

    check()
