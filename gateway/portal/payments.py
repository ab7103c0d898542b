"""Payments that are made over the portal: begun by the customer, moved on by what providers say.

What a status comes to, and all that follows from it, is `gateway.ledger`'s to decide.
"""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

import structlog
from sqlalchemy import bindparam, select

from domain.ids import derive
from domain.ledger import Kind
from domain.values import Money
from gateway.clients import ClientConfig
from gateway.clock import SECOND
from gateway.ledger.hearing import hear
from gateway.ledger.movements import Source, Told, add
from gateway.portal.visits import Visit
from gateway.storage import Store, Transaction
from gateway.storage.tables import payments
from payment_links.providers import (
    RETURNED,
    PaymentIntent,
    PaymentProvider,
    PaymentState,
    PaymentStatus,
    ProviderFailed,
    Redirect,
)

log = structlog.get_logger()

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PATIENCE = 10.0
"""Seconds that a customer waits for the payment provider."""
FIRST_LOOK = 120 * SECOND
"""So long after a payment was begun its provider is asked, if nothing was heard by then."""

_OF_PROVIDER = select(payments).where(payments.c.provider == bindparam("provider"))
_BY_ID = _OF_PROVIDER.where(payments.c.id == bindparam("id"))
_BY_REFERENCE = _OF_PROVIDER.where(payments.c.reference == bindparam("reference"))
_BY_MONEY = _OF_PROVIDER.where(payments.c.money == bindparam("money"))
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


async def lead(
    provider: PaymentProvider, config: ClientConfig, payment_id: str, amount: Money, back: str
) -> Redirect:
    """To the provider's page; the way `back` leads to the host that holds the visitor's cookie.
    Raises ProviderFailed."""
    label, locale = config.branding.name, config.locale
    try:
        async with asyncio.timeout(PATIENCE):
            return await provider.create(PaymentIntent(payment_id, amount, back, label, locale))
    except TimeoutError:
        raise ProviderFailed(f"{provider.name} did not answer in time") from None


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
    }
    if await begin(tx, row):
        tx.record(visit.event(tx, "payment.initiated", **begun(row)))


async def begin(tx: Transaction, row: Mapping[str, Any]) -> bool:
    """Keeps a payment that is asked for, to be looked after until its provider has said what
    became of it. Whether it is new; `row` says all but its state and times."""
    state = {"status": PaymentState.INITIATED.value, "look_at": tx.now + FIRST_LOOK}
    made = {**row, **state, "created_at": tx.now, "updated_at": tx.now}
    if not await tx.insert_new(payments, [made]):
        return False
    amount = Money(row["amount_minor"], row["currency"])
    asked = _told(row, Kind.INTENT, tx.now, amount, derive(row["id"], "intent"))
    return await add(tx, row["client"], row["id"], asked)


def begun(row: Mapping[str, Any]) -> dict[str, Any]:
    """What `payment.initiated` tells of it."""
    named = ("provider", "amount_minor", "currency")
    return {"payment_id": row["id"]} | {name: row[name] for name in named}


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
    row = await _named(tx, provider, status)
    if row is None:
        return Effect.UNKNOWN
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
    details = {"reason": status.reason, "return_id": status.return_id, "final": status.final}
    given = {name: value for name, value in details.items() if value}
    kind = Kind(status.state.value)
    told = _told(row._asdict(), kind, at, status.amount, derive(row.id, what), given)
    heard = await hear(tx, row.id, told, client_config(row.client))
    await _learn(tx, row, status, heard.after.status)
    return Effect.APPLIED if heard.news and heard.changed else Effect.KNOWN


async def _named(tx: Transaction, provider: str, status: PaymentStatus) -> Any | None:
    """By our own id, where the provider echoes it: we may not know its name of the payment yet."""
    if status.payment_id is not None and UUID.fullmatch(status.payment_id):
        for row in await tx.fetch(_BY_ID, provider=provider, id=status.payment_id):
            return row
    for row in await tx.fetch(_BY_REFERENCE, provider=provider, reference=status.reference):
        return row
    if status.money is not None:
        for row in await tx.fetch(_BY_MONEY, provider=provider, money=status.money):
            return row
    return None


async def _learn(tx: Transaction, row: Any, status: PaymentStatus, now: Kind) -> None:
    """The provider's names of a payment, and that it need not be looked at any more. Its row is
    locked by now, and the accounts before it."""
    learned: dict[str, Any] = {}
    if status.money is not None and row.money is None:
        learned["money"] = status.money
    if row.reference == row.id:  # a charge, before its provider has named it
        learned["reference"] = status.reference
    if row.look_at is not None and now not in (Kind.INTENT, Kind.AUTHORISED):
        learned["look_at"] = None
    if learned:
        await tx.update(payments, [{"id": row.id, **learned}])


async def settle(
    store: Store,
    client_config: Callable[[str], ClientConfig],
    provider: str,
    statuses: Sequence[PaymentStatus],
) -> list[Effect]:
    """Applies what a provider says, in order, in one transaction. May be repeated."""

    async def work(tx: Transaction) -> list[Effect]:
        return [await apply_status(tx, provider, status, client_config) for status in statuses]

    effects: list[Effect] = await store.transact("payment-status", work)
    for status, effect in zip(statuses, effects, strict=True):
        if effect in (Effect.UNKNOWN, Effect.MISMATCH):
            log.error(
                "payment.not_applied",
                provider=provider,
                reference=status.reference,
                said=status.state.value,
                why=effect.value,
            )
    return effects


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
