"""A turn: everything it decides is written once, and what fails is in nobody's way."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest

from dialogs.state import State
from domain.commands import (
    CancelQueued,
    Command,
    Handoff,
    Hold,
    HoldScope,
    IssueLink,
    Log,
    OptIn,
    OptOut,
    RecordPromise,
    SetTimer,
)
from domain.context import Context
from domain.events import Event, PaymentMade, PromiseSettled, Said, TimerDue
from domain.links import Purpose
from domain.messages import ALWAYS, LINK_MARK
from domain.values import ChannelKind, Money
from gateway.clock import DAY, SECOND, moment
from gateway.ids import new_id
from gateway.pipeline.dialogue import Dialogues
from gateway.pipeline.queue import depths, requeue, set_aside
from gateway.storage import encode
from gateway.storage.tables import (
    activity,
    addresses,
    conversations,
    handoffs,
    holds,
    inbound,
    inbox,
    links,
    outbound,
    promises,
)
from payment_links.tokens import token_for, token_hash
from tests.ledger.given import paid
from tests.pipeline.world import (
    HARBOR,
    KEY,
    MERIDIAN,
    NOON,
    PHONE,
    Reader,
    Scripted,
    World,
    client,
    meant,
    say,
    text_from,
)

FRIDAY = date(2026, 11, 27)
OTHER_PHONE = "+12125550143"


def does(*commands: Command) -> Scripted:
    """Whatever happens first is answered with these, what follows with nothing."""
    left = list(commands)

    def answer(event: Event, context: Context) -> Iterable[Command]:
        now, left[:] = tuple(left), []
        return now

    return Scripted(answer)


class TestEffects:
    async def test_all_of_them_are_written_once(self, world: World) -> None:
        person = await world.place()
        link, promise, timer = new_id(), new_id(), new_id()
        world.dialogues = does(
            RecordPromise(promise, Money(5000, "USD"), FRIDAY),
            IssueLink(link, Purpose.PAY),
            say(f"Pay at {LINK_MARK}. Reply STOP to opt out.", link_id=link),
            SetTimer(timer, "promise_due", timedelta(days=4), 1, promise),
            Log("conversation.affirmed", {"why": "said so"}),
        )
        await world.hear(text_from())
        for _ in range(3):
            assert await world.turn() == 0
        row = await world.one(promises)
        assert (row.id, row.amount_minor, row.currency, row.due_date, row.state, row.version) == (
            promise,
            5000,
            "USD",
            "2026-11-27",
            "pending",
            1,
        )
        assert (row.customer_id, row.account_id) == (person.id, person.account)
        made = await world.one(links)
        assert made.token_hash == token_hash(token_for(KEY, link))
        assert made.expires_at == world.clock.now + HARBOR.links.days * DAY
        message = await world.one(outbound)
        assert (message.status, message.link_id) == ("queued", link)
        assert (message.address, message.sender) == (PHONE, HARBOR.senders[0].address)
        due = await world.one(inbox, id=timer)
        assert due.due_at == world.clock.now + 4 * DAY
        assert (due.kind, due.consumed_at) == ("timer", None)
        assert await world.types() == [
            "conversation.started",
            "message.received",
            "promise.created",
            "link.created",
            "message.queued",
            "conversation.affirmed",
        ]

    async def test_events_name_their_cause_and_their_account(self, world: World) -> None:
        person = await world.place()
        world.dialogues = does(say())
        await world.hear(text_from())
        row = await world.one(activity, type="message.queued")
        assert row.causation_id == (await world.one(inbound)).id
        assert (row.client, row.customer_id, row.account_id) == (
            "harbor",
            person.id,
            person.account,
        )
        assert PHONE not in str(tuple(row))

    async def test_what_was_heard_is_consumed(self, world: World) -> None:
        await world.place()
        await world.hear(text_from())
        assert (await world.one(inbox)).consumed_at == world.clock.now

    async def test_replies_go_where_the_customer_was_last_heard(self, world: World) -> None:
        person = await world.place()
        await world.reach(person, "email", "ada@example.org")
        world.dialogues = does(say(channel=ChannelKind.EMAIL))
        mail = text_from(
            "ada.work@example.org", sender="care@harbor.example", channel=ChannelKind.EMAIL
        )
        await world.reach(person, "email", "ada.work@example.org", rank=1)
        await world.hear(mail)
        message = await world.one(outbound)
        assert (message.channel, message.address) == ("email", "ada.work@example.org")
        talk = await world.one(conversations)
        assert (talk.channel, talk.address) == ("email", "ada.work@example.org")

    async def test_another_channel_takes_the_preferred_address(self, world: World) -> None:
        person = await world.place()
        await world.reach(person, "email", "second@example.org", rank=2)
        await world.reach(person, "email", "first@example.org", rank=1)
        world.dialogues = does(say(channel=ChannelKind.EMAIL))
        await world.hear(text_from())
        assert (await world.one(outbound)).address == "first@example.org"

    async def test_no_address_there_is_a_persons_matter(self, world: World) -> None:
        await world.place()
        world.dialogues = does(say(channel=ChannelKind.EMAIL))
        await world.hear(text_from())
        assert await world.rows(outbound) == []
        ((_, payload),) = await world.told("message.suppressed")
        assert payload["rule"] == "no_address"
        assert len(await world.rows(handoffs)) == 1

    async def test_an_opt_out_of_everything_covers_every_contact(self, world: World) -> None:
        person = await world.place()
        await world.reach(person, "sms", OTHER_PHONE)
        await world.reach(person, "email", "ada@example.org")
        world.dialogues = does(OptOut(everything=True))
        await world.hear(text_from())
        assert all(row.opted_out_at for row in await world.rows(addresses))
        kinds = [kind for kind, _ in await world.told("consent.opted_out", "consent.cease_all")]
        assert sorted(kinds) == ["consent.cease_all"] + ["consent.opted_out"] * 3

    async def test_an_opt_out_and_back(self, world: World) -> None:
        await world.place()
        world.dialogues = does(OptOut())
        await world.hear(text_from())
        assert (await world.one(addresses)).opted_out_at
        world.dialogues = does(OptIn())
        world.clock.forward(1)
        await world.hear(text_from())
        row = await world.one(addresses)
        assert (row.opted_out_at, row.opt_out_confirmed_at) == (None, None)

    @pytest.mark.parametrize("scope", list(HoldScope))
    async def test_a_hold_is_what_it_says(self, world: World, scope: HoldScope) -> None:
        person = await world.place()
        world.dialogues = does(Hold("dispute", scope, days=30))
        await world.hear(text_from())
        row = await world.one(holds)
        assert moment(row.until).isoformat() == "2026-12-25T05:00:00+00:00", "midnight in New York"
        assert (row.kind, row.scope) == ("dispute", scope.value)
        held = {
            HoldScope.ADDRESS: (None, None, PHONE),
            HoldScope.ACCOUNT: (person.id, person.account, None),
            HoldScope.CUSTOMER: (person.id, None, None),
        }
        assert (row.customer_id, row.account_id, row.address) == held[scope]

    async def test_a_person_is_asked_for_once_a_reason(self, world: World) -> None:
        await world.place()
        for _ in range(2):
            world.dialogues = does(Handoff("agent_request"), Handoff("abusive", urgent=True))
            await world.hear(text_from())
        found = {row.reason: (row.urgency, row.requests) for row in await world.rows(handoffs)}
        assert found == {"agent_request": ("day", 2), "abusive": ("now", 2)}
        assert len(await world.told("handoff.requested")) == 2

    @pytest.mark.parametrize(
        ("everything", "left"),
        [(False, {"reply", *ALWAYS}), (True, {*ALWAYS})],
        ids=["outreach", "all"],
    )
    async def test_what_is_queued_is_cancelled(
        self, world: World, everything: bool, left: set[str]
    ) -> None:
        person = await world.place()
        talk = await world.talk(person)
        await world.queue(talk, person, category="outreach")
        for category in ("reply", *ALWAYS):
            await world.queue(talk, person, category=category)
        gone = await world.queue(talk, person, category="outreach", status="sending")
        world.dialogues = does(
            CancelQueued("opted_out", all=everything), say(text := "Noted. Reply STOP to end.")
        )
        await world.receive(text_from())
        await world.understand()
        await world.turn()
        rows = await world.rows(outbound)
        assert {row.category for row in rows if row.status == "queued" and row.text != text} == left
        assert [row.status for row in rows if row.id == gone] == ["sending"], "it is on its way"
        assert [row.status for row in rows if row.text == text] == ["queued"], "not the turn's own"

    async def test_another_clients_conversation_is_not_touched(self, world: World) -> None:
        await world.place("C-1", HARBOR)
        other = await world.place("C-1", MERIDIAN)
        talk = await world.talk(other)
        await world.queue(talk, other, category="outreach")
        world.dialogues = does(OptOut(everything=True), CancelQueued("opted_out", all=True))
        await world.hear(text_from())
        assert (await world.one(outbound)).status == "queued"
        ledger = {row.client: row.opted_out_at for row in await world.rows(addresses)}
        assert ledger["meridian"] is None
        assert ledger["harbor"]


class TestWaits:
    async def test_a_new_wait_replaces_the_old(self, world: World) -> None:
        """However long a conversation gets, one wait is open in it."""
        await world.place()
        for at in range(4):
            wait = SetTimer(new_id(), "no_reply", timedelta(hours=24), at + 1)
            world.dialogues = does(wait)
            await world.hear(text_from())
            waits = await world.rows(inbox, kind="wait")
            assert [row.id for row in waits if row.consumed_at is None] == [wait.id]

    async def test_a_business_timer_is_not_disturbed_by_chat(self, world: World) -> None:
        await world.place()
        timer = new_id()
        world.dialogues = does(SetTimer(timer, "promise_due", timedelta(days=4), 1, new_id()))
        await world.hear(text_from())
        await world.hear(text_from())
        assert (await world.one(inbox, id=timer)).consumed_at is None

    async def test_a_state_that_stands_keeps_its_wait(self, world: World) -> None:
        await world.place()
        scripted = world.dialogues = does(
            SetTimer(wait := new_id(), "no_reply", timedelta(hours=24), 1)
        )
        await world.hear(text_from())
        scripted.still = True
        await world.hear(text_from())
        assert (await world.one(inbox, id=wait)).consumed_at is None

    async def test_a_wait_fires_at_its_time(self, world: World) -> None:
        await world.place()
        scripted = world.dialogues = does(
            SetTimer(wait := new_id(), "no_reply", timedelta(hours=24), 1)
        )
        await world.hear(text_from())
        world.clock.forward(24 * 3600 - 1)
        assert await world.turn() == 0
        world.clock.forward(1)
        assert await world.turn() == 1
        due = scripted.events[-1]
        assert isinstance(due, TimerDue)
        assert (due.id, due.kind, due.version) == (wait, "no_reply", 1)
        assert due.at.isoformat() == "2026-11-25T13:00:00-05:00", "in the customer's own zone"

    async def test_a_stale_wait_does_nothing(self, world: World) -> None:
        """Through the shipped dialogs: one of an older version changes and says nothing."""
        world.dialogues = Dialogues()
        person = await world.place()
        world.reader = Reader({"50": meant("promise_to_pay", Money(5000, "USD"))})
        await world.hear(text_from(text="50"))
        talk = await world.one(conversations)
        said = len(await world.rows(outbound))
        stale = encode({"kind": "no_reply", "version": 0, "subject": None})
        await world.event(talk.id, "wait", stale)
        assert await world.turn() == 1
        assert len(await world.rows(outbound)) == said
        assert (await world.one(conversations, customer_id=person.id)).state == talk.state
        open_waits = [r for r in await world.rows(inbox, kind="wait") if r.consumed_at is None]
        assert len(open_waits) == 1, "the one that counts is still there"


class Failing(Scripted):
    """Raises for the conversations of some, so often."""

    def __init__(self, whom: str, times: int = 1_000_000, error: Exception | None = None) -> None:
        super().__init__()
        self.whom, self.times, self.error = whom, times, error or RuntimeError("no such step")

    def decide(self, state: State, event: Event, context: Context):  # type: ignore[no-untyped-def]
        if context.customer.ref == self.whom and self.times:
            self.times -= 1
            raise self.error
        return super().decide(state, event, context)


class TestFailure:
    async def test_one_that_fails_blocks_no_other(self, world: World) -> None:
        scripted = world.dialogues = Failing("C-1")
        scripted.answer = lambda event, context: [say()]
        await world.place("C-1")
        await world.place("C-2", phone=OTHER_PHONE)
        await world.hear(text_from(PHONE), text_from(OTHER_PHONE))
        assert [row.address for row in await world.rows(outbound)] == [OTHER_PHONE]
        assert (await world.types()).count("message.queued") == 1

    async def test_a_half_decided_turn_leaves_nothing_behind(self, world: World) -> None:
        """It says something to the first event and fails at the second."""
        person = await world.place()
        talk = await world.talk(person)

        def answer(event: Event, context: Context) -> Iterable[Command]:
            if isinstance(event, TimerDue):
                raise RuntimeError("the second")
            return [say(), Handoff("agent_request"), OptOut(), IssueLink(new_id(), Purpose.PAY)]

        world.dialogues = Scripted(answer)
        await world.receive(text_from())
        await world.understand()
        timer = encode({"kind": "hold_end", "version": 1, "subject": None})
        await world.event(talk, "timer", timer)
        await world.turn()
        for table in (outbound, handoffs, links):
            assert await world.rows(table) == []
        assert (await world.one(addresses)).opted_out_at is None
        assert await world.types() == ["message.received"]
        assert all(row.consumed_at is None for row in await world.rows(inbox))
        row = await world.one(conversations)
        assert (row.failures, row.version) == (1, 0)

    async def test_it_is_tried_again_later_and_then_done(self, world: World) -> None:
        scripted = world.dialogues = Failing("C-1", times=1)
        await world.place("C-1")
        await world.hear(text_from())
        assert await world.turn() == 0, "not at once"
        world.clock.forward(2)
        assert await world.turn() == 1
        assert len(scripted.events) == 1
        row = await world.one(conversations)
        assert (row.failures, row.set_aside_at) == (0, None)

    async def test_the_pauses_grow(self, world: World) -> None:
        world.dialogues = Failing("C-1")
        world.tries = 4
        await world.place("C-1")
        await world.hear(text_from())
        pauses = []
        for _ in range(3):
            row = await world.one(conversations)
            pauses.append((row.retry_at - world.clock.now) / SECOND)
            world.clock.now = row.retry_at
            assert await world.turn() == 1
        assert pauses == sorted(set(pauses))
        assert pauses[0] >= 1

    async def test_after_bounded_tries_a_person_is_told(self, world: World) -> None:
        world.dialogues = Failing("C-1")
        await world.place("C-1")
        await world.hear(text_from())
        for _ in range(world.tries + 2):
            world.clock.forward(600)
            await world.turn()
        row = await world.one(conversations)
        assert (row.failures, bool(row.set_aside_at)) == (world.tries, True)
        assert row.error == "RuntimeError: no such step"
        handoff = await world.one(handoffs)
        assert (handoff.reason, handoff.urgency) == ("set_aside", "day")
        kinds = await world.types()
        assert kinds.count("conversation.set_aside") == kinds.count("handoff.requested") == 1
        assert (await world.one(inbox)).consumed_at is None, "nothing is lost"

    async def test_put_back_it_has_its_turn(self, world: World) -> None:
        failing = world.dialogues = Failing("C-1", times=3)
        await world.place("C-1")
        await world.hear(text_from())
        for _ in range(3):
            world.clock.forward(600)
            await world.turn()
        (aside,) = await world.store.read(set_aside)
        assert aside.error == "RuntimeError: no such step"
        done = await world.store.transact("queue", lambda tx: requeue(tx, [aside.id, new_id()]))
        assert done == [aside.id]
        assert await world.store.read(set_aside) == []
        assert (await world.one(handoffs)).closed_at == world.clock.now
        assert await world.turn() == 1
        assert isinstance(failing.events[-1], Said)
        again = await world.store.transact("queue", lambda tx: requeue(tx, [aside.id]))
        assert again == []
        assert (await world.types()).count("handoff.closed") == 1

    async def test_what_no_id_can_be_was_not_set_aside(self, world: World) -> None:
        given = ["nonsense", "", "1' --", "\0"]
        assert await world.store.transact("queue", lambda tx: requeue(tx, given)) == []

    @pytest.mark.parametrize(
        ("kind", "payload"),
        [
            ("no_such_kind", "{}"),
            ("timer", '{"kind": "hold_end"}'),
            ("timer", '{"nothing": "of a timer"}'),
            ("timer", "[]"),
            ("campaign", "{}"),
            ("campaign", '{"channel": "fax", "flow": "reminder"}'),
            ("payment_made", '{"amount_minor": 1}'),
            ("payment_returned", '{"payment_id": "p", "amount_minor": 1, "currency": "USD"}'),
            ("promise_settled", '{"promise_id": 1}'),
            ("send_failed", None),
        ],
    )
    async def test_a_poisonous_row_is_isolated(
        self, world: World, kind: str, payload: str | None
    ) -> None:
        """It costs its own conversation bounded tries, and the others nothing."""
        scripted = world.dialogues = Scripted()
        spoilt = await world.talk(await world.place("C-1"))
        await world.place("C-2", phone=OTHER_PHONE)
        await world.event(spoilt, kind, payload)
        await world.hear(text_from(OTHER_PHONE))
        assert [event.text for event in scripted.events if isinstance(event, Said)] == ["hello"]
        for _ in range(world.tries):
            world.clock.forward(600)
            await world.turn()
        assert (await world.one(conversations, id=spoilt)).set_aside_at
        assert (await world.one(handoffs)).conversation_id == spoilt

    async def test_effects_that_the_database_refuses_are_isolated(self, world: World) -> None:
        """PostgreSQL knows no NUL and has bounded columns; one batch holds both conversations."""
        same = new_id()
        answers = {
            "C-1": [say(id=same), say(id=same)],  # an id that is unique
            "C-2": [say()],
        }
        world.dialogues = Scripted(lambda event, context: answers[context.customer.ref])
        await world.place("C-1")
        await world.place("C-2", phone=OTHER_PHONE)
        await world.hear(text_from(PHONE), text_from(OTHER_PHONE))
        assert [row.address for row in await world.rows(outbound)] == [OTHER_PHONE]
        for _ in range(world.tries):
            world.clock.forward(600)
            await world.turn()
        talks = {row.address: row.set_aside_at for row in await world.rows(conversations)}
        assert talks[PHONE]
        assert talks[OTHER_PHONE] is None

    async def test_an_error_is_kept_without_what_may_not_be_stored(self, world: World) -> None:
        error = ValueError("\0 \ud800 card 4111 1111 1111 1111 " + "x" * 5000)
        world.dialogues = Failing("C-1", error=error)
        await world.place("C-1")
        await world.hear(text_from())
        kept = (await world.one(conversations)).error
        assert kept.startswith("ValueError: ")
        assert "4111" not in kept
        assert len(kept) <= 1000

    async def test_a_broken_promise_is_heard_of_though_the_first_try_fails(
        self, world: World
    ) -> None:
        """The judgement and what the dialog makes of it are one: both or neither."""
        scripted = world.dialogues = Failing("C-1", times=2)  # in the batch, and alone
        person = await world.place("C-1")
        talk = await world.talk(person)
        promise = new_id()
        await world.add(
            promises,
            {
                "id": promise,
                "client": "harbor",
                "customer_id": person.id,
                "account_id": person.account,
                "conversation_id": talk,
                "amount_minor": 5000,
                "currency": "USD",
                "due_date": "2026-11-20",
                "state": "pending",
                "created_at": 1,
                "updated_at": 1,
            },
        )
        due = encode({"kind": "promise_due", "version": 1, "subject": promise})
        await world.event(talk, "timer", due)
        await world.turn()
        assert (await world.one(promises)).state == "pending"
        world.clock.forward(5)
        await world.turn()
        assert (await world.one(promises)).state == "broken"
        assert (await world.types()).count("promise.broken") == 1
        assert len(scripted.events) == 1

    async def test_the_queue_shows_what_waits_and_for_how_long(self, world: World) -> None:
        person = await world.place()
        talk = await world.talk(person)
        await world.queue(talk, person)
        await world.queue(talk, person, due_at=world.clock.now + 60 * SECOND)
        await world.receive(text_from())
        world.clock.forward(30)
        found = await world.store.read(depths)
        assert found["to_send"] == {"depth": 1, "age": 30 * SECOND}
        assert found["deferred"] == {"depth": 1, "age": -30 * SECOND}
        assert found["to_understand"] == {"depth": 1, "age": 30 * SECOND}
        assert found["webhooks"] == {"depth": 0, "age": None}


class TestPayments:
    async def test_a_payment_interrupts(self, world: World) -> None:
        """In the middle of a promise, the shipped dialogs answer the payment."""
        world.dialogues = Dialogues()
        await world.place()
        world.reader = Reader({"50": meant("promise_to_pay", Money(5000, "USD"))})
        await world.hear(text_from(text="50"))
        talk = await world.one(conversations)
        paid = {
            "payment_id": new_id(),
            "amount_minor": 5000,
            "currency": "USD",
            "balance_minor": 35_000,
        }
        await world.event(talk.id, "payment_made", encode(paid))
        assert await world.turn() == 1
        last = (await world.rows(outbound))[-1]
        assert "payment" in last.response
        assert last.causation_id == (await world.one(inbox, kind="payment_made")).id

    async def test_events_are_decided_in_the_order_they_came(self, world: World) -> None:
        scripted = world.dialogues = Scripted()
        person = await world.place()
        talk = await world.talk(person)
        paid = encode({"payment_id": new_id(), "amount_minor": 1, "currency": "USD"})
        await world.receive(text_from(text="first"))
        await world.event(talk, "payment_made", paid)
        await world.receive(text_from(text="second"))
        await world.understand()
        await world.turn()
        kinds = [type(event) for event in scripted.events]
        assert kinds == [Said, PaymentMade, Said]


class TestPromises:
    """50.00 USD promised for Friday 20 November, of which some is paid; grace ends on Monday 23
    November at midnight in New York, and it is one in the afternoon there on the 24th."""

    async def promised(self, world: World, paid_minor: int = 0, **customer: Any) -> str:
        person = await world.place(**customer)
        talk = await world.talk(person)
        promise = new_id()
        row = {
            "id": promise,
            "client": "harbor",
            "customer_id": person.id,
            "account_id": person.account,
            "conversation_id": talk,
            "amount_minor": 5000,
            "currency": "USD",
            "due_date": "2026-11-20",
            "state": "pending",
            "created_at": 1,
            "updated_at": 1,
        }
        await world.add(promises, row)
        if paid_minor:
            account = {"id": person.account, "client": "harbor", "customer_id": person.id}
            await paid(world.store, account | {"currency": "USD"}, paid_minor, NOON - 5 * DAY)
        due = encode({"kind": "promise_due", "version": 1, "subject": promise})
        await world.event(talk, "timer", due)
        return promise

    @pytest.mark.parametrize(
        ("paid", "tolerance", "state"),
        [
            (0, 100, "broken"),
            (4999, 100, "broken"),
            (4749, 95, "broken"),
            (4750, 95, "kept"),  # the client has become more tolerant since it was paid
            (0, 1, "broken"),
        ],
    )
    async def test_it_is_judged_by_what_has_cleared(
        self, world: World, paid: int, tolerance: int, state: str
    ) -> None:
        scripted = world.dialogues = Scripted()
        rules = {"tolerance_percent": tolerance}
        world.restrict(client("harbor", HARBOR.senders[0].address, promise=rules))
        await self.promised(world, paid)
        await world.turn()
        assert (await world.one(promises)).state == state
        assert (await world.types()).count(f"promise.{state}") == 1
        (settled,) = scripted.events
        assert isinstance(settled, PromiseSettled)
        assert settled.kept is (state == "kept")

    async def test_it_is_not_judged_before_its_grace_ends(self, world: World) -> None:
        """The client gives five days by now: until Wednesday 25 November at midnight."""
        scripted = world.dialogues = Scripted()
        world.restrict(client("harbor", HARBOR.senders[0].address, promise={"grace_days": 5}))
        promise = await self.promised(world)
        await world.turn()
        assert scripted.events == []
        assert (await world.one(promises)).state == "pending"
        (timer,) = [row for row in await world.rows(inbox) if row.consumed_at is None]
        assert timer.due_at == NOON + (11 + 24 + 9) * 3600 * SECOND  # Thursday at 09:00
        world.clock.forward(11 * 3600 + 24 * 3600)
        await world.turn()
        assert (await world.one(promises)).state == "pending"
        world.clock.forward(9 * 3600)
        await world.turn()
        assert (await world.one(promises, id=promise)).state == "broken"
        assert len(scripted.events) == 1

    async def test_the_midnight_is_where_the_customer_is_now(self, world: World) -> None:
        """It is 18:00 UTC on the 24th; with four days of grace there would be six hours left."""
        world.dialogues = Scripted()
        world.restrict(client("harbor", HARBOR.senders[0].address, promise={"grace_days": 4}))
        await self.promised(world, timezone="Pacific/Kiritimati")  # already the 25th
        await world.turn()
        assert (await world.one(promises)).state == "broken"
