"""Hints over Redis: they arrive, and their loss costs nothing but a poll."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
import redis.asyncio

from gateway.wake import GROUP, STREAM, RedisWakes, Signals, _topics
from gateway.workers import Loop
from tests.conftest import NO_REDIS
from tests.servers import RedisServer
from tests.service.test_workers import NEVER, Steps
from tests.service.test_workers import running as looping

ONE = ("1-0", {"topics": "send,turn"})
TWO = ("2-0", {"topics": "activity"})


@pytest.mark.parametrize(
    ("found", "topics"),
    [
        (None, set()),
        ([], set()),
        ({}, set()),
        ([[STREAM, [ONE]]], {"send", "turn"}),
        ([[STREAM, [ONE, TWO]]], {"send", "turn", "activity"}),
        ([(STREAM, [ONE])], {"send", "turn"}),
        ([[STREAM, []]], set()),
        ({STREAM: [[ONE, TWO]]}, {"send", "turn", "activity"}),
        ({STREAM: [[ONE], [TWO]]}, {"send", "turn", "activity"}),
        ({STREAM: [ONE, TWO]}, {"send", "turn", "activity"}),
        ({STREAM: []}, set()),
        ([[STREAM, [("3-0", {"something": "else"}), ONE]]], {"send", "turn"}),
        ([[STREAM, [("3-0", None), ONE]]], {"send", "turn"}),
    ],
)
def test_what_redis_answers_is_read(found: object, topics: set[str]) -> None:
    """RESP2 and RESP3, nothing at all, and entries that are not ours."""
    assert _topics(found) == topics


@asynccontextmanager
async def running(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(one) for one in work]
    yield
    for task in tasks:
        assert not task.done(), "it goes on, whatever Redis does"
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def joined(url: str) -> None:
    """Returns once a worker has joined the group: hints from before are not for it."""
    client = redis.asyncio.Redis.from_url(url)
    async with asyncio.timeout(90):
        while True:
            with contextlib.suppress(redis.exceptions.RedisError):
                if await client.xinfo_groups(STREAM):
                    break
            await asyncio.sleep(0.01)
    await client.aclose()


@asynccontextmanager
async def pair(url: str) -> AsyncIterator[tuple[RedisWakes, Signals]]:
    """One that serves and tells, and the signals of a worker that listens."""
    signals = Signals()
    teller, listener = RedisWakes(url, Signals(), "serve"), RedisWakes(url, signals, "work")
    async with running(teller.send(), listener.listen()):
        yield teller, signals
    await teller.close()
    await listener.close()


async def test_a_hint_arrives_at_a_worker(redis_url: str) -> None:
    steps = Steps()
    async with pair(redis_url) as (teller, signals):
        await joined(redis_url)
        async with looping(Loop("turn", steps, NEVER), signals):
            await steps.reached(1)
            teller.tell({"turn", "send"})
            await steps.reached(2)


async def test_each_hint_goes_to_one_of_the_workers(redis_url: str) -> None:
    client = redis.asyncio.Redis.from_url(redis_url)
    async with pair(redis_url) as (teller, _):
        await joined(redis_url)
        teller.tell({"turn"})
        async with asyncio.timeout(90):
            while not await client.xlen(STREAM):
                await asyncio.sleep(0.01)
        groups = await client.xinfo_groups(STREAM)
        assert [group["name"] for group in groups] == [GROUP.encode()]
    await client.aclose()


async def test_an_emptied_redis_is_joined_again(redis_url: str) -> None:
    client = redis.asyncio.Redis.from_url(redis_url)
    steps = Steps()
    async with pair(redis_url) as (teller, signals):
        await joined(redis_url)
        await client.flushall()
        await joined(redis_url)
        async with looping(Loop("turn", steps, NEVER), signals):
            await steps.reached(1)
            teller.tell({"turn"})
            await steps.reached(2)
    await client.aclose()


async def test_a_restarted_redis_is_found_again(redis_server: RedisServer) -> None:
    steps = Steps()
    async with pair(redis_server.url) as (teller, signals):
        await joined(redis_server.url)
        redis_server.kill()
        teller.tell({"send"})
        await asyncio.sleep(0.05)
        assert not teller.reachable
        redis_server.start()
        await joined(redis_server.url)
        async with looping(Loop("turn", steps, NEVER), signals):
            await steps.reached(1)
            teller.tell({"turn"})
            await steps.reached(2)
        assert teller.reachable


async def test_without_redis_the_loops_poll() -> None:
    steps = Steps()
    async with pair(NO_REDIS) as (teller, signals):
        teller.tell({"turn"})
        async with looping(Loop("turn", steps, 0.01), signals):
            await steps.reached(4)
    assert not teller.reachable


async def test_a_foreign_entry_ends_no_worker(redis_url: str) -> None:
    client = redis.asyncio.Redis.from_url(redis_url)
    steps = Steps()
    async with pair(redis_url) as (teller, signals):
        await joined(redis_url)
        await client.xadd(STREAM, {"something": "else"})
        async with looping(Loop("turn", steps, NEVER), signals):
            await steps.reached(1)
            teller.tell({"turn"})
            await steps.reached(2)
    await client.aclose()
