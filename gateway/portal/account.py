"""The page behind the proof: what is owed, paying it, what else can be done, signing out."""

import re
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from babel.numbers import get_currency_name

from domain.ids import derive
from domain.values import Invalid, Money
from gateway.portal import payments, sessions, visits
from gateway.portal.forms import Problem, Refused
from gateway.portal.here import Here, Now, now_of
from gateway.portal.journeys import JOURNEYS
from gateway.portal.landing import hash_of
from gateway.portal.pages import see_other
from gateway.portal.signed import form_of, signed_in, to_start
from gateway.portal.site import Site
from gateway.portal.visits import OpenPromise, Visit
from gateway.portal.walking import shown
from gateway.storage import Transaction
from payment_links.amounts import parse_payment
from payment_links.link import LinkState
from payment_links.providers import PaymentState
from payment_links.verification import Fact

PART = re.compile(r"[a-z]+:[0-9]{1,15}")
"""One of the amounts that the page had named."""


async def show(site: Site, request: web.Request) -> web.Response:
    """GET /p/{token}/account."""
    here = await signed_in(site, request)
    return to_start(site, request) if here is None else await _page(here, {}, [])


async def _page(here: Here, entered: Mapping[str, str], problems: list[Problem]) -> web.Response:
    async def read(tx: Transaction) -> tuple[Now, OpenPromise | None]:
        now = await now_of(tx, here.config, here.visit)
        return now, await visits.open_promise(tx, here.visit.row.account_id)

    now, promise = await here.site.store.read(read)
    balance = here.visit.balance
    given: dict[str, Any] = {
        "rows": list(_rows(here, promise)),
        "payable": balance.minor > 0,
        "shown": str(balance.minor),
        "choices": [
            ("full", here.t("account.pay_all", balance=here.money(balance))),
            *(
                (f"{name}:{amount.minor}", here.t(f"account.pay_{name}", amount=here.money(amount)))
                for name, amount in _parts(now, promise).items()
            ),
            ("other", here.t("account.pay_other")),
        ],
        "unit": get_currency_name(balance.currency, 2, here.locale),
        "journeys": [name for name, journey in JOURNEYS.items() if journey.offered(now)],
        "entered": entered,
        "errors": problems,
    }
    return shown(here, "account.html", given)


def _parts(now: Now, promise: OpenPromise | None) -> dict[str, Money]:
    """Amounts below the balance that somebody may want to pay just so, each once: what is in
    arrears, what the host wants at least, what was promised."""
    account = now.situation.account
    left = None if promise is None else promise.left
    found = {"arrears": account.arrears, "due": account.minimum_due, "promised": left}
    parts: dict[str, Money] = {}
    for name, amount in found.items():
        fits = amount is not None and 0 < amount.minor < account.balance.minor
        if amount is not None and fits and amount not in parts.values():
            parts[name] = amount
    return parts


def _rows(here: Here, promise: OpenPromise | None) -> list[tuple[str, str]]:
    row, t = here.visit.row, here.t
    ending = here.visit.facts.get(Fact.LAST_FOUR, row.ref)
    rows = [(t("account.with"), row.creditor)] if row.creditor else []
    rows += [
        (t("account.number"), t("account.ending", ending=ending)),
        (t("account.balance"), here.money(here.visit.balance)),
    ]
    if promise is not None:
        key = "account.promised_by" if promise.left == promise.amount else "account.promised_left"
        amount, left = here.money(promise.amount), here.money(promise.left)
        told = t(key, amount=amount, left=left, due=here.day(promise.due))
        rows.append((t("account.promised"), told))
    return rows


async def pay(site: Site, request: web.Request) -> web.Response:
    """POST /p/{token}/account: leads to the provider's page for the chosen amount."""
    found = await form_of(site, request)
    if found is None:
        return to_start(site, request)
    here, form = found
    chosen = _chosen(here, form)
    if isinstance(chosen, Problem):
        return await _page(here, form, [chosen])
    return await _lead(here, form, chosen)


def _chosen(here: Here, form: Mapping[str, str]) -> Money | Problem:
    balance = here.visit.balance
    if balance.minor <= 0:
        return _problem(here, "choice", "account.nothing_to_pay")
    match form.get("choice"):
        case "full":
            if form.get("shown") != str(balance.minor):
                return _problem(here, "choice", "account.changed")
            return balance
        case str(named) if PART.fullmatch(named):
            amount = Money(int(named.partition(":")[2]), balance.currency)
            if not 0 < amount.minor <= balance.minor:
                return _problem(here, "choice", "account.changed")
            return amount
        case "other":
            try:
                return parse_payment(form.get("amount", ""), balance)
            except Invalid as error:
                return _problem(here, "amount", f"amount.{error}", most=here.money(balance))
        case _:
            return _problem(here, "choice", "account.pay_choose")


def _problem(here: Here, field: str, key: str, **values: str) -> Problem:
    return Problem(field, field, here.t(key, **values))


async def _lead(here: Here, form: Mapping[str, str], amount: Money) -> web.Response:
    """A form sent twice, or again from the browser's history, is one payment: its id is made of
    the form's own id and the amount."""
    site, request = here.site, here.request
    form_id = form.get("form", "")
    if payments.UUID.fullmatch(form_id) is None:
        raise Refused(400)
    link_id = here.visit.row.id
    payment_id = derive(form_id, f"payment/{link_id}/{amount.minor}/{amount.currency}")

    async def read(tx: Transaction) -> Any | None:
        return await payments.payment_of_link(tx, link_id, payment_id)

    made = await site.store.read(read)
    if made is not None and made.status not in (PaymentState.INITIATED, PaymentState.DECLINED):
        return see_other(site, result_path(here.token, payment_id))
    provider = site.provider_of(here.config)
    back = f"{site.origin_of(request, here.config)}/portal/return/{payment_id}"
    redirect = await payments.lead(provider, here.config, payment_id, amount, back)
    token_hash = hash_of(request)

    async def initiate(tx: Transaction) -> Visit:
        visit = await visits.find_locked(tx, token_hash)
        if visit is None or visit.state is not LinkState.LIVE:
            raise Refused(410)
        if amount <= visit.balance:
            reference = redirect.reference
            await payments.initiate(tx, visit, payment_id, amount, provider.name, reference)
        return visit

    here.visit = await site.store.transact("portal-pay", initiate)
    if amount > here.visit.balance:
        return await _page(here, form, [_problem(here, "choice", "account.changed")])
    return see_other(site, redirect.url)


def result_path(token: str, payment_id: str) -> str:
    return f"/p/{token}/result?payment={payment_id}"


async def leave(site: Site, request: web.Request) -> web.Response:
    """POST /p/{token}/logout."""
    found = await form_of(site, request)
    if found is None:
        return to_start(site, request)
    here, _ = found
    token_hash, session_hash = hash_of(request), sessions.hashed(here.secret)

    async def end(tx: Transaction) -> None:
        visit = await visits.find_locked(tx, token_hash)
        if visit is not None and await sessions.end(tx, session_hash):
            tx.record(visit.event(tx, "portal.logged_out"))

    await site.store.transact("portal-logout", end)
    response = to_start(site, request)
    sessions.clear_cookie(response, site)
    return response
