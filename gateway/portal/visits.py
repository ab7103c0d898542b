"""A link with what its pages need to know, read in one query."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select, text

from domain.activity import Activity
from domain.values import Money
from gateway.storage import Transaction
from gateway.storage.tables import accounts, customers, links, promises, verifications
from payment_links.link import LinkState, state_at
from payment_links.verification import Fact, Tries, known

_VISIT = (
    select(
        links.c.id,
        links.c.client,
        links.c.customer_id,
        links.c.account_id,
        links.c.conversation_id,
        links.c.expires_at,
        links.c.revoked_at,
        links.c.expired_at,
        links.c.purpose,
        links.c.clicked_at,
        links.c.purpose,
        links.c.token_hash,
        customers.c.date_of_birth,
        customers.c.postcode,
        customers.c.timezone,
        customers.c.language,
        accounts.c.ref,
        accounts.c.creditor,
        accounts.c.balance_minor,
        accounts.c.paid_minor,
        accounts.c.currency,
        verifications.c.failures,
        verifications.c.locked_until,
        verifications.c.code_hash,
        verifications.c.code_until,
    )
    .select_from(
        links.join(accounts, accounts.c.id == links.c.account_id)
        .join(customers, customers.c.id == links.c.customer_id)
        .outerjoin(verifications, verifications.c.account_id == links.c.account_id)
    )
    .where(links.c.token_hash == bindparam("token_hash"))
)
_LOCK_ACCOUNT = (
    select(accounts.c.id).where(accounts.c.id == bindparam("account_id")).with_for_update()
)
_PROMISE = (
    select(promises.c.amount_minor, promises.c.paid_minor, promises.c.currency, promises.c.due_date)
    .where(
        promises.c.account_id == bindparam("account_id"),
        text("state IN ('pending', 'part_kept')"),
    )
    .order_by(promises.c.created_at.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Visit:
    """A link's row, joined to its account, customer and verification."""

    row: Any
    state: LinkState

    @property
    def facts(self) -> dict[Fact, str]:
        row = self.row
        return known(date_of_birth=row.date_of_birth, postcode=row.postcode, account_ref=row.ref)

    @property
    def tries(self) -> Tries:
        return Tries(self.row.failures or 0, self.row.locked_until)

    @property
    def balance(self) -> Money:
        """What is left of the host's figure after payments that it has not yet counted."""
        row = self.row
        return Money(max(row.balance_minor - row.paid_minor, 0), row.currency)

    def event(self, tx: Transaction, kind: str, **payload: Any) -> Activity:
        """Something that the visitor did; the link is named by its id, never by its token."""
        return Activity(
            type=kind,
            client=self.row.client,
            occurred_at=tx.now,
            customer_id=self.row.customer_id,
            account_id=self.row.account_id,
            conversation_id=self.row.conversation_id,
            actor="customer",
            payload={"link_id": self.row.id} | payload,
        )


async def find(tx: Transaction, token_hash: str) -> Visit | None:
    rows = await tx.fetch(_VISIT, token_hash=token_hash)
    if not rows:
        return None
    row = rows[0]
    return Visit(row, state_at(tx.now, expires_at=row.expires_at, revoked_at=row.revoked_at))


async def find_locked(tx: Transaction, token_hash: str) -> Visit | None:
    """Like find, with the account locked first: what is said of one account goes in order."""
    seen = await find(tx, token_hash)
    if seen is None:
        return None
    await tx.fetch(_LOCK_ACCOUNT, account_id=seen.row.account_id)
    return await find(tx, token_hash)


@dataclass(frozen=True, slots=True)
class OpenPromise:
    amount: Money
    left: Money
    due: date


async def open_promise(tx: Transaction, account_id: str) -> OpenPromise | None:
    rows = await tx.fetch(_PROMISE, account_id=account_id)
    if not rows:
        return None
    row = rows[0]
    left = Money(max(row.amount_minor - row.paid_minor, 0), row.currency)
    return OpenPromise(
        Money(row.amount_minor, row.currency), left, date.fromisoformat(row.due_date)
    )
