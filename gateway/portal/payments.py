"""What becomes of a payment: each step in one transaction with all that follows from it.

The account's row is locked first, then the payment's and the promise's, so that 50 notices at once
settle a payment once, and an account's events go in the order of their commits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, text, update

from domain.activity import Activity
from domain.ids import derive
from domain.promise import State, closes_at, decided
from domain.values import Money
from gateway.clients import ClientConfig
from gateway.pipeline.facts import zone_of
from gateway.portal.visits import Visit
from gateway.storage import Transaction, encode
from gateway.storage.tables import accounts, customers, inbox, payments, promises
from payment_links.providers import PaymentState, PaymentStatus, advances

_BY_REFERENCE = select(payments.c.account_id).where(
    payments.c.provider == bindparam("provider"), payments.c.reference == bindparam("reference")
)
_LOCKED_ACCOUNT = (
    select(accounts.c.balance_minor, accounts.c.paid_minor, accounts.c.currency)
    .where(accounts.c.id == bindparam("account_id"))
    .with_for_update()
)
_LOCKED_PAYMENT = (
    select(payments)
    .where(
        payments.c.provider == bindparam("provider"),
        payments.c.reference == bindparam("reference"),
    )
    .with_for_update()
)
_TIMEZONE = select(customers.c.timezone).where(customers.c.id == bindparam("customer_id"))
_LOCKED_PROMISE = (
    select(promises)
    .where(
        promises.c.account_id == bindparam("account_id"),
        promises.c.currency == bindparam("currency"),
        text("state IN ('pending', 'part_kept')"),
    )
    .order_by(promises.c.created_at.desc())
    .limit(1)
    .with_for_update()
)
_CREDIT = (
    update(accounts)
    .values(paid_minor=accounts.c.paid_minor + bindparam("amount"), updated_at=bindparam("now"))
    .where(accounts.c.id == bindparam("account_id"))
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
    MISMATCH = "mismatch"  # not the amount that we asked for: a person must look


@dataclass(frozen=True, slots=True)
class Paid:
    """Money that surely came in on an account, from whatever source."""

    payment_id: str
    client: str
    customer_id: str
    account_id: str
    conversation_id: str
    amount: Money
    payload: dict[str, Any]  # what its payment.settled says besides


async def initiate(
    tx: Transaction, visit: Visit, payment_id: str, amount: Money, provider: str, reference: str
) -> None:
    """Records a payment that the customer is about to be led to; repeating it changes nothing."""
    row = {
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
        said = {"payment_id": payment_id, "provider": provider} | _money(amount)
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
    await tx.fetch(_LOCKED_ACCOUNT, account_id=named[0].account_id)
    (row,) = await tx.fetch(_LOCKED_PAYMENT, provider=provider, reference=status.reference)
    if status.amount != Money(row.amount_minor, row.currency):
        return Effect.MISMATCH
    if not advances(PaymentState(row.status), status.state):
        return Effect.KNOWN
    await tx.update(payments, [{"id": row.id, "status": status.state.value, "updated_at": tx.now}])
    await _follow(tx, row, status, client_config)
    return Effect.APPLIED


async def _follow(
    tx: Transaction,
    row: Any,
    status: PaymentStatus,
    client_config: Callable[[str], ClientConfig],
) -> None:
    paid = Paid(
        payment_id=row.id,
        client=row.client,
        customer_id=row.customer_id,
        account_id=row.account_id,
        conversation_id=row.conversation_id,
        amount=status.amount,
        payload={"provider": row.provider, "link_id": row.link_id},
    )
    match status.state:
        case PaymentState.SETTLED:
            await credit(tx, paid, client_config(row.client))
        case PaymentState.AUTHORISED:
            tx.record(_event(tx, paid, "payment.authorised"))
        case PaymentState.DECLINED:
            tx.record(_event(tx, paid, "payment.declined", reason=status.reason))
            await _tell(tx, paid, "payment_declined", {"reason": status.reason})


async def credit(tx: Transaction, paid: Paid, config: ClientConfig) -> Money:
    """Counts money that came in: the account, its promise, the record and the conversation.

    Gives back the balance that is left. The caller makes sure that one payment is credited once.
    """
    (account,) = await tx.fetch(_LOCKED_ACCOUNT, account_id=paid.account_id)
    if account.currency != paid.amount.currency:
        raise ValueError(f"payment {paid.payment_id} is not in the account's currency")
    await tx.execute(_CREDIT, account_id=paid.account_id, amount=paid.amount.minor, now=tx.now)
    left = account.balance_minor - account.paid_minor - paid.amount.minor
    balance = Money(max(left, 0), account.currency)
    tx.record(_event(tx, paid, "payment.settled", balance_minor=balance.minor))
    await _keep_promise(tx, paid, config)
    await _tell(tx, paid, "payment_made", {"balance_minor": balance.minor})
    return balance


async def _keep_promise(tx: Transaction, paid: Paid, config: ClientConfig) -> None:
    """Counts towards the open promise until its grace ends. A kept one's timers are void by its
    new version; a part-kept one's reminders and its judgement still stand."""
    found = await tx.fetch(
        _LOCKED_PROMISE, account_id=paid.account_id, currency=paid.amount.currency
    )
    if not found:
        return
    promise = found[0]
    zones = await tx.fetch(_TIMEZONE, customer_id=paid.customer_id)
    zone = ZoneInfo(zone_of(zones[0].timezone if zones else None, config))
    if tx.now >= closes_at(date.fromisoformat(promise.due_date), config.rules, zone):
        return
    total = promise.paid_minor + paid.amount.minor
    amount = Money(promise.amount_minor, promise.currency)
    state = decided(amount, total, config.rules, over=False)
    changed = {
        "id": promise.id,
        "paid_minor": total,
        "state": state.value,
        "version": promise.version + (state is State.KEPT),
        "updated_at": tx.now,
    }
    await tx.update(promises, [changed])
    tx.record(
        _event(
            tx,
            paid,
            f"promise.{state.value}",
            promise_id=promise.id,
            promised_minor=promise.amount_minor,
            paid_minor=total,
            due_date=promise.due_date,
        )
    )


async def _tell(tx: Transaction, paid: Paid, kind: str, more: dict[str, Any]) -> None:
    """Puts it before the conversation; derived ids keep a second one of the same kind out."""
    row = {
        "id": derive(paid.payment_id, kind),
        "client": paid.client,
        "conversation_id": paid.conversation_id,
        "kind": kind,
        "payload": encode({"payment_id": paid.payment_id} | _money(paid.amount) | more),
        "due_at": tx.now,
        "created_at": tx.now,
    }
    await tx.insert_new(inbox, [row])
    tx.wake("turn")


def _money(amount: Money) -> dict[str, Any]:
    return {"amount_minor": amount.minor, "currency": amount.currency}


def _event(tx: Transaction, paid: Paid, kind: str, **more: Any) -> Activity:
    about = {"payment_id": paid.payment_id} | _money(paid.amount)
    return Activity(
        type=kind,
        client=paid.client,
        occurred_at=tx.now,
        customer_id=paid.customer_id,
        account_id=paid.account_id,
        conversation_id=paid.conversation_id,
        actor="provider",
        payload=about | paid.payload | more,
    )
