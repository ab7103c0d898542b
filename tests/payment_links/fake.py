"""A payment provider that does as it is told, for tests of what is around it."""

from collections.abc import Sequence

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


class FakeProvider:
    """Its pages are elsewhere; it signs with a word. `failing` makes every call fail."""

    def __init__(self) -> None:
        self.name = "fake"
        self.origin: str | None = "https://pay.fake.example"
        self.statuses: dict[str, PaymentStatus] = {}
        self.intents: list[PaymentIntent] = []
        self.failing = False

    async def create(self, intent: PaymentIntent) -> Redirect:
        self._check()
        reference = f"fake-{intent.id}"
        kept = self.statuses.setdefault(
            reference, PaymentStatus(reference, PaymentState.INITIATED, intent.amount)
        )
        if kept.amount != intent.amount:
            raise ProviderFailed("made for another amount")
        self.intents.append(intent)
        return Redirect(reference, f"{self.origin}/{reference}")

    async def fetch(self, reference: str) -> PaymentStatus:
        self._check()
        if reference not in self.statuses:
            raise ProviderFailed("no such payment")
        return self.statuses[reference]

    def create_known(self, reference: str, amount: Money) -> None:
        """A payment that was made without `create`."""
        self.statuses[reference] = PaymentStatus(reference, PaymentState.INITIATED, amount)

    def become(self, reference: str, state: PaymentState) -> None:
        amount = self.statuses[reference].amount
        self.statuses[reference] = PaymentStatus(reference, state, amount)

    def notice(self, reference: str, now: int) -> ProviderRequest:
        status = self.statuses[reference]
        said = {
            "reference": reference,
            "state": status.state,
            "minor": status.amount.minor,
            "currency": status.amount.currency,
        }
        return ProviderRequest({"Fake-Signature": "fake"}, msgspec.json.encode(said), now)

    def parse_webhook(self, request: ProviderRequest) -> Sequence[PaymentStatus]:
        if request.headers.get("Fake-Signature") != "fake":
            raise Unsigned("not signed")
        try:
            said = msgspec.json.decode(request.body, type=dict[str, str | int])
            amount = Money(int(said["minor"]), str(said["currency"]))
            state = PaymentState(str(said["state"]))
            return [PaymentStatus(str(said["reference"]), state, amount)]
        except (msgspec.DecodeError, KeyError, ValueError) as error:
            raise Malformed(f"fake notice: {error}") from None

    def _check(self) -> None:
        if self.failing:
            raise ProviderFailed("the fake was told to fail")
