"""What became of a payment: the provider's notices, the way back from it, and the result page."""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
from aiohttp import web
from sqlalchemy import bindparam, select

from domain.values import Money
from gateway.clients import ClientConfig
from gateway.clock import moment
from gateway.portal import payments, sessions
from gateway.portal.account import result_path
from gateway.portal.forms import Refused, read_body
from gateway.portal.here import Here
from gateway.portal.pages import see_other
from gateway.portal.payments import PATIENCE, UUID, Effect
from gateway.portal.signed import signed_in, to_start
from gateway.portal.site import Site
from gateway.portal.walking import shown
from gateway.storage import Store, Transaction
from gateway.storage.tables import payments as payments_table
from gateway.wallet.saving import keep
from payment_links.providers import (
    Malformed,
    PaymentProvider,
    PaymentStatus,
    ProviderFailed,
    ProviderRequest,
    SetupStatus,
    Unsigned,
)
from payment_links.tokens import token_for

log = structlog.get_logger()

LARGEST_NOTICE = 262_144  # bytes

_PAYMENT = select(payments_table).where(payments_table.c.id == bindparam("payment_id"))

RECEIVED = ("settled", "host_reported")
RETURNED = "refunded"
BACK = ("refunded", "reversed", "charged_back")


async def receive(
    store: Store,
    client_config: Callable[[str], ClientConfig],
    provider: PaymentProvider,
    request: ProviderRequest,
) -> list[Effect]:
    """A provider's notice: what it did to payments. Raises Unsigned or Malformed."""
    said = provider.parse_webhook(request)
    of_setups = [each for each in said if isinstance(each, SetupStatus)]
    of_payments = [each for each in said if isinstance(each, PaymentStatus)]

    async def work(tx: Transaction) -> None:
        for each in of_setups:
            await keep(tx, provider.name, each)

    if of_setups:
        await store.transact("wallet-keep", work)
    if not of_payments:
        return []
    return await payments.settle(store, client_config, provider.name, of_payments)


async def webhook(site: Site, request: web.Request) -> web.Response:
    """POST /payments/{provider}/webhook. A 2xx says that it is stored; a payment whose amount is
    not ours gets 409, so that it stays in sight at the provider too."""
    provider = request.match_info["provider"]
    if provider not in site.providers:
        return web.Response(status=404)
    try:
        body = await read_body(request, LARGEST_NOTICE)
    except Refused as refused:
        return web.Response(status=refused.status)
    given = ProviderRequest(request.headers, body, site.store.clock())
    try:
        found = site.providers[provider]
        effects = await receive(site.store, site.client_config, found, given)
    except Unsigned:
        log.warning("payment.notice_unsigned", provider=provider)
        return web.Response(status=403)
    except Malformed as error:
        log.error("payment.notice_malformed", provider=provider, error=str(error))
        return web.Response(status=400)
    return web.Response(status=409 if Effect.MISMATCH in effects else 204)


async def come_back(site: Site, request: web.Request) -> web.Response:
    """GET /portal/return/{payment_id}: back from the provider. What the address says is not
    believed: the provider is asked, and only for the visitor whose payment it is."""
    payment_id = request.match_info["payment_id"]
    secret = sessions.read_cookie(request, site)
    if UUID.fullmatch(payment_id) is None or secret is None:
        raise Refused(404)

    async def read(tx: Transaction) -> Any | None:
        rows = await tx.fetch(_PAYMENT, payment_id=payment_id)
        for row in rows:
            if row.link_id and await sessions.holds(tx, sessions.hashed(secret), row.link_id):
                return row
        return None

    row = await site.store.read(read)
    if row is None:
        raise Refused(404)
    if request.method != "HEAD" and row.cleared_at is None:
        await _ask(site, row)
    token = token_for(site.secret, row.link_id)
    return see_other(site, result_path(token.secret, payment_id))


async def _ask(site: Site, row: Any) -> None:
    """Without an answer the page shows what is known; the provider's notice will follow."""
    provider = site.providers.get(row.provider)
    if provider is None:
        return
    try:
        async with asyncio.timeout(PATIENCE):
            status = await provider.fetch(row.reference)
    except (ProviderFailed, TimeoutError) as error:
        log.warning("payment.not_fetched", payment_id=row.id, error=str(error))
        return
    await payments.settle(site.store, site.client_config, row.provider, [status])


async def result(site: Site, request: web.Request) -> web.Response:
    """GET /p/{token}/result?payment=..."""
    payment_id = request.query.get("payment")
    if payment_id is not None and UUID.fullmatch(payment_id) is None:
        raise Refused(404)
    here = await signed_in(site, request)
    if here is None:
        return to_start(site, request)
    link_id = here.visit.row.id

    async def read(tx: Transaction) -> Any | None:
        return await payments.payment_of_link(tx, link_id, payment_id)

    row = await site.store.read(read)
    if row is None:
        raise Refused(404)
    return shown(here, "result.html", _told(here, row))


def _told(here: Here, row: Any) -> dict[str, Any]:
    status = RETURNED if row.status in BACK else row.status
    t = here.t
    rows = [
        (t("result.amount"), here.money(Money(row.amount_minor, row.currency))),
        (t("result.day"), here.day(moment(row.created_at).astimezone(here.zone).date())),
        (t("result.reference"), row.id),
    ]
    if row.cleared_at:
        rows.append((t("result.balance"), here.money(here.visit.balance)))
    open_yet = row.status in ("authorised", "initiated")
    return {
        "title": t(f"result.title_{row.status}"),
        "received": row.status in RECEIVED,
        "about": None if row.status in RECEIVED else t(f"result.about_{status}"),
        "rows": rows,
        "again": f"/portal/return/{row.id}" if open_yet else None,
    }
