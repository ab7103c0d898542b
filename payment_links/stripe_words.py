"""What Stripe says of sessions, intents, refunds and disputes, in our words. Pure.

Objects are those of https://docs.stripe.com/api; fields that are not there say nothing. All raise
ValueError for one that says nothing we can use.
"""

from collections.abc import Mapping
from typing import Any

from domain.values import Money
from payment_links.providers import (
    AUTHENTICATION,
    Method,
    PaymentState,
    PaymentStatus,
    SetupState,
    SetupStatus,
)

Json = Mapping[str, Any]

OURS, ALONE = "gateway_payment", "gateway_charge"
"""Metadata with our own id; the second marks what is charged without its customer."""

FINAL = frozenset({
    "account_closed", "card_not_supported", "currency_not_supported", "debit_not_authorized",
    "expired_card", "fraudulent", "invalid_account", "invalid_number", "lost_card",
    "new_account_information_available", "no_account", "pickup_card", "restricted_card",
    "resource_missing", "revocation_of_all_authorizations", "revocation_of_authorization",
    "stolen_card", "stop_payment_order", "transaction_not_allowed",
})  # fmt: skip
"""Declines that the same method always meets (https://docs.stripe.com/declines/codes)."""

NEVER = "do_not_try_again"
"""What an issuer advises of such a one."""

LONGEST_REASON = 64

_SESSIONS = {
    "paid": PaymentState.SETTLED,
    "no_payment_required": PaymentState.SETTLED,
}
_INTENTS = {
    "succeeded": PaymentState.SETTLED,
    "processing": PaymentState.AUTHORISED,
    "requires_capture": PaymentState.AUTHORISED,
    "canceled": PaymentState.ABANDONED,
}


def of_session(session: Json, at: int | None = None) -> PaymentStatus:
    """A Checkout session in which is paid."""
    if session.get("payment_status") in _SESSIONS:
        state = PaymentState.SETTLED
    elif session.get("status") == "expired":
        state = PaymentState.ABANDONED
    else:
        done = session.get("status") == "complete"
        state = PaymentState.AUTHORISED if done else PaymentState.INITIATED
    return PaymentStatus(
        _text(session, "id"),
        state,
        _money(session, "amount_total"),
        at=at,
        payment_id=session.get("client_reference_id"),
        money=_id(session.get("payment_intent")),
    )


def of_setup(session: Json) -> SetupStatus:
    """A Checkout session in which a method is saved."""
    reference = _text(session, "id")
    if session.get("status") == "expired":
        return SetupStatus(reference, SetupState.ABANDONED)
    if session.get("status") != "complete":
        return SetupStatus(reference, SetupState.OPEN)
    intent = session.get("setup_intent")
    if not isinstance(intent, Mapping):  # a notice has only its id
        return SetupStatus(reference, SetupState.SAVED)
    if intent.get("status") != "succeeded":
        return SetupStatus(reference, SetupState.OPEN)
    method = intent.get("payment_method")
    if not isinstance(method, Mapping):
        raise ValueError("setup_intent.payment_method is not given in full")
    return SetupStatus(reference, SetupState.SAVED, method_of(method, _id(session["customer"])))


def method_of(method: Json, owner: str | None) -> Method:
    kind = _text(method, "type")
    known = method.get(kind)
    details: Json = known if isinstance(known, Mapping) else {}
    year, month = details.get("exp_year"), details.get("exp_month")
    named = owner or _id(method.get("customer"))
    if named is None:
        raise ValueError("the payment method has no customer")
    return Method(
        token=_text(method, "id"),
        owner=named,
        kind=kind,
        brand=details.get("brand") or details.get("bank_name"),
        last4=details.get("last4"),
        expires=f"{year:04}-{month:02}" if year and month else None,
    )


def of_intent(intent: Json, at: int | None = None) -> PaymentStatus:
    """A PaymentIntent: of a charge without its customer, or one that a session has made."""
    metadata = intent.get("metadata") or {}
    alone = ALONE in metadata
    status = intent.get("status")
    failure = intent.get("last_payment_error")
    state = _INTENTS.get(str(status), PaymentState.INITIATED)
    reason, final = None, False
    if status == "requires_payment_method" and isinstance(failure, Mapping):
        state = PaymentState.DECLINED
        reason, final = why(failure)
    elif status == "requires_action" and alone:
        state, reason = PaymentState.DECLINED, AUTHENTICATION
    return PaymentStatus(
        _text(intent, "id"),
        state,
        _money(intent, "amount"),
        reason,
        at=at,
        final=final,
        payment_id=metadata.get(ALONE) or metadata.get(OURS),
        money=_text(intent, "id"),
    )


def why(error: Json) -> tuple[str, bool]:
    """The reason of a decline in a word, and whether it is the last word."""
    said = error.get("decline_code") or error.get("code") or "declined"
    if error.get("code") == AUTHENTICATION:
        said = AUTHENTICATION
    reason = str(said)[:LONGEST_REASON]
    return reason, reason in FINAL or error.get("advice_code") == NEVER


def of_refund(refund: Json, at: int | None = None) -> PaymentStatus | None:
    """None where the money has not gone back, or not by a payment of ours."""
    money = _id(refund.get("payment_intent"))
    if refund.get("status") != "succeeded" or money is None:
        return None
    return PaymentStatus(
        money,
        PaymentState.REFUNDED,
        _money(refund, "amount"),
        return_id=_text(refund, "id"),
        at=at,
        money=money,
    )


def of_dispute(dispute: Json, at: int | None = None) -> PaymentStatus | None:
    """Of one whose money was taken from the account."""
    money = _id(dispute.get("payment_intent"))
    if money is None:
        return None
    return PaymentStatus(
        money,
        PaymentState.CHARGED_BACK,
        _money(dispute, "amount"),
        return_id=_text(dispute, "id"),
        at=at,
        money=money,
    )


def _money(said: Json, name: str) -> Money:
    minor, currency = said.get(name), said.get("currency")
    if type(minor) is not int or not isinstance(currency, str):
        raise ValueError(f"{name} or currency is missing")
    return Money(minor, currency.upper())


def _text(said: Json, name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} is missing")
    return value


def _id(said: Any) -> str | None:
    """Of an object that is given by its id or in full."""
    found = said.get("id") if isinstance(said, Mapping) else said
    return found if isinstance(found, str) else None
