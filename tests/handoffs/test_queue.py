"""The queue: asked for once, taken by one, handed back with the last, on both stores."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest

from gateway.clock import DAY, SECOND
from gateway.handoffs import queue
from gateway.handoffs.queue import LONGEST_NOTE, NotDone
from gateway.pipeline.queue import requeue
from gateway.storage import decode
from gateway.storage.opening import open_store
from gateway.storage.tables import alerts, conversations, handoff_notes, handoffs, inbox
from tests.handoffs.given import asked, do, told, waits
from tests.pipeline.world import HARBOR, MERIDIAN, World

WHY = ["dispute", "complaint", "call_back", "self_harm_risk"]


async def sent(world: World) -> list[tuple[str, Any]]:
    """What the conversations hear of their people."""
    return [(row.kind, decode(row.payload)) for row in await world.rows(inbox)]


class TestAsking:
    async def test_the_same_reason_counts_and_another_does_not(self, world: World) -> None:
        talk = await world.talk(await world.place())
        first = await asked(world, talk, "dispute")
        assert first is not None
        assert [await asked(world, talk, "dispute") for _ in range(2)] == [None, None]
        assert await asked(world, talk, "complaint") is not None
        found = {row.reason: row.requests for row in await world.rows(handoffs)}
        assert found == {"dispute": 3, "complaint": 1}
        await do(world, queue.take, first["handoff_id"], "ann")
        assert await asked(world, talk, "dispute") is None, "ann has it"
        await do(world, queue.close, first["handoff_id"])
        again = await asked(world, talk, "dispute")
        assert again is not None
        assert again["handoff_id"] != first["handoff_id"]

    async def test_an_open_one_becomes_urgent(self, world: World) -> None:
        talk = await world.talk(await world.place())
        await asked(world, talk, "abusive")
        assert await world.rows(alerts) == []
        world.clock.forward(60)
        assert await asked(world, talk, "abusive", urgent=True) is None
        row = await world.one(handoffs)
        assert (row.urgency, row.requests) == ("now", 2)
        assert row.due_at == world.clock.now + 1800 * SECOND
        assert [row.route for row in await world.rows(alerts)] == ["email", "webhook"]
        world.clock.forward(60)
        assert await asked(world, talk, "abusive") is None, "and stays so"
        assert (await world.one(handoffs)).urgency == "now"

    async def test_many_at_once_make_one(self, world: World, url: str) -> None:
        talk = await world.talk(await world.place())
        found = await asyncio.gather(*(asked(world, talk, why) for _ in range(10) for why in WHY))
        assert len([one for one in found if one is not None]) == len(WHY)
        assert {row.requests for row in await world.rows(handoffs)} == {10}

    async def test_the_offices_hours_are_the_clients(self, world: World) -> None:
        """It is Tuesday, one in the afternoon, before Thanksgiving."""
        first = await waits(world)
        assert (await do(world, queue.handoff, first)).due_at == world.clock.now + DAY
        office = {"opens": "13:00", "closes": "14:00"}
        world.restrict(HARBOR.model_validate(HARBOR.model_dump() | {"office": office}))
        talk = await world.talk(await world.place("C-9", phone="+12125550199"))
        given = await asked(world, talk)
        assert given is not None
        assert given["due_at"] == "2026-11-24T19:00:00+00:00"


class TestList:
    async def test_the_urgent_first_then_what_is_due(self, world: World) -> None:
        for reason in ("call_back", "complaint", "dispute"):
            await waits(world, reason)
            world.clock.forward(60)
        await waits(world, "self_harm_risk")
        rows = await do(world, queue.waiting)
        assert [row.reason for row in rows] == [
            "self_harm_risk", "complaint", "dispute", "call_back",
        ]  # fmt: skip
        assert not any(queue.is_overdue(row, world.clock.now) for row in rows)
        world.clock.forward(86_400)
        late = [row.reason for row in rows if queue.is_overdue(row, world.clock.now)]
        assert late == ["self_harm_risk", "complaint", "dispute"]

    async def test_of_one_client_and_without_what_is_closed(self, world: World) -> None:
        mine = await waits(world)
        stranger = await world.place("M-1", MERIDIAN, "+12125550177")
        await asked(world, await world.talk(stranger), client="meridian")
        closed = await waits(world)
        await do(world, queue.take, closed, "ann")
        await do(world, queue.close, closed)
        assert [row.id for row in await do(world, queue.waiting, "harbor")] == [mine]
        assert len(await do(world, queue.waiting)) == 2

    async def test_nobodys_conversation_has_no_customer(self, world: World) -> None:
        talk = await world.talk(await world.place(), customer_id=None, account_id=None)
        await asked(world, talk, "unknown_sender")
        (row,) = await do(world, queue.waiting)
        shown = queue.shown(row, world.clock.now)
        assert (shown["customer_ref"], shown["state"]) == (None, "open")

    @pytest.mark.parametrize(
        "given", ["", "nonsense", "1' --", "\0", "01929e9e-012c-76dc-ae63-82655d560533"]
    )
    async def test_what_there_is_not(self, world: World, given: str) -> None:
        for work in (queue.handoff, queue.release, queue.close):
            with pytest.raises(NotDone, match="there is no hand-off"):
                await do(world, work, given)
        with pytest.raises(NotDone, match="there is no hand-off"):
            await do(world, queue.take, given, "ann")


class TestTaking:
    async def test_one_has_it(self, world: World) -> None:
        one = await waits(world)
        await do(world, queue.take, one, " ann ")
        with pytest.raises(NotDone, match="ann has this conversation"):
            await do(world, queue.take, one, "bob")
        row = await do(world, queue.handoff, one)
        assert (row.agent, queue.state_of(row)) == ("ann", "taken")
        assert await told(world, "handoff.assigned") == [
            {"handoff_id": one, "reason": "dispute", "agent": "ann"}
        ]
        assert await sent(world) == [("person_took", {"agent": "ann"})]

    async def test_taking_it_again_changes_nothing(self, world: World) -> None:
        one = await waits(world)
        for _ in range(3):
            await do(world, queue.take, one, "ann")
        assert len(await sent(world)) == len(await told(world, "handoff.assigned")) == 1

    async def test_it_takes_all_of_its_conversation(self, world: World) -> None:
        talk = await world.talk(await world.place())
        first, second = [await asked(world, talk, why) for why in ("dispute", "complaint")]
        assert first is not None
        assert second is not None
        await do(world, queue.take, second["handoff_id"], "ann")
        assert {row.agent for row in await world.rows(handoffs)} == {"ann"}
        with pytest.raises(NotDone, match="ann has this conversation"):
            await do(world, queue.take, first["handoff_id"], "bob")

    async def test_what_is_asked_for_later_waits_for_its_agent(self, world: World) -> None:
        one = await waits(world)
        row = await do(world, queue.take, one, "ann")
        later = await asked(world, row.conversation_id, "self_harm_risk")
        assert later is not None
        assert (await do(world, queue.handoff, later["handoff_id"])).agent is None
        await do(world, queue.take, later["handoff_id"], "ann")
        assert [kind for kind, _ in await sent(world)] == ["person_took"]

    async def test_over(self, world: World) -> None:
        one = await waits(world)
        await do(world, queue.take, one, "ann")
        row = await do(world, queue.take, one, "bob", over=True)
        assert row.agent == "bob"
        assert (await told(world, "handoff.assigned"))[-1] == {
            "handoff_id": one, "reason": "dispute", "agent": "bob", "from": "ann",
        }  # fmt: skip
        assert (await sent(world))[-1] == ("person_took", {"agent": "bob"})

    @pytest.mark.parametrize("agent", ["", "  ", "a" * 65, "a\nb", "\x1b[2J", "\0"])
    async def test_a_name_is_a_name(self, world: World, agent: str) -> None:
        one = await waits(world)
        with pytest.raises(NotDone, match="printable"):
            await do(world, queue.take, one, agent)

    async def test_of_many_at_once_one_has_it(self, world: World, url: str) -> None:
        """Over connections of their own: two hand-offs of one conversation, ten agents each."""
        talk = await world.talk(await world.place())
        asks = [await asked(world, talk, why) for why in ("dispute", "complaint")]
        ids = [one["handoff_id"] for one in asks if one is not None]
        others = [await open_store(url, world.clock, daemon=False) for _ in range(3)]
        agents = [f"agent {number}" for number in range(20)]

        async def attempt(number: int, agent: str) -> str | None:
            store = others[number % 3]
            try:
                await store.transact("take", lambda tx: queue.take(tx, ids[number % 2], agent))
            except NotDone:
                return None
            return agent

        found = await asyncio.gather(*(attempt(n, agent) for n, agent in enumerate(agents)))
        for store in others:
            await store.close()
        (winner,) = [agent for agent in found if agent is not None]
        assert {row.agent for row in await world.rows(handoffs)} == {winner}
        assert await sent(world) == [("person_took", {"agent": winner})]
        assert len(await told(world, "handoff.assigned")) == 2

    async def test_taken_and_closed_at_once_agree(self, world: World, url: str) -> None:
        """Whatever comes first, what the conversation hears fits what the rows say."""
        ids = [await waits(world) for _ in range(6)]
        for one in ids:
            await do(world, queue.take, one, "ann")

        async def attempt(work: Any, *args: Any, **more: Any) -> None:
            with suppress(NotDone):
                await do(world, work, *args, **more)

        await asyncio.gather(
            *(
                attempt(*work)
                for one in ids
                for work in ((queue.close, one), (queue.release, one), (queue.close, one))
            ),
            *(attempt(queue.take, one, "bob", over=True) for one in ids),
        )
        for one in ids:
            row = await do(world, queue.handoff, one)
            heard = [
                event.kind for event in await world.rows(inbox)
                if event.conversation_id == row.conversation_id
            ]  # fmt: skip
            state = queue.state_of(row)
            assert heard[-1] == {"taken": "person_took"}.get(state, "handed_back")
            closings = [p for p in await told(world, "handoff.closed") if p["handoff_id"] == one]
            assert len(closings) == (state == "closed")


class TestGivingBack:
    @pytest.mark.parametrize("resume", [True, False])
    async def test_closed(self, world: World, resume: bool) -> None:
        one = await waits(world)
        await do(world, queue.take, one, "ann")
        assert await do(world, queue.close, one, resume)
        assert await told(world, "handoff.closed") == [
            {"handoff_id": one, "reason": "dispute", "agent": "ann", "resume": resume}
        ]
        assert (await sent(world))[-1] == ("handed_back", {"resume": resume})
        for work in (queue.close, queue.release):
            with pytest.raises(NotDone, match="it is closed"):
                await do(world, work, one)
        with pytest.raises(NotDone, match="it is closed"):
            await do(world, queue.take, one, "bob")

    async def test_with_the_last_one_only(self, world: World) -> None:
        talk = await world.talk(await world.place())
        asks = [await asked(world, talk, why) for why in ("dispute", "complaint")]
        first, second = [one["handoff_id"] for one in asks if one is not None]
        await do(world, queue.take, first, "ann")
        assert not await do(world, queue.close, first, resume=True)
        assert [kind for kind, _ in await sent(world)] == ["person_took"]
        assert await do(world, queue.close, second, resume=True)
        assert [kind for kind, _ in await sent(world)] == ["person_took", "handed_back"]

    async def test_released(self, world: World) -> None:
        one = await waits(world, "self_harm_risk")
        await do(world, queue.take, one, "ann")
        world.clock.forward(3600)
        await do(world, queue.release, one)
        row = await do(world, queue.handoff, one)
        assert (row.agent, row.taken_at, queue.state_of(row)) == (None, None, "open")
        assert {row.due_at for row in await world.rows(alerts)} == {world.clock.now}
        assert (await sent(world))[-1] == ("handed_back", {"resume": True})
        (again,) = await told(world, "handoff.requested")
        assert (again["handoff_id"], again["released_by"]) == (one, "ann")
        await do(world, queue.take, one, "bob")

    async def test_nobody_gives_back_what_nobody_has(self, world: World) -> None:
        one = await waits(world)
        for work, args in ((queue.release, ()), (queue.close, ()), (queue.note, ("words",))):
            with pytest.raises(NotDone, match="nobody has it"):
                await do(world, work, one, *args)

    async def test_alerts_end_with_it(self, world: World) -> None:
        one = await waits(world, "self_harm_risk")
        await do(world, queue.take, one, "ann")
        await do(world, queue.close, one)
        assert await world.rows(alerts) == []

    async def test_what_is_set_aside_is_closed_by_requeueing(self, world: World) -> None:
        talk = await world.talk(await world.place(), set_aside_at=world.clock.now)
        given = await asked(world, talk, "set_aside")
        assert given is not None
        one = given["handoff_id"]
        await do(world, queue.take, one, "ann")
        with pytest.raises(NotDone, match=f"gateway queue requeue {talk}"):
            await do(world, queue.close, one)
        assert await do(world, requeue, [talk]) == [talk]
        assert queue.state_of(await do(world, queue.handoff, one)) == "closed"
        assert [kind for kind, _ in await sent(world)] == ["person_took", "handed_back"]
        assert (await world.one(conversations)).set_aside_at is None


class TestNotes:
    async def test_colleagues_read_it_and_hosts_do_not(self, world: World) -> None:
        one = await waits(world)
        await do(world, queue.take, one, "ann")
        made = await do(world, queue.note, one, "  called her at +1 212 555 0142\0 ")
        row = await world.one(handoff_notes)
        assert (row.text, row.agent) == ("called her at +1 212 555 0142", "ann")
        assert await told(world, "agent.note_added") == [
            {"note_id": made, "handoff_id": one, "agent": "ann"}
        ]

    @pytest.mark.parametrize("words", ["", " \n", "\0", "x" * (LONGEST_NOTE + 1)])
    async def test_one_that_is_none(self, world: World, words: str) -> None:
        one = await waits(world)
        await do(world, queue.take, one, "ann")
        with pytest.raises(NotDone, match="the note"):
            await do(world, queue.note, one, words)
