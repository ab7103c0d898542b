"""A payment provider that does as it is told, for tests of what is around it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec

from domain.values import Money
from payment_links.providers import (
    Charge,
    Malformed,
    Method,
    PaymentIntent,
    PaymentState,
    PaymentStatus,
    ProviderFailed,
    ProviderRequest,
    Redirect,
    Said,
    SetupIntent,
    SetupState,
    SetupStatus,
    Unanswered,
    Unsigned,
)


class FakeProvider:
    """Its pages are elsewhere; it signs with a word. `failing` makes every call fail, `answers`
    is what becomes of the next charges, and `silent` keeps the answer to a charge back."""

    def __init__(self) -> None:
        self.name = "fake"
        self.origin: str | None = "https://pay.fake.example"
        self.statuses: dict[str, PaymentStatus] = {}
        self.setups: dict[str, SetupStatus] = {}
        self.intents: list[PaymentIntent] = []
        self.charges: list[Charge] = []
        self.answers: list[tuple[PaymentState, str | None, bool]] = []
        self.forgotten: set[str] = set()
        self.failing = False
        self.silent = False

    async def create(self, intent: PaymentIntent) -> Redirect:
        self._check()
        reference = self._begun(intent.id, intent.amount)
        self.intents.append(intent)
        return Redirect(reference, f"{self.origin}/{reference}")

    async def fetch(self, reference: str) -> PaymentStatus:
        self._check()
        if reference not in self.statuses:
            raise ProviderFailed("no such payment")
        return self.statuses[reference]

    async def setup(self, intent: SetupIntent) -> Redirect:
        self._check()
        reference = f"fake-{intent.id}"
        self.setups.setdefault(reference, SetupStatus(reference, SetupState.OPEN))
        return Redirect(reference, f"{self.origin}/{reference}")

    async def fetch_setup(self, reference: str) -> SetupStatus:
        self._check()
        if reference not in self.setups:
            raise ProviderFailed("no such setup")
        return self.setups[reference]

    async def charge(self, charge: Charge) -> PaymentStatus:
        self._check()
        reference = f"fake-{charge.id}"
        if reference not in self.statuses:
            self.charges.append(charge)
            self._begun(charge.id, charge.amount)
            state, reason, final = PaymentState.SETTLED, None, False
            if charge.method.token in self.forgotten:
                state, reason, final = PaymentState.DECLINED, "method_removed", True
            elif self.answers:
                state, reason, final = self.answers.pop(0)
            made = self.statuses[reference]
            self.statuses[reference] = replace(made, state=state, reason=reason, final=final)
        elif self.statuses[reference].amount != charge.amount:
            raise ProviderFailed("made for another amount")
        if self.silent:
            raise Unanswered("the fake keeps its answer back")
        return self.statuses[reference]

    async def find(self, charge: Charge) -> PaymentStatus | None:
        self._check()
        return self.statuses.get(f"fake-{charge.id}")

    async def detach(self, method: Method) -> None:
        self._check()
        self.forgotten.add(method.token)

    async def close(self) -> None:
        """It has no connections."""

    def create_known(self, reference: str, amount: Money) -> None:
        """A payment that was made without `create`."""
        self.statuses[reference] = PaymentStatus(reference, PaymentState.INITIATED, amount)

    def become(self, reference: str, state: PaymentState) -> None:
        self.statuses[reference] = replace(self.statuses[reference], state=state)

    def save(self, reference: str) -> Method:
        method = Method(f"m-{reference}", "owner-1", "card", "visa", "4242", "2039-12")
        self.setups[reference] = SetupStatus(reference, SetupState.SAVED, method)
        return method

    def notice(self, reference: str, now: int) -> ProviderRequest:
        said: dict[str, Any] = {"reference": reference}
        if reference in self.setups:
            said["setup"] = self.setups[reference].state
        else:
            status = self.statuses[reference]
            said |= {"state": status.state, "minor": status.amount.minor}
            said |= {"currency": status.amount.currency, "id": status.payment_id}
        return ProviderRequest({"Fake-Signature": "fake"}, msgspec.json.encode(said), now)

    def parse_webhook(self, request: ProviderRequest) -> Sequence[Said]:
        if request.headers.get("Fake-Signature") != "fake":
            raise Unsigned("not signed")
        try:
            said = msgspec.json.decode(request.body, type=dict[str, Any])
            reference = str(said["reference"])
            if "setup" in said:
                return [SetupStatus(reference, SetupState(said["setup"]))]
            amount = Money(int(said["minor"]), str(said["currency"]))
            state, own = PaymentState(str(said["state"])), said.get("id")
            return [PaymentStatus(reference, state, amount, payment_id=own)]
        except (msgspec.DecodeError, KeyError, ValueError) as error:
            raise Malformed(f"fake notice: {error}") from None

    def _begun(self, id: str, amount: Money) -> str:  # noqa: A002
        reference = f"fake-{id}"
        kept = self.statuses.setdefault(
            reference, PaymentStatus(reference, PaymentState.INITIATED, amount, payment_id=id)
        )
        if kept.amount != amount:
            raise ProviderFailed("made for another amount")
        return reference

    def _check(self) -> None:
        if self.failing:
            raise ProviderFailed("the fake was told to fail")
