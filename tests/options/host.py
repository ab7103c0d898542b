"""A host that is asked for options: it answers as a test tells it and remembers what was asked."""

import asyncio
import base64
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
from aiohttp import web

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
VARIABLE = "HOST_LOOK_UP_SECRET"

Answer = Callable[[dict[str, Any]], Awaitable[web.StreamResponse]]


def saying(offers: object, **more: Any) -> Answer:
    """Answers for the account that was asked about; `more` overrides keys of the answer."""

    async def answer(body: dict[str, Any]) -> web.StreamResponse:
        made = {"account_ref": body["account_ref"], "offers": offers} | more
        return web.Response(body=msgspec.json.encode(made))

    return answer


def raw(body: bytes, status: int = 200) -> Answer:
    async def answer(_: dict[str, Any]) -> web.StreamResponse:
        return web.Response(body=body, status=status)

    return answer


async def never(_: dict[str, Any]) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError("nothing ends this wait")


@dataclass
class Call:
    path: str
    headers: dict[str, str]
    raw: bytes


@dataclass
class Host:
    answer: Answer = field(default_factory=lambda: saying({}))
    calls: list[Call] = field(default_factory=list)

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await request.read()
        self.calls.append(Call(request.path_qs, dict(request.headers), body))
        return await self.answer(msgspec.json.decode(body))

    @property
    def asked(self) -> list[dict[str, Any]]:
        return [msgspec.json.decode(call.raw) for call in self.calls]


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


async def _end(serves: AbstractAsyncContextManager[str]) -> None:
    """With every task that is still answering."""
    await serves.__aexit__(None, None, None)
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


@contextmanager
def beside(host: Host) -> Iterator[str]:
    """The same in a thread of its own, for commands that run a loop of theirs."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    serves = serving(host)
    try:
        yield asyncio.run_coroutine_threadsafe(serves.__aenter__(), loop).result(30)
        asyncio.run_coroutine_threadsafe(_end(serves), loop).result(30)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)
        loop.close()
