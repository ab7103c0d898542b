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
    REFUNDED = "refunded"
    REVERSED = "reversed"
    CHARGED_BACK = "charged_back"


RETURNED = frozenset({PaymentState.REFUNDED, PaymentState.REVERSED, PaymentState.CHARGED_BACK})
"""Money that goes back: all that came in, or a part of it."""


@dataclass(frozen=True, slots=True)
class PaymentStatus:
    """What a provider says of a payment, late or repeated as it may be.

    `reason` is why it was declined, in one word. Of money that goes back, `amount` is how much
    does, and `return_id` is the provider's own id of that: one payment may be refunded in several
    parts. `at` is when it happened, in microseconds since the epoch; None where the provider
    doesn't say. Raises ValueError for a return without an id or an amount.
    """

    reference: str
    state: PaymentState
    amount: Money
    reason: str | None = None
    return_id: str | None = None
    at: int | None = None

    def __post_init__(self) -> None:
        if self.state in RETURNED and (not self.return_id or self.amount.minor <= 0):
            raise ValueError(f"{self.state.value}: say how much went back, and its id")


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
        """How the payment stands, but for what went back: notices tell that. Raises
        ProviderFailed."""

    def parse_webhook(self, request: ProviderRequest) -> Sequence[PaymentStatus]:
        """In the order they happened. Raises Unsigned or Malformed."""
