"""Payments that are made over the portal: begun by the customer, moved on by what providers say.

What a status comes to, and all that follows from it, is `gateway.ledger`'s to decide.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, select

from domain.ids import derive
from domain.ledger import Kind
from domain.values import Money
from gateway.clients import ClientConfig
from gateway.ledger.hearing import hear
from gateway.ledger.movements import Source, Told, add
from gateway.portal.visits import Visit
from gateway.storage import Transaction
from gateway.storage.tables import payments
from payment_links.providers import RETURNED, PaymentState, PaymentStatus

_BY_REFERENCE = select(payments).where(
    payments.c.provider == bindparam("provider"), payments.c.reference == bindparam("reference")
)
_OF_LINK = (
    select(payments)
    .where(payments.c.link_id == bindparam("link_id"))
    .order_by(payments.c.created_at.desc(), payments.c.id.desc())
    .limit(1)
)
_ONE_OF_LINK = select(payments).where(
    payments.c.link_id == bindparam("link_id"), payments.c.id == bindparam("payment_id")
)


class Effect(StrEnum):
    """What a provider's status changed."""

    APPLIED = "applied"
    KNOWN = "known"  # late or repeated
    UNKNOWN = "unknown"  # no payment of ours has that reference
    MISMATCH = "mismatch"  # not the amount or currency that we asked for: a person must look


async def initiate(
    tx: Transaction, visit: Visit, payment_id: str, amount: Money, provider: str, reference: str
) -> None:
    """Records a payment that the customer is about to be led to; repeating it changes nothing."""
    row: dict[str, Any] = {
        "id": payment_id,
        "client": visit.row.client,
        "customer_id": visit.row.customer_id,
        "account_id": visit.row.account_id,
        "conversation_id": visit.row.conversation_id,
        "link_id": visit.row.id,
        "amount_minor": amount.minor,
        "currency": amount.currency,
        "provider": provider,
        "reference": reference,
        "status": PaymentState.INITIATED.value,
        "created_at": tx.now,
        "updated_at": tx.now,
    }
    if await tx.insert_new(payments, [row]):
        asked = _told(row, Kind.INTENT, tx.now, amount, derive(payment_id, "intent"))
        await add(tx, visit.row.client, payment_id, asked)
        said: dict[str, Any] = {"payment_id": payment_id, "provider": provider}
        said |= {"amount_minor": amount.minor, "currency": amount.currency}
        tx.record(visit.event(tx, "payment.initiated", **said))


async def payment_of_link(tx: Transaction, link_id: str, payment_id: str | None) -> Any | None:
    """One payment that was made by this link, or its latest."""
    if payment_id is None:
        found = await tx.fetch(_OF_LINK, link_id=link_id)
    else:
        found = await tx.fetch(_ONE_OF_LINK, link_id=link_id, payment_id=payment_id)
    return found[0] if found else None


async def apply_status(
    tx: Transaction,
    provider: str,
    status: PaymentStatus,
    client_config: Callable[[str], ClientConfig],
) -> Effect:
    """Moves a payment on to what its provider says, once, with all that follows from it."""
    named = await tx.fetch(_BY_REFERENCE, provider=provider, reference=status.reference)
    if not named:
        return Effect.UNKNOWN
    row = named[0]
    back = status.state in RETURNED
    if status.amount.currency != row.currency or not (
        back or status.amount.minor == row.amount_minor
    ):
        return Effect.MISMATCH
    if status.state is PaymentState.INITIATED:
        return Effect.KNOWN
    # A provider's clock may run ahead of ours: nothing is known to happen later than now.
    at = tx.now if status.at is None else min(status.at, tx.now)
    what = f"return/{status.return_id}" if back else status.state.value
    details = {"reason": status.reason, "return_id": status.return_id}
    given = {name: value for name, value in details.items() if value is not None}
    kind = Kind(status.state.value)
    told = _told(row._asdict(), kind, at, status.amount, derive(row.id, what), given)
    heard = await hear(tx, row.id, told, client_config(row.client))
    return Effect.APPLIED if heard.news and heard.changed else Effect.KNOWN


def _told(
    row: Mapping[str, Any],
    kind: Kind,
    at: int,
    amount: Money,
    id: str,  # noqa: A002
    details: Mapping[str, Any] | None = None,
) -> Told:
    return Told(
        id=id,
        kind=kind,
        at=at,
        amount=amount,
        source=Source.PROVIDER,
        account_id=row["account_id"],
        customer_id=row["customer_id"],
        reference=row["reference"],
        details=details or {},
    )
