"""Stripe's webhooks: the signature (https://docs.stripe.com/webhooks#verify-manually), the events
that tell of money or of a saved method, and nothing of all others."""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from payment_links.providers import (
    Malformed,
    PaymentState,
    PaymentStatus,
    ProviderRequest,
    Said,
    Unsigned,
)
from payment_links.stripe_words import of_dispute, of_intent, of_refund, of_session, of_setup
from payment_links.tokens import same_secret

SIGNATURE = "Stripe-Signature"
FRESH = 300  # seconds for which a signature is good, as in Stripe's own libraries
MOST_SIGNATURES = 16
SECOND = 1_000_000

Json = Mapping[str, Any]


def parse(request: ProviderRequest, secrets: Sequence[str]) -> Sequence[Said]:
    """Any of the `secrets` may have signed: two are in use while one is being replaced."""
    verify(request, secrets)
    try:
        event = msgspec.json.decode(request.body, type=dict[str, Any])
        said = event["data"]["object"]
        read = EVENTS.get(event["type"])
        if read is None:
            return []
        found = read(said, int(event["created"]) * SECOND)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise Malformed(f"stripe event: {error}") from None
    return [] if found is None else [found]


def verify(request: ProviderRequest, secrets: Sequence[str]) -> None:
    """Raises Unsigned."""
    parts = [part.strip().partition("=") for part in request.headers.get(SIGNATURE, "").split(",")]
    stamps = [value for name, _, value in parts if name == "t"]
    given = [value for name, _, value in parts if name == "v1"][:MOST_SIGNATURES]
    if len(stamps) != 1 or not given or not _is_number(stamps[0]):
        raise Unsigned("the signature is missing or malformed")
    signed = stamps[0].encode() + b"." + request.body
    right = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    if not any(same_secret(one, other) for one in given for other in right):
        raise Unsigned("the signature is wrong")
    if abs(request.received_at // SECOND - int(stamps[0])) > FRESH:
        raise Unsigned("the signature is too old")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 15


def _session(session: Json, at: int) -> Said | None:
    """Of other integrations of the same account there may be sessions without a payment."""
    mode = session.get("mode")
    if mode == "setup":
        return of_setup(session)
    return of_session(session, at) if mode == "payment" else None


def _failed(session: Json, at: int) -> Said | None:
    """A bank took days to say no."""
    if session.get("mode") != "payment":
        return None
    known = of_session(session, at)
    return PaymentStatus(
        known.reference,
        PaymentState.DECLINED,
        known.amount,
        "bank_refused",
        at=at,
        payment_id=known.payment_id,
        money=known.money,
    )


EVENTS: Mapping[str, Callable[[Json, int], Said | None]] = {
    "checkout.session.completed": _session,
    "checkout.session.async_payment_succeeded": _session,
    "checkout.session.async_payment_failed": _failed,
    "checkout.session.expired": _session,
    "payment_intent.succeeded": of_intent,
    "payment_intent.processing": of_intent,
    "payment_intent.payment_failed": of_intent,
    "payment_intent.canceled": of_intent,
    "refund.created": of_refund,
    "refund.updated": of_refund,
    "charge.dispute.funds_withdrawn": of_dispute,
}
"""The events that an endpoint must be sent."""
