"""The moment before a message goes: the gate, caps, order and the secret link."""

import io
import json
from collections.abc import Iterable, Iterator

import pytest
import structlog

from channels.contract import SendError
from domain.commands import Command, IssueLink
from domain.context import Context
from domain.events import Event
from domain.links import Purpose
from domain.messages import LINK_MARK, Reason
from gateway.clients.model import LinksPart
from gateway.clock import DAY, SECOND, moment
from gateway.ids import new_id
from gateway.storage import decode
from gateway.storage.tables import (
    activity,
    addresses,
    attempts,
    holds,
    metadata,
    outbound,
)
from payment_links.tokens import token_for
from tests.pipeline.world import (
    CLIENTS,
    HARBOR,
    KEY,
    MERIDIAN,
    PHONE,
    PUBLIC,
    Scripted,
    World,
    client,
    say,
    text_from,
)

OTHER_PHONE = "+12125550143"
OUTREACH = {"category": "outreach"}
HOUR = 3600
ONE, TWO = "One. Reply STOP to opt out.", "Two. Reply STOP to opt out."


async def queued(world: World, **more: object) -> str:
    """A message to a placed customer; its id."""
    person = await world.place()
    return await world.queue(await world.talk(person), person, **more)


async def test_it_goes_with_its_verdict_and_its_attempt(world: World) -> None:
    message = await queued(world)
    assert await world.send() == 1
    (sent,) = world.provider.sent
    assert (sent.sender, sent.address) == (HARBOR.senders[0].address, PHONE)
    row = await world.one(outbound)
    assert (row.status, row.tries, row.sent_at) == ("sent", 1, world.clock.now)
    assert decode(row.verdict)["verdict"] == "allowed"
    attempt = await world.one(attempts)
    assert (attempt.id, attempt.outbound_id) == (sent.attempt_id, message)
    assert (attempt.outcome, attempt.provider_id) == ("accepted", f"id-{attempt.id}")
    assert await world.types() == ["message.sending", "message.sent"]
    assert await world.send() == 0


@pytest.mark.parametrize("category", ["outreach", "reply"])
async def test_an_opt_out_before_the_claim_stops_it(world: World, category: str) -> None:
    await queued(world, category=category)
    await world.receive(text_from(text="STOP"))
    await world.send()
    assert world.provider.sent == []
    row = await world.one(outbound)
    assert (row.status, row.reason) == ("cancelled", "opt_out")
    told = {"message_id": row.id, "reason": "opt_out"}
    assert await world.told("message.cancelled") == [("message.cancelled", told)]


@pytest.mark.parametrize("category", ["outreach", "reply"])
async def test_what_is_queued_after_an_opt_out_is_refused(world: World, category: str) -> None:
    person = await world.place()
    talk = await world.talk(person)
    await world.receive(text_from(text="STOP"))
    await world.queue(talk, person, category=category)
    await world.send()
    assert world.provider.sent == []
    row = await world.one(outbound)
    assert (row.status, row.reason) == ("suppressed", "opt_out")
    assert decode(row.verdict)["verdict"] == "suppressed"
    assert (await world.told("message.suppressed"))[0][1]["rule"] == "opt_out"


async def test_the_other_clients_opt_out_is_not_ours(world: World) -> None:
    await queued(world)
    await world.place("C-1", MERIDIAN)
    await world.receive(text_from(text="STOP", to=MERIDIAN))
    await world.send()
    assert len(world.provider.sent) == 1


@pytest.mark.parametrize(
    ("category", "goes"),
    [("outreach", False), ("reply", False), ("confirmation", True), ("help", True)],
)
async def test_after_an_opt_out_only_its_confirmation_and_help_go(
    world: World, category: str, goes: bool
) -> None:
    person = await world.place()
    talk = await world.talk(person)
    await world.receive(text_from(text="STOP"))
    for _ in range(2):
        await world.queue(talk, person, category=category)
        await world.send()
    once = category == "confirmation"
    assert len(world.provider.sent) == (0 if not goes else 1 if once else 2)


async def test_a_confirmation_that_did_not_go_may_go_again(world: World) -> None:
    person = await world.place()
    talk = await world.talk(person)
    await world.receive(text_from(text="STOP"))
    await world.queue(talk, person, category="confirmation")
    world.provider.script.append(SendError(Reason.TEMPORARY, "later"))
    await world.send()
    world.clock.forward(10)
    await world.send()
    assert len(world.provider.sent) == 1
    assert (await world.one(addresses)).opt_out_confirmed_at


async def test_outside_the_hours_it_waits_for_them(world: World) -> None:
    world.clock.forward(9 * HOUR)  # ten in the evening in New York
    await queued(world, **OUTREACH)
    await world.send()
    assert world.provider.sent == []
    row = await world.one(outbound)
    assert (row.status, decode(row.verdict)["verdict"]) == ("queued", "deferred")
    assert moment(row.due_at).isoformat() == "2026-11-25T13:00:00+00:00", "eight in New York"
    assert [kind for kind, _ in await world.told()] == ["message.deferred"]
    assert await world.send() == 0, "it is not asked about before"
    world.clock.now = row.due_at
    await world.send()
    assert len(world.provider.sent) == 1
    assert decode((await world.one(outbound)).verdict)["verdict"] == "allowed"


async def test_it_is_valid_no_longer_than_the_hours(world: World) -> None:
    world.clock.forward(7.5 * HOUR)  # half past eight in the evening
    await queued(world, **OUTREACH)
    await world.send()
    (sent,) = world.provider.sent
    assert sent.valid_for is not None
    assert 0 < sent.valid_for < HOUR / 2


async def test_what_came_in_is_read_before_outreach_goes(world: World) -> None:
    await queued(world, **OUTREACH)
    await world.receive(text_from(text="leave me alone"))
    await world.send()
    assert world.provider.sent == []
    assert (await world.one(outbound)).status == "queued"
    await world.understand()
    await world.turn()
    world.clock.forward(120)
    await world.send()
    assert len(world.provider.sent) == 1


@pytest.mark.parametrize("scope", ["customer", "address"])
async def test_a_hold_stops_outreach_until_it_ends(world: World, scope: str) -> None:
    person = await world.place()
    talk = await world.talk(person)
    hold = {
        "id": new_id(),
        "client": "harbor",
        "scope": scope,
        "customer_id": person.id if scope == "customer" else None,
        "channel": "sms" if scope == "address" else None,
        "address": PHONE if scope == "address" else None,
        "kind": "dispute",
        "started_at": world.clock.now,
        "started_by": "host",
        "until": world.clock.now + DAY,
    }
    await world.add(holds, hold)
    await world.queue(talk, person, **OUTREACH)
    await world.queue(talk, person, category="reply")
    for _ in range(3):
        await world.send()
    assert len(world.provider.sent) == 1, "only the answer"
    world.clock.forward(25 * HOUR)
    await world.queue(talk, person, **OUTREACH)
    await world.send()
    assert len(world.provider.sent) == 2


class TestCaps:
    async def test_they_are_reserved_within_a_batch(self, world: World) -> None:
        """Three conversations' worth for one customer are claimed together; two may go."""
        person = await world.place(postcode="14201")
        for phone in (PHONE, OTHER_PHONE, "+12125550144"):
            if phone != PHONE:
                await world.reach(person, "sms", phone)
            await world.queue(new_id(), person, address=phone, **OUTREACH)
        await world.send()
        assert len(world.provider.sent) == 2
        (left,) = await world.rows(outbound, status="queued")
        assert decode(left.verdict)["rule"] == "daily_cap"
        assert left.due_at >= world.clock.now + 20 * HOUR * SECOND

    async def test_a_clients_stricter_cap_counts(self, world: World) -> None:
        world.restrict(
            client(
                "harbor",
                HARBOR.senders[0].address,
                contact={"daily_cap": {"limit": 1, "source": "the client"}},
            )
        )
        person = await world.place()
        talk = await world.talk(person)
        for _ in range(2):
            await world.queue(talk, person, **OUTREACH)
            await world.send()
        assert len(world.provider.sent) == 1

    async def test_what_surely_did_not_go_is_not_counted(self, world: World) -> None:
        person = await world.place()
        talk = await world.talk(person)
        world.provider.script.append(SendError(Reason.TEMPORARY, "later"))
        await world.queue(talk, person, **OUTREACH)
        await world.send()
        world.clock.forward(10)
        for _ in range(2):
            await world.send()
            await world.queue(talk, person, **OUTREACH)
            await world.send()
        assert len(world.provider.sent) == 2

    async def test_what_was_refused_for_good_is_given_back(self, world: World) -> None:
        person = await world.place(postcode="14201")
        talk = await world.talk(person)
        world.provider.script.append(SendError(Reason.TEMPORARY, "never"))
        for _ in range(4):
            await world.queue(talk, person, **OUTREACH)
            await world.send()
        assert [row.status for row in await world.rows(outbound)] == [
            "failed", "sent", "sent", "queued"
        ]  # fmt: skip

    async def test_replies_have_no_cap(self, world: World) -> None:
        person = await world.place()
        talk = await world.talk(person)
        for _ in range(9):
            await world.queue(talk, person)
            await world.send()
        assert len(world.provider.sent) == 9


class TestOrder:
    async def test_within_a_conversation_one_after_another(self, world: World) -> None:
        person = await world.place()
        talk = await world.talk(person)
        texts = [f"{number}. Reply STOP to opt out." for number in range(5)]
        for text in texts:
            await world.queue(talk, person, text=text)
        while await world.send():
            pass
        assert world.provider.texts == texts

    async def test_the_next_waits_while_one_is_under_way(self, world: World) -> None:
        """Its answer was lost: who knows whether it went?"""
        person = await world.place()
        talk = await world.talk(person)
        await world.queue(talk, person, text=ONE)
        await world.queue(talk, person, text=TWO)
        world.provider.script.append(SendError(Reason.UNKNOWN, "unknown"))
        await world.send()
        for _ in range(3):
            world.clock.forward(5)
            assert await world.send() == 0
        assert [row.status for row in await world.rows(outbound)] == ["sending", "queued"]

    async def test_the_next_waits_while_one_is_tried_again(self, world: World) -> None:
        person = await world.place()
        talk = await world.talk(person)
        await world.queue(talk, person, text=ONE)
        world.provider.script.append(SendError(Reason.TEMPORARY, "later", after=30))
        await world.send()
        world.clock.forward(31)
        await world.queue(talk, person, text=TWO)
        while await world.send():
            pass
        assert world.provider.texts == [ONE, TWO]

    async def test_one_at_a_time_to_an_address(self, world: World) -> None:
        """Two customers share a phone: only so can a look-up tell whose message it found."""
        one, other = await world.place("C-1"), await world.place("C-2")
        await world.queue(await world.talk(one), one)
        await world.queue(await world.talk(other), other)
        assert await world.send() == 1
        open_now = [row for row in await world.rows(attempts) if row.ended_at is None]
        assert open_now == []
        assert await world.send() == 1
        assert len(world.provider.sent) == 2

    async def test_while_one_is_open_to_an_address_no_other_goes_there(self, world: World) -> None:
        one, other = await world.place("C-1"), await world.place("C-2")
        await world.queue(await world.talk(one), one)
        world.provider.script.append(SendError(Reason.UNKNOWN, "unknown"))
        await world.send()
        await world.queue(await world.talk(other), other)
        assert await world.send() == 0
        assert world.provider.sent == []

    async def test_another_clients_message_to_that_phone_is_free(self, world: World) -> None:
        one, other = await world.place("C-1"), await world.place("C-1", MERIDIAN)
        await world.queue(await world.talk(one), one)
        await world.queue(await world.talk(other), other)
        assert await world.send() == 2
        assert {sent.sender for sent in world.provider.sent} == {
            config.senders[0].address for config in CLIENTS.values()
        }


class TestPace:
    async def test_a_slow_sender_sends_no_faster(self, world: World) -> None:
        senders = [{**HARBOR.senders[0].model_dump(mode="json"), "pace": 1.0}]
        world.restrict(client("harbor", HARBOR.senders[0].address, senders=senders))
        for number in range(5):
            person = await world.place(f"C-{number}", phone=f"+1212555015{number}")
            await world.queue(await world.talk(person), person)
        assert await world.send() == 1
        assert await world.send() == 0
        assert len(world.provider.sent) == 1

    async def test_an_unpaced_sender_is_held_up_by_nothing(self, world: World) -> None:
        for number in range(5):
            person = await world.place(f"C-{number}", phone=f"+1212555015{number}")
            await world.queue(await world.talk(person), person)
        assert await world.send() == 5

    async def test_a_sender_whose_pace_was_lifted_goes_on(self, world: World) -> None:
        senders = [{**HARBOR.senders[0].model_dump(mode="json"), "pace": 0.001}]
        world.restrict(client("harbor", HARBOR.senders[0].address, senders=senders))
        person = await world.place()
        talk = await world.talk(person)
        await world.queue(talk, person)
        assert await world.send() == 1
        world.restrict(HARBOR)
        await world.queue(talk, person)
        assert await world.send() == 1


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Every log line as it is written, tracebacks and all."""
    kept, stream = structlog.get_config(), io.StringIO()
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.JSONRenderer()],
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    yield stream
    structlog.configure(**kept)


class TestSecret:
    @pytest.mark.parametrize("answer", ["taken", "refused", "raised"])
    async def test_it_is_in_what_the_channel_got_and_nowhere_else(
        self, world: World, written: io.StringIO, answer: str
    ) -> None:
        """Not in any column of any table, nor in the log."""
        link = new_id()
        token = token_for(KEY, link).secret

        def answers(event: Event, context: Context) -> Iterable[Command]:
            text = f"Pay at {LINK_MARK} Reply STOP to opt out."
            return [IssueLink(link, Purpose.PAY), say(text, link_id=link)]

        world.dialogues = Scripted(answers)
        await world.place()
        await world.hear(text_from())
        errors = {"refused": SendError(Reason.BLOCKED, "never"), "raised": RuntimeError("broken")}
        if answer in errors:
            world.provider.script.append(errors[answer])
        await world.send()
        if answer == "taken":
            assert world.provider.texts == [f"Pay at {PUBLIC}/p/{token} Reply STOP to opt out."]
        for table in metadata.sorted_tables:
            for row in await world.rows(table):
                assert token not in json.dumps([str(value) for value in row]), table.name
        assert token not in written.getvalue()
        assert PHONE not in written.getvalue()

    async def test_it_leads_to_the_clients_own_host(self, world: World) -> None:
        """The one in force at the moment of sending."""
        link = new_id()
        token = token_for(KEY, link).secret
        text = f"Pay at {LINK_MARK} Reply STOP to opt out."
        await queued(world, text=text, link_id=link)
        own = LinksPart(domain="pay.harbor.example")
        world.restrict(HARBOR.model_copy(update={"links": own}))
        await world.send()
        assert world.provider.texts == [
            f"Pay at https://pay.harbor.example/p/{token} Reply STOP to opt out."
        ]

    async def test_without_a_link_there_is_no_url(self, world: World) -> None:
        await queued(world, text="Hello. Reply STOP to opt out.")
        await world.send()
        assert PUBLIC not in world.provider.texts[0]


async def test_a_late_stop_comes_after_what_was_on_its_way(world: World) -> None:
    """Recorded after it, and nothing else goes."""
    person = await world.place()
    talk = await world.talk(person)
    await world.queue(talk, person, **OUTREACH)
    await world.send()
    await world.receive(text_from(text="STOP"))
    await world.queue(talk, person, **OUTREACH)
    await world.send()
    assert len(world.provider.sent) == 1
    kinds = [row.type for row in await world.rows(activity)]
    assert kinds.index("message.sending") < kinds.index("consent.opted_out")


async def test_nothing_due_later_is_claimed(world: World) -> None:
    await queued(world, due_at=world.clock.now + 1)
    assert await world.send() == 0


CURLY = "It\u2019s due \u2013 really. Reply STOP to opt out."


@pytest.mark.parametrize(
    ("plain", "channel", "written", "sent"),
    [
        (True, "sms", CURLY, "It's due - really. Reply STOP to opt out."),
        (False, "sms", CURLY, CURLY),
        (True, "sms", CURLY + "\U0001f44d", CURLY + "\U0001f44d"),
        (True, "email", CURLY, CURLY),
    ],
)
async def test_punctuation_goes_plain_where_the_client_wants_it(
    world: World, plain: bool, channel: str, written: str, sent: str
) -> None:
    world.restrict(HARBOR.model_copy(update={"plain_punctuation": plain}))
    sender = next(each.address for each in HARBOR.senders if each.channel == channel)
    address = {"address": "c1@example.org"} if channel == "email" else {}
    await queued(world, text=written, channel=channel, sender=sender, **address)
    assert await world.send() == 1
    assert world.provider.texts == [sent]
    assert (await world.one(outbound)).text == written
