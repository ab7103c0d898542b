"""Texts that a carrier reports as not delivered: sent again a few times, and never twice."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.contract import SendError
from domain.messages import Reason, Receipt, Status, Trouble
from gateway.clock import SECOND
from gateway.pipeline.retries import LATER, TRIES, pause
from gateway.storage import decode
from gateway.storage.tables import addresses, attempts, inbox, outbound, receipts
from tests.pipeline.test_receipts import answer, under_way
from tests.pipeline.world import PHONE, World, receipt, text_from

DAY = 86_400
"""Seconds: longer than any pause, and as good an hour."""
LOST = [Status.UNDELIVERED, Status.FAILED]


async def sent(world: World, **more: object) -> str:
    """A message that the provider has taken; its id."""
    person = await world.place()
    message = await world.queue(await world.talk(person), person, **more)
    await world.send()
    return message


async def last(world: World) -> str:
    """The attempt made last."""
    rows = await world.rows(attempts)
    return str(max(rows, key=lambda row: row.number).id)


def lost(attempt: str, status: Status = Status.UNDELIVERED, **more: object) -> Receipt:
    """A temporary failure of what `World.send` has sent in this attempt."""
    return receipt(f"id-{attempt}", status, Reason.TEMPORARY, "later", attempt_id=attempt, **more)


@pytest.mark.parametrize("status", LOST)
async def test_it_goes_again_after_a_while_and_no_sooner(world: World, status: Status) -> None:
    await sent(world)
    first = await last(world)
    await world.deliver(lost(first, status))
    row = await world.one(outbound)
    assert (row.status, row.sent_at) == ("queued", None)
    assert row.due_at == world.clock.now + LATER[0] * SECOND
    assert await world.send() == 0
    world.clock.forward(LATER[0])
    assert await world.send() == 1
    second = await last(world)
    await world.deliver(receipt(f"id-{second}", attempt_id=second))
    assert (await world.one(outbound)).status == "delivered"
    assert [row.outcome for row in await world.rows(attempts)] == ["lost", "accepted"]
    assert await world.rows(inbox) == [], "the dialog hears of failures that are final"
    ((_, told),) = await world.told("message.deferred")
    assert (told["rule"], told["reason"], told["message_id"]) == ("delivery", "temporary", row.id)


async def test_the_tries_end(world: World) -> None:
    await sent(world)
    for _ in range(TRIES):
        assert (await world.one(outbound)).status == "sent"
        await world.deliver(lost(await last(world)))
        world.clock.forward(DAY)
        await world.send()
    row = await world.one(outbound)
    assert (row.status, row.reason, row.tries) == ("undelivered", "temporary", TRIES)
    assert len(world.provider.sent) == TRIES
    assert (await world.one(inbox)).kind == "send_failed"
    assert (await world.one(addresses)).invalid_at is None


async def test_refusals_and_lost_ones_share_the_tries(world: World) -> None:
    busy = SendError(Reason.TEMPORARY, "later")
    world.provider.script.extend([busy] * (TRIES - 1))
    await sent(world)
    for _ in range(TRIES):
        world.clock.forward(DAY)
        await world.send()
    assert (await world.one(outbound)).status == "sent"
    await world.deliver(lost(await last(world)))
    assert (await world.one(outbound)).status == "undelivered"


async def test_it_waits_as_long_as_the_carrier_says(world: World) -> None:
    await sent(world)
    trouble = Trouble(Reason.TEMPORARY, "later", after=40_000)
    attempt = await last(world)
    given = receipt("x", Status.FAILED, attempt_id=attempt, trouble=trouble, code="30023")
    await world.deliver(given)
    assert (await world.one(outbound)).due_at == world.clock.now + 40_000 * SECOND


@pytest.mark.parametrize("tries", range(1, 8))
@pytest.mark.parametrize("after", [None, 0, 7, 10**6])
def test_a_pause_is_never_shorter_than_it_was_asked_for(tries: int, after: float | None) -> None:
    found = pause(tries, after, LATER)
    assert found >= (after or 0) * SECOND
    assert found >= LATER[0] * SECOND


async def test_the_gate_is_asked_again(world: World) -> None:
    await sent(world)
    await world.deliver(lost(await last(world)))
    key = {"client": "harbor", "channel": "sms", "address": PHONE}
    row = key | {"invalid_at": world.clock.now}
    await world.store.transact("change", lambda tx: tx.update(addresses, [row], key=tuple(key)))
    world.clock.forward(LATER[0])
    await world.send()
    assert (await world.one(outbound)).status == "suppressed"
    assert len(world.provider.sent) == 1


async def test_a_stop_meanwhile_ends_the_tries(world: World) -> None:
    await sent(world)
    await world.deliver(lost(await last(world)))
    await world.receive(text_from(text="STOP"))
    assert (await world.one(outbound)).status == "cancelled"
    world.clock.forward(LATER[0])
    assert await world.send() == 0


async def test_what_the_conversation_has_gone_on_from_is_not_repeated(world: World) -> None:
    person = await world.place()
    talk = await world.talk(person)
    await world.queue(talk, person)
    await world.send()
    attempt = await last(world)
    await world.queue(talk, person, text="And one more. Reply STOP to opt out.")
    await world.deliver(lost(attempt))
    assert [row.status for row in await world.rows(outbound)] == ["undelivered", "queued"]
    assert (await world.one(inbox)).kind == "send_failed"


async def test_a_late_confirmation_of_an_opt_out_is_none(world: World) -> None:
    message = await sent(world)
    await world.change(outbound, id=message, category="confirmation")
    await world.deliver(lost(await last(world)))
    assert (await world.one(outbound)).status == "undelivered"


@pytest.mark.parametrize("again", [False, True], ids=["before_it_goes", "after_it_went"])
async def test_one_that_arrived_after_all_is_not_sent_again(world: World, again: bool) -> None:
    await sent(world)
    first = await last(world)
    await world.deliver(lost(first))
    world.clock.forward(LATER[0])
    if again:
        await world.send()
    await world.deliver(receipt(f"id-{first}", attempt_id=first))
    row = await world.one(outbound)
    assert (row.status, row.sent_at is not None) == ("delivered", True)
    await world.send()
    assert len(world.provider.sent) == 1 + again


@pytest.mark.parametrize("late", [Status.SENDING, Status.SENT, Status.FAILED, Status.UNDELIVERED])
async def test_a_lost_attempts_other_receipts_change_nothing(world: World, late: Status) -> None:
    await sent(world)
    first = await last(world)
    await world.deliver(lost(first, Status.UNDELIVERED), lost(first, late))
    await world.deliver(lost(first, Status.UNDELIVERED), lost(first, late))
    assert (await world.one(outbound)).status == "queued"
    world.clock.forward(LATER[0])
    await world.send()
    await world.deliver(lost(first, Status.FAILED))
    assert (await world.one(outbound)).status == "sent", "the second attempt is under way"
    assert len(world.provider.sent) == 2


@pytest.mark.parametrize("named", [True, False], ids=["by_attempt", "by_provider_id"])
async def test_one_that_failed_before_its_answer_came(world: World, named: bool) -> None:
    """Both ways round: the receipt proves that the provider had it."""
    person = await world.place()
    await world.queue(await world.talk(person), person)
    attempt = await under_way(world)
    trouble = Trouble(Reason.TEMPORARY, "later")
    told = receipt("id-1", Status.FAILED, trouble=trouble, attempt_id=attempt if named else None)
    await world.deliver(told)
    await answer(world, attempt, "id-1")
    row = await world.one(outbound)
    assert row.status == "queued"
    (kept,) = await world.rows(attempts)
    assert (kept.outcome, kept.provider_id, kept.ended_at is not None) == ("lost", "id-1", True)
    assert row.due_at == world.clock.now + LATER[0] * SECOND


async def test_what_was_called_absent_and_failed_after_all_is_queued_once(world: World) -> None:
    """Its second attempt is under way: the first one's failure must not start a third."""
    busy = SendError(Reason.TEMPORARY, "later")
    world.provider.script.append(busy)
    await sent(world)
    first = await last(world)
    world.clock.forward(60)
    await world.send()
    await world.deliver(lost(first))
    assert (await world.one(outbound)).status == "sent"
    assert len(world.provider.sent) == 1


UNKNOWN = Trouble(Reason.UNKNOWN, "never", known=False)


async def test_an_unknown_code_is_named_and_harms_nobody(world: World, logged: list) -> None:
    await sent(world)
    attempt = await last(world)
    await world.deliver(
        receipt("x", Status.FAILED, attempt_id=attempt, trouble=UNKNOWN, code="39999")
    )
    row, ledger = await world.one(outbound), await world.one(addresses)
    assert (row.status, row.reason) == ("failed", "unknown")
    assert (ledger.opted_out_at, ledger.invalid_at) == (None, None)
    ((_, told),) = await world.told("message.failed")
    assert (told["code"], told["code_unknown"]) == ("39999", True)
    (said,) = [entry for entry in logged if entry["event"] == "send.code_unknown"]
    assert said["code"] == "39999"


async def test_an_unknown_code_of_a_refusal(world: World, logged: list) -> None:
    world.provider.script.append(SendError(Reason.UNKNOWN, "never", code="29999", known=False))
    await sent(world)
    ((_, told),) = await world.told("message.failed")
    assert (told["code"], told["code_unknown"]) == ("29999", True)
    assert [entry["code"] for entry in logged if entry["event"] == "send.code_unknown"] == ["29999"]


@pytest.mark.parametrize("at", ["send", "receipt"])
async def test_a_sender_that_fails_everything_is_told_of(
    world: World, logged: list, at: str
) -> None:
    if at == "send":
        error = SendError(Reason.SENDER, "never", code="21606", pause=True)
        world.provider.script.append(error)
        await sent(world)
    else:
        await sent(world)
        trouble = Trouble(Reason.SENDER, "never", pause=True)
        attempt = await last(world)
        await world.deliver(
            receipt("x", Status.FAILED, attempt_id=attempt, trouble=trouble, code="30034")
        )
    ((_, told),) = await world.told("message.failed")
    assert told["sender_fails"] is True
    (said,) = [entry for entry in logged if entry["event"] == "sender.fails"]
    assert said["sender"] == (await world.one(outbound)).sender


async def test_one_failure_told_of_twice_counts_once_for_its_sender(
    world: World, logged: list
) -> None:
    """A pause by count must not come from one message's two receipts."""
    await sent(world)
    attempt = await last(world)
    trouble = Trouble(Reason.BLOCKED, "never")
    for status in (*LOST, *LOST):
        await world.deliver(receipt("x", status, attempt_id=attempt, trouble=trouble, code="30007"))
    assert len([entry for entry in logged if entry["event"] == "sender.blocked"]) == 1


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    told=st.lists(
        st.sampled_from([Status.SENT, Status.DELIVERED, Status.FAILED, Status.UNDELIVERED]),
        max_size=5,
    ),
    sends=st.lists(st.integers(0, 5), max_size=3),
)
async def test_no_order_of_receipts_sends_more_often_than_it_was_lost(
    world: World, told: list[Status], sends: list[int]
) -> None:
    """Receipts of a message's latest attempt in any order, with sends in between."""
    number = len(await world.rows(outbound))
    person = await world.place(f"P-{number}", phone=f"+1212558{number:04}")
    message = await world.queue(await world.talk(person), person)
    await world.send()
    for place, status in enumerate(told):
        rows = await world.rows(attempts, outbound_id=message)
        latest = max(rows, key=lambda row: row.number).id
        await world.deliver(
            lost(latest, status)
            if status in LOST
            else receipt(f"id-{latest}", status, attempt_id=latest)
        )
        if place in sends:
            world.clock.forward(DAY)
            await world.send()
    rows = await world.rows(attempts, outbound_id=message)
    failed = [row for row in rows if row.outcome == "lost"]
    mine = {row.id for row in rows}
    asked = [one for one in world.provider.sent if one.attempt_id in mine]
    assert len(asked) == len(rows) <= len(failed) + 1
    row = await world.one(outbound, id=message)
    assert (row.status == "queued") is (len(rows) == len(failed) and Status.DELIVERED not in told)
    assert all(decode(r.trouble) for r in await world.rows(receipts, status="failed"))
