"""The least that any gateway must do for a reply: take a callback over aiohttp, make it durable in
a group, ask the provider. No signature, no understanding, no dialog, no receipts, no outcome.

    python -m benchmarks.floor PORT PROVIDER_URL DATABASE_URL

An empty PROVIDER_URL asks none: the least for callbacks alone.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qsl

import aiohttp
import asyncpg
import uvloop
from aiohttp import BasicAuth, web

from gateway.storage.opening import sqlite_path
from gateway.storage.sqlite import connect
from tests.standins.twilio import SID, TOKEN

Keep = Callable[[list[str]], Awaitable[None]]
SENDER = "+12025550100"


class Floor:
    def __init__(self, keep: Keep, provider: str, http: aiohttp.ClientSession) -> None:
        self._keep = keep
        self._provider = provider
        self._url = f"{provider}/2010-04-01/Accounts/{SID}/Messages.json"
        self._http = http
        self._waiting: list[tuple[str, asyncio.Future[None]]] = []
        self._running: asyncio.Task[None] | None = None
        self._sends: set[asyncio.Task[None]] = set()

    async def receive(self, request: web.Request) -> web.Response:
        body = (await request.read()).decode()
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((body, done))
        if self._running is None:
            self._running = asyncio.create_task(self._commit())
        await done
        if self._provider:
            send = asyncio.create_task(self._send(dict(parse_qsl(body))["From"]))
            self._sends.add(send)
            send.add_done_callback(self._sends.discard)
        return web.Response(text="<Response/>", content_type="text/xml")

    async def _commit(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting, []
            await self._keep([body for body, _ in group])
            for _, done in group:
                done.set_result(None)
        self._running = None

    async def _send(self, to: str) -> None:
        form = {"To": to, "From": SENDER, "Body": "ok"}
        async with self._http.post(self._url, data=form) as answer:
            await answer.read()


def keep_in_sqlite(path: Path) -> Keep:
    connection = connect(path)
    connection.execute("CREATE TABLE floor (id INTEGER PRIMARY KEY, body TEXT)")
    disk = ThreadPoolExecutor(1)

    def commit(bodies: list[str]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO floor (body) VALUES (?)", [(body,) for body in bodies])
        connection.execute("COMMIT")

    async def keep(bodies: list[str]) -> None:
        await asyncio.get_running_loop().run_in_executor(disk, commit, bodies)

    return keep


async def keep_in_postgres(url: str) -> Keep:
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE floor (id bigserial PRIMARY KEY, body text)")

    async def keep(bodies: list[str]) -> None:
        await connection.execute("INSERT INTO floor (body) SELECT unnest($1::text[])", bodies)

    return keep


async def serve(port: int, provider: str, url: str) -> None:
    path = sqlite_path(url)
    keep = keep_in_sqlite(path) if path else await keep_in_postgres(url)
    async with aiohttp.ClientSession(auth=BasicAuth(SID, TOKEN)) as http:
        app = web.Application()

        async def ready(_: web.Request) -> web.Response:
            return web.Response(text="ready\n")

        receive = Floor(keep, provider, http).receive
        app.add_routes(
            [
                web.post("/hooks/twilio/inbound", receive),
                web.post("/hooks/twilio/status", receive),
                web.get("/readyz", ready),
            ]
        )
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
