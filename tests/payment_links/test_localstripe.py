"""Against localstripe, which others wrote after Stripe: intents, saved methods, refunds, webhooks.

It has no Checkout, no idempotency keys and no lists by customer: what needs those is asked of the
stand-in of our own. It runs as a process, on loopback.
"""

import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from domain.values import Money
from payment_links.providers import (
    Charge,
    Method,
    PaymentState,
    PaymentStatus,
    ProviderFailed,
    ProviderRequest,
    Unanswered,
)
from payment_links.stripe import Stripe
from payment_links.stripe_words import method_of, of_refund
from tests.standins.serving import Request, Response, serving

START = """
from localstripe.resources import Store
Store.dump_to_disk = lambda self: None  # a file in /tmp that all runs would share
from localstripe.server import start
start()
"""
KEY, SECRET = "sk_test_12345", "whsec_localstripe"
CARD = {"exp_month": "12", "exp_year": "2030", "cvc": "123"}


def free_port() -> int:
    """It listens on both loopbacks, and can't choose for itself."""
    with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as found:
        found.bind(("::", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    home = tmp_path_factory.mktemp("localstripe")
    said = (home / "log").open("w+")
    command = [sys.executable, "-c", START, "--port", str(port), "--from-scratch"]
    with subprocess.Popen(command, cwd=home, stdout=said, stderr=said) as process:
        try:
            wait_for(port, process, home / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)
            said.close()


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    while process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise RuntimeError(f"localstripe did not start: {log.read_text()}")


@pytest.fixture
async def stripe(address: str) -> AsyncIterator[Stripe]:
    made = Stripe("stripe", KEY, [SECRET], url=address)
    yield made
    await made.close()


async def method(stripe: Stripe, number: str = "4242424242424242") -> Method:
    """A card that is saved by a setup intent, as Checkout does it on its page."""
    api = stripe._api
    owner = await api.post("/v1/customers", {"metadata": {"of": "us"}}, "k")
    intent = await api.post("/v1/setup_intents", {"customer": owner["id"]}, "k")
    given = {"payment_method_data": {"type": "card", "card": CARD | {"number": number}}}
    confirmed = await api.post(f"/v1/setup_intents/{intent['id']}/confirm", given, "k")
    path = f"/v1/payment_methods/{confirmed['payment_method']}"
    attached = await api.post(f"{path}/attach", {"customer": owner["id"]}, "k")
    return method_of(attached, None)


def charge_of(saved: Method, number: int = 1) -> Charge:
    return Charge(f"019ab000-0000-7000-8000-{number:012}", Money(2_500, "GBP"), saved)


async def test_a_saved_card_is_charged_and_found_by_its_reference(stripe: Stripe) -> None:
    saved = await method(stripe)
    assert (saved.kind, saved.brand, saved.last4, saved.expires) == (
        "card",
        "visa",
        "4242",
        "2030-12",
    )
    status = await stripe.charge(charge_of(saved))
    assert (status.state, status.amount) == (PaymentState.SETTLED, Money(2_500, "GBP"))
    assert status.payment_id == charge_of(saved).id
    assert await stripe.fetch(status.reference) == status


async def test_a_decline_is_a_decline(stripe: Stripe) -> None:
    status = await stripe.charge(charge_of(await method(stripe, "4000000000000341")))
    assert (status.state, status.reason) == (PaymentState.DECLINED, "card_declined")


async def test_a_card_that_asks_its_customer_is_declined_until_it_has(stripe: Stripe) -> None:
    path = "/v1/payment_methods"
    given = {"type": "card", "card": CARD | {"number": "4000002500003155"}}
    made = await stripe._api.post(path, given, "k")
    owner = await stripe._api.post("/v1/customers", {}, "k")
    saved = await stripe._api.post(f"{path}/{made['id']}/attach", {"customer": owner["id"]}, "k")
    status = await stripe.charge(charge_of(method_of(saved, None)))
    assert (status.state, status.reason) == (PaymentState.DECLINED, "authentication_required")


async def test_a_method_is_detached_once_and_twice(stripe: Stripe) -> None:
    saved = await method(stripe)
    await stripe.detach(saved)
    await stripe.detach(saved)
    known = await stripe._api.get(f"/v1/payment_methods/{saved.token}")
    assert known["customer"] is None


async def test_a_refund_names_its_payment(stripe: Stripe) -> None:
    status = await stripe.charge(charge_of(await method(stripe)))
    given = {"payment_intent": status.reference, "amount": 700}
    refund = await stripe._api.post("/v1/refunds", given, "k")
    told = of_refund(refund, 1)
    assert told is not None
    assert (told.state, told.amount.minor, told.money, told.return_id) == (
        PaymentState.REFUNDED,
        700,
        status.reference,
        refund["id"],
    )


async def test_what_is_unknown_or_forbidden_is_refused(stripe: Stripe, address: str) -> None:
    with pytest.raises(ProviderFailed):
        await stripe.fetch("pi_nothing")
    stranger = Stripe("stripe", "nobody", [SECRET], url=address)
    with pytest.raises(ProviderFailed) as failed:
        await stranger.fetch("pi_nothing")
    assert not isinstance(failed.value, Unanswered)
    await stranger.close()


async def test_its_webhooks_are_signed_and_tell_of_charges(stripe: Stripe, address: str) -> None:
    arrived: asyncio.Queue[ProviderRequest] = asyncio.Queue()

    async def take(request: Request) -> Response:
        headers = {"Stripe-Signature": request.headers["stripe-signature"]}
        stamp = int(headers["Stripe-Signature"].partition("t=")[2].partition(",")[0])
        arrived.put_nowait(ProviderRequest(headers, request.body, stamp * 1_000_000))
        return Response(200)

    async with serving(take) as url, aiohttp.ClientSession() as session:
        hook: dict[str, Any] = {"url": f"{url}/hook", "secret": SECRET}
        async with session.post(f"{address}/_config/webhooks/ours", json=hook) as answer:
            assert answer.status == 200
        paid, refused = charge_of(await method(stripe), 2), charge_of(
            await method(stripe, "4000000000000341"), 3
        )  # fmt: skip
        await stripe.charge(paid)
        await stripe.charge(refused)
        told: dict[str | None, PaymentState] = {}
        while not {paid.id, refused.id} <= told.keys():  # it tells of earlier ones, too
            for said in stripe.parse_webhook(await arrived.get()):
                assert isinstance(said, PaymentStatus)
                told[said.payment_id] = said.state
    assert told[paid.id] is PaymentState.SETTLED
    assert told[refused.id] is PaymentState.DECLINED
