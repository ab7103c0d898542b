"""From the link to the receipt, as a customer goes it."""

import pytest

from gateway.storage import Store
from gateway.storage.tables import accounts, links, payments
from gateway.storage.tables import promises as promises_table
from payment_links.providers import PaymentState
from tests.payment_links.fake import FakeProvider
from tests.portal.people import (
    Clock,
    both_stores,
    change,
    events,
    paid_elsewhere,
    place,
    promise,
    rows_of,
    told,
)
from tests.portal.visitor import Visitor

GOOD, DECLINED = "4242 4242 4242 4242", "4000 0000 0000 0002"


@both_stores
async def test_from_the_link_to_the_receipt(store: Store, visitor: Visitor) -> None:
    person = await place(store)
    kept = await promise(store, person, 5_000, "2026-11-27")

    landing = await visitor.get(person.path)
    assert landing.status == 200
    account = await visitor.sign_in(person)
    assert "£123.45" in account.text
    assert "Original Creditor plc" in account.text
    assert "£50.00 by 27 November 2026" in account.text

    checkout = await visitor.start_payment(person, choice="other", amount="50")
    assert checkout.status == 303
    assert "£50.00" in (await visitor.get(checkout.location)).page.text
    paid = await visitor.post(checkout.location, {"card": GOOD})
    back = await visitor.get(paid.location)
    result = await visitor.get(back.location)
    assert "Payment received" in result.page.text
    assert "£73.45" in result.page.text

    (payment,) = await rows_of(store, payments)
    assert (payment.status, payment.amount_minor) == ("settled", 5_000)
    assert payment.id in result.page.text
    (row,) = await rows_of(store, accounts)
    assert (row.balance_minor, row.paid_minor) == (12_345, 5_000)
    (promised,) = await rows_of(store, promises_table)
    assert (promised.id, promised.state, promised.paid_minor) == (kept, "kept", 5_000)
    assert promised.version == 2
    money = {"payment_id": payment.id, "amount_minor": 5_000, "currency": "GBP"}
    assert await told(store) == [
        ("link_opened", {"link_id": person.link_id}),
        ("payment_made", money | {"balance_minor": 7_345}),
    ]
    assert [kind for kind, _ in await events(store)] == [
        "link.clicked",
        "portal.visited",
        "portal.verified",
        "payment.initiated",
        "payment.authorised",
        "payment.settled",
        "promise.kept",
    ]


@both_stores
async def test_a_declined_card_then_a_good_one_on_the_same_page(
    store: Store, visitor: Visitor
) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    form = await visitor.pay_form(person, choice="full")
    checkout = await visitor.post(f"{person.path}/account", form)
    declined = await visitor.post(checkout.location, {"card": DECLINED})
    result = await visitor.get((await visitor.get(declined.location)).location)
    assert "Payment declined" in result.page.text
    assert [kind for kind, _ in await told(store)] == ["link_opened", "payment_declined"]
    (row,) = await rows_of(store, accounts)
    assert row.paid_minor == 0

    again = await visitor.post(f"{person.path}/account", form)  # back, and the same form again
    assert again.location == checkout.location
    paid = await visitor.post(again.location, {"card": GOOD})
    result = await visitor.get((await visitor.get(paid.location)).location)
    assert "Payment received" in result.page.text
    assert "£0.00" in result.page.text
    assert len(await rows_of(store, payments)) == 1

    third = await visitor.post(f"{person.path}/account", form)  # once more, from the history
    assert third.status == 422  # the balance it was made for is gone
    assert "nothing to pay" in (await visitor.get(f"{person.path}/account")).page.text


async def test_a_form_sent_again_after_it_was_paid_leads_to_its_receipt(
    store: Store, visitor: Visitor
) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    form = await visitor.pay_form(person, choice="other", amount="10")
    checkout = await visitor.post(f"{person.path}/account", form)
    await visitor.post(checkout.location, {"card": GOOD})
    again = await visitor.post(f"{person.path}/account", form)
    assert again.location.startswith(f"{person.path}/result?payment=")
    (row,) = await rows_of(store, accounts)
    assert row.paid_minor == 1_000


async def test_leaving_the_provider_without_paying(store: Store, visitor: Visitor) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    checkout = await visitor.start_payment(person, choice="full")
    sandbox = (await visitor.get(checkout.location)).page
    back = next(a["href"] for a in sandbox.all("a") if "/portal/return/" in str(a["href"]))
    assert back is not None
    result = await visitor.get(
        (await visitor.get(back.removeprefix("https://pay.example"))).location
    )
    assert "Payment not finished" in result.page.text
    assert [kind for kind, _ in await told(store)] == ["link_opened"]


@paid_elsewhere
async def test_a_lost_notice_is_made_good_by_the_way_back(
    store: Store, visitor: Visitor, fake: FakeProvider
) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    checkout = await visitor.start_payment(person, choice="full")
    assert checkout.headers["Location"].startswith("https://pay.fake.example/")
    (payment,) = await rows_of(store, payments)
    fake.become(payment.reference, PaymentState.SETTLED)
    back = await visitor.get(f"/portal/return/{payment.id}")
    assert "Payment received" in (await visitor.get(back.location)).page.text


@paid_elsewhere
async def test_a_provider_that_fails_takes_no_payment(
    store: Store, visitor: Visitor, fake: FakeProvider
) -> None:
    fake.failing = True
    person = await place(store)
    await visitor.sign_in(person)
    answer = await visitor.start_payment(person, choice="full")
    assert answer.status == 502
    assert "You have not been charged" in answer.page.text
    assert await rows_of(store, payments) == []


FORMS = [
    ({}, "Choose how much"),
    ({"choice": "half"}, "Choose how much"),
    ({"choice": "other"}, "Enter an amount"),
    ({"choice": "other", "amount": "0"}, "more than 0"),
    ({"choice": "other", "amount": "-1"}, "more than 0"),
    ({"choice": "other", "amount": "123.46"}, "£123.45 or less"),
    ({"choice": "other", "amount": "ten"}, "must be a number"),
    ({"choice": "other", "amount": "1.001"}, "decimal places"),
    ({"choice": "full", "shown": "1"}, "balance has changed"),
]


@pytest.mark.parametrize(("fields", "said"), FORMS)
async def test_a_wrong_pay_form_says_what_is_wrong_and_where(
    store: Store, visitor: Visitor, fields: dict[str, str], said: str
) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    answer = await visitor.start_payment(person, **fields)
    assert answer.status == 422
    page = answer.page
    assert said in page.text
    assert "There is a problem" in page.text
    targets = [str(a["href"])[1:] for a in page.all("a") if str(a["href"]).startswith("#")]
    assert set(targets) - {"main"}
    assert set(targets) <= set(page.ids)
    assert await rows_of(store, payments) == []


async def test_the_balance_changed_between_the_page_and_the_form(
    store: Store, visitor: Visitor
) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    form = await visitor.pay_form(person, choice="full")

    await change(store, accounts, id=person.account_id, balance_minor=20_000)
    answer = await visitor.post(f"{person.path}/account", form)
    assert answer.status == 422
    assert "£200.00" in answer.page.text


@both_stores
async def test_signing_out_ends_the_session_for_good(store: Store, visitor: Visitor) -> None:
    person = await place(store)
    page = await visitor.sign_in(person)
    stolen = dict(visitor.cookies)
    left = await visitor.post(f"{person.path}/logout", {"csrf": page.hidden()["csrf"]})
    assert (left.status, left.location) == (303, person.path)
    assert visitor.cookies == {}
    visitor.cookies = stolen
    assert (await visitor.get(f"{person.path}/account")).location == person.path
    assert [kind for kind, _ in await events(store, "portal.logged_out")] == ["portal.logged_out"]


async def test_an_american_page_speaks_american(store: Store, visitor: Visitor) -> None:
    person = await place(store, "agency", postcode="10001-1234")
    landing = (await visitor.get(person.path)).page
    assert "ZIP code" in landing.text
    fields = [i["id"] for i in landing.all("input") if i["id"] in ("day", "month", "year")]
    assert fields == ["month", "day", "year"]
    answer = await visitor.prove(person, postcode="10001")
    assert "$123.45" in (await visitor.get(answer.location)).page.text


@both_stores
async def test_the_first_human_post_is_the_click_and_only_that(
    store: Store, visitor: Visitor
) -> None:
    person = await place(store)
    await visitor.get(person.path)
    (link,) = await rows_of(store, links)
    assert link.clicked_at is None
    await visitor.prove(person, postcode="N1 1AA")
    await visitor.prove(person)
    (link,) = await rows_of(store, links)
    assert link.clicked_at == store.clock()
    clicks = await events(store, "link.clicked", "portal.visited")
    assert [kind for kind, _ in clicks] == ["link.clicked", "portal.visited"]


@both_stores
async def test_a_charge_back_played_on_the_sandboxes_page(
    store: Store, visitor: Visitor, clock: Clock
) -> None:
    person = await place(store)
    kept = await promise(store, person, 5_000, "2026-11-27")
    await visitor.sign_in(person)
    checkout = await visitor.start_payment(person, choice="other", amount="50")
    assert "Charge back" not in (await visitor.get(checkout.location)).page.text
    paid = await visitor.post(checkout.location, {"card": GOOD})
    result = await visitor.get((await visitor.get(paid.location)).location)
    back = f"{checkout.location}/back"
    for form in ({"how": "settled"}, {"how": "refunded", "minor": "5001"}, {"minor": "x"}, {}):
        assert (await visitor.post(back, form)).status == 422
    await visitor.post(back, {"how": "refunded", "minor": "2000"})
    (promised,) = await rows_of(store, promises_table)
    assert (promised.id, promised.state, promised.paid_minor) == (kept, "part_kept", 3_000)
    clock.now += 1  # of one instant, either may be the last
    await visitor.post(back, {"how": "charged_back"})
    (row,) = await rows_of(store, accounts)
    assert row.paid_minor == 0
    (promised,) = await rows_of(store, promises_table)
    assert (promised.state, promised.paid_minor) == ("pending", 0)
    (payment,) = await rows_of(store, payments)
    assert (payment.status, payment.net_minor) == ("charged_back", 0)
    assert "Payment received" in result.page.text
    again = await visitor.get(f"{person.path}/result?payment={payment.id}")
    assert "Payment returned" in again.page.text
    assert "£123.45" in again.page.text
