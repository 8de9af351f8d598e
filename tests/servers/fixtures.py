"""The servers as fixtures; one of each for the whole test run."""

import os
from collections.abc import Callable, Iterator
from typing import NoReturn

import pytest

from tests.servers.arcadedb import ArcadeServer
from tests.servers.neo4j import Neo4jServer, ServerMissingError, launch


def _missing(error: ServerMissingError) -> NoReturn:
    # 検査の場（CI=true）では、要るものがないことを見逃さない。
    if os.environ.get("CI") == "true":
        pytest.fail(str(error))
    pytest.skip(str(error))


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4jServer]:
    """A real Neo4j Community with passwords on. Tests clear it themselves."""
    try:
        server = launch(tmp_path_factory.mktemp("neo4j"))
    except ServerMissingError as error:
        _missing(error)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def arcade_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ArcadeServer]:
    """A second kind of Bolt server."""
    server = ArcadeServer(tmp_path_factory.mktemp("arcadedb"))
    try:
        server.start()
    except ServerMissingError as error:
        _missing(error)
    yield server
    server.stop()


@pytest.fixture
def fresh_neo4j(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[], Neo4jServer]]:
    """Servers of one's own, to be killed or left with their first password."""
    started: list[Neo4jServer] = []

    def make() -> Neo4jServer:
        try:
            server = launch(tmp_path_factory.mktemp("own-neo4j"))
        except ServerMissingError as error:
            _missing(error)
        started.append(server)
        return server

    yield make
    for server in started:
        server.kill()
