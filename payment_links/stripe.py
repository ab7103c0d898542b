"""Stripe: Checkout with a redirect, saved methods, and charges of them without their customer.

Money in minor units means the same to Stripe and to us but for two currencies, which are refused.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from domain.values import Money
from payment_links.providers import (
    Charge,
    Method,
    PaymentIntent,
    PaymentState,
    PaymentStatus,
    ProviderFailed,
    ProviderRequest,
    Redirect,
    Said,
    SetupIntent,
    SetupStatus,
    Unanswered,
)
from payment_links.stripe_api import DECLINED, Refused, Replayed, StripeApi, path_of
from payment_links.stripe_notices import parse
from payment_links.stripe_words import ALONE, OURS, of_intent, of_session, of_setup, why

URL = "https://api.stripe.com"
PAGES = "https://checkout.stripe.com"

OTHER_UNITS = frozenset({"ISK", "UGX"})
"""Stripe counts them in hundredths that do not exist (https://docs.stripe.com/currencies)."""

LOCALES = frozenset(
    "bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hr hu id it ja ko lt lv ms mt nb nl pl pt"
    " pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW".split()
)

MOST_PAGES = 20
"""Pages of a customer's intents that are looked through, a hundred on each."""

SETUP = "gateway_setup"

T = TypeVar("T")


class Stripe:
    """One account. `name` is that of its webhook's path; `secrets` are its endpoints'."""

    def __init__(
        self,
        name: str,
        key: str,
        secrets: Sequence[str],
        *,
        url: str = URL,
        pages: str = PAGES,
        timeout: float = 5.0,
    ) -> None:
        self.name = name
        self.origin: str | None = pages
        self._secrets = tuple(secrets)
        self._api = StripeApi(key, url, timeout)

    async def create(self, intent: PaymentIntent) -> Redirect:
        amount = _allowed(intent.amount)
        item = {
            "currency": amount.currency.lower(),
            "unit_amount": amount.minor,
            "product_data": {"name": intent.label or "Payment"},
        }
        given = {
            "mode": "payment",
            "client_reference_id": intent.id,
            "line_items": [{"quantity": 1, "price_data": item}],
            "payment_intent_data": {"metadata": {OURS: intent.id}},
            "adaptive_pricing": {"enabled": False},  # what is paid is what is asked
            "metadata": {OURS: intent.id},
        }
        return await self._session(given, intent.return_url, intent.locale, intent.id)

    async def fetch(self, reference: str) -> PaymentStatus:
        """A session's or an intent's, by what its reference begins with."""
        if reference.startswith("pi_"):
            return _understood(
                of_intent, await self._api.get(path_of("payment_intents", reference))
            )
        return _understood(of_session, await self._api.get(path_of("checkout/sessions", reference)))

    async def setup(self, intent: SetupIntent) -> Redirect:
        owner = intent.owner
        if owner is None:
            given = {"metadata": {SETUP: intent.id}}
            owner = str((await self._api.post("/v1/customers", given, f"{intent.id}/owner"))["id"])
        asked = {
            "mode": "setup",
            "customer": owner,
            "payment_method_types": ["card"],
            "metadata": {SETUP: intent.id},
        }
        return await self._session(asked, intent.return_url, intent.locale, intent.id)

    async def fetch_setup(self, reference: str) -> SetupStatus:
        wanted = ["setup_intent.payment_method"]
        path = path_of("checkout/sessions", reference)
        return _understood(of_setup, await self._api.get(path, expand=wanted))

    async def charge(self, charge: Charge) -> PaymentStatus:
        amount = _allowed(charge.amount)
        given = {
            "amount": amount.minor,
            "currency": amount.currency.lower(),
            "customer": charge.method.owner,
            "payment_method": charge.method.token,
            "payment_method_types": [charge.method.kind],
            "confirm": True,
            "off_session": True,
            "metadata": {ALONE: charge.id},
        }
        try:
            intent = await self._api.post("/v1/payment_intents", given, charge.id)
        except Refused as refused:
            if refused.reused_key:
                raise Unanswered("stripe knows this charge by other parameters") from None
            return _declined(charge, refused)
        except Replayed as failed:
            found = await self.find(charge)
            if found is None:
                raise ProviderFailed(f"nothing was taken: {failed}") from None
            return found
        return _understood(of_intent, intent)

    async def find(self, charge: Charge) -> PaymentStatus | None:
        """In the list of the customer's intents: Stripe's search may be a minute behind."""
        after: str | None = None
        for _ in range(MOST_PAGES):
            page = await self._api.get(
                "/v1/payment_intents",
                customer=charge.method.owner,
                limit=100,
                starting_after=after,
            )
            intents = page.get("data") or []
            for intent in intents:
                if (intent.get("metadata") or {}).get(ALONE) == charge.id:
                    return _understood(of_intent, intent)
            if not page.get("has_more") or not intents:
                return None
            after = intents[-1]["id"]
        raise Unanswered(f"stripe lists more than {MOST_PAGES * 100} payments of the customer")

    async def detach(self, method: Method) -> None:
        path = path_of("payment_methods", method.token)
        try:
            await self._api.post(f"{path}/detach", {}, f"{method.token}/detach")
        except Refused:
            if not await self._is_gone(path):
                raise

    def parse_webhook(self, request: ProviderRequest) -> Sequence[Said]:
        return parse(request, self._secrets)

    async def close(self) -> None:
        await self._api.close()

    async def _session(
        self, given: dict[str, Any], back: str, locale: str | None, key: str
    ) -> Redirect:
        given |= {"success_url": back, "cancel_url": back, "locale": _locale(locale)}
        session = await self._api.post("/v1/checkout/sessions", given, key)
        if not session.get("id") or not session.get("url"):
            raise Unanswered("stripe made a session without an id or a URL")
        return Redirect(session["id"], session["url"])

    async def _is_gone(self, path: str) -> bool:
        try:
            return (await self._api.get(path)).get("customer") is None
        except Refused as refused:
            return refused.status == 404


def _locale(name: str | None) -> str:
    """One of those that Checkout knows."""
    if name is None or name in LOCALES:
        return name or "auto"
    if name.startswith("es-"):  # of America, but for Spain's own
        return "es" if name == "es-ES" else "es-419"
    language = name.partition("-")[0]
    return language if language in LOCALES else "auto"


def _allowed(amount: Money) -> Money:
    if amount.currency in OTHER_UNITS:
        raise ProviderFailed(
            f"stripe counts {amount.currency} in other units; use another provider"
        )
    return amount


def _understood(read: Callable[[Mapping[str, Any]], T], said: Mapping[str, Any]) -> T:
    """Raises Unanswered for an answer that says nothing we can use."""
    try:
        return read(said)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unanswered(f"stripe's answer was not understood: {error}") from None


def _declined(charge: Charge, refused: Refused) -> PaymentStatus:
    """A card that is declined, or a method that Stripe no longer knows; raises all else."""
    error = refused.error
    gone = error.get("code") == "resource_missing" and error.get("param") == "payment_method"
    if refused.status != DECLINED and not gone:
        raise refused
    intent = error.get("payment_intent")
    named = intent.get("id") if isinstance(intent, dict) else None
    reason, final = why(error)
    return PaymentStatus(
        named or charge.id,
        PaymentState.DECLINED,
        charge.amount,
        reason,
        final=final,
        payment_id=charge.id,
        money=named,
    )
