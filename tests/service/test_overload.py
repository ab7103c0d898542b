"""More callbacks than the database takes: told so in time, and taken again when it is over.

The server is a real one on loopback, and its database is held up by a real lock.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import asyncpg
import pytest
from aiohttp import ClientSession
from sqlalchemy import select

from gateway.app import Role, Service, start
from gateway.storage.opening import sqlite_path
from gateway.storage.tables import inbound, receipts
from tests.service.conftest import OURS, PUBLIC, Fragile, settings
from tests.standins.phone import Phone, moved, signed_form
from tests.standins.twilio import SID, TOKEN
from tests.standins.wire import Wire

QUEUE = 20
PATIENCE = 0.4


@pytest.fixture
async def serving(url: str, store: Fragile) -> AsyncIterator[Service]:
    bounds = {"callback_queue": QUEUE, "callback_wait": PATIENCE}
    service = await start(settings(url, **bounds), Role.SERVE, store=store)  # type: ignore[arg-type]
    yield service
    await service.stop()


@pytest.fixture
def held(url: str) -> AbstractAsyncContextManager[None]:
    """Nobody else can write while the block runs."""
    return held_sqlite(url) if sqlite_path(url) else held_postgres(url)


@asynccontextmanager
async def held_sqlite(url: str) -> AsyncIterator[None]:
    other = sqlite3.connect(sqlite_path(url) or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


@asynccontextmanager
async def held_postgres(url: str) -> AsyncIterator[None]:
    other = await asyncpg.connect(url)
    await other.execute("BEGIN; LOCK TABLE receipts, inbound IN ACCESS EXCLUSIVE MODE")
    try:
        yield
    finally:
        await other.close()


Answers = list[tuple[int, str | None]]


async def call(session: ClientSession, service: Service, kind: str, n: int) -> Any:
    url = f"{PUBLIC}/hooks/twilio/{kind}"
    if kind == "status":
        fields = {"MessageSid": f"SM{n}", "MessageStatus": "delivered"}
    else:
        fields = Phone("+12125550142", SID, TOKEN, url, Wire()).form(OURS, f"text {n}", f"SM{n}")
    body, headers = signed_form(url, fields, TOKEN)
    async with session.post(moved(url, service.url), data=body, headers=headers) as answer:
        return answer.status, answer.headers.get("Retry-After")


async def stored(store: Fragile, kind: str) -> list[str]:
    table = receipts if kind == "status" else inbound
    rows = await store.read(lambda tx: tx.fetch(select(table.c.provider_id)))
    return sorted(row.provider_id for row in rows)


@pytest.mark.parametrize("kind", ["status", "inbound"])
async def test_while_the_database_stands_still(
    serving: Service,
    store: Fragile,
    held: AbstractAsyncContextManager[None],
    kind: str,
    logged: list[Any],
) -> None:
    async with ClientSession() as session:

        async def all_of(numbers: Iterable[int]) -> Answers:
            return await asyncio.gather(*(call(session, serving, kind, n) for n in numbers))

        before = await all_of(range(5))
        async with held:
            during = asyncio.create_task(all_of(range(5, 65)))
            await asyncio.sleep(PATIENCE / 2)
            async with session.get(f"{serving.url}/healthz") as health:
                assert health.status == 200
            refused = await during
            later = await all_of(range(65, 70))
        assert before == [(200, None)] * 5
        assert {status for status, _ in refused + later} == {503}
        assert all(int(after or "0") >= 1 for _, after in refused + later)
        left = list(range(70))
        while left:  # as the provider does: each again, until it is answered 2xx
            tried, left = left[:10], left[10:]
            answers = await all_of(tried)
            left += [n for n, (status, _) in zip(tried, answers, strict=True) if status != 200]
    assert await stored(store, kind) == sorted(f"SM{n}" for n in range(70))
    told = [entry["event"] for entry in logged if entry["event"].startswith("hooks.")]
    assert told.count("hooks.overloaded") == 1


async def test_under_a_load_that_never_ends_nothing_acknowledged_is_lost(
    serving: Service, store: Fragile, held: AbstractAsyncContextManager[None], logged: list[Any]
) -> None:
    """Callers who never stop, and a database that stands still amid them."""
    acknowledged: set[str] = set()
    refused = 0
    over = asyncio.Event()

    async def caller(session: ClientSession, first: int) -> None:
        nonlocal refused
        n = first
        while not over.is_set():
            status, _ = await call(session, serving, "status", n)
            if status == 200:
                acknowledged.add(f"SM{n}")
                n += 15
            else:
                refused += 1
                assert status == 503
                await asyncio.sleep(0.02)

    async with ClientSession() as session:
        callers = [asyncio.create_task(caller(session, n)) for n in range(15)]
        while len(acknowledged) < 100:
            await asyncio.sleep(0.01)
        async with held:
            while refused < 40:
                await asyncio.sleep(0.01)
        while "hooks.accepting" not in {entry["event"] for entry in logged}:
            await asyncio.sleep(0.01)
        over.set()
        await asyncio.gather(*callers)
    kept = await stored(store, "status")
    assert acknowledged <= set(kept)
    assert len(kept) == len(set(kept))


async def test_a_database_that_is_gone_says_when_to_try_again(
    serving: Service, store: Fragile
) -> None:
    async with ClientSession() as session:
        store.down = True
        assert await call(session, serving, "status", 1) == (503, "5")
        store.down = False
        assert await call(session, serving, "status", 1) == (200, None)
