"""What people look up of links and do to them, by the references that hosts know."""

from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, select, text

from domain.activity import Activity
from domain.links import Purpose
from gateway.clock import moment
from gateway.links.ending import revoke_of_account, revoke_one
from gateway.storage import Transaction
from gateway.storage.tables import accounts, customers, links, verifications
from payment_links.link import state_at

_OF_CLIENT = (
    select(
        links.c.id,
        links.c.purpose,
        links.c.created_at,
        links.c.expires_at,
        links.c.clicked_at,
        links.c.revoked_at,
        customers.c.ref.label("customer_ref"),
        accounts.c.ref.label("account_ref"),
    )
    .select_from(
        links.join(accounts, accounts.c.id == links.c.account_id).join(
            customers, customers.c.id == links.c.customer_id
        )
    )
    .where(links.c.client == bindparam("client"))
    .order_by(links.c.created_at, links.c.id)
)
_OF_CUSTOMER = _OF_CLIENT.where(customers.c.ref == bindparam("ref"))
_OF_ACCOUNT = _OF_CLIENT.where(accounts.c.ref == bindparam("ref"))
_LINK = select(links.c.id).where(
    links.c.client == bindparam("client"), links.c.id == bindparam("id")
)
_ACCOUNT = select(accounts.c.id, accounts.c.customer_id).where(
    accounts.c.client == bindparam("client"), accounts.c.ref == bindparam("ref")
)
_LOCK = (
    select(verifications.c.account_id)
    .where(
        verifications.c.account_id == bindparam("account"),
        text("locked_until IS NOT NULL"),
        verifications.c.locked_until > bindparam("after"),
    )
    .with_for_update()
)


class NotDone(LookupError):
    """There is nothing of the kind; the message says what was looked for."""


class Person(Struct, frozen=True):
    """Who does it, and why."""

    name: str
    reason: str


async def links_of(
    tx: Transaction, client: str, *, customer: str | None = None, account: str | None = None
) -> list[dict[str, Any]]:
    """Of a customer or an account, by their refs, the oldest first, for people and for JSON."""
    statement, ref = (_OF_CUSTOMER, customer) if account is None else (_OF_ACCOUNT, account)
    return [_shown(row, tx.now) for row in await tx.fetch(statement, client=client, ref=ref)]


def _shown(row: Any, now: int) -> dict[str, Any]:
    state = state_at(now, expires_at=row.expires_at, revoked_at=row.revoked_at)
    instants = ("created_at", "expires_at", "clicked_at", "revoked_at")
    return {
        "link_id": row.id,
        "purpose": Purpose(row.purpose).value,
        "state": state.value,
        "customer_ref": row.customer_ref,
        "account_ref": row.account_ref,
        **{name: _iso(getattr(row, name)) for name in instants},
    }


def _iso(at: int | None) -> str | None:
    return None if at is None else moment(at).isoformat()


async def revoke_link(tx: Transaction, client: str, link_id: str, person: Person) -> int:
    """Raises NotDone where the client has no such link, or it does not live."""
    known = await tx.fetch(_LINK, client=client, id=link_id)
    if not known or not await revoke_one(tx, link_id, person.reason, person.name):
        raise NotDone(f"client {client!r} has no live link {link_id}")
    return 1


async def revoke_account(tx: Transaction, client: str, ref: str, person: Person) -> int:
    """How many of the account's links it revoked. Raises NotDone."""
    account = await _account(tx, client, ref)
    return await revoke_of_account(tx, account.id, person.reason, by=person.name)


async def unlock(tx: Transaction, client: str, ref: str, person: Person) -> None:
    """Ends the lock that wrong facts have put on an account's pages. Raises NotDone."""
    account = await _account(tx, client, ref)
    if not await tx.fetch(_LOCK, account=account.id, after=tx.now):
        raise NotDone(f"the pages of account {ref!r} are not locked")
    free = {"account_id": account.id, "failures": 0, "locked_until": None, "updated_at": tx.now}
    await tx.update(verifications, [free], key=("account_id",))
    tx.record(
        Activity(
            type="portal.unlocked",
            client=client,
            occurred_at=tx.now,
            customer_id=account.customer_id,
            account_id=account.id,
            actor="agent",
            payload={"by": person.name, "reason": person.reason},
        )
    )


async def _account(tx: Transaction, client: str, ref: str) -> Any:
    rows = await tx.fetch(_ACCOUNT, client=client, ref=ref)
    if not rows:
        raise NotDone(f"client {client!r} has no account {ref!r}")
    return rows[0]
