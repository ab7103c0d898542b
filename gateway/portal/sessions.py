"""A proven visitor's session: a random secret in a cookie, its hash in the database."""

import hashlib
import hmac
import secrets
from typing import Any, NamedTuple

from aiohttp import web
from sqlalchemy import bindparam, delete, select, update

from gateway.portal.site import Site
from gateway.portal.texts import LANGUAGE_COOKIE
from gateway.portal.throttling import MINUTE
from gateway.storage import Transaction, decode, encode
from gateway.storage.tables import portal_sessions
from payment_links.tokens import key_for

IDLE = 15 * MINUTE
"""So long after the last page a session ends."""
LIFE = 120 * MINUTE
"""And so long after its beginning at the latest."""
LONGEST = 128

_LIVE = select(portal_sessions).where(
    portal_sessions.c.secret_hash == bindparam("secret_hash"),
    portal_sessions.c.expires_at > bindparam("now"),
)
_END = delete(portal_sessions).where(portal_sessions.c.secret_hash == bindparam("secret_hash"))
_SET = update(portal_sessions).where(portal_sessions.c.secret_hash == bindparam("secret_hash"))
_EXTEND = _SET.values(expires_at=bindparam("until"))
_ANSWER = _SET.values(answers=bindparam("given"))
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
        "expires_at": tx.now + IDLE,
        "answers": None,
    }
    await tx.insert(portal_sessions, [row])


class Session(NamedTuple):
    """`answers` are those that were given by now, by journey."""

    started_at: int
    expires_at: int
    answers: dict[str, dict[str, str]]

    def ends_soon(self, now: int) -> bool:
        """Whether a page that is looked at now is to put its end off."""
        return self.expires_at < min(now + IDLE - MINUTE, self.started_at + LIFE)


async def find(tx: Transaction, secret_hash: str, link_id: str) -> Session | None:
    """The live session of this very link with that secret."""
    for row in await tx.fetch(_LIVE, secret_hash=secret_hash, now=tx.now):
        if row.link_id == link_id:
            return Session(row.started_at, row.expires_at, decode(row.answers) or {})
    return None


async def holds(tx: Transaction, secret_hash: str, link_id: str) -> bool:
    return await find(tx, secret_hash, link_id) is not None


async def extend(tx: Transaction, secret_hash: str, session: Session) -> None:
    until = min(tx.now + IDLE, session.started_at + LIFE)
    await tx.execute(_EXTEND, secret_hash=secret_hash, until=until)


async def answer(tx: Transaction, secret_hash: str, journey: str, given: dict[str, str]) -> bool:
    """Keeps the answers of one journey, and whether they are its first; empty ones are dropped."""
    rows = await tx.fetch(_LIVE, secret_hash=secret_hash, now=tx.now)
    kept: dict[str, Any] = (decode(rows[0].answers) or {}) if rows else {}
    new = journey not in kept
    kept = {name: answers for name, answers in (kept | {journey: given}).items() if answers}
    await tx.execute(_ANSWER, secret_hash=secret_hash, given=encode(kept))
    return new and bool(given)


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


def set_language(response: web.StreamResponse, site: Site, language: str) -> None:
    """For as long as the browser is open; it tells nothing of anyone."""
    response.set_cookie(
        LANGUAGE_COOKIE, language, path="/p/", httponly=True, secure=site.secure, samesite="Lax"
    )
