"""The sandbox provider's hosted pages, which play a card form for tests and demonstrations."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from domain.values import Money
from gateway.clients import ClientConfig
from gateway.portal.forms import Problem, Refused, check_origin, read_form
from gateway.portal.outcome import receive
from gateway.portal.pages import page, see_other, shown_money, unbranded
from gateway.portal.site import Site, origin_of
from gateway.portal.texts import FALLBACK, texts_of
from gateway.storage import Store
from payment_links.providers import PaymentState, ProviderFailed, SetupState
from payment_links.sandbox import Checkout, Sandbox, Saving, Telling
from payment_links.sandbox_cards import CARDS, UnknownCard

PATH = "/sandbox/pay"


def sandbox_of(site: Site) -> Sandbox | None:
    """The sandbox among the providers, if it is one."""
    found = (provider for provider in site.providers.values() if isinstance(provider, Sandbox))
    return next(found, None)


async def deliver(
    store: Store, client_config: Callable[[str], ClientConfig], sandbox: Sandbox
) -> int:
    """Tells us what it has to tell by now, as a provider would; how many notices there were."""
    notices = sandbox.due(store.clock())
    for notice in notices:
        await receive(store, client_config, sandbox, notice)
    return len(notices)


async def show(site: Site, request: web.Request) -> web.Response:
    """GET /sandbox/pay/{reference}."""
    _, found = _found(site, request)
    return _page(site, found, [])


async def pay(site: Site, request: web.Request) -> web.Response:
    """POST /sandbox/pay/{reference}: a card is given, or with `leave` none; then back. The form
    says in `telling` when we are told of it."""
    check_origin(request, site)
    provider, found = _found(site, request)
    form = await read_form(request)
    try:
        telling = Telling(form.get("telling", Telling.NOW))
    except ValueError:
        raise Refused(422) from None
    now = site.store.clock()
    try:
        found = _done(provider, found, form.get("card", ""), "leave" in form, telling, now)
    except UnknownCard:
        problem = Problem("card", "card", "Enter one of the test cards")
        return _page(site, found, [problem])
    await deliver(site.store, site.client_config, provider)
    if isinstance(found, Saving) and found.state is SetupState.OPEN:
        problem = Problem("card", "card", "This card is declined. Enter another one")
        return _page(site, found, [problem])
    return see_other(site, found.return_url)


def _done(
    provider: Sandbox,
    found: Checkout | Saving,
    card: str,
    leaves: bool,
    telling: Telling,
    now: int,
) -> Checkout | Saving:
    """Raises UnknownCard."""
    reference = found.reference
    if isinstance(found, Saving):
        if leaves:
            return provider.give_up(reference, telling)
        return provider.save(reference, card, telling)
    if leaves:
        return provider.abandon(reference, now, telling)
    return provider.pay(reference, card, now, telling)


async def give_back(site: Site, request: web.Request) -> web.Response:
    """POST /sandbox/pay/{reference}/back: plays that money goes back, and tells us so. The form
    holds `how` (refunded, reversed, charged_back) and, for a part, `minor` units."""
    check_origin(request, site)
    provider, found = _found(site, request)
    form = await read_form(request)
    try:
        state = PaymentState(form.get("how", ""))
        minor = int(form["minor"]) if form.get("minor") else None
        now = site.store.clock()
        provider.give_back(found.reference, state, minor, now)
    except (ValueError, ProviderFailed):
        raise Refused(422) from None
    notice = provider.notice(found.reference, now)
    await receive(site.store, site.client_config, provider, notice)
    return see_other(site, f"{PATH}/{found.reference}")


def _found(site: Site, request: web.Request) -> tuple[Sandbox, Checkout | Saving]:
    provider = sandbox_of(site)
    reference = request.match_info["reference"]
    if provider is None:
        raise Refused(404)
    for look in (provider.checkout, provider.saving):
        try:
            return provider, look(reference)
        except ProviderFailed:
            continue
    raise Refused(404)


def _page(site: Site, found: Checkout | Saving, problems: list[Problem]) -> web.Response:
    shown: dict[str, Any] = {"amount": None, "left": None}
    if isinstance(found, Checkout):
        shown["amount"] = _amount(found.amount)
        shown["left"] = _amount(found.left) if found.left.minor else None
    return page(
        site,
        "sandbox.html",
        status=422 if problems else 200,
        **shown,
        cards=[(_spaced(number), card.label) for number, card in CARDS.items()],
        tellings=[each.value for each in Telling],
        way_back=found.return_url,
        leads_to=origin_of(found.return_url),
        **unbranded(texts_of(FALLBACK))
        | {"errors": problems, "action": f"{PATH}/{found.reference}"},
    )


def _spaced(number: str) -> str:
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def _amount(amount: Money) -> str:
    return shown_money(amount, "en")
