"""Sends an answer in one piece: head and body used to wake the receiver twice.

The server's own protocol does everything; only what it writes within one turn of the loop is put
together before it goes out.
"""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.auto import AutoHTTPProtocol

#: More than this is not held back: a long answer flows as the receiver takes it.
HELD_AT_MOST = 65_536


class Joining:
    """A transport that sends, once a turn of the loop, what was written in it; else the same."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> None:
        """Hold what is written until the turn ends, or until it has become much."""
        if not self._held:
            self._loop.call_soon(self._send)
        self._held.append(data)
        self._size += len(data)
        if self._size > HELD_AT_MOST:
            self._send()

    def close(self) -> None:
        """Send what is held, then close."""
        self._send()
        self._transport.close()

    def _send(self) -> None:
        if self._held:
            data = b"".join(self._held)
            self._held.clear()
            self._size = 0
            self._transport.write(data)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the transport has
        return getattr(self._transport, name)


class OnePiece(AutoHTTPProtocol):  # type: ignore[misc, valid-type] # one of two, found on import
    """The server's protocol over a :class:`Joining` transport."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin a connection."""
        super().connection_made(Joining(cast("asyncio.Transport", transport), self.loop))
