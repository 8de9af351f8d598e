"""One office with the sample municipality, filled once and copied for tests that write."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from graph.backends.open import open_store
from graph.vocabulary.load import load_vocabulary
from ingest.load import import_paths
from ingest.options import ImportOptions
from ingest.samples import sample_folder

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
BASE = "http://127.0.0.1"


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An embedded store with the sample; read it, copy it, never write it."""
    path = tmp_path_factory.mktemp("sample") / "store.sqlite3"
    store = open_store(f"sqlite:///{path}")
    import_paths(
        store,
        [sample_folder()],
        options=ImportOptions(),
        vocabulary=load_vocabulary(),
        now=NOW,
    )
    store.close()
    return path


def settings_of(path: Path) -> Settings:
    return Settings(store=f"sqlite:///{path}", today=TODAY, cache=path.parent / "index")


@pytest.fixture(scope="session")
def app(sample_store: Path) -> Iterator[FastAPI]:
    """An app for tests that only read."""
    made = create_app(settings_of(sample_store))
    yield made
    made.state.office.close()


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    """A fresh browser on the read-only app."""
    return TestClient(app, base_url=BASE)


@pytest.fixture
def own_store(sample_store: Path, tmp_path: Path) -> Path:
    """A copy of the sample store for a test that writes."""
    target = tmp_path / "own.sqlite3"
    shutil.copy(sample_store, target)
    return target


@pytest.fixture
def writing(own_store: Path) -> Iterator[TestClient]:
    """A fresh browser on an app of its own."""
    made = create_app(settings_of(own_store))
    yield TestClient(made, base_url=BASE)
    made.state.office.close()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[TestClient]:
    """A fresh browser on an office without any data."""
    made = create_app(settings_of(tmp_path / "empty.sqlite3"))
    yield TestClient(made, base_url=BASE)
    made.state.office.close()


def csrf_of(html: str) -> str:
    """The token of the first form of a page."""
    return html.split('name="csrf" value="', 1)[1].split('"', 1)[0]
