"""Every payment provider with what a customer does on its pages, for the contract's tests."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from domain.values import Money
from payment_links.providers import (
    Charge,
    Method,
    PaymentIntent,
    PaymentProvider,
    PaymentState,
    ProviderRequest,
    SetupIntent,
)
from payment_links.sandbox import Sandbox, Telling
from payment_links.stripe import Stripe
from tests.payment_links.fake import FakeProvider
from tests.standins import stripe as standin
from tests.standins.serving import serving

NOW = 1_795_500_000_000_000
ID = "019ab000-0000-7000-8000-00000000000"
INTENT = PaymentIntent(f"{ID}1", Money(5_000, "GBP"), "https://x/back")
SETUP = SetupIntent(f"{ID}2", "https://x/back")
GOOD, DECLINED = "4242 4242 4242 4242", "4000000000000002"


def charge_of(method: Method, minor: int = 2_500, number: int = 3) -> Charge:
    return Charge(f"{ID}{number}", Money(minor, "GBP"), method)


@dataclass(frozen=True)
class Rig:
    """`succeed`, `leave` and `save` are done on the page of a reference; `notice` tells what
    became of it. `charges` counts how often money was taken from saved methods."""

    provider: PaymentProvider
    succeed: Callable[[str], object]
    leave: Callable[[str], object]
    save: Callable[[str], object]
    notice: Callable[[str], ProviderRequest]
    charges: Callable[[], int]


@asynccontextmanager
async def sandbox_rig() -> AsyncIterator[Rig]:
    made = Sandbox(b"secret" * 8, "https://pay.example/sandbox", lambda: NOW)
    yield Rig(
        made,
        lambda ref: made.pay(ref, GOOD),
        made.abandon,
        lambda ref: made.save(ref, GOOD, Telling.NEVER),
        lambda ref: made.notice(ref, NOW),
        lambda: sum(one.return_url == "" for one in made._checkouts.values()),
    )


@asynccontextmanager
async def fake_rig() -> AsyncIterator[Rig]:
    made = FakeProvider()
    yield Rig(
        made,
        lambda ref: made.become(ref, PaymentState.SETTLED),
        lambda ref: made.become(ref, PaymentState.ABANDONED),
        made.save,
        lambda ref: made.notice(ref, NOW),
        lambda: len(made.charges),
    )


@asynccontextmanager
async def stripe_rig() -> AsyncIterator[Rig]:
    async with stripe_at() as (made, peer):

        def notice(reference: str) -> ProviderRequest:
            body, headers = peer.signed(_last(peer, reference), NOW // 1_000_000)
            return ProviderRequest(headers, body, NOW)

        yield Rig(
            made,
            lambda ref: peer.give(ref, GOOD.replace(" ", "")),
            peer.expire,
            lambda ref: peer.give(ref, GOOD.replace(" ", "")),
            notice,
            lambda: sum(
                one["object"] == "payment_intent" and one["customer"] is not None
                for one in peer.objects.values()
            ),
        )


@asynccontextmanager
async def stripe_at(timeout: float = 5.0) -> AsyncIterator[tuple[Stripe, standin.Stripe]]:
    """The provider and what it talks to."""
    peer = standin.Stripe()
    async with serving(peer.handle) as url:
        made = Stripe("stripe", standin.KEY, ["whsec_old", peer.secret], url=url, timeout=timeout)
        yield made, peer
        await made.close()
    await peer.close()


def _last(peer: standin.Stripe, reference: str) -> dict[str, Any]:
    about = [each for each in peer.events if each["data"]["object"]["id"] == reference]
    return about[-1]


RIGS = {"sandbox": sandbox_rig, "fake": fake_rig, "stripe": stripe_rig}
