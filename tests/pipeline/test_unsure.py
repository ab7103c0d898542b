"""A mail that its server may have taken: what the client has decided, and that it is on record."""

from collections.abc import MutableMapping
from dataclasses import replace
from typing import Any

import pytest

from channels.contract import Absent, SendError
from domain.messages import Reason, Status
from domain.values import ChannelKind
from gateway.consent.ledger import Origin, opt_out
from gateway.pipeline.answers import LOOK_UPS, TRIES
from gateway.pipeline.reconcile import AGAIN
from gateway.storage.tables import attempts, handoffs, outbound, sender_days
from tests.pipeline.world import CAPABILITIES, HARBOR, LEASE, TIMEOUT, World, receipt

MAILBOX = "care@harbor.example"
ADA = "ada@mail.example"
LOST = SendError(Reason.UNKNOWN, "unknown", detail="the answer was lost")
TEXT = "Hello from Harbor Recovery. Reply STOP to opt out."


def decided(world: World, policy: str) -> None:
    """Of harbor's mailbox; its texts are another matter."""
    senders = [sender.model_dump() for sender in HARBOR.senders]
    senders[1]["when_unsure"] = policy
    world.restrict(HARBOR.model_validate(HARBOR.model_dump() | {"senders": senders}))
    world.provider.capabilities = replace(CAPABILITIES, kind=ChannelKind.EMAIL, looks_up=False)


async def lost(world: World, policy: str, **more: Any) -> str:
    """A mail whose answer was lost, at the moment when it is looked up."""
    decided(world, policy)
    person = await world.place()
    await world.reach(person, "email", ADA)
    mail = {"channel": "email", "sender": MAILBOX, "address": ADA, "text": TEXT}
    message = await world.queue(await world.talk(person), person, **mail | more)
    world.provider.script.append(LOST)
    await world.send()
    look_up(world)
    return message


def look_up(world: World) -> None:
    lag = world.provider.capabilities.listing_lag
    world.clock.forward(LEASE + TIMEOUT + lag)


async def outcomes(world: World) -> list[str]:
    return [row.outcome for row in await world.rows(attempts)]


async def test_assumed_to_be_sent(world: World) -> None:
    await lost(world, "assume_sent")
    await world.reconciler().run()
    row = await world.one(outbound)
    assert (row.status, row.reason) == ("sent", None)
    assert await outcomes(world) == ["assumed"]
    (attempt,) = await world.rows(attempts)
    told = await world.told("message.unsure", "message.sent", "message.failed")
    assert told == [
        (
            "message.unsure",
            {"message_id": row.id, "policy": "assume_sent", "attempt_id": attempt.id},
        ),
        ("message.sent", {"message_id": row.id, "assumed": True}),
    ]
    assert await world.rows(handoffs) == []
    world.clock.forward(3600)
    assert await world.reconciler().run() == await world.send() == 0


async def test_one_that_came_back_after_all_is_believed(world: World) -> None:
    await lost(world, "assume_sent")
    await world.reconciler().run()
    (attempt,) = await world.rows(attempts)
    bounced = receipt("mail-1", Status.UNDELIVERED, Reason.BAD_ADDRESS, attempt_id=attempt.id)
    await world.deliver(bounced)
    row = await world.one(outbound)
    assert (row.status, row.reason) == ("undelivered", "bad_address")


async def test_sent_again(world: World) -> None:
    message = await lost(world, "resend")
    await world.reconciler().run()
    assert (await world.one(outbound)).status == "queued"
    assert await world.send() == 1
    assert (await world.one(outbound)).status == "sent"
    assert await outcomes(world) == ["undecided", "accepted"]
    first, _ = await world.rows(attempts)
    assert await world.told("message.unsure") == [
        ("message.unsure", {"message_id": message, "policy": "resend", "attempt_id": first.id})
    ]
    assert (await world.types()).count("message.sent") == 1


async def test_sending_again_ends_with_a_person(world: World) -> None:
    await lost(world, "resend")
    for _ in range(3 * TRIES):
        await world.reconciler().run()
        world.provider.script.append(LOST)
        await world.send()
        look_up(world)
    row = await world.one(outbound)
    assert (row.status, row.reason, row.tries) == ("failed", "undecided", TRIES)
    assert await outcomes(world) == ["undecided"] * TRIES
    assert (await world.one(handoffs)).reason == "undecided_send"
    assert (await world.types()).count("message.unsure") == TRIES
    assert world.provider.sent == []


async def test_sending_again_asks_the_gate_again(world: World) -> None:
    """Somebody who opted out meanwhile gets it no second time."""
    await lost(world, "resend")
    key = ("harbor", "email", ADA)
    said = Origin(method="one_click", actor="customer")
    await world.store.transact("opt-out", lambda tx: opt_out(tx, [(key, said)]))
    await world.reconciler().run()
    await world.send()
    row = await world.one(outbound)
    assert (row.status, row.reason) == ("suppressed", "opt_out")
    assert world.provider.sent == []


async def test_a_receipt_that_comes_first_settles_it(world: World) -> None:
    await lost(world, "resend")
    (attempt,) = await world.rows(attempts)
    await world.deliver(receipt("mail-1", Status.DELIVERED, attempt_id=attempt.id))
    await world.reconciler().run()
    assert await world.send() == 0
    assert (await world.one(outbound)).status == "delivered"
    assert await world.told("message.unsure") == []


async def test_a_person_decides_unless_said_otherwise(world: World) -> None:
    message = await lost(world, "ask")
    await world.reconciler().run()
    assert (await world.one(outbound)).status == "sending", "what comes back may yet tell"
    world.clock.now += (LOOK_UPS + 1) * AGAIN
    await world.reconciler().run()
    row = await world.one(outbound)
    assert (row.status, row.reason) == ("failed", "undecided")
    (attempt,) = await world.rows(attempts)
    assert await world.told("message.unsure", "message.failed") == [
        ("message.unsure", {"message_id": message, "policy": "ask", "attempt_id": attempt.id}),
        ("message.failed", {"message_id": message, "reason": "undecided"}),
    ]
    assert (await world.one(handoffs)).reason == "undecided_send"


@pytest.mark.parametrize("policy", ["resend", "assume_sent"])
async def test_a_provider_that_can_be_asked_is_asked(world: World, policy: str) -> None:
    await lost(world, policy)
    world.provider.capabilities = replace(world.provider.capabilities, looks_up=True)
    await world.reconciler().run()
    assert (await world.one(outbound)).status == "sending"
    world.clock.now += AGAIN
    world.provider.found = Absent()
    await world.reconciler().run()
    assert (await world.one(outbound)).status == "queued"
    assert await world.told("message.unsure") == []


async def test_of_a_sender_that_is_gone_a_person_is_asked(
    world: World, logged: list[MutableMapping[str, Any]]
) -> None:
    await lost(world, "resend")
    texts = HARBOR.model_dump() | {"senders": [HARBOR.senders[0].model_dump()]}
    world.restrict(HARBOR.model_validate(texts))
    await world.reconciler().run()
    assert (await world.one(outbound)).status == "sending"
    world.clock.now += (LOOK_UPS + 1) * AGAIN
    await world.reconciler().run()
    assert (await world.one(outbound)).reason == "undecided"
    assert "send.look_up_failed" not in {entry["event"] for entry in logged}


async def test_what_may_have_gone_counts_in_its_senders_day(world: World) -> None:
    capped = {"daily_cap": {"limit": 10, "unit": "messages"}}
    decided(world, "resend")
    senders = [sender.model_dump() for sender in world.directory.client("harbor").senders]
    senders[1] |= capped
    config = HARBOR.model_validate(HARBOR.model_dump() | {"senders": senders})
    person = await world.place()
    await world.reach(person, "email", ADA)
    world.restrict(config)
    mail = {"channel": "email", "sender": MAILBOX, "address": ADA, "text": TEXT}
    await world.queue(await world.talk(person), person, **mail)
    world.provider.script.append(LOST)
    await world.send()
    look_up(world)
    await world.reconciler().run()
    await world.send()
    (row,) = await world.rows(sender_days)
    assert row.messages == 2
