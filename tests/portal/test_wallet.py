"""Saving methods, removing them, and agreeing that a plan is taken from one: on pages."""

from collections.abc import Callable
from datetime import date

import pytest

from domain.business_days import Calendar
from domain.plan import Asked, Offered, PlanRules, propose
from domain.values import Money
from gateway.clients import ClientConfig
from gateway.clients.payments import PaymentsPart
from gateway.ids import new_id
from gateway.portal import Site
from gateway.portal.sandbox import deliver, sandbox_of
from gateway.storage import Store, encode
from gateway.storage.charging_tables import dues, mandates, wallet_methods, wallet_setups
from gateway.storage.tables import accounts, payments, plans
from gateway.wallet.saving import sweep
from payment_links.sandbox import LATE
from tests.payment_links.fake import FakeProvider
from tests.portal.people import (
    Clock,
    Person,
    both_stores,
    events,
    paid_elsewhere,
    place,
    rows_of,
    told,
)
from tests.portal.visitor import Answer, Visitor

GOOD, SECOND = "4242424242424242", "4000000000000341"


async def add(visitor: Visitor, person: Person, card: str = GOOD, **form: str) -> Answer:
    """Through the sandbox's page, and back to the wallet."""
    checkout = await do(visitor, person, "add")
    left = await visitor.post(checkout.location, {"card": card, **form})
    if left.status != 303:
        return left
    back = await visitor.get(left.location)
    return await visitor.get(back.location)


async def do(visitor: Visitor, person: Person, what: str, **fields: str) -> Answer:
    wallet = (await visitor.get(f"{person.path}/wallet")).page
    form = {"csrf": wallet.hidden()["csrf"], "do": what, "form": new_id()} | fields
    return await visitor.post(f"{person.path}/wallet", form)


@both_stores
async def test_a_card_is_added_preferred_and_removed(store: Store, visitor: Visitor) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    assert "You have saved no card" in (await visitor.get(f"{person.path}/wallet")).page.text
    assert "ending 4242 (used first)" in (await add(visitor, person)).page.text
    await add(visitor, person, SECOND)
    first, second = sorted(await rows_of(store, wallet_methods), key=lambda row: row.added_at)
    assert first.owner == second.owner
    await do(visitor, person, "prefer", method=second.id)
    assert "ending 0341 (used first)" in (await visitor.get(f"{person.path}/wallet")).page.text
    await do(visitor, person, "remove", method=second.id)
    page = (await visitor.get(f"{person.path}/wallet")).page.text
    assert "ending 4242 (used first)" in page
    assert "0341" not in page
    record = await events(store, "wallet.method_added", "wallet.method_removed")
    assert [kind.partition("_")[2] for kind, _ in record] == ["added", "added", "removed"]
    assert {payload["last4"] for _, payload in record} == {"4242", "0341"}
    assert "sbxm_" not in str(record)


async def test_a_card_that_is_declined_is_not_saved(store: Store, visitor: Visitor) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    answer = await add(visitor, person, "4000000000000002")
    assert answer.status == 422
    assert await rows_of(store, wallet_methods) == []
    assert "You have saved no card" in (await add(visitor, person, leave="1")).page.text
    assert {row.state for row in await rows_of(store, wallet_setups)} == {"open", "abandoned"}


async def test_an_answer_that_nobody_came_back_for_is_fetched(
    store: Store, visitor: Visitor, site: Site, clock: Clock
) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    checkout = await do(visitor, person, "add")
    await visitor.post(checkout.location, {"card": GOOD, "telling": "never"})
    assert await rows_of(store, wallet_methods) == []
    assert await sweep(store, site.providers) == 0
    clock.now += 121_000_000
    assert await sweep(store, site.providers) == 1
    assert len(await rows_of(store, wallet_methods)) == 1
    clock.now += 3600_000_000
    assert await sweep(store, site.providers) == 0


async def test_a_notice_is_only_a_reason_to_look(
    store: Store, visitor: Visitor, site: Site
) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    checkout = await do(visitor, person, "add")
    await visitor.post(checkout.location, {"card": GOOD})  # the notice comes at once
    assert await rows_of(store, wallet_methods) == []
    assert await sweep(store, site.providers) == 1
    (row,) = await rows_of(store, wallet_methods)
    assert (row.last4, row.is_default) == ("4242", 1)


@paid_elsewhere
async def test_a_provider_that_fails_is_asked_again_and_not_for_ever(
    store: Store, visitor: Visitor, site: Site, fake: FakeProvider, clock: Clock
) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    await do(visitor, person, "add")
    fake.failing = True
    for _ in range(60):
        clock.now += 7 * 3600_000_000
        await sweep(store, site.providers)
    (row,) = await rows_of(store, wallet_setups)
    assert (row.state, row.look_at, row.looks) == ("open", None, 40)


@paid_elsewhere
async def test_a_removed_card_is_forgotten_at_the_provider_in_the_end(
    store: Store, visitor: Visitor, site: Site, fake: FakeProvider, clock: Clock
) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    await do(visitor, person, "add")
    (setup,) = await rows_of(store, wallet_setups)
    fake.save(setup.reference)
    await visitor.get(f"/portal/saved/{setup.id}")
    (row,) = await rows_of(store, wallet_methods)
    fake.failing = True
    await do(visitor, person, "remove", method=row.id)
    await sweep(store, site.providers)
    assert fake.forgotten == set()
    fake.failing = False
    clock.now += 3600_000_000
    await sweep(store, site.providers)
    assert fake.forgotten == {row.token}


async def test_nobody_comes_near_another_s_wallet(
    store: Store, visitor: Visitor, other: Visitor
) -> None:
    mine, theirs = await place(store), await place(store)
    await visitor.sign_in(mine)
    await add(visitor, mine)
    (row,) = await rows_of(store, wallet_methods)
    (setup,) = await rows_of(store, wallet_setups)
    await other.sign_in(theirs)
    for what in ("remove", "prefer"):
        assert (await do(other, theirs, what, method=row.id)).status == 422
    assert (await other.get(f"/portal/saved/{setup.id}")).status == 404
    assert (await other.get(f"{mine.path}/wallet")).status == 303
    (now,) = await rows_of(store, wallet_methods)
    assert (now.removed_at, now.is_default) == (None, 1)


@pytest.mark.parametrize(
    "form",
    [
        {"do": "remove", "method": "x"},
        {"do": "agree", "plan": "x", "method": "y"},
        {"do": "odd"},
        {},
        {"do": "withdraw", "plan": "' OR 1"},
    ],
)
async def test_forms_of_nobody_are_refused(
    store: Store, visitor: Visitor, form: dict[str, str]
) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    assert (await visitor.post(f"{person.path}/wallet", form)).status == 403
    token = (await visitor.get(f"{person.path}/wallet")).page.hidden()["csrf"]
    assert (await visitor.post(f"{person.path}/wallet", form | {"csrf": token})).status == 422


@pytest.mark.parametrize("path", ["x", "%00", "00000000-0000-0000-0000-000000000000"])
async def test_no_page_is_behind_a_way_back_of_nobody(visitor: Visitor, path: str) -> None:
    assert (await visitor.get(f"/portal/saved/{path}")).status == 404


# a plan


@pytest.fixture
def site(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Where plans are taken."""

    def charging(client: str, inner: Callable[[str], ClientConfig]) -> ClientConfig:
        config = inner(client)
        part = PaymentsPart.model_validate({"provider": config.payments.provider, "charging": {}})
        return config.model_copy(update={"payments": part})

    inner = site.client_config
    object.__setattr__(site, "client_config", lambda client: charging(client, inner))
    return site


async def a_plan(store: Store, person: Person) -> str:
    wish = Asked(None, None, 3, date(2026, 12, 1))
    found = propose(
        Money(12_345, "GBP"), PlanRules(), wish, date(2026, 11, 24), Calendar.named("GB")
    )
    assert isinstance(found, Offered)
    row = {
        "id": new_id(),
        "client": person.client,
        "customer_id": person.customer_id,
        "account_id": person.account_id,
        "conversation_id": person.conversation_id,
        "schedule": encode(found.schedules[0]),
        "currency": "GBP",
        "state": "active",
        "created_at": store.clock(),
        "updated_at": store.clock(),
    }
    await store.transact("plan", lambda tx: tx.insert(plans, [row]))
    return str(row["id"])


@both_stores
async def test_a_plan_is_agreed_to_be_taken_and_withdrawn(store: Store, visitor: Visitor) -> None:
    person = await place(store)
    plan = await a_plan(store, person)
    await visitor.sign_in(person)
    await add(visitor, person)
    page = (await visitor.get(f"{person.path}/wallet")).page
    assert "I agree that Brand of water takes these payments" in page.text
    assert "£41.15 on 1 December 2026" in page.text
    given = {name: page.hidden()[name] for name in ("method", "plan", "mark")}
    assert (await do(visitor, person, "agree", **given | {"mark": "0" * 64})).status == 422
    assert await rows_of(store, mandates) == []
    for _ in range(2):  # the form is sent twice
        assert (await do(visitor, person, "agree", **given)).status == 303
    (row,) = await rows_of(store, mandates)
    assert "£41.15 on 1 December 2026" in row.text
    assert (row.plan_id, row.text_version, row.language, row.link_id) == (
        plan,
        "1",
        "en",
        person.link_id,
    )
    assert [due.state for due in await rows_of(store, dues)] == ["open"] * 3
    ((_, agreed),) = await events(store, "plan.mandate_agreed")
    assert agreed["instalments"][0]["due_date"] == "2026-12-01"
    assert "Stop taking them" in (await visitor.get(f"{person.path}/wallet")).page.text
    await do(visitor, person, "withdraw", plan=plan)
    assert {due.state for due in await rows_of(store, dues)} == {"ended"}
    ((_, ended),) = await events(store, "plan.mandate_ended")
    assert ended["reason"] == "withdrawn"


async def test_a_plan_goes_with_its_card_and_to_another(store: Store, visitor: Visitor) -> None:
    person = await place(store)
    await a_plan(store, person)
    await visitor.sign_in(person)
    await add(visitor, person)
    for card in ("", SECOND):
        if card:
            await add(visitor, person, card)
            rows = await rows_of(store, wallet_methods)
            second = next(row.id for row in rows if row.last4 == "0341")
            await do(visitor, person, "prefer", method=second)
        page = (await visitor.get(f"{person.path}/wallet")).page
        given = {name: page.hidden()[name] for name in ("method", "plan", "mark")}
        await do(visitor, person, "agree", **given)
    assert [row.ended_as for row in await rows_of(store, mandates)] == ["replaced", None]
    await do(visitor, person, "remove", method=given["method"])
    assert [row.ended_as for row in await rows_of(store, mandates)] == [
        "replaced",
        "method_removed",
    ]
    assert {due.state for due in await rows_of(store, dues)} == {"ended"}


async def test_nobody_agrees_for_another(store: Store, visitor: Visitor, other: Visitor) -> None:
    mine, theirs = await place(store), await place(store)
    plan = await a_plan(store, mine)
    await visitor.sign_in(mine)
    await add(visitor, mine)
    page = (await visitor.get(f"{mine.path}/wallet")).page
    given = {name: page.hidden()[name] for name in ("method", "plan", "mark")}
    await other.sign_in(theirs)
    assert (await do(other, theirs, "agree", **given)).status == 422
    await do(visitor, mine, "agree", **given)
    await do(other, theirs, "withdraw", plan=plan)
    assert [row.ended_as for row in await rows_of(store, mandates)] == [None]


# the sandbox's pages


@pytest.mark.parametrize(
    ("telling", "at_once", "later"),
    [("now", "settled", "settled"), ("late", "initiated", "settled"),
     ("twice", "settled", "settled"), ("never", "initiated", "initiated")],
)  # fmt: skip
async def test_the_sandbox_tells_when_it_was_asked_to(
    store: Store, visitor: Visitor, site: Site, clock: Clock, telling: str, at_once: str, later: str
) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    checkout = await visitor.start_payment(person, choice="full")
    await visitor.post(checkout.location, {"card": GOOD, "telling": telling})
    (row,) = await rows_of(store, payments)
    assert row.status == at_once
    clock.now += LATE
    sandbox = sandbox_of(site)
    assert sandbox is not None
    await deliver(store, site.client_config, sandbox)
    (row,) = await rows_of(store, payments)
    assert row.status == later
    assert len(await events(store, "payment.settled")) == (later == "settled")


async def test_a_page_that_is_left_is_abandoned_and_the_customer_hears_of_it(
    store: Store, visitor: Visitor
) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    checkout = await visitor.start_payment(person, choice="full")
    left = await visitor.post(checkout.location, {"leave": "1"})
    result = await visitor.get((await visitor.get(left.location)).location)
    assert "you have not been charged" in result.page.text
    assert [kind for kind, _ in await told(store)] == ["link_opened", "payment_abandoned"]
    (row,) = await rows_of(store, accounts)
    assert row.paid_minor == 0


async def test_nobody_hears_of_a_page_that_was_left_for_another(
    store: Store, visitor: Visitor, clock: Clock
) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    first = await visitor.start_payment(person, choice="full")
    clock.now += 1
    second = await visitor.start_payment(person, choice="other", amount="10")
    await visitor.post(first.location, {"leave": "1"})
    await visitor.post(second.location, {"card": GOOD})
    assert [kind for kind, _ in await told(store)] == ["link_opened", "payment_made"]


async def test_an_odd_telling_is_refused(store: Store, visitor: Visitor) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    checkout = await visitor.start_payment(person, choice="full")
    answer = await visitor.post(checkout.location, {"card": GOOD, "telling": "loud"})
    assert answer.status == 422
