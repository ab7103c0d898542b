"""A payment provider for trying things out: test cards only, and no money moves.

It lives in one process: what was not yet settled when that ends is forgotten. A saved method is
not, for its token says all that there is to know of a test card.
"""

import hashlib
import hmac
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import msgspec

from domain.values import Money
from payment_links.providers import (
    RETURNED,
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
from payment_links.sandbox_cards import CARDS, Card, card_number
from payment_links.tokens import key_for, same_secret

SIGNATURE = "Sandbox-Signature"
FRESH = 300_000_000  # microseconds for which a signature is good
LATE = 60_000_000  # microseconds after which a late notice comes
KEPT = 10_000  # pages remembered, and as many notices


class Telling(StrEnum):
    """When the gateway is told of what happened on a page."""

    NOW = "now"
    LATE = "late"
    TWICE = "twice"
    NEVER = "never"


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something that happened to a payment, `at` microseconds since the epoch; `id` names what
    went back."""

    state: PaymentState
    amount_minor: int
    at: int | None = None
    reason: str | None = None
    id: str | None = None
    final: bool = False


class _Notice(msgspec.Struct, forbid_unknown_fields=True):
    """Of a payment, or of a `setup` that is over."""

    reference: str
    currency: str = ""
    steps: list[Step] = []
    setup: SetupState | None = None


@dataclass(frozen=True, slots=True)
class Checkout:
    """One hosted page, or a charge without one. `steps` is what happened, in order."""

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
    def over(self) -> bool:
        return self.state in (PaymentState.SETTLED, PaymentState.ABANDONED)

    @property
    def left(self) -> Money:
        """What came in and did not go back."""
        if self.state is not PaymentState.SETTLED:
            return Money(0, self.amount.currency)
        gone = sum(step.amount_minor for step in self.steps if step.state in RETURNED)
        return Money(self.amount.minor - gone, self.amount.currency)


@dataclass(frozen=True, slots=True)
class Saving:
    """One hosted page on which a method is saved."""

    reference: str
    return_url: str
    owner: str
    state: SetupState = SetupState.OPEN
    method: Method | None = None


@dataclass(frozen=True, slots=True)
class _Due:
    """What happens by itself later: a notice, and before it the settling of slow money."""

    at: int
    reference: str
    settles: bool = False


def _system() -> int:
    return time.time_ns() // 1000


class Sandbox:
    """`base_url` is where its pages are; a page's URL is that, a slash and the reference."""

    name: str = "sandbox"
    origin: str | None = None

    def __init__(self, secret: bytes, base_url: str, clock: Callable[[], int] = _system) -> None:
        self._key = key_for(secret, "sandbox webhook")
        self._base_url = base_url
        self._clock = clock
        self._checkouts: OrderedDict[str, Checkout] = OrderedDict()
        self._savings: OrderedDict[str, Saving] = OrderedDict()
        self._forgotten: OrderedDict[str, None] = OrderedDict()
        self._due: list[_Due] = []

    # what every provider does

    async def create(self, intent: PaymentIntent) -> Redirect:
        reference = f"sbx_{intent.id}"
        kept = self._kept(Checkout(reference, intent.amount, intent.return_url), intent.id)
        return Redirect(kept.reference, f"{self._base_url}/{reference}")

    async def fetch(self, reference: str) -> PaymentStatus:
        checkout = self.checkout(reference)
        return _status(checkout.reference, checkout.amount.currency, checkout.last)

    async def setup(self, intent: SetupIntent) -> Redirect:
        reference = f"sbx_{intent.id}"
        owner = intent.owner or f"sbxo_{intent.id}"
        self._savings.setdefault(reference, Saving(reference, intent.return_url, owner))
        _bound(self._savings)
        return Redirect(reference, f"{self._base_url}/{reference}")

    async def fetch_setup(self, reference: str) -> SetupStatus:
        saving = self.saving(reference)
        return SetupStatus(reference, saving.state, saving.method)

    async def charge(self, charge: Charge) -> PaymentStatus:
        reference = f"sbx_{charge.id}"
        known = reference in self._checkouts
        checkout = self._kept(Checkout(reference, charge.amount, ""), charge.id)
        card = self._card_of(charge.method.token)
        if not known:
            checkout = self._paid(checkout, card, self._clock(), card.later)
            self._tell(reference, Telling.NOW, self._clock())
            if card.lost:
                raise Unanswered("the sandbox keeps the answer to itself")
        return _status(reference, checkout.amount.currency, checkout.last)

    async def find(self, charge: Charge) -> PaymentStatus | None:
        reference = f"sbx_{charge.id}"
        return await self.fetch(reference) if reference in self._checkouts else None

    async def detach(self, method: Method) -> None:
        self._forgotten[method.token] = None
        _bound(self._forgotten)

    async def close(self) -> None:
        """It has no connections."""

    # what its pages do

    def checkout(self, reference: str) -> Checkout:
        """Raises ProviderFailed where there is no such page."""
        if reference not in self._checkouts:
            raise ProviderFailed("the sandbox knows no such payment")
        return self._checkouts[reference]

    def saving(self, reference: str) -> Saving:
        """Raises ProviderFailed where there is no such page."""
        if reference not in self._savings:
            raise ProviderFailed("the sandbox knows no such setup")
        return self._savings[reference]

    def pay(
        self,
        reference: str,
        card: str,
        now: int | None = None,
        telling: Telling = Telling.NOW,
    ) -> Checkout:
        """The page's form was sent: the checkout afterwards. Raises ProviderFailed, UnknownCard.

        What is settled stays so; a declined one may be tried again with another card.
        """
        checkout = self.checkout(reference)
        chosen = CARDS[card_number(card)]
        if not checkout.over and checkout.state is not PaymentState.AUTHORISED:
            checkout = self._paid(checkout, chosen, now, chosen.declined)
            self._tell(reference, telling, now)
        return checkout

    def abandon(
        self, reference: str, now: int | None = None, telling: Telling = Telling.NOW
    ) -> Checkout:
        """The customer gave up, or the page is too old: nobody can pay there any more. Raises
        ProviderFailed."""
        checkout = self.checkout(reference)
        if not checkout.over and checkout.state is not PaymentState.AUTHORISED:
            step = Step(PaymentState.ABANDONED, checkout.amount.minor, now)
            checkout = self._keep(replace(checkout, steps=(*checkout.steps, step)))
            self._tell(reference, telling, now)
        return checkout

    def save(self, reference: str, card: str, telling: Telling = Telling.NOW) -> Saving:
        """A card was given on a page that saves one; one that is declined now saves nothing.
        Raises ProviderFailed, UnknownCard."""
        saving, number = self.saving(reference), card_number(card)
        if saving.state is SetupState.OPEN and CARDS[number].declined is None:
            token = f"sbxm_{number}_{reference.removeprefix('sbx_')}"
            method = Method(token, saving.owner, "card", "Test card", number[-4:], "2039-12")
            saving = replace(saving, state=SetupState.SAVED, method=method)
            self._savings[reference] = saving
            self._tell(reference, telling, None)
        return saving

    def give_up(self, reference: str, telling: Telling = Telling.NOW) -> Saving:
        """Nothing is saved on that page any more. Raises ProviderFailed."""
        saving = self.saving(reference)
        if saving.state is SetupState.OPEN:
            saving = self._savings[reference] = replace(saving, state=SetupState.ABANDONED)
            self._tell(reference, telling, None)
        return saving

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
        return self._keep(replace(checkout, steps=(*checkout.steps, step)))

    # what it tells

    def due(self, now: int) -> list[ProviderRequest]:
        """The notices that are due by now; each is given out once."""
        ready = [one for one in self._due if one.at <= now]
        self._due = [one for one in self._due if one.at > now]
        for one in ready:
            if one.settles and (checkout := self._checkouts.get(one.reference)):
                step = Step(PaymentState.SETTLED, checkout.amount.minor, one.at)
                self._keep(replace(checkout, steps=(*checkout.steps, step)))
        known = self._checkouts.keys() | self._savings.keys()
        return [self.notice(one.reference, now) for one in ready if one.reference in known]

    def notice(self, reference: str, now: int) -> ProviderRequest:
        """The signed callback that tells what became of a payment. Raises ProviderFailed."""
        if reference in self._savings:
            notice = _Notice(reference, setup=self._savings[reference].state)
        else:
            checkout = self.checkout(reference)
            notice = _Notice(reference, checkout.amount.currency, list(checkout.steps))
        body = msgspec.json.encode(notice)
        return ProviderRequest({SIGNATURE: f"t={now},v1={self._sign(now, body)}"}, body, now)

    def parse_webhook(self, request: ProviderRequest) -> Sequence[Said]:
        self._verify(request)
        try:
            notice = msgspec.json.decode(request.body, type=_Notice)
            if notice.setup is not None:
                return [SetupStatus(notice.reference, notice.setup)]
            return [_status(notice.reference, notice.currency, step) for step in notice.steps]
        except ValueError as error:  # msgspec's, of bytes that are no text, and PaymentStatus's
            raise Malformed(f"sandbox notice: {error}") from None

    def _tell(self, reference: str, telling: Telling, now: int | None) -> None:
        at = self._clock() if now is None else now
        times = {Telling.NOW: (0,), Telling.LATE: (LATE,), Telling.TWICE: (0, LATE)}
        self._due += [_Due(at + after, reference) for after in times.get(telling, ())]
        del self._due[:-KEPT]

    def _kept(self, checkout: Checkout, of: str) -> Checkout:
        """The one that is known already, or this. Raises ProviderFailed for another amount."""
        kept = self._checkouts.setdefault(checkout.reference, checkout)
        if kept.amount != checkout.amount:
            raise ProviderFailed(f"payment {of} was made for another amount")
        _bound(self._checkouts)
        return kept

    def _keep(self, checkout: Checkout) -> Checkout:
        self._checkouts[checkout.reference] = checkout
        return checkout

    def _card_of(self, token: str) -> Card:
        """A method that is forgotten or unknown is declined for good."""
        number = token.removeprefix("sbxm_").partition("_")[0]
        if token in self._forgotten or number not in CARDS:
            return Card("is gone", later="method_removed", final=True)
        return CARDS[number]

    def _paid(
        self, checkout: Checkout, card: Card, now: int | None, reason: str | None
    ) -> Checkout:
        """After a card that is declined for `reason`, or approved where there is none."""
        states: tuple[PaymentState, ...] = (PaymentState.AUTHORISED, PaymentState.SETTLED)
        if reason:
            states = (PaymentState.DECLINED,)
        elif card.slow:
            states = (PaymentState.AUTHORISED,)
            at = self._clock() if now is None else now
            self._due.append(_Due(at + LATE, checkout.reference, settles=True))
        final = bool(reason) and card.final
        minor = checkout.amount.minor
        steps = tuple(Step(state, minor, now, reason, final=final) for state in states)
        before = checkout.steps
        if reason and checkout.state is PaymentState.DECLINED:
            before = before[:-1]
        checkout = self._keep(replace(checkout, steps=before + steps))
        if card.charged_back and not reason:
            return self.give_back(checkout.reference, PaymentState.CHARGED_BACK, now=now)
        return checkout

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


def _bound(kept: OrderedDict[str, Any]) -> None:
    """The oldest goes."""
    if len(kept) > KEPT:
        kept.popitem(last=False)


def _status(reference: str, currency: str, step: Step) -> PaymentStatus:
    """Raises ValueError for a return without an id or an amount."""
    return PaymentStatus(
        reference,
        step.state,
        Money(step.amount_minor, currency),
        step.reason,
        step.id,
        step.at,
        step.final,
        payment_id=reference.removeprefix("sbx_"),
    )
