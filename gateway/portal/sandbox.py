"""The sandbox provider's hosted page, which plays a card form for tests and demonstrations."""

from aiohttp import web

from domain.values import Money
from gateway.portal.forms import Refused, check_origin, read_form
from gateway.portal.landing import Problem
from gateway.portal.outcome import receive
from gateway.portal.pages import page, see_other, shown_money
from gateway.portal.site import Site, origin_of
from payment_links.providers import PaymentState, ProviderFailed
from payment_links.sandbox import Checkout, Sandbox, UnknownCard

PATH = "/sandbox/pay"


def sandbox_of(site: Site) -> Sandbox | None:
    """The sandbox among the providers, if it is one."""
    found = (provider for provider in site.providers.values() if isinstance(provider, Sandbox))
    return next(found, None)


async def show(site: Site, request: web.Request) -> web.Response:
    """GET /sandbox/pay/{reference}."""
    _, checkout = _checkout(site, request)
    return _page(site, checkout, [])


async def pay(site: Site, request: web.Request) -> web.Response:
    """POST /sandbox/pay/{reference}: tells us as a provider would, then leads the customer back."""
    check_origin(request, site)
    provider, checkout = _checkout(site, request)
    form = await read_form(request)
    try:
        checkout = provider.pay(checkout.reference, form.get("card", ""), site.store.clock())
    except UnknownCard:
        return _page(site, checkout, [Problem("card", "card", "Enter one of the test cards")])
    notice = provider.notice(checkout.reference, site.store.clock())
    await receive(site, provider.name, notice)
    return see_other(site, checkout.return_url)


async def give_back(site: Site, request: web.Request) -> web.Response:
    """POST /sandbox/pay/{reference}/back: plays that money goes back, and tells us so. The form
    holds `how` (refunded, reversed, charged_back) and, for a part, `minor` units."""
    check_origin(request, site)
    provider, checkout = _checkout(site, request)
    form = await read_form(request)
    try:
        state = PaymentState(form.get("how", ""))
        minor = int(form["minor"]) if form.get("minor") else None
        now = site.store.clock()
        provider.give_back(checkout.reference, state, minor, now)
    except (ValueError, ProviderFailed):
        raise Refused(422) from None
    await receive(site, provider.name, provider.notice(checkout.reference, now))
    return see_other(site, f"{PATH}/{checkout.reference}")


def _checkout(site: Site, request: web.Request) -> tuple[Sandbox, Checkout]:
    provider = sandbox_of(site)
    if provider is None:
        raise Refused(404)
    try:
        return provider, provider.checkout(request.match_info["reference"])
    except ProviderFailed:
        raise Refused(404) from None


def _page(site: Site, checkout: Checkout, problems: list[Problem]) -> web.Response:
    return page(
        site,
        "sandbox.html",
        status=422 if problems else 200,
        amount=_amount(checkout.amount),
        left=_amount(checkout.left) if checkout.left.minor else None,
        action=f"{PATH}/{checkout.reference}",
        back=checkout.return_url,
        errors=problems,
        leads_to=origin_of(checkout.return_url),
        brand=None,
        dialled=None,
        lang="en",
    )


def _amount(amount: Money) -> str:
    return shown_money(amount, "en")
