"""The wallet: saved methods, and whether a plan is taken from one."""

from collections.abc import Mapping
from typing import Any

import structlog
from aiohttp import web
from sqlalchemy import bindparam, select, text

from domain.ids import derive
from gateway.charging import mandates
from gateway.charging.mandates import NotAgreed, Terms
from gateway.clients import ClientConfig
from gateway.portal import sessions
from gateway.portal.forms import Problem, Refused
from gateway.portal.here import Here
from gateway.portal.pages import see_other
from gateway.portal.payments import UUID
from gateway.portal.signed import form_of, signed_in, to_start
from gateway.portal.site import Site
from gateway.portal.walking import shown
from gateway.storage import Transaction
from gateway.storage.charging_tables import mandates as mandates_table
from gateway.storage.charging_tables import wallet_setups
from gateway.storage.tables import plans
from gateway.wallet import methods, saving
from gateway.wallet.methods import Person, Saved
from payment_links.providers import ProviderFailed
from payment_links.tokens import token_for

log = structlog.get_logger()

CHANGED, GONE = "wallet.changed", "wallet.gone"
"""Keys of the words for what is wrong."""

_PLAN = (
    select(plans.c.id, mandates_table.c.method_id)
    .select_from(
        plans.outerjoin(
            mandates_table,
            (mandates_table.c.plan_id == plans.c.id) & mandates_table.c.ended_at.is_(None),
        )
    )
    .where(
        plans.c.account_id == bindparam("account_id"),
        text("plans.state IN ('active', 'behind', 'curing')"),
    )
    .order_by(plans.c.created_at.desc())
    .limit(1)
)
_SETUP = select(wallet_setups).where(wallet_setups.c.id == bindparam("id"))


def person_of(here: Here) -> Person:
    """Whose wallet a proven visitor sees, and where what they do there is told."""
    row = here.visit.row
    return Person(row.client, row.customer_id, row.account_id, row.conversation_id, row.id)


async def show(site: Site, request: web.Request) -> web.Response:
    """GET /p/{token}/wallet."""
    here = await signed_in(site, request)
    return to_start(site, request) if here is None else await _page(here, [])


async def change(site: Site, request: web.Request) -> web.Response:
    """POST /p/{token}/wallet: `do` is add, remove, prefer, agree or withdraw."""
    found = await form_of(site, request)
    if found is None:
        return to_start(site, request)
    here, form = found
    if form.get("do") == "add":
        return await _lead(here, form)

    async def work(tx: Transaction) -> str | None:
        return await _done(tx, here.config, person_of(here), form)

    problem: str | None = await site.store.transact("wallet", work)
    if problem is not None:
        return await _page(here, [Problem("main", None, here.t(problem))])
    return see_other(site, f"/p/{request.match_info['token']}/wallet")


async def _done(
    tx: Transaction, config: ClientConfig, person: Person, form: Mapping[str, str]
) -> str | None:
    """What is wrong with what was asked for. Raises Refused for what no page of ours asks for."""
    method_id, plan_id = form.get("method", ""), form.get("plan", "")
    match form.get("do"):
        case "remove" if UUID.fullmatch(method_id):
            await mandates.end_of_method(tx, person, method_id)
            return None if await methods.remove(tx, person, method_id) else GONE
        case "prefer" if UUID.fullmatch(method_id):
            return None if await methods.prefer(tx, person, method_id) else GONE
        case "withdraw" if UUID.fullmatch(plan_id):
            await mandates.withdraw(tx, person, plan_id)
            return None
        case "agree" if UUID.fullmatch(method_id) and UUID.fullmatch(plan_id):
            try:
                await mandates.agree(tx, config, person, plan_id, method_id, form.get("mark", ""))
            except NotAgreed:
                return CHANGED
            return None
    raise Refused(422)


async def _lead(here: Here, form: Mapping[str, str]) -> web.Response:
    """To the provider's page; a form that is sent twice leads to the same one."""
    form_id = form.get("form", "")
    if UUID.fullmatch(form_id) is None:
        raise Refused(400)
    setup_id = derive(form_id, f"setup/{here.visit.row.id}")
    site, config = here.site, here.config
    back = f"{site.origin_of(here.request, config)}/portal/saved/{setup_id}"
    provider = site.provider_of(config)
    redirect = await saving.begin(
        site.store, provider, person_of(here), setup_id, back, config.locale
    )
    return see_other(site, redirect.url)


async def come_back(site: Site, request: web.Request) -> web.Response:
    """GET /portal/saved/{setup_id}: back from the page that saves a method. The provider is asked,
    and only for the visitor whose it is."""
    setup_id = request.match_info["setup_id"]
    secret = sessions.read_cookie(request, site)
    if UUID.fullmatch(setup_id) is None or secret is None:
        raise Refused(404)

    async def read(tx: Transaction) -> Any | None:
        for row in await tx.fetch(_SETUP, id=setup_id):
            if row.link_id and await sessions.holds(tx, sessions.hashed(secret), row.link_id):
                return row
        return None

    row = await site.store.read(read)
    if row is None:
        raise Refused(404)
    provider = site.providers.get(row.provider)
    if provider is not None and request.method != "HEAD":
        try:
            await saving.look(site.store, provider, row.reference)
        except ProviderFailed as error:  # the sweep asks again
            log.warning("wallet.setup_not_fetched", setup_id=row.id, error=str(error))
    token = token_for(site.secret, row.link_id)
    return see_other(site, f"/p/{token.secret}/wallet")


async def _page(here: Here, problems: list[Problem]) -> web.Response:
    person, config = person_of(here), here.config

    async def read(tx: Transaction) -> tuple[list[Saved], Any | None, Terms | None]:
        saved = await methods.methods_of(tx, person.customer_id)
        found = await tx.fetch(_PLAN, account_id=person.account_id)
        plan = found[0] if found else None
        return saved, plan, await _terms(tx, config, person, plan, saved)

    saved, plan, terms = await here.site.store.read(read)
    given = {"methods": saved, "plan": plan, "terms": terms, "errors": problems}
    return shown(here, "wallet.html", given)


async def _terms(
    tx: Transaction, config: ClientConfig, person: Person, plan: Any | None, saved: list[Saved]
) -> Terms | None:
    """Of taking the plan from the default method, where it may be and is not agreed already."""
    preferred = next((each for each in saved if each.is_default), None)
    if plan is None or preferred is None or plan.method_id == preferred.id:
        return None
    try:
        return await mandates.terms(tx, config, person, plan.id, preferred.id)
    except NotAgreed:
        return None
