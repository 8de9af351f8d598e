"""The API keeps its own description, whatever is sent (schemathesis over the app in process)."""

import shutil
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import create_app
from tests.api.conftest import settings_of


@pytest.fixture(scope="session")
def api(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> schemathesis.BaseSchema:
    """The description of an app over a copy of the sample."""
    path = tmp_path_factory.mktemp("schema") / "store.sqlite3"
    shutil.copy(sample_store, path)
    # 道具は testserver という名前で尋ねる。
    made = create_app(settings_of(path).model_copy(update={"trusted_hosts": ("testserver",)}))
    return schemathesis.openapi.from_asgi("/api/openapi.json", made)


schema = schemathesis.pytest.from_fixture("api").exclude(path=["/api/events", "/api/imports"])


@pytest.mark.slow
@schema.parametrize()
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_described(case: schemathesis.Case) -> None:
    case.call_and_validate(
        checks=[
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
        ],
    )
