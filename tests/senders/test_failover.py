"""Senders that are paused, and what becomes of their messages: never twice, never nowhere."""

import asyncio
from typing import Any

import pytest

from channels.contract import SendError
from domain.messages import Reason, Status, Trouble
from gateway.clock import DAY, SECOND
from gateway.pipeline.consent import opt_out_address
from gateway.pipeline.failover import Failover, release
from gateway.senders.pausing import pause, resume
from gateway.storage import decode
from gateway.storage.tables import (
    addresses,
    attempts,
    conversations,
    inbox,
    outbound,
    sender_faults,
    sender_states,
)
from tests.pipeline.world import (
    HARBOR,
    Scripted,
    World,
    client,
    receipt,
    say,
    sender,
    text_from,
)

ONE = HARBOR.senders[0].address
TWO, THREE = "+12125550107", "+12125550108"
MAIL = "ada@example.net"
BLOCKED = SendError(Reason.BLOCKED, "never", code="30007")
BLAMED = SendError(Reason.SENDER, "never", code="21606", pause=True)


def pool(*numbers: str, **more: Any) -> Any:
    mail = {**sender("care@harbor.example", "mail_domain"), "channel": "email"}
    return client("harbor", ONE, senders=[*map(sender, numbers), mail], **more)


async def stop(world: World, *numbers: str) -> None:
    async def work(tx: Any) -> None:
        for number in numbers:
            [own] = [each for each in world.directory.senders if each.address == number]
            await pause(tx, "harbor", own, "manual", "as the test says", "ada")

    await world.store.transact("senders", work)
    await world.learn_of_pauses()


async def queued(world: World, **more: Any) -> Any:
    person = await world.place()
    await world.queue(await world.talk(person), person, **more)
    return person


class TestStickiness:
    async def test_the_number_written_to_answers(self, world: World) -> None:
        world.restrict(pool(ONE, TWO, THREE))
        world.dialogues = Scripted(lambda event, context: [say()])
        person = await world.place()
        for number in (TWO, THREE, THREE, ONE):
            await world.hear(text_from(person.phone, to=client("harbor", number)))
            await world.send()
            assert world.provider.sent[-1].sender == number
        talk = await world.one(conversations)
        assert decode(talk.senders) == {"sms": ONE}

    async def test_outreach_later_comes_from_the_same_number(self, world: World) -> None:
        world.restrict(pool(ONE, TWO, THREE))
        world.dialogues = Scripted(lambda event, context: [say()])
        person = await world.place()
        await world.hear(text_from(person.phone, to=client("harbor", TWO)))
        (talk,) = await world.rows(conversations)
        world.restrict(pool(ONE, TWO, THREE, "+12125550109", "+12125550110"))
        await world.event(talk.id, "campaign", '{"channel": "sms", "flow": "reminder"}')
        await world.turn()
        assert [row.sender for row in await world.rows(outbound)] == [TWO, TWO]

    async def test_a_paused_number_is_not_chosen(self, world: World) -> None:
        world.restrict(pool(ONE, TWO))
        world.dialogues = Scripted(lambda event, context: [say()])
        person = await world.place()
        await stop(world, ONE)
        await world.hear(text_from(person.phone))
        assert (await world.one(outbound)).sender == TWO
        assert decode((await world.one(conversations)).senders) == {"sms": TWO}

    async def test_no_sender_that_reaches_them_means_a_person(self, world: World) -> None:
        world.restrict(pool("+447700900100"))
        world.dialogues = Scripted(lambda event, context: [say()])
        person = await world.place()
        talk = await world.talk(person)
        await world.event(talk, "campaign", '{"channel": "sms", "flow": "reminder"}')
        await world.turn()
        assert await world.rows(outbound) == []
        assert {"rule": "no_sender", "response": "utter_test"} in [
            payload for _, payload in await world.told("message.suppressed")
        ]


class TestPausing:
    @pytest.mark.parametrize("how", ["refused", "receipt"])
    async def test_so_many_blocked_messages_pause_it(self, world: World, how: str) -> None:
        world.restrict(pool(ONE, pausing={"blocked": 3}))
        for number in range(3):
            person = await world.place(f"C-{number}", phone=f"+1212555015{number}")
            await world.queue(await world.talk(person), person)
            if how == "refused":
                world.provider.script.append(BLOCKED)
            await world.send()
            if how == "receipt":
                told = {"trouble": Trouble(Reason.BLOCKED, "never"), "code": "30007"}
                made = world.provider.sent[-1].attempt_id
                await world.deliver(receipt(f"id-{made}", Status.UNDELIVERED, **told))
            await world.failover()
            assert bool(world.directory.paused) is (number == 2)
        (_, payload) = (await world.told("sender.paused"))[0]
        assert payload == {
            "sender": ONE,
            "reason": "blocked",
            "note": "3 in 60 minutes, codes 30007",
            "by": "system",
        }
        await world.failover()
        assert len(await world.told("sender.paused")) == 1

    @pytest.mark.parametrize("retry", ["never", "later"])
    async def test_one_failure_that_all_would_meet_pauses_it(
        self, world: World, retry: Any
    ) -> None:
        world.restrict(pool(ONE, TWO))
        await queued(world)
        world.provider.script.append(SendError(Reason.SENDER, retry, code="20003", pause=True))
        await world.send()
        await world.failover()
        assert world.directory.paused == {("sms", ONE)}
        world.clock.forward(5)
        await world.failover()
        await world.send()
        assert [sent.sender for sent in world.provider.sent] == [TWO]

    async def test_what_concerns_one_message_pauses_nothing(self, world: World) -> None:
        world.restrict(pool(ONE, pausing={"sender_errors": 1}))
        await queued(world)
        world.provider.script.append(SendError(Reason.SENDER, "never", code="21617"))
        await world.send()
        await world.failover()
        assert not world.directory.paused

    async def test_old_faults_and_those_before_a_resumption_do_not_count(
        self, world: World
    ) -> None:
        world.restrict(pool(ONE, pausing={"blocked": 2, "minutes": 10}))
        fault = {"client": "harbor", "channel": "sms", "sender": ONE, "reason": "blocked"}

        async def happen(number: int) -> None:
            made = f"0192f000-0000-7000-8000-{number:012}"
            row = {**fault, "code": None, "at": world.clock.now}
            await world.add(sender_faults, {"id": made, "message_id": made, **row})

        await happen(1)
        world.clock.forward(601)
        await happen(2)
        await world.failover()
        assert not world.directory.paused
        await happen(3)
        await world.failover()
        assert world.directory.paused
        world.clock.forward(1)

        async def again(tx: Any) -> bool:
            return await resume(tx, "harbor", HARBOR.senders[0], "mended", "ada")

        assert await world.store.transact("senders", again)
        assert not await world.store.transact("senders", again)
        await world.failover()
        assert not world.directory.paused
        assert [kind for kind, _ in await world.told("sender.paused", "sender.resumed")] == [
            "sender.paused",
            "sender.resumed",
        ]
        assert (await world.one(sender_states)).note == "mended"

    async def test_another_clients_faults_are_not_its_own(self, world: World) -> None:
        world.restrict(pool(ONE, pausing={"blocked": 1}))
        await world.add(
            sender_faults,
            {
                "id": "0192f000-0000-7000-8000-000000000001",
                "client": "meridian",
                "channel": "sms",
                "sender": ONE,
                "reason": "blocked",
                "code": None,
                "message_id": "0192f000-0000-7000-8000-000000000001",
                "at": world.clock.now,
            },
        )
        await world.failover()
        assert not world.directory.paused

    async def test_a_paused_sender_sends_nothing_until_it_is_resumed(self, world: World) -> None:
        world.restrict(pool(ONE))
        await queued(world, category="outreach")
        await stop(world, ONE)
        for _ in range(3):
            await world.failover()
            await world.send()
            world.clock.forward(60)
        assert world.provider.sent == []
        assert [p["rule"] for _, p in await world.told("message.deferred")] == ["sender_paused"]

        async def again(tx: Any) -> None:
            await resume(tx, "harbor", HARBOR.senders[0], "", "ada")
            await release(tx, HARBOR.senders[0])

        await world.store.transact("senders", again)
        await world.failover()
        await world.send()
        assert len(world.provider.sent) == 1


class TestFailover:
    async def test_a_paused_senders_messages_go_by_the_next(self, world: World) -> None:
        world.restrict(pool(ONE, TWO))
        await queued(world)
        await stop(world, ONE)
        await world.failover()
        await world.send()
        await world.failover()
        await world.send()
        (sent,) = world.provider.sent
        assert sent.sender == TWO
        assert decode((await world.one(conversations)).senders) == {"sms": TWO}
        (_, told) = (await world.told("message.rerouted"))[0]
        assert (told["from"], told["to"], told["reason"]) == (ONE, TWO, "paused")

    async def test_a_removed_senders_messages_go_by_another(self, world: World) -> None:
        world.restrict(pool(TWO))
        await queued(world)
        assert await world.send() == 0
        await world.failover()
        await world.send()
        assert [sent.sender for sent in world.provider.sent] == [TWO]

    async def test_a_refused_message_goes_by_each_other_sender_once(self, world: World) -> None:
        world.restrict(pool(ONE, TWO, THREE))
        await queued(world)
        world.provider.script.extend([BLAMED, BLAMED, BLAMED])
        for _ in range(4):
            await world.send()
        tried = [row.sender for row in await world.rows(attempts)]
        assert sorted(tried) == sorted([ONE, TWO, THREE])
        row = await world.one(outbound)
        assert (row.status, row.reason, row.tries) == ("failed", "sender", 3)
        assert [event.kind for event in await world.rows(inbox)] == ["send_failed"]
        assert len(await world.rows(sender_faults)) == 3

    async def test_a_reply_that_counted_does_not_count_twice(self, world: World) -> None:
        world.restrict(pool(ONE, TWO))
        person = await world.place()
        await world.receive(text_from(person.phone))
        talk = await world.one(conversations)
        await world.queue(talk.id, person)
        world.provider.script.append(BLAMED)
        await world.send()
        await world.send()
        assert (await world.one(addresses)).replies == 1
        assert [sent.sender for sent in world.provider.sent] == [TWO]

    @pytest.mark.parametrize("error", [BLOCKED, SendError(Reason.BAD_ADDRESS, "never")])
    async def test_other_refusals_go_by_no_other(self, world: World, error: SendError) -> None:
        world.restrict(pool(ONE, TWO))
        await queued(world)
        world.provider.script.append(error)
        for _ in range(2):
            await world.send()
            await world.failover()
        assert world.provider.sent == []
        assert (await world.one(outbound)).status == "failed"

    async def test_what_may_have_gone_goes_by_no_other(self, world: World) -> None:
        world.restrict(pool(ONE, TWO))
        await queued(world)
        world.provider.script.append(SendError(Reason.UNKNOWN, "unknown"))
        await world.send()
        await stop(world, ONE)
        await world.failover()
        await world.send()
        assert world.provider.sent == []
        assert (await world.one(outbound)).status == "sending"

    @pytest.mark.parametrize("category", ["reply", "crisis"])
    async def test_with_no_other_sender_the_dialog_hears_of_it(
        self, world: World, category: str
    ) -> None:
        world.restrict(pool(ONE))
        await queued(world, category=category)
        await stop(world, ONE)
        await world.failover()
        row = await world.one(outbound)
        assert (row.status, row.reason) == ("failed", "sender")
        assert [event.kind for event in await world.rows(inbox)] == ["send_failed"]

    async def test_outreach_goes_another_way_at_once_or_waits_a_day(self, world: World) -> None:
        world.restrict(pool(ONE))
        one = await queued(world, category="outreach")
        other = await world.place("C-2", phone="+12125550177")
        await world.reach(other, "email", MAIL, rank=1)
        await world.queue(await world.talk(other), other, category="outreach")
        await stop(world, ONE)
        await world.failover()
        states = {row.customer_id: row.status for row in await world.rows(outbound)}
        assert states == {one.id: "queued", other.id: "failed"}
        world.clock.forward(DAY / SECOND + 1)
        await world.failover()
        assert {row.status for row in await world.rows(outbound)} == {"failed"}

    async def test_an_opted_out_mailbox_is_no_other_way(self, world: World) -> None:
        world.restrict(pool(ONE))
        person = await queued(world, category="outreach")
        await world.reach(person, "email", MAIL, rank=1)
        key = ("harbor", "email", MAIL)
        who = {"conversation_id": None, "customer_id": person.id, "causation_id": None}
        await world.store.transact("out", lambda tx: opt_out_address(tx, key, "reply", **who))
        await stop(world, ONE)
        await world.failover()
        assert (await world.one(outbound)).status == "queued"

    async def test_the_gate_is_asked_again(self, world: World) -> None:
        world.restrict(pool(ONE, TWO))
        await queued(world, category="outreach")
        await stop(world, ONE)
        await world.failover()
        assert (await world.one(outbound)).sender == TWO
        world.clock.forward(9 * 3600)  # ten in the evening in New York
        await world.send()
        assert world.provider.sent == []
        assert (await world.told("message.deferred"))[0][1]["rule"] == "hours"

    async def test_an_opt_out_at_one_number_stops_what_goes_by_another(self, world: World) -> None:
        world.restrict(pool(ONE, TWO))
        person = await queued(world)
        await stop(world, ONE)
        await world.failover()
        await world.receive(text_from(person.phone, "STOP", to=client("harbor", ONE)))
        await world.send()
        assert world.provider.sent == []
        assert (await world.one(outbound)).status in ("cancelled", "suppressed")

    async def test_two_that_look_after_at_once_move_it_once(self, world: World) -> None:
        world.restrict(pool(ONE, TWO))
        for number in range(6):
            person = await world.place(f"C-{number}", phone=f"+1212555015{number}")
            await world.queue(await world.talk(person), person)
        await stop(world, ONE)
        both = [Failover(world.store, world.directory) for _ in range(2)]
        await asyncio.gather(*(each.run() for each in both), world.sender().run())
        await world.send()
        await world.send()
        assert sorted(sent.address for sent in world.provider.sent) == [
            f"+1212555015{number}" for number in range(6)
        ]
        assert {sent.sender for sent in world.provider.sent} == {TWO}
        assert len(await world.told("message.rerouted")) == 6
