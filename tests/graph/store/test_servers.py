"""What people are told when a server is not as it should be, and how long they wait for it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from neo4j import GraphDatabase

from graph.backends.neo4j_faults import refuse_old
from graph.backends.neo4j_store import CURRENT, Neo4jStore
from graph.backends.open import StoreSettings, open_store
from graph.backends.patience import Beat, GaveUpError, patiently
from graph.errors import (
    InputError,
    StoreError,
    StoreLockedError,
    StoreUnavailableError,
    StoreVersionError,
)
from graph.model.element import Node, NodeKind, Ref
from tests.servers.neo4j import FIRST_PASSWORD, USER, Neo4jServer, free_port

Make = Callable[[], Neo4jServer]


def code_of(url: str, **settings: object) -> str:
    """Code of the error with which opening a store fails."""
    chosen = StoreSettings(wait_s=3, **settings)  # type: ignore[arg-type]
    with pytest.raises(StoreError) as caught:
        open_store(url, settings=chosen)
    assert caught.value.hint
    assert isinstance(caught.value, StoreUnavailableError | StoreVersionError) or caught.value.code
    return caught.value.code


@pytest.fixture
def store(neo4j_server: Neo4jServer) -> Iterator[Neo4jStore]:
    neo4j_server.wipe()
    chosen = StoreSettings(user=USER, password=neo4j_server.password)
    with closing(open_store(neo4j_server.url, settings=chosen)) as found:
        assert isinstance(found, Neo4jStore)
        yield found


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_no_server(scheme: str) -> None:
    begun = time.monotonic()
    url = f"{scheme}://127.0.0.1:{free_port()}"
    assert code_of(url, user=USER, password="secret") == "store_unavailable"
    # 操作する人の上限（3秒）に、つなぐ一回分のゆとりを足した中で返る。
    assert time.monotonic() - begun < 30


def test_a_password_in_the_url_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        open_store("bolt://neo4j:secret@127.0.0.1:7687")
    assert "secret" not in str(caught.value)


def test_settings_do_not_show_the_password() -> None:
    assert "secret" not in repr(StoreSettings(user=USER, password="secret"))


@pytest.mark.parametrize("agent", ["Neo4j/3.5.35", "Neo4j/4.4.40", "Neo4j/5.25.1"])
def test_an_old_server_is_refused(agent: str) -> None:
    with pytest.raises(StoreUnavailableError) as caught:
        refuse_old(agent, "bolt://x")
    assert caught.value.code == "server_too_old"


@pytest.mark.parametrize("agent", ["Neo4j/5.26.0", "Neo4j/2026.10.1", "ArcadeDB/26.10"])
def test_a_new_server_is_welcome(agent: str) -> None:
    refuse_old(agent, "bolt://x")


def test_a_call_without_sign_of_life_is_given_up() -> None:
    went_on = threading.Event()
    let_go = threading.Event()

    def hang(beat: Beat) -> None:
        beat.at("turn")
        let_go.wait()
        beat.at("after")
        went_on.set()

    with pytest.raises(GaveUpError) as caught:
        patiently(hang, 0.2)
    assert caught.value.stage == "turn"
    let_go.set()
    # 見捨てた仕事は、あとから動き出しても先へ進めない。
    assert not went_on.wait(0.3)


def test_signs_of_life_keep_a_long_call_going() -> None:
    def slow(beat: Beat) -> str:
        for _ in range(6):
            time.sleep(0.1)
            beat.at("step")
        return "done"

    assert patiently(slow, 0.4) == "done"


@pytest.mark.neo4j
def test_wrong_password(neo4j_server: Neo4jServer) -> None:
    assert code_of(neo4j_server.url, user=USER, password="wrong-one") == "wrong_password"
    assert code_of(neo4j_server.url) == "wrong_password"


@pytest.mark.neo4j
def test_expired_first_password(fresh_neo4j: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    # 立ち上げただけの、最初のパスワードのままのサーバー。
    monkeypatch.setattr(Neo4jServer, "set_first_password", _wait_for_login)
    server = fresh_neo4j()
    assert code_of(server.url, user=USER, password=FIRST_PASSWORD) == "password_expired"


def _wait_for_login(server: Neo4jServer) -> None:
    with GraphDatabase.driver(server.url, auth=(USER, FIRST_PASSWORD)) as driver:
        driver.verify_authentication()


@pytest.mark.neo4j
def test_wrong_database(neo4j_server: Neo4jServer) -> None:
    password = neo4j_server.password
    for url in (neo4j_server.url, neo4j_server.routed_url):
        assert code_of(url, user=USER, password=password, database="nowhere") == "wrong_database"


@pytest.mark.neo4j
def test_enterprise_only_constraint(store: Neo4jStore) -> None:
    with pytest.raises(StoreError) as caught:
        store.server.schema("CREATE CONSTRAINT x FOR (n:Resource) REQUIRE n.name IS NOT NULL")
    assert caught.value.code == "enterprise_only"


@pytest.mark.neo4j
def test_a_database_of_others_is_left_alone(neo4j_server: Neo4jServer) -> None:
    neo4j_server.wipe()
    auth = (USER, neo4j_server.password)
    with GraphDatabase.driver(neo4j_server.url, auth=auth) as driver:
        driver.execute_query("CREATE (:Movie {title: 'x'})")
        assert code_of(neo4j_server.url, user=USER, password=auth[1]) == "not_a_store"
        rows = driver.execute_query("MATCH (n) RETURN labels(n) AS l").records
        assert [row["l"] for row in rows] == [["Movie"]]
    neo4j_server.wipe()


@pytest.mark.neo4j
def test_a_newer_store_is_left_alone(store: Neo4jStore, neo4j_server: Neo4jServer) -> None:
    statement = "MATCH (m:TsunaguMeta) SET m.version = $v"
    store.server.write(lambda tx: tx.rows(statement, v=CURRENT + 1))
    with pytest.raises(StoreVersionError):
        open_store(
            neo4j_server.url, settings=StoreSettings(user=USER, password=neo4j_server.password)
        )
    store.server.write(lambda tx: tx.rows(statement, v=CURRENT))


@pytest.mark.neo4j
def test_a_lost_answer_is_looked_up(store: Neo4jStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commit went through and the connection broke: done once, not twice."""
    from neo4j import Session
    from neo4j.exceptions import IncompleteCommit

    real = Session.execute_write
    broken = [2]

    def lose_answer(session: Session, unit: Callable[..., object]) -> object:
        result = real(session, unit)
        if broken[0]:
            broken[0] -= 1
            raise IncompleteCommit("connection lost")
        return result

    with monkeypatch.context() as patch:
        patch.setattr(Session, "execute_write", lose_answer)
        with store.write(actor="試験") as w:
            w.put([Node(kind=NodeKind.RESOURCE, id="r")])
    assert broken == [0]
    assert [change.source.id for change in store.changes(0)] == ["r"]
    assert store.check() == ()


@pytest.mark.neo4j
def test_a_second_writer_hears_why_it_waited_in_vain(
    store: Neo4jStore, neo4j_server: Neo4jServer
) -> None:
    impatient = open_store(
        neo4j_server.url,
        settings=StoreSettings(user=USER, password=neo4j_server.password, wait_s=1),
    )
    auth = (USER, neo4j_server.password)
    with (
        GraphDatabase.driver(neo4j_server.url, auth=auth) as driver,
        driver.session() as session,
        session.begin_transaction() as tx,
    ):
        tx.run("MATCH (m:TsunaguMeta) SET m.turn = 'somebody'").consume()
        with pytest.raises(StoreLockedError), impatient.write(actor="試験") as w:
            w.put([Node(kind=NodeKind.RESOURCE, id="late")])
        tx.rollback()
    with impatient.write(actor="試験") as w:
        w.put([Node(kind=NodeKind.RESOURCE, id="later")])
    with store.read() as view:
        assert view.get(Ref(NodeKind.RESOURCE, "late")) is None
        assert view.get(Ref(NodeKind.RESOURCE, "later")) is not None
    impatient.close()


@pytest.mark.neo4j
def test_values_are_never_read_as_cypher(store: Neo4jStore) -> None:
    hostile = "'}) DETACH DELETE n //\\u0027"
    with store.write(actor=hostile) as w:
        w.put([Node(kind=NodeKind.RESOURCE, id=hostile, props={"name": hostile, hostile: hostile})])
    with store.read() as view:
        assert [n.id for n in view.find(NodeKind.RESOURCE, "name", hostile)] == [hostile]
        assert [n.id for n in view.find(NodeKind.RESOURCE, hostile, hostile)] == [hostile]
