"""What Stripe does beside what every payment provider does: errors, signatures, events."""

import asyncio
import hashlib
import hmac
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.values import Money
from payment_links.providers import (
    Charge,
    Malformed,
    Method,
    PaymentState,
    PaymentStatus,
    ProviderFailed,
    ProviderRequest,
    SetupState,
    Unanswered,
    Unsigned,
)
from payment_links.registry import Misconfigured, open_provider
from payment_links.stripe import Stripe
from payment_links.stripe_api import Refused, _read
from payment_links.stripe_notices import EVENTS
from payment_links.stripe_words import of_intent
from tests.payment_links.rigs import INTENT, NOW, SETUP, charge_of, stripe_at
from tests.standins import stripe as standin

SECONDS = NOW // 1_000_000


async def saved(made: Stripe, peer: standin.Stripe, card: str = "4242424242424242") -> Method:
    redirect = await made.setup(SETUP)
    peer.give(redirect.reference, card)
    method = (await made.fetch_setup(redirect.reference)).method
    assert method is not None
    return method


DECLINES = [
    ("4000000000000341", "generic_decline", False),
    ("4000000000009987", "lost_card", True),
    ("4000002500003155", "authentication_required", False),
]


@pytest.mark.parametrize(("card", "reason", "final"), DECLINES)
async def test_a_decline_is_told_with_its_reason(card: str, reason: str, final: bool) -> None:
    async with stripe_at() as (made, peer):
        charge = charge_of(await saved(made, peer, card))
        status = await made.charge(charge)
        assert (status.state, status.reason, status.final) == (
            PaymentState.DECLINED,
            reason,
            final,
        )
        assert await made.charge(charge) == status
        (told,) = made.parse_webhook(_notice(peer, peer.events[-1]))
        assert isinstance(told, PaymentStatus)
        assert (told.state, told.reason, told.payment_id) == (status.state, reason, charge.id)


AMBIGUOUS = ["drop_before", "drop_after", "late", "error", "throttle"]


@pytest.mark.parametrize("fault", AMBIGUOUS)
async def test_what_may_have_been_taken_is_looked_for(fault: str) -> None:
    async with stripe_at(timeout=0.2) as (made, peer):
        charge = charge_of(await saved(made, peer))
        peer.faults = standin.Faults(late_seconds=0.4)
        peer.next_faults = [fault]
        with pytest.raises(Unanswered):
            await made.charge(charge)
        found = await made.find(charge)
        assert (found is not None) == (fault in ("drop_after", "late", "error"))
        if fault == "late":
            await asyncio.sleep(0.3)
        assert (await made.charge(charge)).state is PaymentState.SETTLED
        taken = [each for each in peer.objects.values() if each["object"] == "payment_intent"]
        assert len(taken) == 1


async def test_what_failed_and_took_nothing_is_known_to_be_nothing() -> None:
    async with stripe_at() as (made, peer):
        charge = charge_of(await saved(made, peer))
        peer.next_faults = ["broken"]
        with pytest.raises(Unanswered):
            await made.charge(charge)
        with pytest.raises(ProviderFailed) as failed:
            await made.charge(charge)
        assert not isinstance(failed.value, Unanswered)
        assert (await made.charge(replace(charge, id="another"))).state is PaymentState.SETTLED


async def test_a_charge_is_found_among_hundreds() -> None:
    async with stripe_at() as (made, peer):
        method = await saved(made, peer)
        wanted = Charge("wanted", Money(100, "GBP"), method)
        await made.charge(wanted)
        for number in range(230):
            peer._intent({"amount": 1, "currency": "gbp", "metadata": {}}, method.owner)
            peer.objects[f"x{number}"] = {"object": "other"}
        found = await made.find(wanted)
        assert found is not None
        assert found.payment_id == "wanted"


async def test_a_configuration_that_is_wrong_is_no_decline_and_says_no_secret() -> None:
    async with stripe_at() as (made, peer):
        method = await saved(made, peer)
        wrong = Stripe("stripe", "sk_test_wrong", ["x"], url=made._api._url)
        with pytest.raises(ProviderFailed) as failed:
            await wrong.charge(charge_of(method))
        assert not isinstance(failed.value, Unanswered)
        assert "sk_" not in str(failed.value)
        await wrong.close()


async def test_nobody_there_may_have_been_somebody() -> None:
    made = Stripe("stripe", "sk_test", ["x"], url="http://127.0.0.1:9", timeout=1)
    with pytest.raises(Unanswered):
        await made.create(INTENT)
    await made.close()


async def test_money_that_is_counted_otherwise_is_refused() -> None:
    async with stripe_at() as (made, peer):
        with pytest.raises(ProviderFailed):
            await made.create(replace(INTENT, amount=Money(5_000, "ISK")))
        assert peer.calls == []


async def test_a_page_that_declines_first_is_paid_in_the_end() -> None:
    async with stripe_at() as (made, peer):
        redirect = await made.create(INTENT)
        peer.give(redirect.reference, "4000000000000002")
        assert (await made.fetch(redirect.reference)).state is PaymentState.INITIATED
        (declined,) = made.parse_webhook(_notice(peer, peer.events[-1]))
        assert isinstance(declined, PaymentStatus)
        assert (declined.state, declined.payment_id) == (PaymentState.DECLINED, INTENT.id)
        peer.give(redirect.reference, "4242424242424242")
        paid = [made.parse_webhook(_notice(peer, event))[0] for event in peer.events[-2:]]
        assert {one.payment_id for one in paid if isinstance(one, PaymentStatus)} == {INTENT.id}
        assert {one.money for one in paid if isinstance(one, PaymentStatus)} == {declined.money}
        assert (await made.fetch(redirect.reference)).state is PaymentState.SETTLED
        assert declined.money is not None
        assert (await made.fetch(declined.money)).state is PaymentState.SETTLED


async def test_money_that_goes_back_names_its_payment() -> None:
    async with stripe_at() as (made, peer):
        status = await made.charge(charge_of(await saved(made, peer)))
        assert status.money is not None
        for give_back, state in (
            (lambda money: peer.refund(money, 500), PaymentState.REFUNDED),
            (peer.dispute, PaymentState.CHARGED_BACK),
        ):
            back = give_back(status.money)
            (told,) = made.parse_webhook(_notice(peer, peer.events[-1]))
            assert isinstance(told, PaymentStatus)
            assert (told.state, told.money, told.return_id, told.amount.minor) == (
                state,
                status.money,
                back["id"],
                back["amount"],
            )


async def test_a_page_for_saving_that_was_left_is_abandoned() -> None:
    async with stripe_at() as (made, peer):
        redirect = await made.setup(SETUP)
        peer.give(redirect.reference, "4000000000000002")
        assert (await made.fetch_setup(redirect.reference)).state is SetupState.OPEN
        peer.expire(redirect.reference)
        assert (await made.fetch_setup(redirect.reference)).state is SetupState.ABANDONED


# signatures


def _notice(peer: standin.Stripe, event: dict[str, Any], at: int = SECONDS) -> ProviderRequest:
    body, headers = peer.signed(event, at)
    return ProviderRequest(headers, body, NOW)


def provider(*secrets: str) -> Stripe:
    return Stripe("stripe", "sk_test", secrets)


EVENT = {
    "type": "payment_intent.succeeded",
    "created": SECONDS,
    "data": {
        "object": {
            "id": "pi_1",
            "amount": 5_000,
            "currency": "gbp",
            "status": "succeeded",
            "metadata": {"gateway_charge": INTENT.id},
        }
    },
}


@pytest.mark.parametrize("secrets", [("new",), ("new", "old"), ("old", "new")])
def test_any_of_the_secrets_may_have_signed(secrets: tuple[str, ...]) -> None:
    signed = _notice(standin.Stripe(secret="new"), EVENT)
    (told,) = provider(*secrets).parse_webhook(signed)
    assert isinstance(told, PaymentStatus)
    assert (told.reference, told.at) == ("pi_1", NOW)


def test_a_header_with_several_signatures_is_signed_by_one_of_them() -> None:
    signed = _notice(standin.Stripe(secret="new"), EVENT)
    stamp, _, good = signed.headers["Stripe-Signature"].partition(",v1=")
    header = {"Stripe-Signature": f"{stamp},v0=x,v1={'0' * 64},v1={good}"}
    assert provider("new").parse_webhook(replace(signed, headers=header))


TAMPERINGS = [
    lambda r: replace(r, body=r.body.replace(b"5000", b"50")),
    lambda r: replace(r, body=b""),
    lambda r: replace(r, received_at=r.received_at + 302_000_000),
    lambda r: replace(r, received_at=r.received_at - 302_000_000),
    lambda r: _with(r, r.headers["Stripe-Signature"].replace("v1=", "v0=")),
    lambda r: _with(r, r.headers["Stripe-Signature"] + f",t={SECONDS + 1}"),
    lambda r: _with(r, f"t=\u0661{SECONDS}," + r.headers["Stripe-Signature"].partition(",")[2]),
    lambda r: _with(r, "t=" + "9" * 5000 + ",v1=a"),
    lambda r: _with(r, f"t={SECONDS},v1=\ud800"),
    lambda r: _with(r, f"t={SECONDS}" + ",v1=a" * 100_000),
]


def _with(request: ProviderRequest, header: str) -> ProviderRequest:
    return replace(request, headers={"Stripe-Signature": header})


@pytest.mark.parametrize("tamper", TAMPERINGS)
def test_the_signature_covers_body_and_time(tamper: Any) -> None:
    signed = _notice(standin.Stripe(secret="new"), EVENT)
    with pytest.raises(Unsigned):
        provider("new", "old").parse_webhook(tamper(signed))


def test_without_a_secret_nothing_is_signed() -> None:
    with pytest.raises(Unsigned):
        provider().parse_webhook(_notice(standin.Stripe(secret=""), EVENT))


# events

SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats()
ODD = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
FIELDS = ("id", "amount", "currency", "status", "metadata", "payment_intent", "mode", "customer",
          "setup_intent", "amount_total", "last_payment_error", "payment_status")  # fmt: skip


@settings(max_examples=150)
@given(
    kind=st.sampled_from([*EVENTS, "customer.created"]),
    about=st.dictionaries(st.sampled_from(FIELDS), ODD) | ODD,
    created=ODD | st.just(SECONDS),
)
def test_no_signed_event_does_more_than_be_malformed(kind: str, about: Any, created: Any) -> None:
    peer = standin.Stripe(secret="s")
    body, headers = peer.signed(
        {"type": kind, "created": created, "data": {"object": about}}, SECONDS
    )
    try:
        provider("s").parse_webhook(ProviderRequest(headers, body, NOW))
    except Malformed as error:
        assert str(error)  # noqa: PT017 - it is no test that it is raised


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"\xff", b"null", b'{"type":"x"}'])
def test_a_signed_body_that_says_nothing_is_malformed(body: bytes) -> None:

    mac = hmac.new(b"s", b"%d." % SECONDS + body, hashlib.sha256).hexdigest()
    headers = {"Stripe-Signature": f"t={SECONDS},v1={mac}"}
    with pytest.raises(Malformed):
        provider("s").parse_webhook(ProviderRequest(headers, body, NOW))


def test_other_events_say_nothing_to_us() -> None:
    signed = _notice(standin.Stripe(secret="s"), EVENT | {"type": "invoice.paid"})
    assert provider("s").parse_webhook(signed) == []


def test_a_reason_is_bounded() -> None:
    intent = {
        "id": "pi_1",
        "amount": 1,
        "currency": "usd",
        "status": "requires_payment_method",
        "last_payment_error": {"decline_code": "x" * 500, "advice_code": "do_not_try_again"},
    }
    told = of_intent(intent)
    assert told.reason is not None
    assert (len(told.reason), told.final) == (64, True)


# settings

RIGHT = {"secret_key": "sk_test", "webhook_secrets": " whsec_a , whsec_b "}


def test_it_is_opened_by_its_settings() -> None:
    made = open_provider("stripe.harbor", RIGHT | {"api_url": "http://127.0.0.1:1"})
    assert isinstance(made, Stripe)
    assert (made.name, made._secrets) == ("stripe.harbor", ("whsec_a", "whsec_b"))
    assert "sk_test" not in repr(made)


@pytest.mark.parametrize(
    ("setting", "text"),
    [("secret_key", ""), ("webhook_secrets", " , "), ("api_url", "stripe.com"), ("colour", "x")],
)
def test_what_is_wrong_in_them_is_named(setting: str, text: str) -> None:
    with pytest.raises(Misconfigured) as error:
        open_provider("stripe", RIGHT | {setting: text})
    assert error.value.setting == setting


def test_bytes_of_an_answer_that_is_no_json_are_no_answer() -> None:
    for status in (200, 301, 404, 500):
        with pytest.raises(Unanswered):
            _read(status, b"<html>", False)
    with pytest.raises(Refused):
        _read(400, msgspec.json.encode({"error": "text"}), False)
