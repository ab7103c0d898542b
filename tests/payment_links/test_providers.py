"""What holds for every payment provider, and what the sandbox does besides."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from domain.values import Money
from payment_links.providers import (
    Malformed,
    PaymentIntent,
    PaymentProvider,
    PaymentState,
    ProviderFailed,
    ProviderRequest,
    Unsigned,
)
from payment_links.sandbox import FRESH, SIGNATURE, Sandbox, UnknownCard
from tests.payment_links.fake import FakeProvider

NOW = 1_795_500_000_000_000
INTENT = PaymentIntent(
    "019ab000-0000-7000-8000-000000000001", Money(5_000, "GBP"), "https://x/back"
)
GOOD, DECLINED = "4242 4242 4242 4242", "4000000000000002"


@dataclass(frozen=True)
class Rig:
    provider: PaymentProvider
    succeed: Callable[[str], object]
    notice: Callable[[str], ProviderRequest]


def sandbox_rig() -> Rig:
    made = Sandbox(b"secret" * 8, "https://pay.example/sandbox")
    return Rig(made, lambda ref: made.pay(ref, GOOD), lambda ref: made.notice(ref, NOW))


def fake_rig() -> Rig:
    made = FakeProvider()
    return Rig(
        made,
        lambda ref: made.become(ref, PaymentState.SETTLED),
        lambda ref: made.notice(ref, NOW),
    )


@pytest.fixture(params=[sandbox_rig, fake_rig], ids=["sandbox", "fake"])
def rig(request: pytest.FixtureRequest) -> Rig:
    return request.param()  # type: ignore[no-any-return]


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


async def test_a_notice_says_what_fetch_says(rig: Rig) -> None:
    redirect = await rig.provider.create(INTENT)
    rig.succeed(redirect.reference)
    statuses = rig.provider.parse_webhook(rig.notice(redirect.reference))
    assert statuses[-1] == await rig.provider.fetch(redirect.reference)
    assert statuses[-1].state is PaymentState.SETTLED


async def test_a_notice_without_its_signature_is_refused(rig: Rig) -> None:
    redirect = await rig.provider.create(INTENT)
    signed = rig.notice(redirect.reference)
    for headers in ({}, dict.fromkeys(signed.headers, ""), dict.fromkeys(signed.headers, "t=1")):
        with pytest.raises(Unsigned):
            rig.provider.parse_webhook(replace(signed, headers=headers))


TAMPERINGS = [
    (lambda r: replace(r, body=r.body.replace(b"5000", b"50"))),
    (lambda r: replace(r, body=b"")),
    (lambda r: replace(r, received_at=r.received_at + FRESH + 1)),
    (lambda r: replace(r, received_at=r.received_at - FRESH - 1)),
    (lambda r: replace(r, headers={SIGNATURE: r.headers[SIGNATURE].replace("t=1", "t=2")})),
    (lambda r: replace(r, headers={SIGNATURE: r.headers[SIGNATURE][:-1] + "x"})),
    (lambda r: replace(r, headers={SIGNATURE: "t=" + "9" * 400 + ",v1=aa"})),
    (lambda r: replace(r, headers={SIGNATURE: "t=\u0663,v1=aa"})),
    (lambda r: replace(r, headers={SIGNATURE: r.headers[SIGNATURE] + "\ud800"})),
]


@pytest.mark.parametrize("tamper", TAMPERINGS)
async def test_the_sandbox_signature_covers_body_and_time(
    tamper: Callable[[ProviderRequest], ProviderRequest],
) -> None:
    made = Sandbox(b"secret" * 8, "https://pay.example/sandbox")
    redirect = await made.create(INTENT)
    made.pay(redirect.reference, GOOD)
    signed = made.notice(redirect.reference, NOW)
    assert made.parse_webhook(signed)
    with pytest.raises(Unsigned):
        made.parse_webhook(tamper(signed))


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"\xff\xfe", b'{"reference": 1}', b"null"])
def test_a_signed_notice_that_says_nothing_is_malformed(body: bytes) -> None:
    made = Sandbox(b"secret" * 8, "https://pay.example/sandbox")
    headers = {SIGNATURE: f"t={NOW},v1={made._sign(NOW, body)}"}
    with pytest.raises(Malformed):
        made.parse_webhook(ProviderRequest(headers, body, NOW))


async def test_the_sandbox_declines_then_takes_another_card() -> None:
    made = Sandbox(b"secret" * 8, "https://pay.example/sandbox")
    reference = (await made.create(INTENT)).reference
    assert made.pay(reference, DECLINED).state is PaymentState.DECLINED
    assert (await made.fetch(reference)).reason == "declined"
    assert made.pay(reference, GOOD).state is PaymentState.SETTLED
    assert made.pay(reference, DECLINED).state is PaymentState.SETTLED
    states = [status.state for status in made.parse_webhook(made.notice(reference, NOW))]
    assert states == [PaymentState.DECLINED, PaymentState.AUTHORISED, PaymentState.SETTLED]


@pytest.mark.parametrize("card", ["", "4111111111111111", "4242", "x", "\x00", "４２４２" * 4])
async def test_the_sandbox_takes_no_card_but_its_own(card: str) -> None:
    made = Sandbox(b"secret" * 8, "https://pay.example/sandbox")
    reference = (await made.create(INTENT)).reference
    with pytest.raises(UnknownCard):
        made.pay(reference, card)
    assert (await made.fetch(reference)).state is PaymentState.INITIATED


RETURNS = [PaymentState.REFUNDED, PaymentState.REVERSED, PaymentState.CHARGED_BACK]


async def test_the_sandbox_gives_back_in_parts_and_tells_of_each() -> None:
    made = Sandbox(b"secret" * 8, "https://pay.example/sandbox")
    reference = (await made.create(INTENT)).reference
    made.pay(reference, GOOD, NOW)
    for number, minor in enumerate((1_000, 1_500), 1):
        made.give_back(reference, PaymentState.REFUNDED, minor, NOW + number)
    assert made.give_back(reference, PaymentState.CHARGED_BACK, now=NOW + 3).left.minor == 0
    told = made.parse_webhook(made.notice(reference, NOW + 3))
    back = [(one.state, one.amount.minor, one.at) for one in told if one.return_id]
    assert back == [
        (PaymentState.REFUNDED, 1_000, NOW + 1),
        (PaymentState.REFUNDED, 1_500, NOW + 2),
        (PaymentState.CHARGED_BACK, 2_500, NOW + 3),
    ]
    assert len({one.return_id for one in told}) == 4  # three, and None
    assert (await made.fetch(reference)).state is PaymentState.SETTLED


@pytest.mark.parametrize("minor", [0, -1, 5_001])
async def test_the_sandbox_gives_back_no_more_than_came_in(minor: int) -> None:
    made = Sandbox(b"secret" * 8, "https://pay.example/sandbox")
    reference = (await made.create(INTENT)).reference
    with pytest.raises(ProviderFailed):
        made.give_back(reference, PaymentState.REVERSED)
    made.pay(reference, GOOD)
    with pytest.raises(ProviderFailed):
        made.give_back(reference, PaymentState.REVERSED, minor)
    with pytest.raises(ProviderFailed):
        made.give_back(reference, PaymentState.SETTLED, 100)


@pytest.mark.parametrize("state", RETURNS)
def test_a_return_without_its_id_or_amount_says_nothing(state: PaymentState) -> None:
    made = Sandbox(b"secret" * 8, "https://pay.example/sandbox")
    for step in (
        b'{"state":"%s","amount_minor":100}',
        b'{"state":"%s","amount_minor":0,"id":"x"}',
        b'{"state":"%s","amount_minor":-5,"id":"x"}',
    ):
        body = b'{"reference":"r","currency":"GBP","steps":[%s]}' % (step % state.value.encode())
        headers = {SIGNATURE: f"t={NOW},v1={made._sign(NOW, body)}"}
        with pytest.raises(Malformed):
            made.parse_webhook(ProviderRequest(headers, body, NOW))
