"""What holds for every payment provider."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from domain.values import Money
from payment_links.providers import (
    PaymentState,
    PaymentStatus,
    ProviderFailed,
    SetupState,
    SetupStatus,
    Unsigned,
)
from tests.payment_links.rigs import ID, INTENT, RIGS, SETUP, Rig, charge_of


@pytest.fixture(params=RIGS)
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    async with RIGS[request.param]() as made:
        yield made


async def test_an_intent_repeated_is_one_payment(rig: Rig) -> None:
    assert await rig.provider.create(INTENT) == await rig.provider.create(INTENT)


async def test_an_intent_with_another_amount_is_refused(rig: Rig) -> None:
    await rig.provider.create(INTENT)
    with pytest.raises(ProviderFailed):
        await rig.provider.create(replace(INTENT, amount=Money(5_001, "GBP")))


async def test_a_new_payment_is_initiated_with_its_amount(rig: Rig) -> None:
    redirect = await rig.provider.create(INTENT)
    status = await rig.provider.fetch(redirect.reference)
    assert (status.state, status.amount) == (PaymentState.INITIATED, INTENT.amount)
    assert redirect.url.startswith("https://")


async def test_an_unknown_reference_fails(rig: Rig) -> None:
    with pytest.raises(ProviderFailed):
        await rig.provider.fetch("nothing")
    with pytest.raises(ProviderFailed):
        await rig.provider.fetch_setup("../nothing?x=1")


async def test_a_notice_says_what_fetch_says(rig: Rig) -> None:
    redirect = await rig.provider.create(INTENT)
    rig.succeed(redirect.reference)
    status = rig.provider.parse_webhook(rig.notice(redirect.reference))[-1]
    assert isinstance(status, PaymentStatus)
    assert replace(status, at=None) == await rig.provider.fetch(redirect.reference)
    assert (status.state, status.payment_id) == (PaymentState.SETTLED, INTENT.id)


async def test_a_page_that_was_left_is_abandoned(rig: Rig) -> None:
    redirect = await rig.provider.create(INTENT)
    rig.leave(redirect.reference)
    assert (await rig.provider.fetch(redirect.reference)).state is PaymentState.ABANDONED


async def test_a_notice_without_its_signature_is_refused(rig: Rig) -> None:
    redirect = await rig.provider.create(INTENT)
    rig.succeed(redirect.reference)
    signed = rig.notice(redirect.reference)
    for headers in ({}, dict.fromkeys(signed.headers, ""), dict.fromkeys(signed.headers, "t=1")):
        with pytest.raises(Unsigned):
            rig.provider.parse_webhook(replace(signed, headers=headers))


async def test_a_method_is_saved_once_and_told_without_card_data(rig: Rig) -> None:
    redirect = await rig.provider.setup(SETUP)
    assert redirect == await rig.provider.setup(SETUP)
    assert (await rig.provider.fetch_setup(redirect.reference)).state is SetupState.OPEN
    rig.save(redirect.reference)
    found = await rig.provider.fetch_setup(redirect.reference)
    assert found.state is SetupState.SAVED
    assert found.method is not None
    assert (found.method.kind, found.method.last4, found.method.expires) == (
        "card",
        "4242",
        "2039-12",
    )
    (told,) = rig.provider.parse_webhook(rig.notice(redirect.reference))
    assert isinstance(told, SetupStatus)
    assert (told.reference, told.state) == (redirect.reference, SetupState.SAVED)


async def saved(rig: Rig) -> SetupStatus:
    redirect = await rig.provider.setup(SETUP)
    rig.save(redirect.reference)
    return await rig.provider.fetch_setup(redirect.reference)


async def test_a_charge_repeated_is_taken_once(rig: Rig) -> None:
    method = (await saved(rig)).method
    assert method is not None
    charge = charge_of(method)
    assert await rig.provider.find(charge) is None
    first = await rig.provider.charge(charge)
    assert (first.state, first.amount, first.payment_id) == (
        PaymentState.SETTLED,
        charge.amount,
        charge.id,
    )
    assert await rig.provider.charge(charge) == first == await rig.provider.find(charge)
    assert await rig.provider.fetch(first.reference) == first
    assert rig.charges() == 1
    assert await rig.provider.find(replace(charge, id=f"{ID}9")) is None


async def test_a_charge_with_another_amount_is_not_taken(rig: Rig) -> None:
    method = (await saved(rig)).method
    assert method is not None
    await rig.provider.charge(charge_of(method))
    with pytest.raises(ProviderFailed):
        await rig.provider.charge(charge_of(method, 2_501))
    assert rig.charges() == 1


async def test_a_method_that_was_removed_is_charged_no_more(rig: Rig) -> None:
    method = (await saved(rig)).method
    assert method is not None
    await rig.provider.detach(method)
    await rig.provider.detach(method)
    status = await rig.provider.charge(charge_of(method))
    assert (status.state, status.final) == (PaymentState.DECLINED, True)


async def test_another_method_of_the_same_customer_keeps_the_owner(rig: Rig) -> None:
    method = (await saved(rig)).method
    assert method is not None
    redirect = await rig.provider.setup(replace(SETUP, id=f"{ID}8", owner=method.owner))
    rig.save(redirect.reference)
    again = (await rig.provider.fetch_setup(redirect.reference)).method
    assert again is not None
    assert again.owner == method.owner
