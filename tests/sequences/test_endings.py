"""What ends a run does so in its own transaction: from that commit on no step of it is said."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from dialogs.sequences import ALWAYS, Exit, Sequence
from domain.events import HostChange
from domain.ledger import Kind
from domain.messages import Reason, Status
from domain.values import Money
from gateway.ids import new_id
from gateway.ledger.hearing import hear
from gateway.ledger.movements import Source, Told
from gateway.pipeline.identity import conversation_with
from gateway.sequences.shown import stop
from gateway.sequences.stopping import Ending, end
from gateway.storage import encode
from gateway.storage.tables import inbox, outbound, payments, sequence_runs
from tests.pipeline.world import HARBOR, Person, meant, receipt, text_from
from tests.sequences.scenes import GENTLE, HOUR, SENDS, Scenes

Event = Callable[[Scenes, Person], Awaitable[None]]


async def writes(scenes: Scenes, person: Person, text: str = "hello") -> None:
    await scenes.world.receive(text_from(person.phone, text))


async def pays(scenes: Scenes, person: Person, minor: int = 1_000) -> None:
    """A payment settles, a part of what is owed."""
    now, payment = scenes.world.clock.now, new_id()
    row = {
        "id": payment,
        "client": "harbor",
        "customer_id": person.id,
        "account_id": person.account,
        "conversation_id": conversation_with(person.id),
        "amount_minor": minor,
        "currency": "USD",
        "provider": "sandbox",
        "reference": payment,
        "status": "initiated",
        "created_at": now,
        "updated_at": now,
    }
    await scenes.world.add(payments, row)
    told = Told(
        id=new_id(),
        account_id=person.account,
        customer_id=person.id,
        reference=payment,
        kind=Kind.SETTLED,
        amount=Money(minor, "USD"),
        at=now,
        source=Source.PROVIDER,
    )
    await scenes.world.store.transact("payment-status", partial(heard, payment=payment, told=told))


async def heard(tx: object, payment: str, told: Told) -> None:
    await hear(tx, payment, told, HARBOR)  # type: ignore[arg-type]


async def closes(scenes: Scenes, person: Person, change: HostChange = HostChange.CLOSED) -> None:
    """The host closed the account."""
    talk = conversation_with(person.id)
    await scenes.world.event(talk, "host_updated", encode({"change": change.value}))
    await scenes.world.turn()


async def takes(scenes: Scenes, person: Person) -> None:
    await scenes.world.event(conversation_with(person.id), "person_took", encode({"agent": "ann"}))
    await scenes.world.turn()


async def undeliverable(scenes: Scenes, person: Person) -> None:
    """The provider says that the customer has opted out there."""
    sent = scenes.provider.sent[-1].attempt_id
    await scenes.world.deliver(receipt(f"id-{sent}", Status.UNDELIVERED, reason=Reason.OPTED_OUT))


async def operator(scenes: Scenes, person: Person) -> None:
    await scenes.world.store.transact(
        "sequences", lambda tx: stop(tx, "harbor", "gentle", [person.account])
    )


EVENTS: list[tuple[Event, str]] = [
    (writes, "said"),
    (partial(writes, text="STOP"), "opt_out"),
    (pays, "payment"),
    (closes, "closed"),
    (partial(closes, change=HostChange.RECALLED), "recalled"),
    (takes, "handoff"),
    (undeliverable, "opt_out"),
    (operator, "operator"),
]
NAMES = ["said", "stop", "payment", "closed", "recalled", "person", "provider", "operator"]


@pytest.fixture
async def person(scenes: Scenes) -> Person:
    """Somebody whose first step went out, and whose second is due now."""
    person = await scenes.person()
    await scenes.begin(person)
    await scenes.step()
    scenes.world.clock.forward(3 * 24 * HOUR)
    return person


async def stopped(scenes: Scenes, reason: str) -> None:
    run = await scenes.run()
    assert (run.state, run.reason, run.next_at) == ("stopped", reason, None)
    (told,) = await scenes.world.told("sequence.stopped")
    assert (told[1]["reason"], told[1]["run_id"]) == (reason, run.id)


@pytest.mark.parametrize(("event", "reason"), EVENTS, ids=NAMES)
async def test_before_the_step_is_taken(
    scenes: Scenes, person: Person, event: Event, reason: str
) -> None:
    await event(scenes, person)
    await stopped(scenes, reason)
    await scenes.loop.run()
    assert len(await scenes.world.rows(inbox, kind="campaign")) == 1


@pytest.mark.parametrize(("event", "reason"), EVENTS, ids=NAMES)
async def test_between_the_step_and_its_turn(
    scenes: Scenes, person: Person, event: Event, reason: str
) -> None:
    await scenes.loop.run()
    await event(scenes, person)
    await stopped(scenes, reason)
    await scenes.days(9, hours=6)
    assert SENDS[1] not in await scenes.said()
    assert SENDS[2] not in await scenes.said()
    assert await scenes.world.rows(inbox, kind="campaign", consumed_at=None) == []


@pytest.mark.parametrize(("event", "reason"), EVENTS, ids=NAMES)
async def test_between_the_turn_and_the_sending(
    scenes: Scenes, person: Person, event: Event, reason: str
) -> None:
    await scenes.loop.run()
    await scenes.world.turn()
    await event(scenes, person)
    await stopped(scenes, reason)
    (row,) = await scenes.world.rows(outbound, response=SENDS[1])
    assert row.status == "cancelled"
    await scenes.days(9, hours=6)
    assert SENDS[1] not in await scenes.said()


async def test_what_is_being_sent_is_past_stopping(scenes: Scenes, person: Person) -> None:
    await scenes.step()
    await writes(scenes, person)
    await stopped(scenes, "said")
    assert await scenes.said() == list(SENDS[:2])


async def test_after_the_last_step_it_can_still_be_ended(scenes: Scenes) -> None:
    """Its message waits for the morning, and the customer pays in the night."""
    await scenes.use(replace(GENTLE, steps=GENTLE.steps[:1]))
    person = await scenes.person()
    scenes.world.clock.forward(10 * HOUR)
    await scenes.begin(person)
    await scenes.step()
    await pays(scenes, person)
    await stopped(scenes, "payment")
    await scenes.days(2)
    assert await scenes.said() == ["utter_payment_thanks"]


async def test_a_promise_and_a_hand_off_in_a_reply(scenes: Scenes, person: Person) -> None:
    """Where a pack lets replies pass, what they lead to still ends it."""
    await scenes.use(replace(GENTLE, exits=ALWAYS | {Exit.PROMISE}))
    other = await scenes.person("C-2", "+12125550143")
    await scenes.begin(other)
    await scenes.step()
    promise = meant("promise_to_pay", Money(10_000, "USD"), date(2026, 11, 30))
    scenes.world.reader.known = {"promise": promise, "yes": meant("affirm")}
    await scenes.world.hear(text_from(other.phone, "promise"))
    (run,) = await scenes.world.rows(sequence_runs, customer_id=other.id)
    assert run.state == "running"
    await scenes.world.hear(text_from(other.phone, "yes"))
    (run,) = await scenes.world.rows(sequence_runs, customer_id=other.id)
    assert (run.state, run.reason) == ("stopped", "promise")


@pytest.mark.parametrize(
    ("intent", "reason"), [("dispute", "dispute"), ("attorney_represented", "hold")]
)
async def test_a_hold_in_a_reply_ends_it_whatever_the_pack_says(
    scenes: Scenes, intent: str, reason: str
) -> None:
    await scenes.use(replace(GENTLE, exits=ALWAYS))
    person = await scenes.person()
    await scenes.begin(person)
    await scenes.step()
    scenes.world.reader.known = {"x": meant(intent)}
    await scenes.world.hear(text_from(person.phone, "x"))
    await stopped(scenes, reason)


async def test_an_opt_out_of_a_shared_phone_ends_the_runs_of_all_who_have_it(
    scenes: Scenes,
) -> None:
    one, two = await scenes.person("C-1"), await scenes.person("C-2")
    await scenes.begin(one, two)
    await writes(scenes, one, "STOP")
    runs = await scenes.world.rows(sequence_runs)
    assert {(run.state, run.reason) for run in runs} == {("stopped", "opt_out")}


async def test_a_payment_ends_only_what_is_about_its_account(
    scenes: Scenes, person: Person
) -> None:
    """Of two accounts of one customer."""
    talk = conversation_with(person.id)
    paid = Ending(Exit.PAYMENT, talk, new_id())
    await scenes.world.store.transact("x", lambda tx: end(tx, paid))
    assert (await scenes.run()).state == "running"
    closed = Ending(Exit.PAYMENT, talk, person.account)
    await scenes.world.store.transact("x", lambda tx: end(tx, closed))
    await stopped(scenes, "payment")


async def test_a_pack_may_narrow_what_ends_it(scenes: Scenes) -> None:
    narrow: Sequence = replace(GENTLE, exits=ALWAYS)
    await scenes.use(narrow)
    person = await scenes.person()
    await scenes.begin(person)
    await scenes.step()
    await writes(scenes, person, "thanks")
    await pays(scenes, person)
    assert (await scenes.run()).state == "running"
    await writes(scenes, person, "STOP")
    await stopped(scenes, "opt_out")


async def test_a_conversation_that_is_set_aside_ends_it(scenes: Scenes, person: Person) -> None:
    await scenes.world.event(conversation_with(person.id), "unheard_of", None)
    for _ in range(3):
        await scenes.world.turn()
        scenes.world.clock.forward(300)
    await stopped(scenes, "handoff")


async def test_an_ending_that_is_rolled_back_ends_nothing(scenes: Scenes, person: Person) -> None:
    class Crash(Exception):
        pass

    async def work(tx: object) -> None:
        await end(tx, Ending(Exit.SAID, conversation_with(person.id)))  # type: ignore[arg-type]
        raise Crash

    with pytest.raises(Crash):
        await scenes.world.store.transact("x", work)
    assert (await scenes.run()).state == "running"
    await scenes.step()
    assert await scenes.said() == list(SENDS[:2])
