"""The database rivals do the same work: their lists are the oracle's, place by place."""

from collections.abc import Iterator

import numpy as np
import pytest
from neo4j import GraphDatabase

from benchmarks.compare import Engine, Product, held_to_oracle, in_turns
from benchmarks.facts import facts_of
from benchmarks.generate import country, fill
from benchmarks.postgres import binaries, cluster
from benchmarks.questions import hard, ordinary
from benchmarks.rival_neo4j import Neo4jRival, Server
from benchmarks.rival_rows import rival_rows, values_of
from benchmarks.rival_scan import NumpyScan
from graph.backends.open import open_store
from graph.errors import InputError
from graph.vocabulary.load import load_vocabulary
from matching.engine import Matcher, open_matcher
from matching.weights import weights_of
from tests.servers.neo4j import USER, Neo4jServer

SIZE = 600


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    store = open_store("memory:")
    fill(store, SIZE, load_vocabulary())
    return open_matcher(store, load_vocabulary())


def check(rival: Engine, matcher: Matcher) -> None:
    """Its lists on ordinary and hard questions."""
    vocabulary, segment = load_vocabulary(), matcher.index.base
    oracle = NumpyScan(segment, vocabulary, weights_of(None))
    engines: list[Engine] = [Product(matcher), oracle, rival]
    land = country(SIZE, vocabulary)
    for questions in (ordinary(land, vocabulary, 30), hard(land, vocabulary, 10)):
        for name, timing in held_to_oracle(in_turns(engines, questions, segment)).items():
            assert timing.agreed == timing.asked == len(questions), name


def test_the_fit_of_a_kind_is_told_in_two_tables(matcher: Matcher) -> None:
    vocabulary, segment = load_vocabulary(), matcher.index.base
    rows = rival_rows(segment)
    for question in ordinary(country(SIZE, vocabulary), vocabulary, 10):
        ask = question.ask(vocabulary)
        facts = facts_of(segment, ask, weights_of(None))
        values = values_of(segment, rows, ask, facts, vocabulary)
        fit = np.maximum(
            values["t_fit_category"][rows.codes["category"]],
            values["t_fit_named"][rows.codes["named"]],
        )
        own = np.zeros(len(segment.labels["kind"].values))
        own[facts.kinds] = facts.fits
        assert fit == pytest.approx(own[segment.labels["kind"].codes])


@pytest.mark.skipif(binaries() is None, reason="PostgreSQLが入っていません。")
def test_postgis_gives_the_same_lists(matcher: Matcher) -> None:
    from benchmarks.rival_postgis import PostGis

    with cluster() as dsn:
        rival = PostGis(dsn, matcher.index.base, load_vocabulary(), weights_of(None))
        try:
            check(rival, matcher)
            assert "by_place" in rival.explain(
                ordinary(country(SIZE, load_vocabulary()), load_vocabulary(), 1)[0]
            )
        finally:
            rival.close()


@pytest.fixture
def server(neo4j_server: Neo4jServer) -> Iterator[Server]:
    neo4j_server.wipe()
    yield Server(neo4j_server.url, USER, neo4j_server.password)
    neo4j_server.wipe()


def count(server: Server) -> int:
    with GraphDatabase.driver(server.url, auth=(USER, server.password or "")) as driver:
        found = driver.execute_query("MATCH (n) RETURN count(n) AS n").records[0]["n"]
        return int(found)


@pytest.mark.neo4j
@pytest.mark.slow
def test_neo4j_gives_the_same_lists_and_is_left_empty(matcher: Matcher, server: Server) -> None:
    rival = Neo4jRival(server, matcher.index.base, load_vocabulary(), weights_of(None))
    try:
        assert count(server) == SIZE
        check(rival, matcher)
    finally:
        rival.close()
    assert count(server) == 0


@pytest.mark.neo4j
@pytest.mark.slow
def test_a_server_with_other_records_is_left_alone(matcher: Matcher, server: Server) -> None:
    with GraphDatabase.driver(server.url, auth=(USER, server.password or "")) as driver:
        driver.execute_query("CREATE (:Somebody {name: 'x'})")
    with pytest.raises(InputError, match="ほかの記録"):
        Neo4jRival(server, matcher.index.base, load_vocabulary(), weights_of(None))
    assert count(server) == 1


@pytest.mark.neo4j
@pytest.mark.slow
def test_a_wrong_password_says_what_to_check(matcher: Matcher, server: Server) -> None:
    wrong = Server(server.url, USER, "x")
    with pytest.raises(InputError, match="名前かパスワード"):
        Neo4jRival(wrong, matcher.index.base, load_vocabulary(), weights_of(None))
