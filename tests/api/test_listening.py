"""The port that ``tsunagu serve`` listens on."""

import asyncio
import socket

from api.commands.serve import listen


async def _sends_at_once(listener: socket.socket) -> bool:
    """Whether a connection that comes in sends each piece as it is written."""
    found: list[int] = []

    async def look(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        taken = writer.get_extra_info("socket")
        found.append(taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    server = await asyncio.start_server(look, sock=listener)
    async with server:
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        await reader.read()
        writer.close()
    return bool(found[0])


def test_an_answer_is_not_held_back() -> None:
    """Else head and body of an answer come 0.04 s apart: the head waits to be acknowledged."""
    assert asyncio.run(_sends_at_once(listen("127.0.0.1", 0)))
