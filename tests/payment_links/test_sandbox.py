"""What the sandbox does beside what every payment provider does."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from payment_links.providers import (
    Malformed,
    PaymentState,
    PaymentStatus,
    ProviderFailed,
    ProviderRequest,
    SetupState,
    Unanswered,
    Unsigned,
)
from payment_links.sandbox import FRESH, LATE, SIGNATURE, Sandbox, Telling
from payment_links.sandbox_cards import UnknownCard
from tests.payment_links.rigs import DECLINED, GOOD, INTENT, NOW, SETUP, charge_of

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


def made() -> Sandbox:
    return Sandbox(b"secret" * 8, "https://pay.example/sandbox", lambda: NOW)


@pytest.mark.parametrize(
    ("telling", "at_once", "late"),
    [(Telling.NOW, 1, 0), (Telling.LATE, 0, 1), (Telling.TWICE, 1, 1), (Telling.NEVER, 0, 0)],
)
async def test_a_notice_comes_when_it_was_told_to(
    telling: Telling, at_once: int, late: int
) -> None:
    sandbox = made()
    reference = (await sandbox.create(INTENT)).reference
    sandbox.pay(reference, GOOD, NOW, telling)
    assert len(sandbox.due(NOW)) == at_once
    assert sandbox.due(NOW + LATE - 1) == []
    assert len(sandbox.due(NOW + LATE)) == late
    assert sandbox.due(NOW + 10 * LATE) == []


async def test_slow_money_settles_with_a_late_notice() -> None:
    sandbox = made()
    reference = (await sandbox.create(INTENT)).reference
    sandbox.pay(reference, "4000000000000077", NOW)
    sandbox.due(NOW)
    assert (await sandbox.fetch(reference)).state is PaymentState.AUTHORISED
    sandbox.abandon(reference)
    sandbox.pay(reference, GOOD)
    assert (await sandbox.fetch(reference)).state is PaymentState.AUTHORISED
    (told,) = sandbox.due(NOW + LATE)
    assert [one.state for one in sandbox.parse_webhook(told)][-1] is PaymentState.SETTLED


async def test_what_is_abandoned_takes_no_card() -> None:
    sandbox = made()
    reference = (await sandbox.create(INTENT)).reference
    sandbox.abandon(reference, NOW)
    assert sandbox.pay(reference, GOOD).state is PaymentState.ABANDONED


CHARGED = [
    ("4242424242424242", PaymentState.SETTLED, None, False),
    ("4000000000000341", PaymentState.DECLINED, "declined", False),
    ("4000000000009987", PaymentState.DECLINED, "lost_card", True),
    ("4000002500003155", PaymentState.DECLINED, "authentication_required", False),
    ("4000000000000077", PaymentState.AUTHORISED, None, False),
    ("4000000000000259", PaymentState.SETTLED, None, False),
]


@pytest.mark.parametrize(("card", "state", "reason", "final"), CHARGED)
async def test_a_saved_card_plays_its_part_when_it_is_charged(
    card: str, state: PaymentState, reason: str | None, final: bool
) -> None:
    sandbox = made()
    saving = sandbox.save((await sandbox.setup(SETUP)).reference, card)
    assert saving.method is not None
    another = made()  # which has never seen the card: the token says all
    status = await another.charge(charge_of(saving.method))
    assert (status.state, status.reason, status.final) == (state, reason, final)
    (told,) = another.due(NOW)
    last = another.parse_webhook(told)[-1]
    wanted = PaymentState.CHARGED_BACK if card.endswith("259") else state
    assert isinstance(last, PaymentStatus)
    assert last.state is wanted


async def test_a_lost_answer_is_found_again() -> None:
    sandbox = made()
    saving = sandbox.save((await sandbox.setup(SETUP)).reference, "4000000000000119")
    assert saving.method is not None
    charge = charge_of(saving.method)
    with pytest.raises(Unanswered):
        await sandbox.charge(charge)
    found = await sandbox.find(charge)
    assert found is not None
    assert found.state is PaymentState.SETTLED
    assert await sandbox.charge(charge) == found


@pytest.mark.parametrize("card", ["4000000000000002", "4000000000009995", "4000000000000069"])
async def test_a_card_that_is_declined_now_is_not_saved(card: str) -> None:
    sandbox = made()
    reference = (await sandbox.setup(SETUP)).reference
    assert sandbox.save(reference, card).state is SetupState.OPEN
    assert sandbox.give_up(reference).state is SetupState.ABANDONED
    assert sandbox.save(reference, GOOD).method is None
