"""A bare HTTP/1.1 server on loopback: a stand-in must not be what a benchmark measures."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import cast

from tests.standins import log


@dataclass(frozen=True, slots=True)
class Request:
    """Header names in lower case; `drop` ends the connection unanswered."""

    method: str
    target: str  # path and query as they came
    headers: dict[str, str]
    body: bytes
    drop: Callable[[], None]

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]


@dataclass(frozen=True, slots=True)
class Response:
    status: int = 204
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[[Request], Awaitable[Response]]
_REASONS = {status.value: status.phrase for status in HTTPStatus}


class _Connection(asyncio.Protocol):
    """Takes one request at a time, each with a Content-Length."""

    def __init__(self, handler: Handler, tasks: set[asyncio.Task[None]]) -> None:
        self._handler = handler
        self._tasks = tasks
        self._buffer = b""
        self._busy = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._busy:
            self._next()

    def _next(self) -> None:
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {}
        for line in lines:
            name, _, text = line.partition(":")
            headers[name.lower()] = text.strip()
        length = int(headers.get("content-length", "0"))
        if len(rest) < length:
            return
        self._buffer, self._busy = rest[length:], True
        method, target, _ = first.split(" ")
        request = Request(method, target, headers, rest[:length], self._transport.abort)
        task = asyncio.get_running_loop().create_task(self._answer(request))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, request: Request) -> None:
        response = Response(500)
        try:
            response = await self._handler(request)
        finally:
            more = "".join(f"{name}: {text}\r\n" for name, text in response.headers.items())
            status = f"{response.status} {_REASONS.get(response.status, '')}"
            head = f"HTTP/1.1 {status}\r\nContent-Length: {len(response.body)}\r\n{more}\r\n"
            if not self._transport.is_closing():
                self._transport.write(head.encode("latin-1") + response.body)
            self._busy = False
        self._next()


@asynccontextmanager
async def serving(handler: Handler, port: int = 0) -> AsyncIterator[str]:
    """Yields the URL under which `handler` is served."""
    tasks: set[asyncio.Task[None]] = set()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(handler, tasks), "127.0.0.1", port)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def serve_until_stopped(handler: Handler, port: int) -> None:
    """Prints {"url": ...} once it listens; ends on SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with serving(handler, port) as url:
        sys.stdout.buffer.write(log.line({"url": url}))
        sys.stdout.flush()
        await stop.wait()
