"""An answer goes out in one piece, and long or slow ones flow as they always did."""

import asyncio
import http.client
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from api.sending import HELD_AT_MOST, Joining, OnePiece

_CHUNK = b"x" * 10_000
_CHUNKS = 400
#: Set once the first event has come.
_READ = threading.Event()


class _Wire(asyncio.Transport):
    """Notes what is sent."""

    def __init__(self) -> None:
        super().__init__({"peername": "somebody"})
        self.sent: list[bytes] = []
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self.closed
        self.sent.append(bytes(data))

    def close(self) -> None:
        self.closed = True


def _run(wire: _Wire, *writes: bytes, close: bool = False) -> list[bytes]:
    async def turn() -> None:
        joining = Joining(wire, asyncio.get_running_loop())
        for data in writes:
            joining.write(data)
        if close:
            joining.close()
        await asyncio.sleep(0)
        assert joining.get_extra_info("peername") == "somebody"

    asyncio.run(turn())
    return wire.sent


def test_what_is_written_in_one_turn_is_sent_once() -> None:
    assert _run(_Wire(), b"head", b"", b"body") == [b"headbody"]


def test_much_is_not_held_back() -> None:
    long = b"x" * HELD_AT_MOST
    assert _run(_Wire(), b"head", long, b"more") == [b"head" + long, b"more"]


def test_what_is_held_is_sent_before_closing() -> None:
    wire = _Wire()
    assert _run(wire, b"head", b"body", close=True) == [b"headbody"]
    assert wire.closed


async def _plain(request: Request) -> Response:
    return JSONResponse({"got": len(await request.body())})


async def _slow(_request: Request) -> Response:
    async def lines() -> AsyncIterator[bytes]:
        yield b"data: 0\n\n"
        await asyncio.to_thread(_READ.wait, 20)
        yield b"data: 1\n\n"

    return StreamingResponse(lines(), media_type="text/event-stream")


async def _long(_request: Request) -> Response:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(_CHUNKS):
            yield _CHUNK

    return StreamingResponse(parts())


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    routes = [
        Route("/plain", _plain, methods=["POST"]),
        Route("/slow", _slow),
        Route("/long", _long),
    ]
    config = uvicorn.Config(Starlette(routes=routes), port=0, http=OnePiece, log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(10)
    assert not thread.is_alive()


@pytest.fixture
def link(port: int) -> Iterator[http.client.HTTPConnection]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as made:
        yield made


def test_a_connection_answers_again_and_again(link: http.client.HTTPConnection) -> None:
    for size in (0, 10, 500_000, 3):
        link.request("POST", "/plain", b"y" * size)
        assert link.getresponse().read() == f'{{"got":{size}}}'.encode()
    link.request("POST", "/plain", b"z", {"Connection": "close"})
    with link.getresponse() as answer:
        assert answer.headers["Connection"] == "close"
        assert answer.read() == b'{"got":1}'


def test_events_come_as_they_happen(link: http.client.HTTPConnection) -> None:
    link.request("GET", "/slow")
    with link.getresponse() as answer:
        # 初めの一つが届かないうちは、次は送られない。
        assert answer.readline() == b"data: 0\n"
        _READ.set()
        assert answer.read() == b"\ndata: 1\n\n"


def test_a_long_answer_is_whole(link: http.client.HTTPConnection) -> None:
    link.request("GET", "/long")
    with link.getresponse() as answer:
        assert answer.read() == _CHUNK * _CHUNKS
