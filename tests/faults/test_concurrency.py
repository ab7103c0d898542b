"""Things that happen at once, or in any order, have the effect of one after another."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from gateway.storage import Store
from gateway.storage.tables import inbound, inbox
from tests.faults.customers import OURS, Customer
from tests.faults.scenario import World, gateway
from tests.servers import RedisServer
from tests.standins import log

pytestmark = pytest.mark.asyncio(loop_scope="session")
LIMIT = 60.0  # seconds; a guard, they take two or three
FIFTY = {"sqlite": 0, "postgres": 10}  # the first of the numbers in use, as below
PAIR, REDIS = 20, 30


_HEARD = select(func.count().label("n")).select_from(inbound)


@pytest.mark.parametrize("kind", FIFTY)
async def test_one_callback_fifty_times_at_once(there: World, kind: str) -> None:
    async with (
        gateway(there, f"fifty-{kind}", kind, FIFTY[kind], size=1) as it,
        asyncio.timeout(LIMIT),
    ):
        await it.start("both")
        [customer] = it.customers
        await customer.talk(there.provider)
        send = customer.phone.text
        answers = await asyncio.gather(*(send(OURS, "thanks", sid="SM-once") for _ in range(50)))
        assert {answer.status for answer in answers} == {200}
        await there.provider.reaches(customer.phone.number, 4)
        while await it.left():
            await asyncio.sleep(0.05)
        assert len(there.provider.of(customer.phone.number)) == 4
        [row] = await it.store.read(lambda tx: tx.fetch(_HEARD))
        assert row.n == 4


async def test_two_workers_never_turn_one_conversation_at_once(
    there: World, tmp_path: Path
) -> None:
    turns = tmp_path / "turns.jsonl"
    async with gateway(there, "pair", "postgres", PAIR, size=6) as it, asyncio.timeout(LIMIT):
        await it.start("serve")
        await it.ready()
        workers = [await it.start("work", TURN_LOG=str(turns)) for _ in range(2)]
        while not all(await _both_at_work(turns, len(workers))):
            for customer in it.customers:
                await asyncio.gather(*(customer.phone.text(OURS, f"thanks {n}") for n in range(5)))
        while await _unturned(it.store):
            await asyncio.sleep(0.05)
    spans = defaultdict(list)
    for turn in log.read(turns):
        spans[turn["conversation"]].append((turn["begin"], turn["end"]))
    assert len(spans) == 6
    for those in spans.values():
        for (_, end), (begin, _) in pairwise(sorted(those)):
            assert end <= begin


async def _both_at_work(turns: Path, workers: int) -> list[bool]:
    """Whether each worker has had a fair part by now."""
    await asyncio.sleep(0.05)
    parts: defaultdict[int, int] = defaultdict(int)
    for turn in log.read(turns):
        parts[turn["pid"]] += 1
    return [len(parts) == workers, min(parts.values(), default=0) >= 25]


_UNTURNED = (
    select(func.count().label("n"))
    .select_from(inbox)
    .where(text("consumed_at IS NULL"), text("kind = 'said'"))
)


async def _unturned(store: Store) -> int:
    [row] = await store.read(lambda tx: tx.fetch(_UNTURNED))
    return int(row.n)


async def test_work_goes_on_while_redis_is_killed_and_emptied(
    there: World, redis_server: RedisServer
) -> None:
    made = gateway(there, "no-redis", "postgres", REDIS, redis_url=redis_server.url)
    async with made as it, asyncio.timeout(LIMIT):
        await it.start("serve")
        await it.start("work")
        talk = asyncio.create_task(it.talk())
        await _replies(it.customers, there, 1)
        redis_server.kill()
        await _replies(it.customers, there, 2)
        await asyncio.to_thread(redis_server.start)
        await talk
        await it.quiet(("delivered",))
        assert await it.problems(("delivered",)) == []


async def _replies(customers: Sequence[Customer], there: World, count: int) -> None:
    for customer in customers:
        await there.provider.reaches(customer.phone.number, count)
