"""Requests that are bytes already, sent over kept connections at the least cost for the sender."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Sequence
from typing import cast

from benchmarks.load import PATIENCE, Lost


class Volley:
    """`connections` to a port of this machine, each with one request at a time. `refused` counts
    answers other than 2xx by their status."""

    def __init__(self, port: int, connections: int) -> None:
        self.refused: Counter[int] = Counter()
        self.latencies: list[float] = []
        self.waiting: deque[bytes] = deque()
        self.done = asyncio.Event()
        self.under_way = 0
        self._port = port
        self._count = connections
        self._open: list[_Connection] = []

    async def fire(self, requests: Sequence[bytes]) -> list[float]:
        """Seconds that each answer took. Raises Lost."""
        loop = asyncio.get_running_loop()
        while len(self._open) < self._count:
            _, made = await loop.create_connection(
                lambda: _Connection(self), "127.0.0.1", self._port
            )
            self._open.append(made)
        self.latencies = []
        self.waiting = deque(requests)
        self.done.clear()
        for connection in self._open:
            connection.next()
        try:
            async with asyncio.timeout(PATIENCE + len(requests) / 100):
                await self.done.wait()
        except TimeoutError:
            raise Lost(f"{self.under_way} callbacks were not answered") from None
        if len(self.latencies) != len(requests):
            raise Lost("the gateway closed a connection on a callback")
        return self.latencies

    def close(self) -> None:
        for connection in self._open:
            connection.close()


class _Connection(asyncio.Protocol):
    def __init__(self, volley: Volley) -> None:
        self._volley = volley
        self._asked: float | None = None
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def next(self) -> None:
        volley = self._volley
        if volley.waiting:
            volley.under_way += 1
            self._asked = time.perf_counter()
            self._transport.write(volley.waiting.popleft())
        elif not volley.under_way:
            volley.done.set()

    def data_received(self, data: bytes) -> None:
        answer = self._buffer + data
        head, found, body = answer.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            self._buffer = answer
            return
        self._buffer = b""
        assert self._asked is not None
        self._volley.latencies.append(time.perf_counter() - self._asked)
        self._asked = None
        self._volley.under_way -= 1
        if not head.startswith(b"HTTP/1.1 2"):
            self._volley.refused[int(head[9:12])] += 1
        self.next()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        if self._asked is not None:
            self._volley.done.set()

    def close(self) -> None:
        self._transport.abort()


def _length(head: bytes) -> int:
    at = head.find(b"Content-Length: ")
    return int(head[at + 16 :].partition(b"\r\n")[0]) if at >= 0 else 0
