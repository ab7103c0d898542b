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
    RETURNED,
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


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something that happened to a payment, `at` microseconds since the epoch; `id` names what
    went back."""

    state: PaymentState
    amount_minor: int
    at: int | None = None
    reason: str | None = None
    id: str | None = None


class _Notice(msgspec.Struct, forbid_unknown_fields=True):
    reference: str
    currency: str
    steps: list[Step]


@dataclass(frozen=True, slots=True)
class Checkout:
    """One hosted page. `steps` is what happened on it, in order."""

    reference: str
    amount: Money
    return_url: str
    steps: tuple[Step, ...] = ()

    @property
    def last(self) -> Step:
        """The latest, but for what went back."""
        onward = [step for step in self.steps if step.state not in RETURNED]
        return onward[-1] if onward else Step(PaymentState.INITIATED, self.amount.minor)

    @property
    def state(self) -> PaymentState:
        return self.last.state

    @property
    def left(self) -> Money:
        """What came in and did not go back."""
        if self.state is not PaymentState.SETTLED:
            return Money(0, self.amount.currency)
        gone = sum(step.amount_minor for step in self.steps if step.state in RETURNED)
        return Money(self.amount.minor - gone, self.amount.currency)


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
        return _status(checkout.reference, checkout.amount.currency, checkout.last)

    def checkout(self, reference: str) -> Checkout:
        """Raises ProviderFailed where there is no such page."""
        if reference not in self._checkouts:
            raise ProviderFailed("the sandbox knows no such payment")
        return self._checkouts[reference]

    def pay(self, reference: str, card: str, now: int | None = None) -> Checkout:
        """The page's form was sent: the checkout afterwards. Raises ProviderFailed, UnknownCard.

        What is settled stays so; a declined one may be tried again with another card.
        """
        checkout = self.checkout(reference)
        number = "".join(char for char in card if char not in " -")
        if number not in CARDS:
            raise UnknownCard("not a test card")
        if checkout.state is not PaymentState.SETTLED:
            checkout = self._checkouts[reference] = _paid(checkout, CARDS[number], now)
        return checkout

    def give_back(
        self, reference: str, state: PaymentState, minor: int | None = None, now: int | None = None
    ) -> Checkout:
        """Plays a refund, a reversal or a charge-back of `minor` units, or of all that is left;
        the notice then tells of it. Raises ProviderFailed where there is not so much."""
        checkout = self.checkout(reference)
        minor = checkout.left.minor if minor is None else minor
        if state not in RETURNED or not 0 < minor <= checkout.left.minor:
            raise ProviderFailed("the sandbox has no such amount to give back")
        step = Step(state, minor, now, id=f"{reference}_{len(checkout.steps)}")
        checkout = replace(checkout, steps=(*checkout.steps, step))
        self._checkouts[reference] = checkout
        return checkout

    def notice(self, reference: str, now: int) -> ProviderRequest:
        """The signed callback that tells what became of a payment. Raises ProviderFailed."""
        checkout = self.checkout(reference)
        notice = _Notice(reference, checkout.amount.currency, list(checkout.steps))
        body = msgspec.json.encode(notice)
        return ProviderRequest({SIGNATURE: f"t={now},v1={self._sign(now, body)}"}, body, now)

    def parse_webhook(self, request: ProviderRequest) -> Sequence[PaymentStatus]:
        self._verify(request)
        try:
            notice = msgspec.json.decode(request.body, type=_Notice)
            return [_status(notice.reference, notice.currency, step) for step in notice.steps]
        except ValueError as error:  # msgspec's, of bytes that are no text, and PaymentStatus's
            raise Malformed(f"sandbox notice: {error}") from None

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


def _status(reference: str, currency: str, step: Step) -> PaymentStatus:
    """Raises ValueError for a return without an id or an amount."""
    amount = Money(step.amount_minor, currency)
    return PaymentStatus(reference, step.state, amount, step.reason, step.id, step.at)


def _paid(checkout: Checkout, reason: str | None, now: int | None) -> Checkout:
    """After a card that is declined for `reason`, or approved where there is none."""
    states = (PaymentState.DECLINED,) if reason else (PaymentState.AUTHORISED, PaymentState.SETTLED)
    steps = tuple(Step(state, checkout.amount.minor, now, reason) for state in states)
    before = checkout.steps
    if reason and checkout.state is PaymentState.DECLINED:
        before = before[:-1]
    return replace(checkout, steps=before + steps)
