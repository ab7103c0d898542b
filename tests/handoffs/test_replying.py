"""A person in the conversation, over the real road: packs, gate, senders, on both stores."""

from typing import Any

import pytest

from domain.messages import LONGEST, Category
from domain.values import ChannelKind
from gateway.clock import DAY, SECOND
from gateway.handoffs import queue
from gateway.handoffs.checks import CLOSING, Unwritable
from gateway.handoffs.queue import NotDone
from gateway.handoffs.replying import Verdict, reply, verdict
from gateway.handoffs.telling import told as story_of
from gateway.parties.proving import keep_proof
from gateway.pipeline.dialogue import Dialogues
from gateway.storage.tables import (
    addresses,
    conversations,
    handoffs,
    holds,
    inbox,
    outbound,
    promises,
    wrong_parties,
)
from tests.handoffs.given import asked, do, told
from tests.pipeline.world import PHONE, World, meant, text_from

DISPUTE = "this is not my debt"
TEXTS = {
    DISPUTE: "dispute",
    "i want a person": "agent_request",
    "i am unhappy with you": "complaint",
    "i want to end it": "self_harm_risk",
    "wrong number": "wrong_person",
    "stop texting me": "opt_out",
    "i can pay": "promise_to_pay",
    "where is my refund": "out_of_scope",
}


@pytest.fixture
async def world(world: World) -> World:
    """With the real dialogs, and a customer whose words are understood as TEXTS say."""
    world.dialogues = Dialogues()
    world.reader.known = {text: meant(intent) for text, intent in TEXTS.items()}
    await world.place()
    return world


async def taken(world: World, text: str = DISPUTE, agent: str = "ann") -> str:
    """The customer wrote, was answered, and an agent has the hand-off; its id."""
    await world.hear(text_from(text=text))
    await world.send()
    row = (await world.rows(handoffs))[-1]
    await do(world, queue.take, row.id, agent)
    await world.turn()
    world.provider.sent.clear()
    return str(row.id)


async def says(world: World, one: str, text: str, **more: Any) -> str:
    """The agent writes and the turn is taken; the event's id."""
    event: str = await do(world, reply, one, text, **more)
    await world.turn()
    return event


async def became(world: World, event: str) -> Verdict:
    found: Verdict = await world.store.read(lambda tx: verdict(tx, event))
    return found


class TestReply:
    async def test_it_goes_with_the_closing_line(self, world: World) -> None:
        one = await taken(world)
        event = await do(world, reply, one, "Hello, Ann here. I will look into it today.")
        assert await became(world, event) == Verdict("waiting")
        await world.turn()
        assert (await became(world, event)).stage == "queued"
        await world.send()
        assert await became(world, event) == Verdict("sent")
        (text,) = world.provider.texts
        assert text == (
            "Hello, Ann here. I will look into it today."
            " Harbor Recovery, debt collector. Reply STOP to opt out"
        )
        row = (await world.rows(outbound))[-1]
        assert (row.category, row.response) == (Category.REPLY, "agent")

    async def test_by_email_it_is_escaped_and_closed(self, world: World) -> None:
        one = await taken(world)
        row = await do(world, queue.handoff, one)
        await world.change(
            conversations, id=row.conversation_id, channel="email", address="ada@else.example",
            sender="care@harbor.example",
        )  # fmt: skip
        event = await says(world, one, "Dear Ada,\n\n<script>alert(1)</script> & so on")
        await world.send()
        assert (await became(world, event)).stage == "sent"
        (sent,) = world.provider.sent
        assert sent.content.html is not None
        assert "<script>" not in sent.content.html
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; so on" in sent.content.html
        assert "reply STOP" in sent.content.text
        assert sent.content.subject

    async def test_what_was_opted_out_of_stays_silent(self, world: World) -> None:
        one = await taken(world)
        await world.hear(text_from(text="stop texting me"))
        await world.send()
        world.provider.sent.clear()
        event = await says(world, one, "One more thing")
        found = await became(world, event)
        assert (found.stage, found.rule) == ("suppressed", "opted_out")
        assert found.is_final
        assert await world.send() == 0
        assert world.provider.sent == []

    @pytest.mark.parametrize("when", ["before its turn", "after its turn"])
    async def test_an_opt_out_meanwhile_stops_it(self, world: World, when: str) -> None:
        """Whatever comes last before the provider is asked decides."""
        one = await taken(world)
        event = await do(world, reply, one, "One more thing")
        if when == "after its turn":
            await world.turn()
        await world.receive(text_from(text="STOP"))
        await world.understand()
        for _ in range(2):
            await world.turn()
            await world.send()
        assert (await became(world, event)).stage == "suppressed"
        assert not any("One more thing" in text for text in world.provider.texts)

    async def test_the_gate_refuses_at_the_last_moment(self, world: World) -> None:
        """The address is found invalid after the turn."""
        one = await taken(world)
        event = await says(world, one, "One more thing")
        key = {"client": "harbor", "channel": "sms", "address": PHONE}
        row = key | {"invalid_at": world.clock.now}
        await do(world, lambda tx: tx.update(addresses, [row], key=tuple(key)))
        await world.send()
        found = await became(world, event)
        assert (found.stage, found.rule) == ("suppressed", "address")
        assert found.why == "the address is invalid"

    async def test_at_night_it_waits_for_the_morning(self, world: World) -> None:
        one = await taken(world)
        world.clock.forward(14 * 3600)
        event = await says(world, one, "Good morning")
        await world.send()
        found = await became(world, event)
        assert (found.stage, found.rule, found.is_final) == ("queued", "hours", True)
        assert found.until is not None
        world.clock.forward(6 * 3600)
        await world.send()
        assert await became(world, event) == Verdict("sent")

    async def test_only_who_has_it_replies(self, world: World) -> None:
        one = await taken(world)
        await do(world, queue.release, one)
        with pytest.raises(NotDone, match="nobody has it"):
            await do(world, reply, one, "Hello")
        await do(world, queue.take, one, "bob")
        await do(world, queue.close, one)
        with pytest.raises(NotDone, match="it is closed"):
            await do(world, reply, one, "Hello")

    async def test_to_a_conversation_that_is_set_aside_nothing_goes(self, world: World) -> None:
        one = await taken(world)
        row = await do(world, queue.handoff, one)
        await world.change(conversations, id=row.conversation_id, set_aside_at=world.clock.now)
        with pytest.raises(NotDone, match=f"gateway queue requeue {row.conversation_id}"):
            await do(world, reply, one, "Hello")

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("", "empty"),
            (" \n\u00a0 ", "empty"),
            ("Hello {first_name}", r"\{first_name\} is not filled in"),
            ("Hello {{ first_name }}", "is not filled in"),
            ("pay at ${link}", "is not filled in"),
            ("you owe %(balance)s", "is not filled in"),
            ("{% if x %}", "is not filled in"),
            ("see \ue000", "secret link|nobody can read"),
            ("a\x1b[2Jb", r"U\+001B"),
            ("a\u202eb", r"U\+202E"),
            ("x" * (LONGEST[ChannelKind.SMS] - CLOSING + 1), "carries 1400"),
            ("é€ж" * 250, "text messages"),
        ],
    )
    async def test_what_may_not_be_written(self, world: World, text: str, why: str) -> None:
        one = await taken(world)
        with pytest.raises(Unwritable, match=why):
            await do(world, reply, one, text)
        assert [row.kind for row in await world.rows(inbox)] == ["said", "person_took"]


class TestDebts:
    """The balance is 400.00 dollars, and nobody has proved who reads."""

    @pytest.mark.parametrize(
        "text",
        [
            "You owe 400",
            "You owe $400.00 today",
            "that is USD 400,00",
            "four hundred dollars, I am afraid",
            "４００ dollars",
            "I see 400. Shall we?",
        ],
    )
    async def test_its_figure_is_refused_before_verification(self, world: World, text: str) -> None:
        one = await taken(world)
        with pytest.raises(NotDone, match="--verified-by-me"):
            await do(world, reply, one, text)
        assert await told(world, "agent.note_added") == []
        await says(world, one, text, verified_by_me=True)
        await world.send()
        assert len(world.provider.texts) == 1
        assert await told(world, "agent.note_added") == [
            {"handoff_id": one, "agent": "ann", "verified_by_agent": True}
        ]

    @pytest.mark.parametrize(
        "text", ["You said 40", "ref 4000", "1400 or 40.00?", "call 0400 1234"]
    )
    async def test_other_figures_go(self, world: World, text: str) -> None:
        one = await taken(world)
        await says(world, one, text)
        await world.send()
        assert len(world.provider.texts) == 1
        assert await told(world, "agent.note_added") == [], "nothing to put on record"

    async def test_with_thousands(self, world: World) -> None:
        other = await world.place("C-2", phone="+12125550143", balance_minor=123_456)
        await world.hear(text_from(other.phone, DISPUTE))
        row = (await world.rows(handoffs))[-1]
        await do(world, queue.take, row.id, "ann")
        for text in ("1,234.56", "1 234,56", "1.234,56", "1234.56"):
            with pytest.raises(NotDone, match="--verified-by-me"):
                await do(world, reply, row.id, f"You owe {text}.")

    async def test_once_verified_it_may_be_named(self, world: World) -> None:
        one = await taken(world)
        row = await do(world, queue.handoff, one)
        whose = (row.client, row.conversation_id, row.customer_id)
        await world.store.transact("prove", lambda tx: keep_proof(tx, *whose, "portal", None))
        await says(world, one, "You owe $400.00")
        await world.send()
        assert len(world.provider.texts) == 1


def _body(text: str) -> str:
    """Without the closing line, which is another one after the first."""
    return text.partition(" Harbor Recovery, debt collector")[0]


class TestMeanwhile:
    """While a person has the conversation."""

    @pytest.mark.parametrize("text", ["i can pay", "where is my refund", "i want a person"])
    async def test_flows_do_not_answer(self, world: World, text: str) -> None:
        await taken(world)
        await world.hear(text_from(text=text))
        await world.send()
        assert world.provider.sent == []
        assert await world.rows(promises) == []
        meanings = await told(world, "conversation.intent_detected")
        assert meanings[-1]["intent"] == TEXTS[text], "it is understood and on record"

    async def test_an_opt_out_takes_effect(self, world: World) -> None:
        await taken(world)
        await world.hear(text_from(text="stop texting me"))
        await world.send()
        assert (await world.one(addresses)).opted_out_at == world.clock.now
        assert len(world.provider.sent) == 1, "the one confirmation"

    async def test_a_risk_is_flagged_and_alerted(self, world: World) -> None:
        one = await taken(world)
        await world.hear(text_from(text="i want to end it"))
        await world.send()
        (text,) = world.provider.texts
        assert "988" in text
        risk = await world.one(handoffs, reason="self_harm_risk")
        assert (risk.urgency, risk.agent) == ("now", None)
        assert risk.id != one

    async def test_a_wrong_person_is_left_alone(self, world: World) -> None:
        await taken(world)
        await world.hear(text_from(text="wrong number"))
        assert (await world.one(wrong_parties)).marked_by == "customer"

    async def test_a_dispute_is_raised(self, world: World) -> None:
        await taken(world, "i want a person")
        await world.hear(text_from(text=DISPUTE))
        await world.send()
        assert "dispute" in {row.kind for row in await world.rows(holds)}
        assert {row.reason for row in await world.rows(handoffs)} == {"agent_request", "dispute"}
        assert world.provider.sent == []

    async def test_a_complaint_has_its_deadline(self, world: World) -> None:
        await world.hear(text_from(text="i am unhappy with you"))
        (raised,) = await told(world, "complaint.raised")
        (request,) = await told(world, "handoff.requested")
        assert raised["deadline"] == "2026-12-24"
        assert request["due_at"] == "2026-12-24T22:00:00+00:00", "five in New York"
        assert request["urgency"] == "day"


class TestHandingBack:
    async def asking(self, world: World) -> str:
        """The flow has asked for an amount, then an agent took what another turn asked for."""
        await world.hear(text_from(text="i can pay"))
        await world.hear(text_from(text="i want a person"))
        for _ in range(2):
            await world.send()
        row = await world.one(handoffs, reason="agent_request")
        await do(world, queue.take, row.id, "ann")
        await world.turn()
        world.provider.sent.clear()
        return str(row.id)

    @pytest.mark.parametrize("way", ["resume", "release"])
    async def test_the_flow_goes_on(self, world: World, way: str) -> None:
        await world.hear(text_from(text="i can pay"))
        await world.send()
        question = world.provider.texts[-1]
        row = (await world.rows(conversations))[0]
        given = await asked(world, row.id, "call_back")
        assert given is not None
        person = given["handoff_id"]
        await do(world, queue.take, person, "ann")
        await world.turn()
        world.provider.sent.clear()
        await world.hear(text_from(text="where is my refund"))
        await world.send()
        assert world.provider.sent == []
        if way == "resume":
            await do(world, queue.close, person, resume=True)
        else:
            await do(world, queue.release, person)
        await world.turn()
        await world.send()
        assert [_body(text) for text in world.provider.texts] == [_body(question)]

    async def test_or_all_starts_afresh(self, world: World) -> None:
        one = await self.asking(world)
        await do(world, queue.close, one)
        await world.turn()
        await world.send()
        assert world.provider.sent == []
        world.clock.forward(2 * 3600)
        await world.hear(text_from(text="i can pay"))
        await world.send()
        assert len(world.provider.sent) == 1, "and flows answer again"


class TestStory:
    async def lines(self, world: World, one: str) -> list[str]:
        row = await do(world, queue.handoff, one)
        found: list[str] = await world.store.read(lambda tx: story_of(tx, row, "America/New_York"))
        return found

    async def test_the_agent_reads_all_of_it(self, world: World) -> None:
        one = await taken(world)
        await says(world, one, "Ann here")
        await world.send()
        await do(world, queue.note, one, "sounded upset")
        text = "\n".join(await self.lines(world, one))
        for part in (
            f"hand-off      {one}",
            "urgency       day, due 2026-11-25 13:00 (America/New_York)",
            "state         taken by ann",
            "Ada, C-1",
            "NOT verified: name no debt",
            f"sms {PHONE}",
            f"2026-11-24 13:00  customer: {DISPUTE}",
            "we (sent): Ann here Harbor Recovery",
            "note by ann: sounded upset",
            "[The customer disputes the debt",
            "[A person took over: reason dispute, agent ann]",
        ):
            assert part in text, part

    async def test_in_order(self, world: World) -> None:
        one = await taken(world)
        await says(world, one, "Ann here")
        text = "\n".join(await self.lines(world, one))
        places = [text.index(part) for part in (DISPUTE, "A person took over", "Ann here")]
        assert places == sorted(places)

    async def test_a_customers_words_move_no_cursor(self, world: World) -> None:
        await world.hear(text_from(text="a\x1b[2J\x07b\u202ec\nforged  line"))
        one = await taken(world)
        text = "\n".join(await self.lines(world, one))
        assert not any(not char.isprintable() and char != "\n" for char in text)
        assert "\n" + " " * 18 + "forged  line" in text, "it can't pass for a line of ours"

    async def test_check_data_and_others_stay_out(self, world: World) -> None:
        other = await world.place("C-2", phone="+12125550143")
        await world.hear(text_from(other.phone, "something of mine"))
        one = await taken(world)
        text = "\n".join(await self.lines(world, one))
        assert "something of mine" not in text
        assert other.phone not in text

    async def test_overdue_and_nobodys(self, world: World) -> None:
        await world.hear(text_from("+12125550999", "i want to end it"))
        row = (await world.rows(handoffs))[-1]
        world.clock.now += DAY + SECOND
        text = "\n".join(await self.lines(world, row.id))
        assert "OVERDUE" in text
        assert "customer      unknown" in text
