"""What is timed over HTTP is the engine's own list, and another list is noticed."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from benchmarks import over_http
from benchmarks.compare import TOP
from benchmarks.generate import DAY, country, fill
from benchmarks.over_http import ONE, Link, case_of, expected, hits_as_list, listed, same
from benchmarks.questions import Question, ordinary
from graph.backends.open import open_store
from graph.vocabulary.load import load_vocabulary
from matching.engine import Matcher, open_matcher

SIZE = 600


@pytest.fixture(scope="module")
def store_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('http') / 'bench.db'}"
    store = open_store(url)
    fill(store, SIZE, load_vocabulary())
    store.close()
    return url


@pytest.fixture(scope="module")
def client(store_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    cache: Path = tmp_path_factory.mktemp("index")
    made = create_app(Settings(store=store_url, cache=cache, today=DAY))
    yield TestClient(made, base_url="http://127.0.0.1")
    made.state.office.close()


@pytest.fixture(scope="module")
def matcher(store_url: str) -> Iterator[Matcher]:
    store = open_store(store_url)
    yield open_matcher(store, load_vocabulary())
    store.close()


def _questions() -> list[Question]:
    vocabulary = load_vocabulary()
    return ordinary(country(SIZE, vocabulary), vocabulary, 12)


def _asked(client: TestClient, question: Question) -> dict[str, Any]:
    body = case_of(question, load_vocabulary())
    answer = client.post(f"{ONE}?top={TOP}&on={DAY.isoformat()}", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_list_is_the_engines_own(client: TestClient, matcher: Matcher) -> None:
    count = 0
    for question in _questions():
        found = listed(_asked(client, question))
        assert same(found, hits_as_list(expected(question, matcher)))
        count += len(found)
    assert count > 20


def test_another_list_is_noticed(client: TestClient, matcher: Matcher) -> None:
    question = next(q for q in _questions() if len(_asked(client, q)["candidates"]) > 1)
    right, own = listed(_asked(client, question)), hits_as_list(expected(question, matcher))
    (first, score), second, *rest = right
    short, turned, off = right[:-1], [second, right[0], *rest], [(first, score - 1e-5), *right[1:]]
    assert same(right, own)
    assert not any(same(wrong, own) for wrong in (short, turned, off))


class _Echo(BaseHTTPRequestHandler):
    """Gives back what came, and where it was sent."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = self.path.encode() + b" " + body
        self.send_response(201 if body == b"new" else 200)
        self.send_header("content-LENGTH", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


def test_a_kept_connection_asks_again_and_again() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        link = Link(server.server_port)
        long = "資源".encode() * 40_000
        assert link.post("/a?b=1", b"new") == (201, b"/a?b=1 new")
        assert link.post("/c", long) == (200, b"/c " + long)
        assert link.post("/d", b"") == (200, b"/d ")
        link.close()
        server.shutdown()


def test_after_a_silence_it_connects_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        link = Link(server.server_port)
        link.renew()
        assert link.post("/a", b"") == (200, b"/a ")
        monkeypatch.setattr(over_http, "SILENCE_S", -1.0)
        before = link._socket
        link.renew()
        assert before.fileno() == -1
        assert link.post("/b", b"") == (200, b"/b ")
        link.close()
        server.shutdown()


def test_a_connection_that_is_cut_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        link = Link(listener.getsockname()[1])
        other, _ = listener.accept()
        other.shutdown(socket.SHUT_WR)
        with pytest.raises(RuntimeError, match="/a"):
            link.post("/a", b"{}")
        other.close()
        link.close()
