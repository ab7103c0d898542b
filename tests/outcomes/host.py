"""A host that answers as a test tells it, and remembers every call."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
from aiohttp import web

Answer = Callable[[dict[str, Any]], Awaitable[web.Response]]


@dataclass
class Call:
    path: str
    headers: dict[str, str]
    raw: bytes
    body: dict[str, Any] = field(default_factory=dict)
    status: int | None = None


async def well(body: dict[str, Any]) -> web.Response:
    return web.Response(status=204)


def status(code: int, **more: Any) -> Answer:
    async def answer(body: dict[str, Any]) -> web.Response:
        return web.Response(status=code, **more)

    return answer


class Host:
    """`answer` may be changed at any time. `most` is how many calls were open at once."""

    def __init__(self, answer: Answer = well) -> None:
        self.answer = answer
        self.calls: list[Call] = []
        self.open: Counter[str] = Counter()
        self.most: Counter[str] = Counter()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        raw = await request.read()
        call = Call(request.path_qs, dict(request.headers), raw, msgspec.json.decode(raw))
        self.calls.append(call)
        names = ("any", self.lane(call))
        for name in names:
            self.open[name] += 1
            self.most[name] = max(self.most[name], self.open[name])
        try:
            response = await self.answer(call.body)
            call.status = response.status
            return response
        finally:
            for name in names:
                self.open[name] -= 1

    @staticmethod
    def lane(call: Call) -> str:
        return str(call.body["payload"].get("lane"))

    @property
    def taken(self) -> list[int]:
        """The numbers that it answered well, in that order."""
        return [call.body["seq"] for call in self.calls if call.status in range(200, 300)]

    def in_order(self) -> bool:
        """Whether each lane's events were taken for the first time in their order."""
        first: dict[str, list[int]] = defaultdict(list)
        for call in self.calls:
            seen = first[self.lane(call)]
            if call.status in range(200, 300) and call.body["seq"] not in seen:
                seen.append(call.body["seq"])
        return all(numbers == sorted(numbers) for numbers in first.values())


@asynccontextmanager
async def serving(host: Host) -> AsyncIterator[str]:
    """Yields the URL of a host on loopback."""
    runner = web.ServerRunner(web.Server(host.handle, access_log=None), shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def until(true: Callable[[], bool]) -> None:
    """Waits for what other tasks bring about; the suite's own time-out ends it if they don't."""
    while not true():
        await asyncio.sleep(0.002)
