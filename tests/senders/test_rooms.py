"""An adapter with few connections: what finds no room stays queued, and costs no try."""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from domain.messages import Outbound
from gateway.senders.rooms import rooms, within
from gateway.storage.tables import attempts, outbound
from tests.pipeline.test_unsure import MAILBOX, TEXT
from tests.pipeline.world import CAPABILITIES, HARBOR, VIA, Provider, World

MAIL = "mail"  # the bounded adapter


@dataclass
class Slow(Provider):
    """Answers when it is told to."""

    go: asyncio.Event = field(default_factory=asyncio.Event)
    now: int = 0
    most: int = 0

    async def send(self, message: Outbound) -> str:
        self.now += 1
        self.most = max(self.most, self.now)
        await self.go.wait()
        self.now -= 1
        return await super().send(message)


@pytest.fixture
def slow(world: World) -> Slow:
    senders = [sender.model_dump() for sender in HARBOR.senders]
    senders[1]["via"] = MAIL
    world.restrict(HARBOR.model_validate(HARBOR.model_dump() | {"senders": senders}))
    return Slow(replace(CAPABILITIES, at_once=2, looks_up=False))


async def mails(world: World, count: int) -> None:
    for number in range(count):
        person = await world.place(f"M-{number}", phone=f"+121255502{number:02}")
        address = f"c{number}@mail.example"
        await world.reach(person, "email", address)
        mail = {"channel": "email", "sender": MAILBOX, "address": address, "text": TEXT}
        await world.queue(await world.talk(person), person, **mail)


async def statuses(world: World) -> list[str]:
    return [row.status for row in await world.rows(outbound)]


async def test_no_more_go_at_a_time_than_it_takes(world: World, slow: Slow) -> None:
    await mails(world, 5)
    woken: list[Any] = []
    sender = world.sender(wake=lambda: woken.append(1))
    sender.channels = {VIA: world.provider, MAIL: slow}
    assert await sender.run() == 2
    assert await sender.run() == 0, "it is full"
    assert await statuses(world) == ["sending"] * 2 + ["queued"] * 3
    assert [row.tries for row in await world.rows(outbound)] == [1, 1, 0, 0, 0]
    slow.go.set()
    await sender.drain()
    assert woken == [1, 1], "there is room for more"
    while await sender.run():
        await sender.drain()
    assert await statuses(world) == ["sent"] * 5
    assert slow.most == 2
    assert len(await world.rows(attempts)) == 5, "nobody was asked in vain"


async def test_it_holds_up_nobody_else(world: World, slow: Slow) -> None:
    await mails(world, 4)
    person = await world.place()
    await world.queue(await world.talk(person), person)
    sender = world.sender()
    sender.channels = {VIA: world.provider, MAIL: slow}
    assert await sender.run() == 3, "two mails, and the text behind the others"
    assert await sender.run() == 0
    slow.go.set()
    await sender.drain()
    assert len(world.provider.sent) == 1
    assert (await statuses(world)).count("sent") == 3


async def test_rooms_are_each_adapters_own(world: World, slow: Slow) -> None:
    channels = {VIA: world.provider, MAIL: slow}
    assert rooms(channels, {MAIL: 1, VIA: 9}) == {MAIL: 1}
    await mails(world, 3)
    found = await world.rows(outbound)
    assert list(within(found, {}, world.directory)) == found
    assert list(within(found, {MAIL: 2}, world.directory)) == found[:2]
    assert list(within(found, {MAIL: 0}, world.directory)) == []
    assert list(within(found, {VIA: 0}, world.directory)) == found
