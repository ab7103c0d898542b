"""What the provider said, or did not say: sent once, tried again, given up, or asked about."""

from dataclasses import replace

import pytest

from channels.contract import Absent, Found, SendError, Unknown
from domain.messages import Reason, Status
from gateway.clock import DAY, SECOND
from gateway.ids import new_id
from gateway.pipeline.answers import LOOK_UPS, TRIES, Unsent, store_answers
from gateway.pipeline.reconcile import AGAIN
from gateway.storage.tables import addresses, attempts, handoffs, inbox, outbound
from tests.pipeline.world import LEASE, PHONE, TIMEOUT, World, receipt

LOST = SendError(Reason.UNKNOWN, "unknown")
LATER = SendError(Reason.TEMPORARY, "later", code="429")


async def queued(world: World, **more: object) -> str:
    person = await world.place()
    return await world.queue(await world.talk(person), person, **more)


class TestRefused:
    async def test_later_is_tried_again_after_a_pause(self, world: World) -> None:
        await queued(world)
        world.provider.script.append(LATER)
        await world.send()
        row = await world.one(outbound)
        assert (row.status, row.tries, row.sent_at) == ("queued", 1, None)
        assert row.due_at > world.clock.now
        assert (await world.one(attempts)).outcome == "refused"
        assert await world.send() == 0
        world.clock.now = row.due_at
        assert await world.send() == 1
        assert (await world.one(outbound)).status == "sent"
        assert len(await world.rows(attempts)) == 2

    async def test_the_providers_own_pause_counts(self, world: World) -> None:
        await queued(world)
        world.provider.script.append(SendError(Reason.TEMPORARY, "later", after=77))
        await world.send()
        assert (await world.one(outbound)).due_at == world.clock.now + 77 * SECOND

    async def test_the_pauses_grow_and_the_tries_are_bounded(self, world: World) -> None:
        await queued(world)
        world.provider.script.extend([LATER] * 20)
        pauses = []
        while (row := await world.one(outbound)).status == "queued":
            pauses.append(row.due_at - world.clock.now)
            world.clock.now = row.due_at
            assert await world.send() == 1
            assert len(pauses) <= TRIES
        assert pauses[1:] == sorted(set(pauses[1:]))
        assert (row.status, row.tries, row.reason) == ("failed", TRIES, "temporary")
        assert world.provider.sent == []
        assert (await world.one(inbox)).kind == "send_failed"
        assert (await world.types()).count("message.failed") == 1

    @pytest.mark.parametrize("reason", list(Reason))
    async def test_never_is_the_end_of_it(self, world: World, reason: Reason) -> None:
        await queued(world)
        world.provider.script.append(SendError(reason, "never", code="21211"))
        await world.send()
        world.clock.forward(100)
        assert await world.send() == 0
        row = await world.one(outbound)
        assert (row.status, row.reason) == ("failed", reason.value)
        ledger = await world.one(addresses)
        assert bool(ledger.invalid_at) is (reason is Reason.BAD_ADDRESS)
        assert bool(ledger.opted_out_at) is (reason is Reason.OPTED_OUT)
        assert ledger.opt_out_method == ("provider" if reason is Reason.OPTED_OUT else None)
        assert (await world.one(attempts)).code == "21211"
        kinds = await world.types()
        assert kinds.count("contact.invalidated") == (reason is Reason.BAD_ADDRESS)
        assert kinds.count("consent.opted_out") == (reason is Reason.OPTED_OUT)
        assert (await world.one(inbox)).kind == "send_failed"

    async def test_nothing_more_goes_to_an_address_that_is_none(self, world: World) -> None:
        person = await world.place()
        talk = await world.talk(person)
        await world.queue(talk, person)
        world.provider.script.append(SendError(Reason.BAD_ADDRESS, "never"))
        await world.send()
        await world.queue(talk, person)
        await world.send()
        assert world.provider.sent == []
        assert [row.status for row in await world.rows(outbound)] == ["failed", "suppressed"]

    async def test_a_sender_without_an_adapter_fails_its_message(self, world: World) -> None:
        await queued(world)
        sender = world.sender()
        sender.channels = {}
        await world.send(sender)
        row = await world.one(outbound)
        assert (row.status, row.reason) == ("failed", "sender")


class TestLease:
    async def test_a_provider_is_not_asked_once_the_lease_is_over(self, world: World) -> None:
        """The time left must outlast the call's time-out."""
        await queued(world)
        await world.send(world.sender(lease=1.0, call_timeout=5.0))
        assert world.provider.sent == []
        row = await world.one(outbound)
        assert (row.status, row.due_at) == ("queued", world.clock.now)
        await world.send()
        assert len(world.provider.sent) == 1

    async def test_unsent_changes_nothing_for_an_attempt_that_ended(self, world: World) -> None:
        await queued(world)
        await world.send()
        attempt = (await world.one(attempts)).id
        for answer in (Unsent(), Absent(), LATER, SendError(Reason.BLOCKED, "never")):
            given = [(attempt, answer)]
            await world.store.transact(
                "answers", lambda tx, g=given: store_answers(tx, g, world.directory)
            )
        assert (await world.one(outbound)).status == "sent"


class TestUnknown:
    @pytest.mark.parametrize("error", [LOST, RuntimeError("a bug"), TimeoutError()], ids=repr)
    async def test_the_attempt_stays_open(self, world: World, error: Exception) -> None:
        await queued(world)
        world.provider.script.append(error)
        await world.send()
        attempt = await world.one(attempts)
        lag = world.provider.capabilities.listing_lag
        assert (attempt.ended_at, attempt.provider_id) == (None, None)
        assert attempt.look_up_at == world.clock.now + (LEASE + TIMEOUT + lag) * SECOND
        assert (await world.one(outbound)).status == "sending"

    async def test_it_is_looked_up_only_after_lease_time_out_and_lag(self, world: World) -> None:
        await queued(world)
        world.provider.script.append(LOST)
        await world.send()
        world.provider.found = Found("id-1")
        world.clock.forward(LEASE + TIMEOUT)
        assert await world.reconciler().run() == 0
        assert world.provider.looked_up == []
        world.clock.forward(2)
        assert await world.reconciler().run() == 1

    async def test_found_is_sent_once(self, world: World) -> None:
        await lost(world)
        world.provider.found = Found("id-1")
        await world.reconciler().run()
        assert (await world.one(outbound)).status == "sent"
        attempt = await world.one(attempts)
        assert (attempt.outcome, attempt.provider_id) == ("accepted", "id-1")
        world.clock.forward(1000)
        assert await world.reconciler().run() == 0
        assert await world.send() == 0
        assert (await world.types()).count("message.sent") == 1

    async def test_absent_goes_again(self, world: World) -> None:
        await lost(world)
        world.provider.found = Absent()
        await world.reconciler().run()
        assert (await world.one(outbound)).status == "queued"
        assert (await world.one(attempts)).outcome == "absent"
        await world.send()
        assert len(world.provider.sent) == 1
        assert (await world.one(outbound)).status == "sent"

    async def test_absent_for_ever_ends_all_the_same(self, world: World) -> None:
        """A provider that swallows what it is asked for is asked bounded times."""
        await queued(world)
        world.provider.found = Absent()
        for _ in range(3 * TRIES):
            world.provider.script.append(LOST)
            await world.send()
            world.clock.forward(60)
            await world.reconciler().run()
        row = await world.one(outbound)
        assert (row.status, row.tries) == ("failed", TRIES)

    async def test_unknown_is_asked_again_and_then_a_person_decides(self, world: World) -> None:
        await lost(world)
        runs = 0
        while not await world.rows(handoffs):
            await world.reconciler().run()
            world.clock.now += AGAIN
            runs += 1
            assert runs < 2 * LOOK_UPS
        assert runs >= LOOK_UPS / 2
        row = await world.one(outbound)
        assert (row.status, row.reason) == ("failed", "undecided")
        assert (await world.one(attempts)).outcome == "undecided"
        assert (await world.one(handoffs)).reason == "undecided_send"
        assert (await world.types()).count("handoff.requested") == 1
        world.clock.forward(3600)
        assert await world.reconciler().run() == 0
        assert await world.send() == 0
        assert world.provider.sent == []

    async def test_a_look_up_that_fails_is_no_answer(self, world: World) -> None:
        await lost(world)
        world.provider.found = RuntimeError("the listing is down")
        await world.reconciler().run()
        assert (await world.one(outbound)).status == "sending"
        world.provider.found = Found("id-1")
        world.clock.now += AGAIN
        await world.reconciler().run()
        assert (await world.one(outbound)).status == "sent"

    async def test_a_channel_that_cannot_tell_is_never_believed_absent(self, world: World) -> None:
        world.provider.capabilities = replace(world.provider.capabilities, looks_up=False)
        await lost(world)
        world.provider.found = Absent()
        await world.reconciler().run()
        assert (await world.one(outbound)).status == "sending"

    async def test_a_call_in_flight_is_left_alone(self, world: World) -> None:
        await lost(world)
        world.provider.found = Absent()
        attempt = (await world.one(attempts)).id
        assert await world.reconciler({attempt}).run() == 0
        assert (await world.one(outbound)).status == "sending"

    async def test_what_a_dead_owner_left_is_looked_up(self, world: World) -> None:
        await lost(world)
        world.provider.found = Absent()
        attempt = (await world.one(attempts)).id
        assert await world.store.gone([world.store.owner]) == set()
        await world.change(attempts, id=attempt, owner=new_id())
        assert await world.reconciler().run() == 1
        row = await world.one(attempts)
        assert row.owner == world.store.owner, "its session has ended: it is adopted"
        assert world.provider.looked_up == [], "it may have asked in its last moment"
        world.clock.now = row.look_up_at
        await world.reconciler().run()
        assert (await world.one(outbound)).status == "queued"

    async def test_it_knows_the_ids_of_others(self, world: World) -> None:
        """The same text to the same address: what is another attempt's is not taken for it."""
        person = await world.place()
        talk = await world.talk(person)
        await world.queue(talk, person)
        await world.send()
        await world.queue(talk, person)
        world.provider.script.append(LOST)
        await world.send()
        world.clock.forward(60)
        await world.reconciler().run()
        (asked,) = world.provider.looked_up
        assert asked.known_ids == {f"id-{world.provider.sent[0].attempt_id}"}
        assert (asked.address, asked.sender) == (PHONE, world.provider.sent[0].sender)

    async def test_its_receipt_settles_it(self, world: World) -> None:
        await queued(world)
        world.provider.script.append(LOST)
        await world.send()
        attempt = (await world.one(attempts)).id
        await world.deliver(receipt("id-9", Status.SENT, attempt_id=attempt))
        row = await world.one(attempts)
        assert (row.outcome, row.provider_id) == ("accepted", "id-9")
        world.clock.forward(100)
        assert await world.reconciler().run() == 0


class TestTwoAttempts:
    """The first was called absent, and came after all."""

    @pytest.mark.parametrize(
        "answer", [LATER, SendError(Reason.BLOCKED, "never"), LOST], ids=["later", "never", "lost"]
    )
    async def test_what_was_delivered_stays_so(self, world: World, answer: SendError) -> None:
        await lost(world)
        world.provider.found = Absent()
        await world.reconciler().run()
        world.provider.script.append(LOST)
        await world.send()
        first, second = await world.rows(attempts)
        await world.deliver(receipt("id-1", Status.DELIVERED, attempt_id=first.id))
        assert (await world.one(outbound)).status == "delivered"
        first = next(row for row in await world.rows(attempts) if row.id == first.id)
        assert (first.outcome, first.provider_id) == ("accepted", "id-1"), "the receipt proves it"
        if answer is LOST:
            world.provider.found = Unknown()
            for _ in range(2 * LOOK_UPS):
                world.clock.now += AGAIN
                await world.reconciler().run()
        else:
            given = [(second.id, answer)]
            await world.store.transact(
                "answers", lambda tx: store_answers(tx, given, world.directory)
            )
        assert (await world.one(outbound)).status == "delivered"
        world.clock.now += DAY // 24
        assert await world.send() == 0
        assert (await world.types()).count("message.failed") == 0


async def lost(world: World) -> None:
    """A message whose answer was lost, when it may be looked up."""
    await queued(world)
    world.provider.script.append(LOST)
    await world.send()
    world.clock.forward(60)
