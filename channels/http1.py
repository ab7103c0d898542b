"""HTTP/1.1 to one provider over connections that are kept open.

aiohttp's client takes four times the CPU for a small POST and does not say whether a failed one had
been written, which is what decides between sending again and looking up. So this one does little:
no redirects, no compression, no proxies, no retries.
"""

import asyncio
import socket
import ssl
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from channels.http1_answer import MAX_BODY, Answer, Garbled, Reader

IDLE = 10.0  # seconds; providers keep them longer, so that we never write to one being closed


Dial = Callable[[str, int], Awaitable[socket.socket]]
"""Gives a connected socket to a host and port; what it raises beside OSError reaches the caller."""


class NotSent(Exception):
    """Nothing of the request was written."""


class AnswerLost(Exception):
    """The request was written, at least in part, and no whole answer came."""


class _Connection(asyncio.Protocol):
    """One request at a time."""

    def __init__(self, most: int = MAX_BODY) -> None:
        self._transport: asyncio.Transport | None = None
        self._most = most
        self._reader = Reader(most)
        self._waiting: asyncio.Future[Answer] | None = None
        self.idle_since = 0.0

    @property
    def usable(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def ask(self, request: bytes) -> asyncio.Future[Answer]:
        """The future fails with AnswerLost."""
        transport = self._transport
        assert transport is not None, "a connection is asked once it is made"
        self._reader = Reader(self._most)
        self._waiting = asyncio.get_running_loop().create_future()
        transport.write(request)
        return self._waiting

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass

    def data_received(self, data: bytes) -> None:
        if self._waiting is None:  # nobody asked: a time-out notice, mostly
            self.abort()
            return
        try:
            answer = self._reader.feed(data)
        except Garbled as error:
            self._fail(str(error))
            self.abort()
            return
        if answer is not None:
            self._settle(answer)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        try:
            answer = self._reader.end()
        except Garbled as error:
            self._fail(str(error))
        else:
            self._settle(answer)

    def _settle(self, answer: Answer) -> None:
        waiting, self._waiting = self._waiting, None
        if not self._reader.reusable:
            self.abort()
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    def _fail(self, why: str) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_exception(AnswerLost(why))


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a provider's API is: scheme, host, port and any path before the API's own."""

    host: str
    port: int
    secure: bool
    authority: str
    prefix: str

    @classmethod
    def of(cls, url: str) -> "Origin":
        """Raises ValueError where `url` is no http or https URL."""
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("not an http or https URL")
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        authority = parts.netloc.rpartition("@")[2]
        return cls(parts.hostname, port, secure, authority, parts.path.rstrip("/"))


class Http1:
    """At most `limit` requests at once; waiting for a connection takes half of `timeout` (seconds)
    at the most, so that the other half is left for the answer. `idle` (seconds) is how long an
    unused connection is still trusted. `dial` makes the sockets, where the caller has a say in it.
    `most` is how many bytes an answer may have.
    """

    def __init__(
        self,
        origin: Origin,
        timeout: float,
        limit: int = 64,
        idle: float = IDLE,
        dial: Dial | None = None,
        most: int = MAX_BODY,
    ) -> None:
        self._origin = origin
        self._dial = dial
        self._most = most
        self._timeout = timeout
        self._trusted = idle
        self._slots = asyncio.Semaphore(limit)
        self._idle: deque[_Connection] = deque()
        self._tls = ssl.create_default_context() if origin.secure else None

    async def request(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes = b""
    ) -> Answer:
        """`target` begins with a slash and is encoded already. Raises NotSent or AnswerLost."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = (
            f"{method} {self._origin.prefix}{target} HTTP/1.1\r\n"
            f"Host: {self._origin.authority}\r\nContent-Length: {len(body)}\r\n{lines}\r\n"
        )
        request = head.encode("latin-1") + body
        deadline = asyncio.get_running_loop().time() + self._timeout
        connecting = deadline - self._timeout / 2
        if self._slots.locked():
            await self._wait(connecting)
        else:
            await self._slots.acquire()
        try:
            connection = self._kept() or await self._connect(connecting)
            return await self._exchange(connection, request, deadline)
        finally:
            self._slots.release()

    async def _wait(self, deadline: float) -> None:
        try:
            async with asyncio.timeout_at(deadline):
                await self._slots.acquire()
        except TimeoutError:
            raise NotSent("all connections were busy") from None

    def _kept(self) -> _Connection | None:
        """The one used last, so that those not needed go stale."""
        fresh = asyncio.get_running_loop().time() - self._trusted
        while self._idle:
            connection = self._idle.pop()
            if connection.usable and connection.idle_since > fresh:
                return connection
            connection.abort()
        return None

    def _made(self) -> _Connection:
        return _Connection(self._most)

    async def _connect(self, deadline: float) -> _Connection:
        loop = asyncio.get_running_loop()
        origin = self._origin
        try:
            async with asyncio.timeout_at(deadline):
                if self._dial is None:
                    _, connection = await loop.create_connection(
                        self._made, origin.host, origin.port, ssl=self._tls
                    )
                else:
                    made = await self._dial(origin.host, origin.port)
                    name = origin.host if origin.secure else None
                    _, connection = await loop.create_connection(
                        self._made,
                        sock=made,
                        ssl=self._tls,
                        server_hostname=name,
                    )
        except (OSError, TimeoutError) as error:
            raise NotSent(f"no connection: {type(error).__name__}") from None
        return connection

    async def _exchange(self, connection: _Connection, request: bytes, deadline: float) -> Answer:
        if not connection.usable:
            raise NotSent("the connection ended as soon as it was made")
        try:
            async with asyncio.timeout_at(deadline):
                answer = await connection.ask(request)
        except TimeoutError:
            connection.abort()
            raise AnswerLost("no answer in time") from None
        except BaseException:
            connection.abort()
            raise
        if connection.usable:
            connection.idle_since = asyncio.get_running_loop().time()
            self._idle.append(connection)
        return answer

    async def close(self) -> None:
        while self._idle:
            self._idle.pop().abort()
