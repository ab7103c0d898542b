"""Links end: they expire, which is put on record when it is noticed, or are revoked."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import bindparam, case, delete, exists, select, text, update

from domain.links import Purpose
from gateway.clock import SECOND
from gateway.links.events import of_link
from gateway.storage import Store, Transaction, among
from gateway.storage.tables import links, portal_sessions

BATCH = 200
SITTING = 2 * 3600 * SECOND
"""The longest that a session behind a link may last."""
_PAST = (
    text("links.revoked_at IS NULL AND links.expired_at IS NULL"),
    links.c.expires_at <= bindparam("past"),
)
_EXPIRE = update(links).values(expired_at=bindparam("past")).where(*_PAST).returning(links)
_EXPIRE_OF = _EXPIRE.where(among(links.c.account_id, "accounts"))
_EXPIRE_ONE = _EXPIRE.where(links.c.id == bindparam("link_id"))
_OLDEST = (
    select(links.c.id)
    .where(*_PAST)
    .order_by(links.c.expires_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_EXPIRE_THESE = _EXPIRE.where(among(links.c.id, "ids"))
_FORGET = delete(portal_sessions).where(portal_sessions.c.expires_at <= bindparam("past"))
_IN_USE = exists().where(
    portal_sessions.c.link_id == links.c.id, portal_sessions.c.expires_at > bindparam("at")
)
_REVOKE = (
    update(links)
    .values(revoked_at=case((_IN_USE, bindparam("later")), else_=bindparam("at")))
    .where(
        text("links.revoked_at IS NULL AND links.expired_at IS NULL"),
        links.c.expires_at > bindparam("at"),
        among(links.c.purpose, "purposes"),
    )
    .returning(links)
)
_REVOKE_CUSTOMER = _REVOKE.where(links.c.customer_id == bindparam("customer"))
_REVOKE_ACCOUNT = _REVOKE.where(links.c.account_id == bindparam("account"))
_REVOKE_ONE = _REVOKE.where(links.c.id == bindparam("link_id"))


async def expire(tx: Transaction, accounts: Sequence[str]) -> None:
    """Those of these accounts that are over and not on record as such."""
    _expired(tx, await tx.fetch(_EXPIRE_OF, accounts=list(accounts), past=tx.now))


async def expire_one(tx: Transaction, link_id: str) -> None:
    """Somebody has come to it."""
    _expired(tx, await tx.fetch(_EXPIRE_ONE, link_id=link_id, past=tx.now))


async def sweep(store: Store) -> int:
    """One batch of those that nobody came to; how many. Sessions that are over go with all that was
    answered in them and not sent."""

    async def work(tx: Transaction) -> int:
        ids = [row.id for row in await tx.fetch(_OLDEST, past=tx.now, most=BATCH)]
        if ids:
            _expired(tx, await tx.fetch(_EXPIRE_THESE, ids=ids, past=tx.now))
        await tx.execute(_FORGET, past=tx.now)
        return len(ids)

    swept: int = await store.transact("links-expired", work)
    return swept


def _expired(tx: Transaction, rows: Sequence[Any]) -> None:
    tx.record(*(of_link(tx.now, row, "link.expired") for row in rows))


async def revoke_of_customer(
    tx: Transaction,
    customer_id: str,
    reason: str,
    purposes: Collection[Purpose] = frozenset(Purpose),
    *,
    gently: bool = False,
) -> int:
    """How many live links of all the customer's accounts it ended. `gently`: whoever is behind one
    now, and has proved who they are, may finish what they do there; it is not sent again."""
    where = {"customer": customer_id, **_of(tx, purposes, gently=gently)}
    return _revoked(tx, await tx.fetch(_REVOKE_CUSTOMER, **where), reason)


async def revoke_of_account(
    tx: Transaction,
    account_id: str,
    reason: str,
    purposes: Collection[Purpose] = frozenset(Purpose),
    by: str | None = None,
    *,
    gently: bool = False,
) -> int:
    """The same of one account; `by` is the person of ours who answers for it."""
    where = {"account": account_id, **_of(tx, purposes, gently=gently)}
    return _revoked(tx, await tx.fetch(_REVOKE_ACCOUNT, **where), reason, by)


async def revoke_one(tx: Transaction, link_id: str, reason: str, by: str) -> int:
    """As one of our people, `by`, answers for; 0 where it does not live."""
    where = _of(tx, frozenset(Purpose))
    return _revoked(tx, await tx.fetch(_REVOKE_ONE, link_id=link_id, **where), reason, by)


def _of(tx: Transaction, purposes: Collection[Purpose], *, gently: bool = False) -> dict[str, Any]:
    later = tx.now + SITTING if gently else tx.now
    return {"at": tx.now, "later": later, "purposes": sorted(purposes)}


def _revoked(tx: Transaction, rows: Sequence[Any], reason: str, by: str | None = None) -> int:
    actor, told = ("system", {}) if by is None else ("agent", {"by": by})
    tx.record(*(of_link(tx.now, row, "link.revoked", actor, reason=reason, **told) for row in rows))
    return len(rows)
