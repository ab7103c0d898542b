"""Money that goes back: once each, with the amounts, the promise and the record moved along."""

import asyncio
from zoneinfo import ZoneInfo

import pytest

from domain.events import PaymentReturned
from domain.values import Money
from gateway.clock import DAY, SECOND
from gateway.pipeline.events import events_of
from gateway.portal.payments import Effect
from gateway.storage import decode
from gateway.storage.tables import accounts, handoffs, inbox, movements, promises
from payment_links.providers import RETURNED, PaymentState
from tests.ledger.desk import Desk
from tests.portal.people import NOW, events, rows_of, told

SETTLED, REFUNDED, REVERSED, CHARGED_BACK = (
    PaymentState.SETTLED,
    PaymentState.REFUNDED,
    PaymentState.REVERSED,
    PaymentState.CHARGED_BACK,
)
HOUR = 3600 * SECOND


@pytest.mark.parametrize("state", sorted(RETURNED))
async def test_all_of_it_goes_back(desk: Desk, state: PaymentState) -> None:
    person = await desk.person()
    payment = await desk.lead(person)
    await desk.says(payment, SETTLED)
    assert await desk.figures(person.account_id) == (12_345, 5_000)
    assert await desk.says(payment, state, return_id="x1") is Effect.APPLIED
    assert await desk.payment(payment) == (state.value, 0)
    assert await desk.figures(person.account_id) == (12_345, 0)
    (said,) = [more for kind, more in await events(desk.store, f"payment.{state.value}")]
    assert said["payment_id"] == payment
    assert (said["amount_minor"], said["net_minor"], said["balance_minor"]) == (5_000, 0, 12_345)
    assert said["return_id"] == "x1"


async def test_fifty_tellings_of_one_refund_are_one(desk: Desk) -> None:
    person = await desk.person()
    payment = await desk.lead(person)
    await desk.says(payment, SETTLED)
    found = await asyncio.gather(
        *(desk.says(payment, REFUNDED, 1_000, return_id="x1") for _ in range(50))
    )
    assert sorted(found) == [Effect.APPLIED] + [Effect.KNOWN] * 49
    assert await desk.payment(payment) == ("settled", 4_000)
    assert await desk.figures(person.account_id) == (12_345, 4_000)
    kinds = [kind for kind, _ in await told(desk.store)]
    assert kinds == ["payment_made", "payment_returned"]


async def test_parts_add_up_until_nothing_is_left(desk: Desk) -> None:
    person = await desk.person()
    payment = await desk.lead(person)
    await desk.says(payment, SETTLED)
    for number, net in ((1, 4_000), (2, 3_000)):
        await desk.says(payment, REFUNDED, 1_000, return_id=f"x{number}")
        assert await desk.payment(payment) == ("settled", net)
    await desk.says(payment, CHARGED_BACK, 3_000, return_id="x3")
    assert await desk.payment(payment) == ("charged_back", 0)
    assert await rows_of(desk.store, handoffs) == []


async def test_more_than_came_in_goes_to_a_person_once(desk: Desk) -> None:
    person = await desk.person()
    payment = await desk.lead(person)
    await desk.says(payment, SETTLED)
    for number in range(3):
        await desk.says(payment, REVERSED, 4_000, return_id=f"x{number}")
    assert await desk.payment(payment) == ("reversed", 0)
    assert await desk.figures(person.account_id) == (12_345, 0)
    (handoff,) = await rows_of(desk.store, handoffs)
    assert (handoff.reason, handoff.conversation_id) == ("payment_doubt", person.conversation_id)
    asked = [more["doubt"] for _, more in await events(desk.store, "handoff.requested")]
    assert asked == ["returned_too_much"]


async def test_what_went_back_before_it_was_known_to_come_in(desk: Desk) -> None:
    """The notices come the wrong way round: nobody is thanked for money that is gone."""
    person = await desk.person()
    payment = await desk.lead(person)
    await desk.says(payment, REVERSED, return_id="x1", at=NOW - HOUR)
    assert await desk.payment(payment) == ("initiated", 0)
    await desk.says(payment, SETTLED, at=NOW - 2 * HOUR)
    assert await desk.payment(payment) == ("reversed", 0)
    assert await desk.figures(person.account_id) == (12_345, 0)
    assert await told(desk.store) == []
    kinds = [kind for kind, _ in await events(desk.store)]
    assert kinds == ["payment.initiated", "payment.reversed", "handoff.requested",
                     "payment.settled"]  # fmt: skip


async def test_money_in_another_currency_does_not_go_back(desk: Desk) -> None:
    person = await desk.person()
    payment = await desk.lead(person)
    await desk.says(payment, SETTLED)
    said = await desk.says(payment, REFUNDED, 100, return_id="x1", currency="USD")
    assert said is Effect.MISMATCH
    assert await desk.payment(payment) == ("settled", 5_000)
    assert len(await rows_of(desk.store, movements)) == 2


async def test_it_is_owed_again_although_the_host_has_counted_it(desk: Desk) -> None:
    person = await desk.person()
    payment = await desk.lead(person)
    await desk.says(payment, SETTLED, at=NOW - 3 * HOUR)
    await desk.figure(person.account_id, 7_345, NOW - 2 * HOUR)
    assert await desk.figures(person.account_id) == (7_345, 0)
    await desk.says(payment, CHARGED_BACK, return_id="x1")
    assert await desk.figures(person.account_id) == (7_345, -5_000)
    ((_, said),) = await events(desk.store, "payment.charged_back")
    assert said["balance_minor"] == 12_345
    await desk.figure(person.account_id, 12_345, NOW + SECOND)
    assert await desk.figures(person.account_id) == (12_345, 0)


# A promise of 50.00 by Friday 27 November; its grace ends with Monday the 30th.
async def test_a_kept_promise_opens_again_and_is_judged_again(desk: Desk) -> None:
    person = await desk.person()
    promise = await desk.promise(person, 5_000, "2026-11-27")
    payment = await desk.lead(person)
    await desk.says(payment, SETTLED)
    assert await desk.promised(promise) == ("kept", 5_000)
    await desk.says(payment, REVERSED, return_id="x1")
    assert await desk.promised(promise) == ("pending", 0)
    assert (await desk.row(promises, promise)).version == 3
    (settled,) = await desk.tick(8 * DAY)
    assert decode(settled.payload)["kept"] is False
    assert await desk.promised(promise) == ("broken", 0)
    kinds = [kind for kind, _ in await events(desk.store) if kind.startswith("promise.")]
    assert kinds == ["promise.kept", "promise.reopened", "promise.broken"]


async def test_a_part_that_goes_back_leaves_a_part(desk: Desk) -> None:
    person = await desk.person()
    promise = await desk.promise(person, 5_000, "2026-11-27")
    payment = await desk.lead(person)
    await desk.says(payment, SETTLED)
    await desk.says(payment, REFUNDED, 2_000, return_id="x1")
    assert await desk.promised(promise) == ("part_kept", 3_000)
    again = await desk.lead(person, 2_000)
    await desk.says(again, SETTLED, 2_000)
    assert await desk.promised(promise) == ("kept", 5_000)
    assert await desk.tick(8 * DAY) == []
    kinds = [kind for kind, _ in await events(desk.store) if kind.startswith("promise.")]
    assert kinds == ["promise.kept", "promise.part_kept", "promise.kept"]


async def test_after_its_grace_it_is_broken_at_once(desk: Desk) -> None:
    person = await desk.person()
    promise = await desk.promise(person, 5_000, "2026-11-27")
    payment = await desk.lead(person)
    await desk.says(payment, SETTLED)
    await desk.tick(20 * DAY)
    await desk.says(payment, CHARGED_BACK, return_id="x1")
    assert await desk.promised(promise) == ("broken", 0)
    assert await desk.tick(DAY) == []


async def test_what_cleared_in_time_and_is_heard_of_late_keeps_it(desk: Desk) -> None:
    person = await desk.person()
    promise = await desk.promise(person, 5_000, "2026-11-27")
    payment = await desk.lead(person)
    await desk.tick(20 * DAY)
    assert await desk.promised(promise) == ("broken", 0)
    await desk.says(payment, SETTLED, at=NOW + DAY)
    assert await desk.promised(promise) == ("kept", 5_000)


async def test_what_was_judged_by_old_rules_stays_when_the_client_changes_them(desk: Desk) -> None:
    person = await desk.person()
    promise = await desk.promise(person, 5_000, "2026-11-27")
    first = await desk.lead(person, 4_900)
    await desk.says(first, SETTLED, 4_900)
    await desk.tick(20 * DAY)
    assert await desk.promised(promise) == ("broken", 4_900)
    desk.configure(promise={"tolerance_percent": 90})
    second = await desk.lead(person, 100)
    await desk.says(second, SETTLED, 100)
    assert await desk.promised(promise) == ("broken", 4_900)


async def test_a_dialog_gets_it_typed(desk: Desk) -> None:
    person = await desk.person()
    payment = await desk.lead(person)
    await desk.says(payment, SETTLED)
    await desk.says(payment, REFUNDED, 1_500, return_id="x1")
    rows = [row for row in await rows_of(desk.store, inbox) if row.kind == "payment_returned"]
    (event,) = events_of(rows, ZoneInfo("Europe/London"))
    assert isinstance(event, PaymentReturned)
    assert (event.payment_id, event.how) == (payment, "refunded")
    assert (event.amount, event.balance) == (Money(1_500, "GBP"), Money(8_845, "GBP"))
    assert (await rows_of(desk.store, accounts))[0].paid_minor == 3_500
