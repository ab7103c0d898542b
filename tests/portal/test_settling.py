"""Settlements agreed on the portal: in writing, within the grid, and never telling the floor."""

from dataclasses import replace

import msgspec
import pytest

from domain.settlement import Terms
from domain.values import Money
from gateway.clients.rules import SettlementPart
from gateway.portal import Site
from gateway.portal.payments import settle
from gateway.storage import Store
from gateway.storage.tables import accounts, holds, payments, settlement_offers, settlements
from payment_links.providers import PaymentState, PaymentStatus
from tests.portal.conftest import paid_by_fake
from tests.portal.people import Person, change, events, place, rows_of, told, with_parts
from tests.portal.test_plan import radios
from tests.portal.test_telling import walk
from tests.portal.visitor import Answer, Visitor

GRID = SettlementPart.model_validate(
    {
        "grid": [{"discount_percent": 20, "floor_percent": 60}],
        "ways": [{"count": 3, "less_percent": 5}],
    }
)


@pytest.fixture
def site(site: Site) -> Site:
    """With settlements by rule."""

    def config_of(client: str) -> object:
        return with_parts(paid_by_fake(client), settlement=GRID)

    return replace(site, client_config=config_of)  # type: ignore[arg-type]


async def answer(visitor: Visitor, person: Person, step: str, form: dict[str, str]) -> Answer:
    path = f"{person.path}/settlement/{step}"
    return await visitor.post(path, (await visitor.get(path)).page.hidden() | form)


async def test_the_open_offer_is_put_in_writing_and_agreed(store: Store, visitor: Visitor) -> None:
    person = await place(store, balance_minor=100_000)
    await visitor.sign_in(person)
    offer = (await visitor.get(f"{person.path}/settlement")).page
    assert "We take £800.00 as full payment of £1,000.00" in offer.text
    assert offer.faults == []
    _, in_parts, own = radios(offer)
    assert own == "own"
    page = await walk(visitor, person, "settlement", {"way": in_parts})
    (row,) = await rows_of(store, settlements)
    terms = msgspec.json.decode(row.terms, type=Terms)
    assert (terms.amount.minor, len(terms.instalments)) == (85_000, 3)
    assert page.text.count("£") == 3
    ((_, accepted),) = await events(store, "settlement.accepted")
    assert (accepted["amount"], accepted["balance"]) == ("850.00", "1000.00")
    ((_, done),) = [each for each in await told(store) if each[0] == "portal_done"]
    assert (done["step"], done["due_date"]) == ("settled", terms.instalments[0].due.isoformat())
    account = (await visitor.get(f"{person.path}/account")).page
    for gone in ("Settle for less", "Pay in parts", "Promise to pay"):
        assert gone not in account.text  # an agreement is being paid


async def test_a_settlement_that_is_paid_is_the_end_of_it(
    site: Site, store: Store, visitor: Visitor
) -> None:
    person = await place(store, balance_minor=100_000)
    await visitor.sign_in(person)
    at_once, *_ = radios((await visitor.get(f"{person.path}/settlement")).page)
    await walk(visitor, person, "settlement", {"way": at_once})
    assert [row.kind for row in await rows_of(store, holds)] == ["promise"]
    checkout = await visitor.start_payment(person, choice="other", amount="800")
    payment = next(iter(await rows_of(store, payments)))
    status = PaymentStatus(payment.reference, PaymentState.SETTLED, Money(80_000, "GBP"))
    assert checkout.status == 303
    for _ in range(2):
        await settle(store, site.client_config, payment.provider, [status])
    assert len(await events(store, "settlement.completed")) == 1
    assert {row.kind for row in await rows_of(store, holds)} == {"promise", "paid"}


async def test_the_open_offer_is_on_record_once_and_holds(store: Store, visitor: Visitor) -> None:
    person = await place(store, balance_minor=100_000)
    await visitor.sign_in(person)
    for _ in range(3):
        await visitor.get(f"{person.path}/settlement")
    (row,) = await rows_of(store, settlement_offers)
    assert (row.kind, row.amount_minor, row.expires) == ("shown", 80_000, "2026-12-08")


async def test_own_offers_are_judged_and_do_not_tell_the_floor(
    store: Store, visitor: Visitor
) -> None:
    person = await place(store, balance_minor=100_000)
    await visitor.sign_in(person)
    pages = []
    for amount in ("100", "400", "590"):
        assert (await answer(visitor, person, "own", {"amount": amount})).status == 303
        pages.append((await visitor.get(f"{person.path}/settlement/answer")).page.text)
    for text in pages:
        assert "£800.00 in one payment" in text
        assert "600" not in text
    last = await answer(visitor, person, "own", {"amount": "700"})
    assert last.location.endswith("/person")  # as many as are judged were made
    said = [row for row in await rows_of(store, settlement_offers) if row.kind == "said"]
    assert len(said) == 4
    assert len(await events(store, "settlement.offer_received")) == 4


async def test_an_own_offer_that_is_enough_is_agreed(store: Store, visitor: Visitor) -> None:
    person = await place(store, balance_minor=100_000)
    await visitor.sign_in(person)
    await answer(visitor, person, "own", {"amount": "700"})
    there = (await visitor.get(f"{person.path}/settlement/answer")).page
    assert "We can agree on that" in there.text
    await answer(visitor, person, "answer", {"mark": radios(there)[0]})
    assert (await answer(visitor, person, "check", {})).location.endswith("/done")
    (row,) = await rows_of(store, settlements)
    assert msgspec.json.decode(row.terms, type=Terms).amount.minor == 70_000


async def test_nothing_else_is_agreed(store: Store, visitor: Visitor) -> None:
    person = await place(store, balance_minor=100_000)
    await visitor.sign_in(person)
    assert (await answer(visitor, person, "way", {"way": "0" * 16})).status == 422
    at_once, *_ = radios((await visitor.get(f"{person.path}/settlement")).page)
    await answer(visitor, person, "way", {"way": at_once})
    check = await visitor.get(f"{person.path}/settlement/check")
    await change(store, accounts, id=person.account_id, balance_minor=200_000)
    late = await visitor.post(f"{person.path}/settlement/check", check.page.hidden())
    assert late.location.endswith("/way")
    assert await rows_of(store, settlements) == []
