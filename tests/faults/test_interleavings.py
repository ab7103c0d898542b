"""An opt-out that arrives while a send is being prepared stops it, or is recorded after it."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from channels.contract import Absent
from gateway.activity.query import numbered
from gateway.pipeline.answers import store_answers
from gateway.pipeline.identity import conversation_at
from gateway.storage import Store, Transaction
from gateway.storage.opening import migrate, open_store
from gateway.storage.store import Work
from gateway.storage.tables import activity, activity_blocks, outbound
from tests.faults.customers import number
from tests.faults.given import CLIENT, Claimer, directory, hear, inbound, queue
from tests.servers import PostgresServer
from tests.storage.conftest import store, url

__all__ = ["store", "url"]

INTERLEAVINGS = 1000
ROUND = 50

_EVENTS = (
    select(activity.c.type, activity.c.conversation_id)
    .select_from(numbered)
    .order_by(activity_blocks.c.position, activity.c.ordinal)
)
_MESSAGES = select(outbound.c.conversation_id, outbound.c.category, outbound.c.status)

Step = Callable[[], Awaitable[object]]


class Unsteady:
    """A store whose PostgreSQL transactions pause between their statements, by chance."""

    def __init__(self, inner: Any, chance: random.Random, pauses: bool) -> None:
        self._inner = inner
        self._chance = chance
        self._pauses = pauses
        self.owner = inner.owner
        self.read = inner.read

    async def transact(self, name: str, work: Work) -> Any:
        async def unsteady(tx: Transaction) -> Any:
            fetch = tx.fetch

            async def slow(statement: Any, /, **params: Any) -> list[Any]:
                rows = await fetch(statement, **params)
                await asyncio.sleep(self._chance.random() * 0.002)
                return rows

            if self._pauses:
                tx.fetch = slow  # type: ignore[method-assign]
            return await work(tx)

        for _ in range(self._chance.randrange(4)):
            await asyncio.sleep(0)
        return await self._inner.transact(name, unsteady)


async def test_every_attempt_is_before_the_opt_out(store: Store, url: str) -> None:
    chance = random.Random(20)
    unsteady: Any = Unsteady(store, chance, pauses=url.startswith("postgres"))
    for start in range(0, INTERLEAVINGS, ROUND):
        await _round(unsteady, [number(start + i) for i in range(ROUND)], chance)
    begun, stopped = await store.read(_before_and_after)
    assert begun + stopped == INTERLEAVINGS
    assert min(begun, stopped) > INTERLEAVINGS // 50, "chance decided nothing"


async def _round(store: Any, addresses: list[str], chance: random.Random) -> None:
    """Texts make each address one that may be replied to; then STOPs and sends meet."""
    await hear(store, *(inbound(a, "hello", f"SM-{a}") for a in addresses))
    await queue(store, addresses)
    claimer = Claimer(store)
    steps: list[Step] = [_stop(store, address) for address in addresses]
    steps += [_claim(claimer, chance.randint(1, 9)) for _ in range(ROUND // 4)]
    chance.shuffle(steps)
    await asyncio.gather(*(step() for step in steps))
    await claimer.send_all()


def _stop(store: Store, address: str) -> Step:
    return lambda: hear(store, inbound(address, "STOP", f"SM-stop-{address}"))


def _claim(claimer: Claimer, limit: int) -> Step:
    async def step() -> None:
        await claimer.accept(await claimer.claim(limit))

    return step


async def _before_and_after(tx: Transaction) -> tuple[int, int]:
    """How many went before the opt-out and how many never; none may have begun after it."""
    out: set[str] = set()
    begun = 0
    for row in await tx.fetch(_EVENTS):
        if row.type == "consent.opted_out":
            assert row.conversation_id not in out
            out.add(row.conversation_id)
        elif row.type == "message.sending":
            assert row.conversation_id not in out, "an attempt began after the opt-out"
            begun += 1
    assert len(out) == INTERLEAVINGS
    statuses = [row.status for row in await tx.fetch(_MESSAGES)]
    assert statuses.count("sent") == begun
    return begun, statuses.count("suppressed") + statuses.count("cancelled")


CATEGORIES = ("reply", "outreach", "confirmation", "help", "crisis")


async def test_after_it_one_confirmation_help_and_crisis_go(store: Store) -> None:
    addresses = [number(index) for index in range(5)]
    await hear(store, *(inbound(a, "STOP", f"SM-{a}") for a in addresses))
    for category in CATEGORIES:
        await queue(store, addresses, category, times=2)
    await Claimer(store).send_all()
    for address in addresses:
        home = conversation_at(CLIENT.client, "sms", address)
        rows = [row for row in await store.read(_messages) if row.conversation_id == home]
        went = sorted(row.category for row in rows if row.status == "sent")
        assert went == ["confirmation", "crisis", "crisis", "help", "help"]
        assert {row.status for row in rows} == {"sent", "suppressed"}


async def _messages(tx: Transaction) -> list[Any]:
    return await tx.fetch(_MESSAGES)


@pytest.mark.parametrize("category", ["reply", "confirmation"])
async def test_what_surely_did_not_go_is_not_counted(store: Store, category: str) -> None:
    """A refused try at night, or of a confirmation, must not be what forbids the next one."""
    address = number(0)
    await hear(store, inbound(address, "STOP" if category == "confirmation" else "hi", "SM1"))
    await queue(store, [address], category)
    claimer = Claimer(store)
    for _ in range(3):
        [call] = await claimer.claim(5)
        answers = [(call.attempt_id, Absent())]
        absent = partial(store_answers, answers=answers, directory=directory())
        await store.transact("answers", absent)
    assert len(await claimer.send_all()) == 1
    await queue(store, [address], "confirmation")
    assert await claimer.send_all() == []


async def test_two_stores_meet_too(postgres_server: PostgresServer) -> None:
    """Two processes' stores on one PostgreSQL: whichever claims, the opt-out is final."""
    address = postgres_server.create("meet")
    await migrate(address)
    first, second = await open_store(address), await open_store(address)
    try:
        chance = random.Random(7)
        numbers = [number(index) for index in range(100)]
        one: Any = Unsteady(first, chance, pauses=True)
        two: Any = Unsteady(second, chance, pauses=True)
        await hear(one, *(inbound(a, "hello", f"SM-{a}") for a in numbers))
        await queue(one, numbers)
        claims = [_claim(Claimer(it), 3)() for it in (one, two) for _ in range(12)]
        stops = [_stop(chance.choice((one, two)), a)() for a in numbers]
        steps = [*claims, *stops]
        chance.shuffle(steps)
        await asyncio.gather(*steps)
        await Claimer(one).send_all()
        events = await first.read(lambda tx: tx.fetch(_EVENTS))
        out: set[str] = set()
        for row in events:
            if row.type == "consent.opted_out":
                out.add(row.conversation_id)
            assert row.type != "message.sending" or row.conversation_id not in out
        sending = [r.conversation_id for r in events if r.type == "message.sending"]
        assert len(out) == len(numbers)
        assert len(sending) == len(set(sending))
    finally:
        await first.close()
        await second.close()
        postgres_server.drop("meet")
