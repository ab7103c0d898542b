"""A bare keep-alive HTTP/1.1 client for loopback, cheap enough not to be what is measured."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


class Connection(asyncio.Protocol):
    """One request at a time. The peer must send a Content-Length, as aiohttp does."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Answer] | None = None
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is registered as none

    @property
    def usable(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def ask(self, request: bytes) -> asyncio.Future[Answer]:
        assert self._transport is not None
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._waiting

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found or len(rest) < (length := _length(head)):
            return
        answer = Answer(int(head[9:12]), rest[:length])
        self._buffer = b""
        waiting, self._waiting = self._waiting, None
        if b"connection: close" in head.lower():
            self.close()
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(ConnectionResetError("the peer went away"))


def _length(head: bytes) -> int:
    _, found, after = head.lower().partition(b"\r\ncontent-length:")
    return int(after.partition(b"\r\n")[0]) if found else 0


class Wire:
    """Posts to URLs such as http://127.0.0.1:8000/path, at most `limit` at once.

    It keeps its connections open.
    """

    def __init__(self, limit: int = 64, timeout: float = 15.0) -> None:
        self._idle: dict[str, list[Connection]] = {}
        self._slots = asyncio.Semaphore(limit)
        self._timeout = timeout

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Raises OSError or TimeoutError."""
        _, _, authority, target = url.split("/", 3)
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = (
            f"POST /{target} HTTP/1.1\r\nHost: {authority}\r\n"
            f"Content-Length: {len(body)}\r\n{lines}\r\n"
        )
        async with self._slots, asyncio.timeout(self._timeout):
            connection = await self._connection(authority)
            try:
                answer = await connection.ask(head.encode() + body)
            except BaseException:
                connection.close()
                raise
        if connection.usable:
            self._idle[authority].append(connection)
        return answer

    async def _connection(self, authority: str) -> Connection:
        idle = self._idle.setdefault(authority, [])
        while idle:
            if (connection := idle.pop()).usable:
                return connection
        host, _, port = authority.partition(":")
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(Connection, host, int(port))
        return connection

    def close(self) -> None:
        for connections in self._idle.values():
            for connection in connections:
                connection.close()
        self._idle.clear()
