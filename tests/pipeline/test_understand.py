"""Stored replies are understood once, in batches, and never in each other's way."""

from collections.abc import Sequence
from datetime import date

import pytest

from domain.events import Said
from domain.understanding import Reply, Understanding
from domain.values import Money
from gateway.pipeline.dialogue import Dialogues
from gateway.pipeline.understand import CLAIM, claim_unread
from gateway.storage import decode
from gateway.storage.tables import conversations, customers, inbound, promises
from tests.pipeline.world import PHONE, Reader, Scripted, World, meant, text_from


async def test_it_is_kept_and_the_turn_may_come(world: World) -> None:
    await world.place()
    world.reader = Reader({"50 friday": meant("promise_to_pay", Money(5000, "USD"))})
    await world.receive(text_from(text="50 friday"))
    assert await world.understand() == 1
    kept = decode((await world.one(inbound)).understanding)
    assert kept["intent"] == "promise_to_pay"
    assert kept["amount"] == {"minor": 5000, "currency": "USD"}
    assert await world.understand() == 0
    assert await world.turn() == 1


async def test_it_knows_what_helps_to_understand(world: World) -> None:
    """The customer's local time, language and currency."""
    person = await world.place(timezone="America/Los_Angeles", currency="CAD")
    await world.talk(person)
    await world.receive(text_from())
    await world.understand()
    (reply,) = world.reader.replies
    assert reply.reference.isoformat() == "2026-11-24T10:00:00-08:00"
    assert (reply.currency, reply.locale, reply.pending) == ("CAD", "en-US", None)


async def test_nobodys_text_is_understood_as_the_clients(world: World) -> None:
    await world.receive(text_from("+12125550143"))
    await world.understand()
    (reply,) = world.reader.replies
    assert (reply.currency, str(reply.reference.tzinfo)) == ("USD", "America/New_York")


async def test_a_claim_is_one_workers_until_it_expires(world: World) -> None:
    await world.place()
    await world.receive(text_from())
    claimed = await world.store.transact("claim_unread", claim_unread)
    assert len(claimed) == 1
    assert await world.store.transact("claim_unread", claim_unread) == []
    world.clock.now += CLAIM + 1
    assert len(await world.store.transact("claim_unread", claim_unread)) == 1


async def test_what_a_dead_worker_claimed_is_understood_by_another(world: World) -> None:
    await world.place()
    await world.receive(text_from())
    await world.store.transact("claim_unread", claim_unread)
    assert await world.understand() == 0
    world.clock.now += CLAIM + 1
    assert await world.understand() == 1


class Broken(Reader):
    async def understand(self, replies: Sequence[Reply]) -> Sequence[Understanding]:
        raise RuntimeError("the model is gone")


async def test_an_understander_that_fails_loses_nothing(world: World) -> None:
    await world.place()
    await world.receive(text_from())
    world.reader = Broken()
    with pytest.raises(RuntimeError):
        await world.understand()
    world.clock.now += CLAIM + 1
    world.reader = Reader()
    assert await world.understand() == 1


async def test_a_settle_time_waits_for_more_of_the_burst(world: World) -> None:
    scripted = world.dialogues = Scripted()
    await world.place()
    await world.receive(text_from(text="one"), settle=2_000_000)
    await world.understand()
    assert await world.turn() == 0
    world.clock.forward(1)
    await world.receive(text_from(text="two"), settle=2_000_000)
    await world.understand()
    world.clock.forward(1.5)
    await world.turn()
    (event,) = scripted.events
    assert isinstance(event, Said)
    assert event.text == "one\ntwo"


async def test_a_burst_is_one_turn_with_all_that_was_said(world: World) -> None:
    scripted = world.dialogues = Scripted()
    await world.place()
    world.reader = Reader(
        {
            "50 dollars": meant("promise_to_pay", Money(5000, "USD")),
            "and why": meant("complaint"),
            "no, 60": meant("promise_to_pay", Money(6000, "USD")),
        }
    )
    await world.hear(*(text_from(text=text) for text in world.reader.known))
    (event,) = scripted.events
    assert isinstance(event, Said)
    assert event.text == "50 dollars\nand why\nno, 60"
    assert event.understanding.amount == Money(6000, "USD")
    assert event.understanding.has("complaint")
    assert event.understanding.has("promise_to_pay")


async def test_a_text_waits_for_an_earlier_one_that_nobody_has_understood(world: World) -> None:
    scripted = world.dialogues = Scripted()
    await world.place()
    await world.receive(text_from(text="first"))
    await world.store.transact("claim_unread", claim_unread)  # by a worker that dies
    await world.receive(text_from(text="second"))
    assert await world.understand() == 1
    await world.turn()
    assert scripted.events == []
    world.clock.now += CLAIM + 1
    await world.understand()
    await world.turn()
    assert [event.text for event in scripted.events if isinstance(event, Said)] == ["first\nsecond"]


async def test_one_whose_turn_must_wait_is_no_work(world: World) -> None:
    """A loop that finds work goes round at once: waiting must not look like work."""
    await world.place()
    await world.receive(text_from(text="first"))
    await world.store.transact("claim_unread", claim_unread)
    await world.receive(text_from(text="second"))
    await world.understand()
    assert await world.turn() == 0


async def test_a_text_during_the_turn_waits_for_the_next(world: World) -> None:
    scripted = world.dialogues = Scripted()
    await world.place()
    await world.hear(text_from(text="first"))
    await world.receive(text_from(text="second"))
    await world.turn()
    assert len(scripted.events) == 1
    await world.understand()
    await world.turn()
    assert [event.text for event in scripted.events if isinstance(event, Said)] == [
        "first",
        "second",
    ]


@pytest.mark.parametrize(
    "poison",
    [
        {"state": "{}"},
        {"state": '{"pack": 5}'},
        {"timezone": "Mars/Olympus_Mons"},
        {"language": "tlh-Qaak-x"},
    ],
    ids=str,
)
async def test_a_row_that_cannot_be_read_holds_up_nobody(
    world: World, poison: dict[str, str]
) -> None:
    """A newer version's state, a zone that went away: the others are understood and answered."""
    scripted = world.dialogues = Scripted()
    spoilt = await world.place("C-1")
    await world.place("C-2", phone="+12125550143")
    talk = await world.talk(spoilt)
    table, row = (conversations, talk) if "state" in poison else (customers, spoilt.id)
    await world.change(table, id=row, **poison)
    await world.receive(text_from(PHONE), text_from("+12125550143", "me too"))
    await world.understand()
    await world.turn()
    heard = [event.text for event in scripted.events if isinstance(event, Said)]
    assert "me too" in heard
    for _ in range(world.tries):
        world.clock.forward(200)
        await world.understand()
        await world.turn()
    left = await world.one(conversations, id=talk)
    assert left.set_aside_at or "hello" in heard, "and the spoilt one reaches a person"


async def test_the_real_pack_asks_and_records(world: World) -> None:
    """Through the shipped dialogs: a promise is taken once amount and date are confirmed."""
    world.dialogues = Dialogues()
    await world.place()
    promised = meant("promise_to_pay", Money(5000, "USD"), date(2026, 11, 27))
    world.reader = Reader({"50 on friday": promised, "yes": meant("affirm")})
    await world.hear(text_from(text="50 on friday"))
    assert (await world.types()).count("promise.created") == 0
    await world.hear(text_from(text="yes"))
    row = await world.one(promises)
    assert (row.amount_minor, row.due_date, row.state) == (5000, "2026-11-27", "pending")
    assert (await world.types()).count("message.queued") == 2
