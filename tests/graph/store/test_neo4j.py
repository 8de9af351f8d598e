"""The contract, on a real Neo4j (``bolt://`` and once ``neo4j://``) and on another Bolt server."""

from collections.abc import Iterator
from typing import ClassVar

import pytest
from neo4j import GraphDatabase

from graph.backends.open import StoreSettings, open_store
from graph.store import GraphStore
from tests.graph.store.contract import Place, StoreContract
from tests.servers.arcadedb import ArcadeServer
from tests.servers.neo4j import USER, Neo4jServer


def place_at(url: str, user: str, password: str) -> Iterator[Place]:
    """An emptied server."""
    with GraphDatabase.driver(url, auth=(user, password)) as driver:
        driver.execute_query("MATCH (n) DETACH DELETE n", database_="neo4j")
    opened: list[GraphStore] = []

    def opener(settings: StoreSettings) -> GraphStore:
        opened.append(open_store(url, settings=settings))
        return opened[-1]

    chosen = StoreSettings(user=user, password=password, database="neo4j")
    yield Place(opener=opener, settings=chosen, url=url)
    for store in opened:
        store.close()


@pytest.mark.neo4j
class TestNeo4j(StoreContract):
    examples: ClassVar[int] = 25

    @pytest.fixture
    def place(self, neo4j_server: Neo4jServer) -> Iterator[Place]:
        yield from place_at(neo4j_server.url, USER, neo4j_server.password)


@pytest.mark.neo4j
def test_routing_address(neo4j_server: Neo4jServer) -> None:
    for place in place_at(neo4j_server.routed_url, USER, neo4j_server.password):
        StoreContract().test_opened_again_it_is_the_same(place)


@pytest.mark.neo4j
class TestArcadeDB(StoreContract):
    """The same Cypher on a second server; not a system of record."""

    examples: ClassVar[int] = 5

    @pytest.fixture
    def place(self, arcade_server: ArcadeServer) -> Iterator[Place]:
        yield from place_at(arcade_server.url, arcade_server.user, arcade_server.password)
