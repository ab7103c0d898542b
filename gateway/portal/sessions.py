"""A proven visitor's session: a random secret in a cookie, its hash in the database."""

import hashlib
import hmac
import secrets

from aiohttp import web
from sqlalchemy import bindparam, delete, select

from gateway.portal.site import Site
from gateway.portal.throttling import MINUTE
from gateway.storage import Transaction
from gateway.storage.tables import portal_sessions
from payment_links.tokens import key_for

LIFE = 15 * MINUTE
LONGEST = 128

_LIVE = select(portal_sessions.c.link_id).where(
    portal_sessions.c.secret_hash == bindparam("secret_hash"),
    portal_sessions.c.expires_at > bindparam("now"),
)
_END = delete(portal_sessions).where(portal_sessions.c.secret_hash == bindparam("secret_hash"))
_SWEEP = delete(portal_sessions).where(
    portal_sessions.c.link_id == bindparam("link_id"),
    portal_sessions.c.expires_at <= bindparam("now"),
)


def new_secret() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def csrf_token(site: Site, secret: str) -> str:
    """The token that a session's forms carry; nobody makes it without the session's secret."""
    return hmac.new(key_for(site.secret, "csrf"), secret.encode(), hashlib.sha256).hexdigest()


async def start(tx: Transaction, client: str, link_id: str, secret_hash: str) -> None:
    await tx.execute(_SWEEP, link_id=link_id, now=tx.now)
    row = {
        "secret_hash": secret_hash,
        "client": client,
        "link_id": link_id,
        "started_at": tx.now,
        "expires_at": tx.now + LIFE,
    }
    await tx.insert(portal_sessions, [row])


async def holds(tx: Transaction, secret_hash: str, link_id: str) -> bool:
    """Whether a live session of this very link has that secret."""
    rows = await tx.fetch(_LIVE, secret_hash=secret_hash, now=tx.now)
    return any(row.link_id == link_id for row in rows)


async def end(tx: Transaction, secret_hash: str) -> bool:
    return await tx.execute(_END, secret_hash=secret_hash) > 0


def _name(site: Site) -> str:
    """`__Host-` binds the cookie to this very host; browsers take it over https only."""
    return "__Host-session" if site.secure else "session"


def read_cookie(request: web.Request, site: Site) -> str | None:
    secret = request.cookies.get(_name(site), "")
    return secret if 0 < len(secret) <= LONGEST and secret.isascii() else None


def set_cookie(response: web.StreamResponse, site: Site, secret: str) -> None:
    """SameSite is Lax, since a customer comes back from the payment provider by a link."""
    response.set_cookie(
        _name(site),
        secret,
        max_age=LIFE // 1_000_000,
        path="/",
        httponly=True,
        secure=site.secure,
        samesite="Lax",
    )


def clear_cookie(response: web.StreamResponse, site: Site) -> None:
    response.del_cookie(_name(site), path="/", httponly=True, secure=site.secure, samesite="Lax")
