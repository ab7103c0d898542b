"""A sender's day: counted over what was really sent, whoever claims at once."""

import asyncio
from datetime import datetime
from typing import Any

import pytest

from channels.contract import Absent, SendError
from domain.messages import Reason
from gateway.clock import DAY, SECOND, instant, moment
from gateway.pipeline.answers import store_answers, undecided
from gateway.senders.caps import day_of, next_day
from gateway.storage.tables import attempts, outbound, sender_days
from tests.pipeline.world import HARBOR, World, client
from tests.pipeline.world import sender as own

OURS = HARBOR.senders[0].address
SPARE = "+12125550107"
LONG = "Long. " * 60 + "Reply STOP to opt out."  # 3 segments


def capped(limit: int = 10, *more: dict[str, Any], **cap: Any) -> Any:
    first = own(OURS, daily_cap={"limit": limit, **cap})
    return client("harbor", OURS, senders=[first, *more])


async def fill(world: World, count: int, category: str = "outreach", **more: Any) -> list[str]:
    """Messages to so many customers; their ids."""
    made = []
    for _ in range(count):
        phone = f"+1212555{2000 + len(await world.rows(outbound)):04}"
        person = await world.place(f"C-{phone}", phone=phone)
        made.append(await world.queue(await world.talk(person), person, category=category, **more))
    return made


async def used(world: World) -> list[tuple[str, int, int]]:
    return [(row.sender, row.segments, row.messages) for row in await world.rows(sender_days)]


async def test_no_more_than_the_cap_goes_on_a_day(world: World) -> None:
    world.restrict(capped(10))
    await fill(world, 12)
    await world.send()
    assert len(world.provider.sent) == 10
    assert await used(world) == [(OURS, 10, 10)]
    assert await world.failover() == 2
    told = await world.told("message.deferred")
    night = moment(next_day(capped(), capped().senders[0], world.clock.now))
    assert [(p["rule"], p["until"]) for _, p in told] == [("sender_cap", night.isoformat())] * 2
    await world.send()
    assert len(world.provider.sent) == 10
    world.clock.forward(DAY / SECOND)
    await world.send()
    assert len(world.provider.sent) == 12


async def test_segments_count_and_a_long_text_waits_whole(world: World) -> None:
    world.restrict(capped(10))
    await fill(world, 4, text=LONG)
    await fill(world, 2)
    await world.send()
    assert len(world.provider.sent) == 3, "what comes after the long one does not overtake it"
    assert await used(world) == [(OURS, 9, 3)]


async def test_messages_may_count_in_place_of_segments(world: World) -> None:
    world.restrict(capped(10, unit="messages"))
    await fill(world, 11, text=LONG)
    await world.send()
    assert len(world.provider.sent) == 10
    assert await used(world) == [(OURS, 30, 10)]


async def test_what_surely_did_not_go_is_given_back(world: World) -> None:
    world.restrict(capped(10))
    world.provider.script.extend(
        [
            SendError(Reason.TEMPORARY, "later"),
            SendError(Reason.BAD_ADDRESS, "never"),
            SendError(Reason.UNKNOWN, "unknown"),
            SendError(Reason.UNKNOWN, "unknown"),
        ]
    )
    await fill(world, 5)
    await world.send()
    assert await used(world) == [(OURS, 3, 3)], "two may have gone, and one has"
    absent, lost = [row.id for row in await world.rows(attempts) if row.ended_at is None]
    store, directory = world.store, world.directory

    async def settle(tx: Any) -> None:
        await store_answers(tx, [(absent, Absent())], directory)
        await undecided(tx, directory, capped(), lost)

    world.clock.forward(DAY / SECOND)  # the day is the attempt's own
    await store.transact("answers", settle)
    assert await used(world) == [(OURS, 2, 2)]


@pytest.mark.parametrize(("category", "goes"), [("crisis", 11), ("help", 11), ("reply", 10)])
async def test_no_cap_holds_back_what_is_owed_at_once(
    world: World, category: str, goes: int
) -> None:
    world.restrict(capped(10))
    await fill(world, 10)
    await world.send()
    await fill(world, 1, category)
    await world.send()
    await world.failover()
    await world.send()
    assert len(world.provider.sent) == goes
    assert (await used(world))[0][1] == goes


async def test_over_the_cap_a_new_customer_hears_from_the_next_sender(world: World) -> None:
    world.restrict(capped(10, own(SPARE)))
    await fill(world, 10)
    await world.send()
    known = await world.rows(outbound)
    await fill(world, 2)
    await fill(world, 1, "reply")
    old = known[0]
    again = {name: getattr(old, name) for name in ("conversation_id", "customer_id", "account_id")}
    await world.queue(
        again.pop("conversation_id"), category="outreach", address=old.address, **again
    )
    await world.send()
    await world.failover()
    await world.send()
    by = [sent.sender for sent in world.provider.sent]
    assert by == [OURS] * 10 + [SPARE] * 2
    moved = [payload for _, payload in await world.told("message.rerouted")]
    assert [(p["from"], p["to"], p["reason"]) for p in moved] == [(OURS, SPARE, "cap")] * 2
    assert len(await world.told("message.deferred")) == 2, "a reply, and one who knows the number"


async def test_many_claims_at_once_keep_the_cap(world: World) -> None:
    world.restrict(capped(10))
    await fill(world, 16)
    senders = [world.sender() for _ in range(4)]
    for _ in range(3):
        await asyncio.gather(*(sender.run() for sender in senders))
    await asyncio.gather(*(sender.drain() for sender in senders))
    assert len(world.provider.sent) == 10
    assert await used(world) == [(OURS, 10, 10)]
    segments = [row.segments for row in await world.rows(attempts, outcome="accepted")]
    assert segments == [1] * 10


@pytest.mark.parametrize(
    ("zone", "at", "day", "ends"),
    [
        ("America/Los_Angeles", "2026-11-24T07:59:00+00:00", "2026-11-23", "2026-11-24T08:00"),
        ("America/Los_Angeles", "2026-11-24T08:00:00+00:00", "2026-11-24", "2026-11-25T08:00"),
        (None, "2026-11-24T07:59:00+00:00", "2026-11-24", "2026-11-25T05:00"),
        ("America/New_York", "2026-11-01T12:00:00+00:00", "2026-11-01", "2026-11-02T05:00"),
    ],
)
def test_the_day_is_the_senders_own(zone: str | None, at: str, day: str, ends: str) -> None:
    config = capped(10, timezone=zone)
    now = instant(datetime.fromisoformat(at))
    assert day_of(config, config.senders[0], now) == day
    assert moment(next_day(config, config.senders[0], now)).isoformat()[:16] == ends
