"""The address in a mail's List-Unsubscribe: one click ends our emails (RFC 8058), a look does not.

Whoever has the mail may click: there is no login, and the page tells nothing of an account. Mail
programmes post `List-Unsubscribe=One-Click` by themselves; people see a page with a button.
"""

from typing import Any

from aiohttp import web
from sqlalchemy import bindparam, select, text

from domain.values import mask
from gateway.clients import ClientConfig
from gateway.consent.cancelling import Key
from gateway.consent.ledger import Origin, lock, opt_out
from gateway.mail.tokens import Purpose, prove
from gateway.portal.forms import LARGEST, Refused
from gateway.portal.pages import branded, page, unbranded
from gateway.portal.site import Site
from gateway.portal.texts import base_of, language_of, texts_of
from gateway.sequences.stopping import by_opt_outs, end
from gateway.storage import Transaction
from gateway.storage.tables import addresses, outbound

_MAIL = (
    select(
        outbound.c.id,
        outbound.c.client,
        outbound.c.channel,
        outbound.c.address,
        outbound.c.customer_id,
        outbound.c.conversation_id,
        outbound.c.language,
        addresses.c.opted_out_at,
    )
    .select_from(
        outbound.outerjoin(
            addresses,
            (addresses.c.client == outbound.c.client)
            & (addresses.c.channel == outbound.c.channel)
            & (addresses.c.address == outbound.c.address),
        )
    )
    .where(outbound.c.id == bindparam("id"), text("outbound.channel = 'email'"))
)


async def show(site: Site, request: web.Request) -> web.Response:
    """GET and HEAD /u/{token}: changes nothing, whoever looks."""
    return _page(site, await _find(site, request))


async def stop(site: Site, request: web.Request) -> web.Response:
    """POST /u/{token}: opts the address out of email. Doing it again changes nothing."""
    mail = await _find(site, request)
    method = await _method(request)
    key: Key = (mail.client, mail.channel, mail.address)
    await site.store.transact("unsubscribe", lambda tx: _opt_out(tx, key, mail, method))
    return _page(site, mail, done=True)


async def _find(site: Site, request: web.Request) -> Any:
    """The mail's row. Raises Refused: 404 for what is no token of ours, 429 for whoever tries many
    of those, 410 for a mail that is no longer kept."""
    named = prove(site.secret, request.match_info["token"], Purpose.UNSUBSCRIBE)
    if named is None:
        wait = await site.throttles.unknown.take(site.visitor(request), site.store.clock())
        raise Refused(429 if wait else 404)
    rows = await site.store.read(lambda tx: tx.fetch(_MAIL, id=named))
    if not rows:
        raise Refused(410)
    return rows[0]


async def _method(request: web.Request) -> str:
    """One of the ledger's METHODS. Raises Refused: 400 for a body that asks for nothing, 413 for a
    huge one, 415 for no form."""
    kinds = ("application/x-www-form-urlencoded", "multipart/form-data")
    if request.content_type not in kinds:
        raise Refused(415)
    try:
        form = await request.clone(client_max_size=LARGEST).post()
    except web.HTTPRequestEntityTooLarge:
        raise Refused(413) from None
    except (ValueError, LookupError, AssertionError):  # what aiohttp makes of a broken one
        raise Refused(400) from None
    if form.get("List-Unsubscribe") == "One-Click":
        return "one_click"
    if form.get("unsubscribe") == "yes":
        return "portal"
    raise Refused(400)


async def _opt_out(tx: Transaction, key: Key, mail: Any, method: str) -> None:
    """Runs of sequences end first: they are locked before addresses everywhere. What is queued is
    taken back in this very transaction."""
    await end(tx, *await by_opt_outs(tx, [key]))
    await lock(tx, [key])
    (now,) = await tx.fetch(_MAIL, id=mail.id)
    if now.opted_out_at is not None:
        return
    origin = Origin(
        method=method,
        actor="customer",
        customer_id=mail.customer_id,
        conversation_id=mail.conversation_id,
        correlation_id=mail.id,  # no cause: after an opt-in the same mail may say it once more
    )
    await opt_out(tx, [(key, origin)])


def _page(site: Site, mail: Any, *, done: bool = False) -> web.Response:
    config = _config(site, mail.client)
    wanted = (mail.language, config.locale if config else None)
    texts = texts_of(language_of(*(base_of(name) for name in wanted if name)))
    state = "done" if done or mail.opted_out_at is not None else "asks"
    address = mask(mail.channel, mail.address)
    return page(
        site,
        "unsubscribe.html",
        **branded(config, texts) if config else unbranded(texts),
        title=texts(f"unsubscribe.{state}"),
        said=texts(f"unsubscribe.{state}_about", address=address),
        button=texts("unsubscribe.button") if state == "asks" else None,
    )


def _config(site: Site, client: str) -> ClientConfig | None:
    """None for a client that has left: its mails can still be stopped."""
    try:
        return site.client_config(client)
    except KeyError:
        return None
