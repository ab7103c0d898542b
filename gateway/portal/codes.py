"""A one-time code in the place of the two facts: it goes by another channel than the link went.

Nobody learns by it whether there is another channel: the page says the same, and a code that was
never sent is as wrong as any other. A wrong one counts as a wrong fact does.
"""

import hashlib
import hmac
import secrets
from typing import Any

from aiohttp import web
from sqlalchemy import bindparam, select, text

from gateway.ids import new_id
from gateway.parties.reachable import UNASKED
from gateway.portal import sessions
from gateway.portal.forms import Problem, Refused, check_origin, read_form
from gateway.portal.here import texts_for
from gateway.portal.identity import CodeClaim, Proof, prove_by_code
from gateway.portal.landing import every, find_live, goal, hash_of, notice, throttle
from gateway.portal.pages import page, see_other
from gateway.portal.site import Site
from gateway.portal.throttling import MINUTE
from gateway.portal.visits import Visit, find_locked
from gateway.storage import Transaction, encode
from gateway.storage.tables import contacts, inbox, outbound, verifications
from payment_links.link import LinkState
from payment_links.tokens import key_for

DIGITS = 6
LIFE = 10 * MINUTE

_SENT_BY = (
    select(outbound.c.channel)
    .where(
        outbound.c.conversation_id == bindparam("conversation"),
        outbound.c.link_id == bindparam("link_id"),
        text("outbound.sent_at IS NOT NULL"),
    )
    .distinct()
)
_CONTACTS = (
    select(contacts.c.channel, contacts.c.address)
    .where(contacts.c.customer_id == bindparam("customer"), UNASKED)
    .order_by(contacts.c.rank)
)


def hash_of_code(key: bytes, link_id: str, code: str) -> str:
    """Keyed and of this link alone, since six digits are soon tried out."""
    given = f"{link_id}/{code}".encode()
    return hmac.new(key_for(key, "code"), given, hashlib.sha256).hexdigest()


async def show(site: Site, request: web.Request) -> web.Response:
    """GET /p/{token}/code: where the code is entered."""
    return _page(site, request, await find_live(site, request), [])


async def ask(site: Site, request: web.Request) -> web.Response:
    """POST /p/{token}/code/new: sends a code, where there is another way to reach the customer."""
    check_origin(request, site)
    visit = await find_live(site, request)
    if await site.throttles.codes.take(visit.row.account_id, site.store.clock()):
        raise Refused(429)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    hashed, token_hash = hash_of_code(site.secret, visit.row.id, code), hash_of(request)

    async def work(tx: Transaction) -> None:
        found = await find_locked(tx, token_hash)
        if found is None or found.state is not LinkState.LIVE or found.tries.locked(tx.now):
            return
        where = await _elsewhere(tx, found)
        if where is not None:
            await _keep(tx, found, hashed)
            await tx.insert(inbox, [_event(tx, found, where, code)])
            tx.record(found.event(tx, "portal.code_asked", channel=where.channel))
            tx.wake("turn")

    await site.store.transact("portal-code", work)
    return see_other(site, f"/p/{request.match_info['token']}/code")


async def enter(site: Site, request: web.Request) -> web.Response:
    """POST /p/{token}/code: a code against a session."""
    check_origin(request, site)
    visit = await find_live(site, request)
    form = await read_form(request)
    given = "".join(char for char in form.get("code", "") if char.isalnum())
    texts = texts_for(site, request, visit)
    if not given:
        problem = Problem("code", "code", texts("identity.code_missing"))
        return _page(site, request, visit, [problem])
    await throttle(site, request, visit)
    secret = sessions.new_secret()
    hashed = hash_of_code(site.secret, visit.row.id, given)
    claim = CodeClaim(hash_of(request), hashed, sessions.hashed(secret))
    proof: Proof = await site.store.transact("portal-verify", lambda tx: prove_by_code(tx, claim))
    match proof:
        case Proof.VERIFIED:
            response = see_other(site, f"/p/{request.match_info['token']}/{goal(visit)}")
            sessions.set_cookie(response, site, secret)
            return response
        case Proof.LOCKED:
            return notice(site, request, visit, "identity.locked", 429)
        case Proof.GONE:
            raise Refused(410)
    return _page(site, request, visit, [Problem("code", "code", texts("identity.code_wrong"))])


def _page(site: Site, request: web.Request, visit: Visit, problems: list[Problem]) -> web.Response:
    if visit.tries.locked(site.store.clock()):
        return notice(site, request, visit, "identity.locked", 429)
    given = every(site, request, visit) | {"errors": problems}
    back = f"/p/{request.match_info['token']}"
    return page(site, "code.html", status=422 if problems else 200, back=back, **given)


async def _elsewhere(tx: Transaction, visit: Visit) -> Any | None:
    """The customer's preferred address by a channel that the link did not go by; None where it is
    not known how that went, too."""
    row = visit.row
    sent = await tx.fetch(_SENT_BY, conversation=row.conversation_id, link_id=row.id)
    went = {each.channel for each in sent}
    found = await tx.fetch(_CONTACTS, customer=row.customer_id)
    return next((each for each in found if went and each.channel not in went), None)


async def _keep(tx: Transaction, visit: Visit, hashed: str) -> None:
    row = {
        "account_id": visit.row.account_id,
        "client": visit.row.client,
        "failures": visit.tries.failures,
        "locked_until": visit.tries.locked_until,
        "code_hash": hashed,
        "code_until": tx.now + LIFE,
        "updated_at": tx.now,
    }
    if not await tx.insert_new(verifications, [row], returning="account_id"):
        await tx.update(verifications, [row], key=("account_id",))


def _event(tx: Transaction, visit: Visit, where: Any, code: str) -> dict[str, Any]:
    told = {"channel": where.channel, "address": where.address, "code": code}
    return {
        "id": new_id(),
        "client": visit.row.client,
        "conversation_id": visit.row.conversation_id,
        "kind": "code_asked",
        "payload": encode(told),
        "due_at": tx.now,
        "created_at": tx.now,
    }
