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
    provider sees it. `label` is what its page says the payment is for, `locale` (such as en-GB)
    the language of that page; None leaves both to the provider.
    """

    id: str
    amount: Money
    return_url: str
    label: str | None = None
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class SetupIntent:
    """A payment method that a customer wants to save. The same `id` is saved once.

    `owner` is the provider's own name of the customer, where a method was saved there before.
    """

    id: str
    return_url: str
    owner: str | None = None
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where the customer pays, and the provider's own reference of the payment."""

    reference: str
    url: str


@dataclass(frozen=True, slots=True)
class Method:
    """A saved payment method as its provider names it: what is needed to charge it, and what a
    customer knows it by. `expires` is the last month in which it works, such as 2030-12."""

    token: str
    owner: str
    kind: str  # card, or the provider's word for another kind
    brand: str | None = None
    last4: str | None = None
    expires: str | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """Money to be taken from a saved method while its customer is elsewhere. The same `id` is
    taken once, however often it is asked for: it is the key that the provider tells repeats by."""

    id: str
    amount: Money
    method: Method


class PaymentState(StrEnum):
    INITIATED = "initiated"
    ABANDONED = "abandoned"
    AUTHORISED = "authorised"
    DECLINED = "declined"
    SETTLED = "settled"
    REFUNDED = "refunded"
    REVERSED = "reversed"
    CHARGED_BACK = "charged_back"


RETURNED = frozenset({PaymentState.REFUNDED, PaymentState.REVERSED, PaymentState.CHARGED_BACK})
"""Money that goes back: all that came in, or a part of it."""

OPEN = frozenset({PaymentState.INITIATED, PaymentState.AUTHORISED})
"""What becomes of it is not known yet."""

AUTHENTICATION = "authentication_required"
"""The reason of a decline that the customer alone can mend, by paying in person."""


@dataclass(frozen=True, slots=True)
class PaymentStatus:
    """What a provider says of a payment, late or repeated as it may be.

    `reason` is why it was declined, in one word, and `final` says that the same method will never
    do. Of money that goes back, `amount` is how much does, and `return_id` is the provider's own
    id of that: one payment may be refunded in several parts. `at` is when it happened, in
    microseconds since the epoch; None where the provider doesn't say.

    `payment_id` is our own id, where the provider echoes it, and `money` the provider's second
    name of the payment: later notices may use that alone. Raises ValueError for a return without
    an id or an amount.
    """

    reference: str
    state: PaymentState
    amount: Money
    reason: str | None = None
    return_id: str | None = None
    at: int | None = None
    final: bool = False
    payment_id: str | None = None
    money: str | None = None

    def __post_init__(self) -> None:
        if self.state in RETURNED and (not self.return_id or self.amount.minor <= 0):
            raise ValueError(f"{self.state.value}: say how much went back, and its id")


class SetupState(StrEnum):
    OPEN = "open"
    SAVED = "saved"
    ABANDONED = "abandoned"


@dataclass(frozen=True, slots=True)
class SetupStatus:
    """What became of saving a method. A notice may leave out the `method`: it is fetched then."""

    reference: str
    state: SetupState
    method: Method | None = None


Said = PaymentStatus | SetupStatus
"""What a notice may tell."""


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
    """The provider could not be asked, or refused: nothing was done. The message is safe to log."""


class Unanswered(ProviderFailed):
    """The provider may have done what it was asked: look before it is asked again."""


class PaymentProvider(Protocol):
    """One provider. `parse_webhook` is pure; only the others do I/O.

    Whatever asks may be repeated with the same id and does the same thing once. All raise
    ProviderFailed, and Unanswered where nobody knows what was done.
    """

    name: str
    origin: str | None  # of its pages, which our forms lead to; None: our own

    async def create(self, intent: PaymentIntent) -> Redirect:
        """Where the customer pays now. Repeating an intent gives the same redirect."""

    async def fetch(self, reference: str) -> PaymentStatus:
        """How the payment stands, but for what went back: notices tell that."""

    async def setup(self, intent: SetupIntent) -> Redirect:
        """Where the customer saves a method, to be charged later."""

    async def fetch_setup(self, reference: str) -> SetupStatus:
        """What became of saving it; a saved one always comes with its method."""

    async def charge(self, charge: Charge) -> PaymentStatus:
        """Takes money from a saved method: settled, authorised or declined."""

    async def find(self, charge: Charge) -> PaymentStatus | None:
        """What is known of a charge that was asked for and not answered; None: nothing is."""

    async def detach(self, method: Method) -> None:
        """Forgets a saved method. One that is forgotten already is no error."""

    def parse_webhook(self, request: ProviderRequest) -> Sequence[Said]:
        """In the order they happened. Raises Unsigned or Malformed."""

    async def close(self) -> None:
        """Ends its connections."""
