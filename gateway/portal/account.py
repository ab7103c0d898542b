"""The pages behind the proof: what is owed, paying it, signing out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from babel.numbers import get_currency_name

from domain.ids import derive
from domain.values import Invalid, Money
from gateway.clients import ClientConfig
from gateway.ids import new_id
from gateway.portal import payments, sessions, visits
from gateway.portal.forms import Refused, check_csrf, check_origin, read_form
from gateway.portal.landing import Problem, branded, find_live, hash_of
from gateway.portal.pages import locale_of, page, see_other, shown_date, shown_money
from gateway.portal.site import Site
from gateway.portal.visits import OpenPromise, Visit
from gateway.storage import Transaction
from payment_links.amounts import parse_payment
from payment_links.link import LinkState
from payment_links.providers import PaymentState
from payment_links.verification import Fact

CHANGED = "The balance has changed since you opened this page. Check the amount and try again"


@dataclass(frozen=True, slots=True)
class Signed:
    """A visitor who has proven who they are, on the link of that proof."""

    visit: Visit
    secret: str
    promise: OpenPromise | None


async def signed_in(site: Site, request: web.Request) -> Signed | None:
    """None where nobody has, or the session has ended. Raises Refused as find_live does."""
    visit = await find_live(site, request)
    secret = sessions.read_cookie(request, site)
    if secret is None:
        return None

    async def read(tx: Transaction) -> Signed | None:
        if not await sessions.holds(tx, sessions.hashed(secret), visit.row.id):
            return None
        return Signed(visit, secret, await visits.open_promise(tx, visit.row.account_id))

    found: Signed | None = await site.store.read(read)
    return found


def to_start(site: Site, request: web.Request) -> web.Response:
    return see_other(site, f"/p/{request.match_info['token']}")


async def show(site: Site, request: web.Request) -> web.Response:
    """GET /p/{token}/account."""
    signed = await signed_in(site, request)
    return to_start(site, request) if signed is None else _page(site, request, signed, {}, [])


def _page(
    site: Site,
    request: web.Request,
    signed: Signed,
    form: Mapping[str, str],
    problems: list[Problem],
) -> web.Response:
    visit = signed.visit
    config = site.client_config(visit.row.client)
    balance = visit.balance
    return page(
        site,
        "account.html",
        status=422 if problems else 200,
        token=request.match_info["token"],
        csrf=sessions.csrf_token(site, signed.secret),
        form=new_id(),
        creditor=visit.row.creditor,
        ending=visit.facts.get(Fact.LAST_FOUR, visit.row.ref),
        balance=shown_money(balance, config.locale),
        shown=str(balance.minor),
        payable=balance.minor > 0,
        promise=signed.promise and _promise(signed.promise, config),
        unit=get_currency_name(balance.currency, 2, locale_of(config.locale)),
        choice=form.get("choice", ""),
        amount=form.get("amount", ""),
        errors=problems,
        **branded(config),
    )


def _promise(promise: OpenPromise, config: ClientConfig) -> dict[str, Any]:
    return {
        "amount": shown_money(promise.amount, config.locale),
        "left": shown_money(promise.left, config.locale),
        "due": shown_date(promise.due, config.locale),
    }


async def pay(site: Site, request: web.Request) -> web.Response:
    """POST /p/{token}/account: leads to the provider's page for the chosen amount."""
    check_origin(request, site)
    signed = await signed_in(site, request)
    form = await read_form(request)
    if signed is None:
        return to_start(site, request)
    check_csrf(form, sessions.csrf_token(site, signed.secret))
    try:
        amount = _chosen(site, signed.visit, form)
    except Wrong as wrong:
        return _page(site, request, signed, form, [wrong.problem])
    return await _lead(site, request, signed, form, amount)


class Wrong(Exception):
    """The pay form can't be taken as it is."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.problem = Problem(field, field, text)


def _chosen(site: Site, visit: Visit, form: Mapping[str, str]) -> Money:
    balance = visit.balance
    config = site.client_config(visit.row.client)
    if balance.minor <= 0:
        raise Wrong("choice", "There is nothing to pay")
    match form.get("choice"):
        case "full":
            if form.get("shown") != str(balance.minor):
                raise Wrong("choice", CHANGED)
            return balance
        case "other":
            try:
                shown = shown_money(balance, config.locale)
                return parse_payment(form.get("amount", ""), balance, shown)
            except Invalid as error:
                raise Wrong("amount", str(error)) from None
        case _:
            raise Wrong("choice", "Choose how much you want to pay")


async def _lead(
    site: Site, request: web.Request, signed: Signed, form: Mapping[str, str], amount: Money
) -> web.Response:
    """A form sent twice, or again from the browser's history, is one payment: its id is made of
    the form's own id and the amount."""
    form_id = form.get("form", "")
    if payments.UUID.fullmatch(form_id) is None:
        raise Refused(400)
    link_id = signed.visit.row.id
    payment_id = derive(form_id, f"payment/{link_id}/{amount.minor}/{amount.currency}")

    async def read(tx: Transaction) -> Any | None:
        return await payments.payment_of_link(tx, link_id, payment_id)

    made = await site.store.read(read)
    if made is not None and made.status not in (PaymentState.INITIATED, PaymentState.DECLINED):
        return see_other(site, result_path(request.match_info["token"], payment_id))
    config = site.client_config(signed.visit.row.client)
    provider = site.provider_of(config)
    back = f"{site.origin_of(request, config)}/portal/return/{payment_id}"
    redirect = await payments.lead(provider, config, payment_id, amount, back)
    token_hash = hash_of(request)

    async def initiate(tx: Transaction) -> Visit:
        visit = await visits.find_locked(tx, token_hash)
        if visit is None or visit.state is not LinkState.LIVE:
            raise Refused(410)
        if amount <= visit.balance:
            reference = redirect.reference
            await payments.initiate(tx, visit, payment_id, amount, provider.name, reference)
        return visit

    visit: Visit = await site.store.transact("portal-pay", initiate)
    if amount > visit.balance:
        now = Signed(visit, signed.secret, signed.promise)
        return _page(site, request, now, form, [Problem("choice", "choice", CHANGED)])
    return see_other(site, redirect.url)


def result_path(token: str, payment_id: str) -> str:
    return f"/p/{token}/result?payment={payment_id}"


async def leave(site: Site, request: web.Request) -> web.Response:
    """POST /p/{token}/logout."""
    check_origin(request, site)
    signed = await signed_in(site, request)
    form = await read_form(request)
    if signed is None:
        return to_start(site, request)
    check_csrf(form, sessions.csrf_token(site, signed.secret))
    token_hash, session_hash = hash_of(request), sessions.hashed(signed.secret)

    async def end(tx: Transaction) -> None:
        visit = await visits.find_locked(tx, token_hash)
        if visit is not None and await sessions.end(tx, session_hash):
            tx.record(visit.event(tx, "portal.logged_out"))

    await site.store.transact("portal-logout", end)
    response = to_start(site, request)
    sessions.clear_cookie(response, site)
    return response
