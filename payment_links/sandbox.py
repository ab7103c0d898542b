"""A payment provider for trying things out: test cards only, and no money moves.

It lives in one process: what was not yet settled when that ends is forgotten.
"""

import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from domain.values import Money
from payment_links.providers import (
    Malformed,
    PaymentIntent,
    PaymentState,
    PaymentStatus,
    ProviderFailed,
    ProviderRequest,
    Redirect,
    Unsigned,
)
from payment_links.tokens import key_for, same_secret

CARDS = {
    "4242424242424242": None,
    "4000000000000002": "declined",
    "4000000000009995": "insufficient_funds",
    "4000000000000069": "expired_card",
}
"""The cards it knows and why it declines them; None is approved. Any other is refused, so that
nobody types a real one in vain."""

SIGNATURE = "Sandbox-Signature"
FRESH = 300_000_000  # microseconds for which a signature is good
KEPT = 10_000  # checkouts remembered


class UnknownCard(ValueError):
    """Not one of the test cards."""


class _Notice(msgspec.Struct, forbid_unknown_fields=True):
    reference: str
    states: list[PaymentState]
    amount_minor: int
    currency: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Checkout:
    """One hosted page. `history` is what happened on it, in order."""

    reference: str
    amount: Money
    return_url: str
    history: tuple[PaymentState, ...] = (PaymentState.INITIATED,)
    reason: str | None = None

    @property
    def state(self) -> PaymentState:
        return self.history[-1]


class Sandbox:
    """`base_url` is where its pages are; a page's URL is that, a slash and the reference."""

    name: str = "sandbox"
    origin: str | None = None

    def __init__(self, secret: bytes, base_url: str) -> None:
        self._key = key_for(secret, "sandbox webhook")
        self._base_url = base_url
        self._checkouts: OrderedDict[str, Checkout] = OrderedDict()

    async def create(self, intent: PaymentIntent) -> Redirect:
        reference = f"sbx_{intent.id}"
        kept = self._checkouts.setdefault(
            reference, Checkout(reference, intent.amount, intent.return_url)
        )
        if kept.amount != intent.amount:
            raise ProviderFailed(f"payment {intent.id} was made for another amount")
        if len(self._checkouts) > KEPT:
            self._checkouts.popitem(last=False)
        return Redirect(reference, f"{self._base_url}/{reference}")

    async def fetch(self, reference: str) -> PaymentStatus:
        checkout = self.checkout(reference)
        return PaymentStatus(reference, checkout.state, checkout.amount, checkout.reason)

    def checkout(self, reference: str) -> Checkout:
        """Raises ProviderFailed where there is no such page."""
        if reference not in self._checkouts:
            raise ProviderFailed("the sandbox knows no such payment")
        return self._checkouts[reference]

    def pay(self, reference: str, card: str) -> Checkout:
        """The page's form was sent: the checkout afterwards. Raises ProviderFailed, UnknownCard.

        What is settled stays so; a declined one may be tried again with another card.
        """
        checkout = self.checkout(reference)
        number = "".join(char for char in card if char not in " -")
        if number not in CARDS:
            raise UnknownCard("not a test card")
        if checkout.state is not PaymentState.SETTLED:
            checkout = self._checkouts[reference] = _paid(checkout, CARDS[number])
        return checkout

    def notice(self, reference: str, now: int) -> ProviderRequest:
        """The signed callback that tells what became of a payment. Raises ProviderFailed."""
        checkout = self.checkout(reference)
        body = msgspec.json.encode(
            _Notice(
                reference,
                list(checkout.history[1:]),
                checkout.amount.minor,
                checkout.amount.currency,
                checkout.reason,
            )
        )
        return ProviderRequest({SIGNATURE: f"t={now},v1={self._sign(now, body)}"}, body, now)

    def parse_webhook(self, request: ProviderRequest) -> Sequence[PaymentStatus]:
        self._verify(request)
        try:
            notice = msgspec.json.decode(request.body, type=_Notice)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Malformed(f"sandbox notice: {error}") from None
        amount = Money(notice.amount_minor, notice.currency)
        return [
            PaymentStatus(
                notice.reference,
                state,
                amount,
                notice.reason if state is PaymentState.DECLINED else None,
            )
            for state in notice.states
        ]

    def _verify(self, request: ProviderRequest) -> None:
        stamp, _, signature = request.headers.get(SIGNATURE, "").partition(",v1=")
        at = stamp.removeprefix("t=")
        if not (at.isascii() and at.isdecimal() and len(at) <= 20):
            raise Unsigned("the signature is missing or malformed")
        if not same_secret(signature, self._sign(int(at), request.body)):
            raise Unsigned("the signature is wrong")
        if abs(request.received_at - int(at)) > FRESH:
            raise Unsigned("the signature is too old")

    def _sign(self, at: int, body: bytes) -> str:
        return hmac.new(self._key, f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def _paid(checkout: Checkout, reason: str | None) -> Checkout:
    """After a card that is declined for `reason`, or approved where there is none."""
    steps = (PaymentState.DECLINED,) if reason else (PaymentState.AUTHORISED, PaymentState.SETTLED)
    if steps == (checkout.state,):
        return replace(checkout, reason=reason)
    return replace(checkout, history=checkout.history + steps, reason=reason)
