"""Payments that hosts and people report: counted once, mended, spread, doubted."""

import asyncio
from typing import Any

import pytest

from domain.values import Money
from gateway.clock import DAY, SECOND
from gateway.ledger.movements import Source
from gateway.ledger.reports import LONGEST, Unreportable
from gateway.ledger.shown import account_ledger
from gateway.portal.payments import Effect
from gateway.storage.tables import conversations, customers, handoffs, inbox, movements, payments
from payment_links.providers import PaymentState
from tests.ledger.desk import Desk
from tests.portal.people import CLIENTS, NOW, Person, change, events, rows_of, told

SETTLED = PaymentState.SETTLED
HOUR = 3600 * SECOND


async def ref_of(desk: Desk, person: Person) -> str:
    return await desk.account_ref(person.account_id)


async def test_a_cheque_counts_keeps_a_promise_and_is_told(desk: Desk) -> None:
    person = await desk.person()
    promise = await desk.promise(person, 5_000, "2026-11-27")
    desk.clock.now += HOUR
    taken = await desk.report(await ref_of(desk, person), "CHQ 17", 5_000, at=NOW + 1)
    assert (taken.news, taken.left, taken.payment.net) == (
        True, Money(7_345, "GBP"), Money(5_000, "GBP"),
    )  # fmt: skip
    assert await desk.figures(person.account_id) == (12_345, 5_000)
    assert await desk.payment(taken.payment_id) == ("host_reported", 5_000)
    assert await desk.promised(promise) == ("kept", 5_000)
    (row,) = await rows_of(desk.store, payments)
    assert (row.provider, row.cleared_at) == ("host", NOW + 1)
    ((_, said),) = await events(desk.store, "payment.settled")
    assert said["reference"] == "CHQ 17"
    assert [kind for kind, _ in await told(desk.store)] == ["timer", "payment_made"]


@pytest.mark.parametrize("by", ["id", "reference"])
async def test_our_own_payment_reported_by_the_host_counts_once(desk: Desk, by: str) -> None:
    person = await desk.person()
    ref = await ref_of(desk, person)
    first, second = await desk.lead(person), await desk.lead(person)
    name = {payment: payment if by == "id" else f"fake-{payment}" for payment in (first, second)}
    await desk.says(first, SETTLED)
    await desk.report(ref, name[first], 5_000)
    await desk.report(ref, name[second], 5_000)
    assert await desk.says(second, SETTLED) is Effect.APPLIED
    assert [await desk.payment(each) for each in (first, second)] == [("settled", 5_000)] * 2
    assert await desk.figures(person.account_id) == (12_345, 10_000)
    assert len(await events(desk.store, "payment.settled")) == 2
    assert len(await told(desk.store)) == 2
    assert await rows_of(desk.store, handoffs) == []


async def test_many_reports_of_one_payment_at_once_count_once(desk: Desk) -> None:
    person = await desk.person()
    ref = await ref_of(desk, person)
    taken = await asyncio.gather(*(desk.report(ref, "R1", 1_000) for _ in range(20)))
    assert sum(one.news for one in taken) == 1
    assert len({one.payment_id for one in taken}) == 1
    assert await desk.figures(person.account_id) == (12_345, 1_000)
    assert len(await rows_of(desk.store, movements)) == 1


async def test_two_clients_of_one_reference_have_two_payments(desk: Desk) -> None:
    person, other = await desk.person(), await desk.person(client="agency")
    await desk.report(await ref_of(desk, person), "R1", 1_000)
    ref = await ref_of(desk, other)
    with pytest.raises(Unreportable, match="client water has no account"):
        await desk.report(ref, "R1", 1_000)
    desk.config = CLIENTS["agency"]
    taken = await desk.report(ref, "R1", 2_000, currency="USD")
    assert taken.news
    assert await desk.figures(person.account_id) == (12_345, 1_000)
    assert await desk.figures(other.account_id) == (12_345, 2_000)
    with pytest.raises(Unreportable, match="client agency has no account"):
        await desk.report(await ref_of(desk, person), "R1", 1_000)


async def test_later_word_of_the_host_mends_its_earlier(desk: Desk) -> None:
    person = await desk.person()
    ref = await ref_of(desk, person)
    for minor in (5_000, 4_500, 5_000, 4_500):
        await desk.report(ref, "R1", minor, at=NOW - HOUR)
        assert await desk.figures(person.account_id) == (12_345, minor)
    said = [more for _, more in await events(desk.store, "payment.settled")]
    assert [more["amount_minor"] for more in said] == [5_000, 4_500, 5_000, 4_500]
    assert [more.get("amended", False) for more in said] == [False, True, True, True]
    assert len(await told(desk.store)) == 1
    assert await rows_of(desk.store, handoffs) == []


async def test_a_report_with_an_id_is_taken_once_whenever_it_is_repeated(desk: Desk) -> None:
    person = await desk.person()
    ref = await ref_of(desk, person)
    for number, minor, news in ((1, 5_000, True), (2, 4_500, True), (1, 5_000, False)):
        taken = await desk.report(ref, "R1", minor, at=NOW - HOUR, id=f"n{number}")
        assert taken.news is news
    assert await desk.figures(person.account_id) == (12_345, 4_500)


async def test_two_amounts_of_one_payment_go_to_a_person_once(desk: Desk) -> None:
    """The provider says 50.00, the host 45.00: the less counts until somebody has looked."""
    person = await desk.person()
    ref = await ref_of(desk, person)
    payment = await desk.lead(person)
    await desk.says(payment, SETTLED)
    for _ in range(3):
        taken = await desk.report(ref, payment, 4_500)
    assert [doubt.value for doubt in taken.payment.doubts] == ["amount"]
    assert await desk.figures(person.account_id) == (12_345, 4_500)
    (handoff,) = await rows_of(desk.store, handoffs)
    assert handoff.reason == "payment_doubt"
    # a provider's late notice still finds the amount that was asked for
    assert await desk.says(payment, PaymentState.REFUNDED, 500, return_id="x") is Effect.APPLIED


async def test_the_host_books_it_on_another_account(desk: Desk) -> None:
    person = await desk.person()
    other = await desk.another_account(person, "B")
    payment = await desk.lead(person)
    await desk.says(payment, SETTLED)
    await desk.report("B", payment, 5_000)
    assert await desk.figures(person.account_id) == (12_345, 0)
    assert await desk.figures(other) == (10_000, 5_000)
    assert (await desk.row(payments, payment)).account_id == other
    asked = [more["doubt"] for _, more in await events(desk.store, "handoff.requested")]
    assert asked == ["account"]
    await desk.says(payment, PaymentState.REVERSED, return_id="x")
    assert await desk.figures(other) == (10_000, 0)


async def test_who_has_no_conversation_still_has_a_ledger(desk: Desk) -> None:
    person = await desk.person()
    await change(desk.store, conversations, id=person.conversation_id, customer_id=None)
    await desk.report(await ref_of(desk, person), "R1", 1_000)
    assert await rows_of(desk.store, inbox) == []
    assert await desk.figures(person.account_id) == (12_345, 1_000)


async def test_a_person_may_say_so(desk: Desk) -> None:
    person = await desk.person()
    await desk.report(await ref_of(desk, person), "R1", 1_000, source=Source.PERSON)
    (row,) = await rows_of(desk.store, movements)
    assert (row.source, row.kind) == ("person", "host_reported")


BAD = [
    ({"reference": ""}, "reference"),
    ({"reference": " R"}, "blanks at its ends"),
    ({"reference": "R\t1"}, "printable"),
    ({"reference": "R\x00"}, "printable"),
    ({"reference": "R" * (LONGEST + 1)}, f"1 to {LONGEST}"),
    ({"minor": 0}, "more than 0"),
    ({"minor": -1}, "more than 0"),
    ({"currency": "USD"}, "is in GBP"),
    ({"at": NOW + DAY}, "lies in the future"),
    ({"account": "nobody's"}, 'has no account "nobody\'s"'),
]


@pytest.mark.parametrize(("given", "message"), BAD)
async def test_what_is_wrong_is_named_and_nothing_is_taken(
    desk: Desk, given: dict[str, Any], message: str
) -> None:
    person = await desk.person()
    said = {"account": await ref_of(desk, person), "reference": "R1", "minor": 100} | given
    account, reference, minor = said.pop("account"), said.pop("reference"), said.pop("minor")
    with pytest.raises(Unreportable, match=message):
        await desk.report(account, reference, minor, **said)
    assert await rows_of(desk.store, payments) == []
    assert await rows_of(desk.store, movements) == []


# Three debts: A 123.45 due 5 January, B 100.00 due 1 January with arrears of 10.00, C 20.00 due
# 3 January with arrears of 5.00.
SPREADS = [
    ("oldest_first", 11_000, {"B": 10_000, "C": 1_000}),
    ("smallest_first", 11_000, {"C": 2_000, "B": 9_000}),
    # arrears: B 10.00 and C 5.00; then B's other 90.00; 5.00 are left for C
    ("arrears_first", 11_000, {"B": 10_000, "C": 1_000}),
    ("arrears_first", 1_200, {"B": 1_000, "C": 200}),
    ("as_named", 11_000, {"A": 11_000}),
    ("as_named", 13_000, {"A": 12_345, "B": 655}),
    # all 243.45 and 6.55 more, which go with the first
    ("oldest_first", 25_000, {"B": 10_655, "C": 2_000, "A": 12_345}),
]


async def three(desk: Desk) -> tuple[Person, dict[str, str]]:
    person = await desk.person(ref="A")
    ids = {"A": person.account_id}
    when = {"due_date": "2026-01-01", "arrears_minor": 1_000, "created_at": NOW + 1}
    ids["B"] = await desk.another_account(person, "B", **when)
    when = {"due_date": "2026-01-03", "arrears_minor": 500, "created_at": NOW + 2}
    ids["C"] = await desk.another_account(person, "C", balance_minor=2_000, **when)
    return person, ids


async def owed(desk: Desk, ids: dict[str, str]) -> dict[str, int]:
    figures = {ref: (await desk.figures(account))[1] for ref, account in ids.items()}
    return {ref: paid for ref, paid in figures.items() if paid}


@pytest.mark.parametrize(("order", "minor", "parts"), SPREADS)
async def test_a_customers_payment_is_spread_by_the_clients_order(
    desk: Desk, order: str, minor: int, parts: dict[str, int]
) -> None:
    desk.configure(allocation=order)
    person, ids = await three(desk)
    await change(desk.store, customers, id=person.customer_id, ref="C-1")
    taken = await desk.report_for(person, "R1", minor)
    assert [(one.account_ref, one.payment.net.minor) for one in taken] == list(parts.items())
    assert await owed(desk, ids) == parts
    again = await desk.report_for(person, "R1", minor)
    assert not any(one.news for one in again)
    assert await owed(desk, ids) == parts


async def test_a_payment_that_was_spread_is_not_mended_in_passing(desk: Desk) -> None:
    person, ids = await three(desk)
    await desk.report_for(person, "R1", 11_000)
    before = await owed(desk, ids)
    with pytest.raises(Unreportable, match=r"spread over 2 accounts as 110\.00 GBP"):
        await desk.report_for(person, "R1", 12_000)
    with pytest.raises(Unreportable, match="a reference of its own"):
        await desk.report("A", "R1", 11_000)
    assert await owed(desk, ids) == before


async def test_a_customers_payment_that_is_ours_stays_where_it_was_made(desk: Desk) -> None:
    person, ids = await three(desk)
    payment = await desk.lead(person)
    (taken,) = await desk.report_for(person, payment, 5_000)
    assert (taken.account_ref, taken.payment_id) == ("A", payment)
    assert await owed(desk, ids) == {"A": 5_000}
    stranger = await desk.person()
    with pytest.raises(Unreportable, match="another customer"):
        await desk.report_for(stranger, payment, 5_000)


async def test_spreads_at_once_never_pay_a_debt_twice(desk: Desk) -> None:
    """Ten of 20.00 for debts of 243.45 in all: each goes where some is left."""
    person, ids = await three(desk)
    await asyncio.gather(*(desk.report_for(person, f"R{n}", 2_000) for n in range(10)))
    assert await owed(desk, ids) == {"B": 10_000, "C": 2_000, "A": 8_000}


async def test_what_nobody_owes_is_credit_on_the_first_account(desk: Desk) -> None:
    person, ids = await three(desk)
    await desk.report_for(person, "R1", 24_345)
    await desk.report_for(person, "R2", 100)
    assert sum((await owed(desk, ids)).values()) == 24_445
    with pytest.raises(Unreportable, match="owes nothing in USD"):
        await desk.report_for(person, "R3", 100, currency="USD")


async def test_the_ledger_of_an_account(desk: Desk) -> None:
    person = await desk.person(ref="A")
    await desk.promise(person, 2_000, "2026-11-27")
    payment = await desk.lead(person)
    await desk.says(payment, SETTLED, at=NOW - HOUR)
    await desk.figure(person.account_id, 7_345, NOW - 1)
    await desk.report("A", "CHQ", 1_000)
    await desk.says(payment, PaymentState.REFUNDED, 500, return_id="x")
    found = await desk.store.read(lambda tx: account_ledger(tx, "water", "A"))
    assert found["balance"] == {
        "host": "73.45",
        "as_of": "2026-11-24T14:59:59.999999Z",
        "paid_since": "10.00",
        "returned_since": "5.00",
        "left": "68.45",
        "credit": "0.00",
    }
    ours, cheque = found["payments"]
    assert (ours["payment_id"], ours["state"], ours["net"]) == (payment, "settled", "45.00")
    assert ours["returned"] == [{"amount": "5.00", "at": "2026-11-24T15:00:00Z"}]
    assert [each["kind"] for each in ours["heard"]] == ["intent", "settled", "refunded"]
    assert (cheque["references"], cheque["state"]) == (["CHQ"], "host_reported")
    assert [each["state"] for each in found["promises"]] == ["part_kept"]
    assert await desk.store.read(lambda tx: account_ledger(tx, "water", "B")) is None
    assert await desk.store.read(lambda tx: account_ledger(tx, "agency", "A")) is None


# a figure of the host and a payment of 50.00, in every order of happening and of being heard
FIGURES = [
    # hour of clearing, hour of the figure, the figure first?, what is known since
    (1, 2, False, 0),
    (1, 2, True, 0),  # the late notice of a payment that the host has counted
    (2, 1, False, 5_000),
    (2, 1, True, 5_000),
    (2, 2, True, 0),
]


@pytest.mark.parametrize(("cleared", "read", "figure_first", "since"), FIGURES)
async def test_what_was_paid_before_the_hosts_figure_is_in_it(
    desk: Desk, cleared: int, read: int, figure_first: bool, since: int
) -> None:
    person = await desk.person()
    payment = await desk.lead(person)
    start = NOW - 5 * HOUR
    steps = [
        lambda: desk.figure(person.account_id, 9_000, start + read * HOUR),
        lambda: desk.says(payment, SETTLED, at=start + cleared * HOUR),
    ]
    for step in steps if figure_first else steps[::-1]:
        await step()
    assert await desk.figures(person.account_id) == (9_000, since)


async def test_an_older_figure_that_comes_late_is_no_news(desk: Desk) -> None:
    person = await desk.person()
    await desk.figure(person.account_id, 7_000, NOW - HOUR)
    payment = await desk.lead(person)
    await desk.says(payment, SETTLED, at=NOW - 2 * HOUR)
    await desk.figure(person.account_id, 12_000, NOW - 3 * HOUR)
    assert await desk.figures(person.account_id) == (7_000, 0)


async def test_a_host_whose_clock_runs_ahead_does_not_swallow_payments(desk: Desk) -> None:
    person = await desk.person()
    await desk.figure(person.account_id, 12_000, NOW + 60 * SECOND)
    desk.clock.now += SECOND
    payment = await desk.lead(person)
    await desk.says(payment, SETTLED)
    assert await desk.figures(person.account_id) == (12_000, 5_000)


async def test_figures_and_payments_at_once_lose_nothing(desk: Desk) -> None:
    person = await desk.person()
    made = [await desk.lead(person, 100) for _ in range(10)]
    for n in range(3):
        desk.clock.now += 10
        await asyncio.gather(
            desk.figure(person.account_id, 12_000, NOW - HOUR + n),
            *(desk.says(one, SETTLED, 100) for one in made),
        )
    assert await desk.figures(person.account_id) == (12_000, 1_000)
