"""The ledger of an account as people and hosts read it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from domain.ledger import Payment, Shown, shown_balance
from domain.values import Money
from gateway.clock import moment
from gateway.ledger.hearing import status_of
from gateway.ledger.movements import folded, host_balance, movements_of
from gateway.ledger.reports import Taken
from gateway.ledger.standing import promises_of
from gateway.storage import Transaction
from gateway.storage.tables import accounts, customers

Json = dict[str, Any]

_ACCOUNT = (
    select(accounts, customers.c.ref.label("customer_ref"))
    .join(customers, customers.c.id == accounts.c.customer_id)
    .where(accounts.c.client == bindparam("client"), accounts.c.ref == bindparam("ref"))
)


async def account_ledger(tx: Transaction, client: str, account_ref: str) -> Json | None:
    """None where there is no such account. Amounts are decimal texts, times RFC 3339 in UTC."""
    found = await tx.fetch(_ACCOUNT, client=client, ref=account_ref)
    if not found:
        return None
    account = found[0]
    rows = await movements_of(tx, [account.id])
    ledger = folded(rows, [host_balance(account)])
    promised = (await promises_of(tx, [account.id])).get(account.id, [])
    shown = shown_balance(ledger, account.id)
    return {
        "client": client,
        "account": account.ref,
        "customer": account.customer_ref,
        "currency": account.currency,
        "balance": None if shown is None else _balance(shown),
        "payments": [
            _payment(payment, [row for row in rows if row.payment_id == payment.reference])
            for payment in sorted(
                ledger.of(account.id), key=lambda p: (p.cleared_at or 0, p.reference)
            )
        ],
        "promises": [_promise(row) for row in promised],
    }


def taken_as_json(taken: Taken) -> Json:
    """What a report came to."""
    payment = taken.payment
    return {
        "account": taken.account_ref,
        "payment_id": taken.payment_id,
        "news": taken.news,
        "state": status_of(payment),
        "amount": _text(payment.amount),
        "currency": payment.amount.currency,
        "net": _text(payment.net),
        "left": _text(taken.left),
        "doubts": sorted(payment.doubts),
    }


def _balance(shown: Shown) -> Json:
    """`host` is the host's figure as of the time at which it read its books; what is known since
    is beside it."""
    return {
        "host": _text(shown.host),
        "as_of": _time(shown.as_of) if shown.as_of else None,
        "paid_since": _text(shown.paid),
        "returned_since": _text(shown.returned),
        "left": _text(shown.left),
        "credit": _text(shown.credit),
    }


def _payment(payment: Payment, rows: Sequence[Any]) -> Json:
    return {
        "payment_id": payment.reference,
        "references": sorted({row.reference for row in rows}),
        "state": status_of(payment),
        "amount": _text(payment.amount),
        "currency": payment.amount.currency,
        "net": _text(payment.net),
        "cleared_at": _time(payment.cleared_at),
        "booked_at": _time(payment.booked_at),
        "returned": [
            {"amount": _text(Money(part.minor, payment.amount.currency)), "at": _time(part.at)}
            for part in payment.returned
        ],
        "doubts": sorted(payment.doubts),
        "heard": [_movement(row) for row in rows],
    }


def _movement(row: Any) -> Json:
    return {
        "kind": row.kind,
        "source": row.source,
        "reference": row.reference,
        "amount": _text(Money(row.amount_minor, row.currency)),
        "currency": row.currency,
        "occurred_at": _time(row.occurred_at),
        "recorded_at": _time(row.recorded_at),
    }


def _promise(row: Any) -> Json:
    return {
        "promise_id": row.id,
        "amount": _text(Money(row.amount_minor, row.currency)),
        "due_date": row.due_date,
        "state": row.state,
        "paid": _text(Money(row.paid_minor, row.currency)),
    }


def _text(amount: Money) -> str:
    return str(amount.decimal)


def _time(at: int | None) -> str | None:
    return None if at is None else moment(at).isoformat().replace("+00:00", "Z")
