"""A payment takes effect once, with all that follows from it, whatever the provider repeats."""

import asyncio
import random
from collections.abc import Sequence

import pytest

from domain.values import Money, Token
from gateway.clients import ClientConfig
from gateway.clock import DAY
from gateway.ids import new_id
from gateway.portal import Site, outcome
from gateway.portal import payments as road
from gateway.portal.payments import Effect
from gateway.portal.visits import find
from gateway.storage import Store, Transaction
from gateway.storage.tables import accounts, payments
from gateway.storage.tables import promises as promises_table
from payment_links.providers import PaymentState, PaymentStatus
from payment_links.tokens import token_hash
from tests.payment_links.fake import FakeProvider
from tests.portal.people import (
    CLIENTS,
    NOW,
    Clock,
    Person,
    both_stores,
    events,
    place,
    promise,
    rows_of,
    told,
)
from tests.portal.visitor import Visitor

SETTLED, AUTHORISED, DECLINED = (
    PaymentState.SETTLED,
    PaymentState.AUTHORISED,
    PaymentState.DECLINED,
)


async def start(store: Store, person: Person, minor: int = 5_000) -> str:
    """A payment that the customer was led to; its reference at the provider."""
    payment_id = new_id()

    async def work(tx: Transaction) -> None:
        visit = await find(tx, token_hash(Token(person.token)))
        assert visit is not None
        amount = Money(minor, visit.row.currency)
        await road.initiate(tx, visit, payment_id, amount, "fake", f"fake-{payment_id}")

    await store.transact("start", work)
    return f"fake-{payment_id}"


async def settle(site: Site, provider: str, said: Sequence[PaymentStatus]) -> list[Effect]:
    return await road.settle(site.store, site.client_config, provider, said)


def status(reference: str, state: PaymentState, minor: int = 5_000) -> PaymentStatus:
    return PaymentStatus(reference, state, Money(minor, "GBP"))


@both_stores
async def test_fifty_notices_at_once_settle_once(store: Store, site: Site) -> None:
    person = await place(store)
    await promise(store, person, 5_000, "2026-11-27")
    reference = await start(store, person)
    said = [status(reference, SETTLED)]
    found = await asyncio.gather(*(settle(site, "fake", said) for _ in range(50)))
    assert sorted(effect for (effect,) in found) == [Effect.APPLIED] + [Effect.KNOWN] * 49
    (account,) = await rows_of(store, accounts)
    assert account.paid_minor == 5_000
    (promised,) = await rows_of(store, promises_table)
    assert (promised.paid_minor, promised.state) == (5_000, "kept")
    assert [kind for kind, _ in await told(store)] == ["payment_made"]
    assert [kind for kind, _ in await events(store)] == [
        "payment.initiated",
        "payment.settled",
        "promise.kept",
    ]


@both_stores
async def test_notices_over_http_and_the_way_back_at_once_settle_once(
    store: Store, visitor: Visitor, fake: FakeProvider, clock: Clock
) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    reference = await start(store, person)
    fake.create_known(reference, Money(5_000, "GBP"))
    fake.become(reference, SETTLED)
    notice = fake.notice(reference, clock.now)

    async def call(number: int) -> int:
        if number % 2:
            payment_id = reference.removeprefix("fake-")
            return (await visitor.get(f"/portal/return/{payment_id}")).status
        headers = dict(notice.headers)
        answer = await visitor.send(
            "POST", "/payments/fake/webhook", headers=headers, data=notice.body
        )
        return answer.status

    statuses = await asyncio.gather(*(call(number) for number in range(50)))
    assert set(statuses) == {204, 303}
    (account,) = await rows_of(store, accounts)
    assert account.paid_minor == 5_000
    assert [kind for kind, _ in await told(store)] == ["link_opened", "payment_made"]


@both_stores
async def test_many_payments_of_one_account_at_once_all_count(store: Store, site: Site) -> None:
    person = await place(store)
    await promise(store, person, 4_000, "2026-11-27")
    references = [await start(store, person, 1_000) for _ in range(12)]
    said = [status(reference, SETTLED, 1_000) for reference in references] * 3
    random.Random(7).shuffle(said)
    await asyncio.gather(*(settle(site, "fake", [one]) for one in said))
    (account,) = await rows_of(store, accounts)
    assert account.paid_minor == 12_000
    balances = [payload["balance_minor"] for _, payload in await events(store, "payment.settled")]
    assert balances == [12_345 - 1_000 * count for count in range(1, 13)]
    promised = [kind for kind, _ in await events(store, "promise.kept", "promise.part_kept")]
    assert promised == ["promise.part_kept"] * 3 + ["promise.kept"]
    made = [payload["balance_minor"] for _, payload in await told(store)]
    assert made == balances


ORDERS = [
    ([AUTHORISED, SETTLED], ["authorised", "settled"]),
    ([SETTLED, AUTHORISED], ["settled"]),
    ([SETTLED, DECLINED], ["settled"]),
    ([DECLINED, SETTLED], ["declined", "settled"]),
    ([DECLINED, DECLINED, AUTHORISED], ["declined"]),
    ([AUTHORISED, DECLINED], ["authorised", "declined"]),
    ([AUTHORISED, AUTHORISED, SETTLED, SETTLED, DECLINED], ["authorised", "settled"]),
]


@pytest.mark.parametrize(("said", "kept"), ORDERS)
async def test_notices_in_any_order(
    store: Store, site: Site, said: list[PaymentState], kept: list[str]
) -> None:
    person = await place(store)
    reference = await start(store, person)
    for state in said:
        await settle(site, "fake", [status(reference, state)])
    kinds = [kind.removeprefix("payment.") for kind, _ in await events(store)]
    assert kinds == ["initiated", *kept]
    (payment,) = await rows_of(store, payments)
    assert payment.status == kept[-1]
    (account,) = await rows_of(store, accounts)
    assert account.paid_minor == (5_000 if "settled" in kept else 0)


async def test_an_unknown_reference_changes_nothing(store: Store, site: Site) -> None:
    await place(store)
    assert await settle(site, "fake", [status("fake-other", SETTLED)]) == [Effect.UNKNOWN]
    assert await events(store) == []


@pytest.mark.parametrize("amount", [Money(4_999, "GBP"), Money(5_000, "USD")])
async def test_another_amount_than_ours_is_not_believed(
    store: Store, site: Site, visitor: Visitor, fake: FakeProvider, clock: Clock, amount: Money
) -> None:
    person = await place(store)
    reference = await start(store, person)
    fake.create_known(reference, amount)
    fake.become(reference, SETTLED)
    notice = fake.notice(reference, clock.now)
    assert await outcome.receive(
        site.store, site.client_config, site.providers["fake"], notice
    ) == [Effect.MISMATCH]
    answer = await visitor.send(
        "POST", "/payments/fake/webhook", headers=dict(notice.headers), data=notice.body
    )
    assert answer.status == 409
    (account,) = await rows_of(store, accounts)
    assert account.paid_minor == 0
    (payment,) = await rows_of(store, payments)
    assert payment.status == "initiated"


async def test_more_than_is_owed_leaves_nothing_owed(store: Store, site: Site) -> None:
    """Two pages at once may each pay the whole balance: what came in is on record."""
    person = await place(store)
    for _ in range(2):
        reference = await start(store, person, 12_345)
        await settle(site, "fake", [status(reference, SETTLED, 12_345)])
    assert [payload["balance_minor"] for _, payload in await told(store)] == [0, 0]
    (account,) = await rows_of(store, accounts)
    assert account.paid_minor == 24_690


PROMISES = [
    # promised, due, already paid, state -> state, paid, version; 50.00 are paid
    (5_000, "2026-11-27", 0, "pending", "kept", 5_000, 2),
    (4_000, "2026-11-27", 0, "pending", "kept", 5_000, 2),
    (6_000, "2026-11-27", 0, "pending", "part_kept", 5_000, 1),
    (6_000, "2026-11-27", 1_000, "pending", "kept", 6_000, 2),
    (9_000, "2026-11-27", 1_000, "pending", "part_kept", 6_000, 1),
    (5_000, "2026-11-24", 0, "pending", "kept", 5_000, 2),
    (5_000, "2026-11-21", 0, "pending", "kept", 5_000, 2),  # the last day of grace
    (5_000, "2026-11-20", 0, "pending", "pending", 0, 1),  # a day too late
    (5_000, "2026-11-20", 0, "broken", "broken", 0, 1),
    (5_000, "2026-11-27", 0, "cancelled", "cancelled", 0, 1),
    (5_000, "2026-11-27", 0, "superseded", "superseded", 0, 1),
    (5_000, "2026-11-27", 5_000, "pending", "kept", 10_000, 2),
]


@pytest.mark.parametrize(
    ("due_minor", "due", "before", "state", "then", "paid", "version"), PROMISES
)
async def test_what_a_payment_does_to_a_promise(
    store: Store,
    site: Site,
    due_minor: int,
    due: str,
    before: int,
    state: str,
    then: str,
    paid: int,
    version: int,
) -> None:
    person = await place(store)
    ended = {"ended_as": state, "ended_at": NOW - 1} if state in ("cancelled", "superseded") else {}
    await promise(store, person, due_minor, due, state=state, created_at=NOW - 2, **ended)
    if before:
        first = await start(store, person, before)
        await settle(site, "fake", [status(first, SETTLED, before)])
    told_before = await events(store, "promise.kept", "promise.part_kept")
    kept_before = [kind for kind, _ in told_before] == ["promise.kept"]
    await settle(site, "fake", [status(await start(store, person), SETTLED)])
    (row,) = await rows_of(store, promises_table)
    assert (row.state, row.paid_minor, row.version) == (then, paid, version)
    said = (await events(store, "promise.kept", "promise.part_kept"))[len(told_before) :]
    assert [kind for kind, _ in said] == ([f"promise.{then}"] if paid and not kept_before else [])


async def test_the_day_is_the_customers_own(store: Store, site: Site, clock: Clock) -> None:
    """At 15:00 UTC it is already the next day on Kiritimati: the grace has run out there."""
    for zone, state in (("Pacific/Kiritimati", "pending"), ("Pacific/Honolulu", "kept")):
        person = await place(store, timezone=zone)
        made = await promise(store, person, 5_000, "2026-11-21")
        await settle(site, "fake", [status(await start(store, person), SETTLED)])
        rows = {row.id: row for row in await rows_of(store, promises_table)}
        assert rows[made].state == state, zone


@pytest.mark.parametrize(("promised", "state"), [(5_263, "kept"), (5_264, "part_kept")])
async def test_the_clients_tolerance_keeps_a_promise(
    store: Store, site: Site, monkeypatch: pytest.MonkeyPatch, promised: int, state: str
) -> None:
    """50.00 are 95 % of 52.63 (49.9985, so 50.00), and not of 52.64 (50.008, so 50.01)."""
    water = CLIENTS["water"].model_dump() | {"promise": {"tolerance_percent": 95}}
    monkeypatch.setitem(CLIENTS, "water", ClientConfig.model_validate(water))
    person = await place(store)
    await promise(store, person, promised, "2026-11-27")
    await settle(site, "fake", [status(await start(store, person), SETTLED)])
    (row,) = await rows_of(store, promises_table)
    assert (row.state, row.paid_minor) == (state, 5_000)


async def test_another_accounts_promise_is_left_alone(store: Store, site: Site) -> None:
    person, neighbour = await place(store), await place(store)
    await promise(store, neighbour, 5_000, "2026-11-27")
    await settle(site, "fake", [status(await start(store, person), SETTLED)])
    (row,) = await rows_of(store, promises_table)
    assert row.state == "pending"


async def test_a_failure_on_the_way_leaves_nothing_behind(store: Store, site: Site) -> None:
    person = await place(store)
    reference = await start(store, person)
    before = await events(store)

    async def fails(tx: Transaction) -> None:
        await road.apply_status(tx, "fake", status(reference, SETTLED), site.client_config)
        raise RuntimeError("the process dies here")

    with pytest.raises(RuntimeError):
        await store.transact("fails", fails)
    assert await events(store) == before
    assert await told(store) == []
    assert await settle(site, "fake", [status(reference, SETTLED)]) == [Effect.APPLIED]


async def test_a_notice_wakes_the_turn(store: Store, site: Site) -> None:
    woken: list[frozenset[str]] = []
    store.on_wake(woken.append)
    person = await place(store)
    reference = await start(store, person)
    woken.clear()
    await settle(site, "fake", [status(reference, SETTLED)])
    assert woken == [frozenset({"turn", "activity"})]


async def test_what_no_one_signed_is_refused(
    store: Store, visitor: Visitor, fake: FakeProvider, clock: Clock
) -> None:
    person = await place(store)
    reference = await start(store, person)
    fake.create_known(reference, Money(5_000, "GBP"))
    fake.become(reference, SETTLED)
    body = fake.notice(reference, clock.now).body
    for path, headers, expected in (
        ("/payments/fake/webhook", {}, 403),
        ("/payments/fake/webhook", {"Fake-Signature": "x"}, 403),
        ("/payments/sandbox/webhook", {"Fake-Signature": "fake"}, 403),
        ("/payments/other/webhook", {"Fake-Signature": "fake"}, 404),
    ):
        answer = await visitor.send("POST", path, headers=headers, data=body)
        assert answer.status == expected
    bad = await visitor.send(
        "POST", "/payments/fake/webhook", headers={"Fake-Signature": "fake"}, data=b"\xff{"
    )
    assert bad.status == 400
    (account,) = await rows_of(store, accounts)
    assert account.paid_minor == 0


async def test_a_day_later_a_late_notice_still_settles(
    store: Store, site: Site, clock: Clock
) -> None:
    person = await place(store)
    reference = await start(store, person)
    clock.now += 30 * DAY
    assert await settle(site, "fake", [status(reference, SETTLED)]) == [Effect.APPLIED]
