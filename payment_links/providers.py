"""What every payment provider is and does. Card data never reaches us."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from domain.values import Money


@dataclass(frozen=True, slots=True)
class PaymentIntent:
    """A payment that a customer asked for.

    The same `id` never makes two payments at the provider. `return_url` holds no secret: the
    provider sees it.
    """

    id: str
    amount: Money
    return_url: str


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where the customer pays, and the provider's own reference of the payment."""

    reference: str
    url: str


class PaymentState(StrEnum):
    INITIATED = "initiated"
    AUTHORISED = "authorised"
    DECLINED = "declined"
    SETTLED = "settled"


_NEXT = {
    PaymentState.INITIATED: {
        PaymentState.AUTHORISED,
        PaymentState.DECLINED,
        PaymentState.SETTLED,
    },
    PaymentState.AUTHORISED: {PaymentState.DECLINED, PaymentState.SETTLED},
    PaymentState.DECLINED: {PaymentState.SETTLED},
    PaymentState.SETTLED: set[PaymentState](),
}
"""A declined payment may still settle: providers let people try another card. Money that came
in is final here; what goes back is another event."""


def advances(old: PaymentState, new: PaymentState) -> bool:
    """True where a payment in `old` may become `new`; notices may come late and repeated."""
    return new in _NEXT[old]


@dataclass(frozen=True, slots=True)
class PaymentStatus:
    """What a provider says of a payment. `reason` is why it was declined, in one word."""

    reference: str
    state: PaymentState
    amount: Money
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ProviderRequest:
    """A provider's notice as it arrived; `received_at` in microseconds since the epoch."""

    headers: Mapping[str, str]
    body: bytes
    received_at: int


class Unsigned(Exception):
    """A notice that its provider did not sign, or not lately."""


class Malformed(ValueError):
    """A signed notice that says nothing we can use; the message names the field."""


class ProviderFailed(Exception):
    """The provider could not be asked, or refused; the message is safe to log."""


class PaymentProvider(Protocol):
    """One provider. `parse_webhook` is pure; only the others do I/O."""

    name: str
    origin: str | None  # of its pages, which our forms lead to; None: our own

    async def create(self, intent: PaymentIntent) -> Redirect:
        """Repeating an intent gives the same redirect. Raises ProviderFailed."""

    async def fetch(self, reference: str) -> PaymentStatus:
        """How the payment stands. Raises ProviderFailed."""

    def parse_webhook(self, request: ProviderRequest) -> Sequence[PaymentStatus]:
        """In the order they happened. Raises Unsigned or Malformed."""
