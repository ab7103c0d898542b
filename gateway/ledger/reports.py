"""Payments that the host, or a person, reports: what came in without us, or what we know already.

A payment is found again by its reference: our own payment's id, its provider's reference, or the
one under which it was reported before. So it never counts twice, whoever tells of it. Reports of
one client follow one another, by the lock of its row: two at once may speak of one payment.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, select

from domain.ids import derive
from domain.ledger import Debt, Kind, Order, Payment, allocate
from domain.values import Money
from gateway.clients import ClientConfig
from gateway.clock import SECOND, moment
from gateway.ids import new_id
from gateway.ledger.hearing import Heard, hear, lock_accounts
from gateway.ledger.movements import Source, Told, folded, movements_of
from gateway.pipeline.identity import conversation_with
from gateway.storage import Transaction, among, decode
from gateway.storage.tables import accounts, clients, conversations, customers, movements, payments

HOST = "host"
"""The provider of payments that only the host, or a person, has told us of."""

SKEW = 300 * SECOND  # by which a host's clock may run ahead of ours
LONGEST = 120  # characters of a reference
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_LOCK = select(clients.c.client).where(clients.c.client == bindparam("client")).with_for_update()
_ACCOUNT = select(accounts).where(
    accounts.c.client == bindparam("client"), accounts.c.ref == bindparam("ref")
)
_OF_CUSTOMER = (
    select(accounts)
    .join(customers, customers.c.id == accounts.c.customer_id)
    .where(customers.c.client == bindparam("client"), customers.c.ref == bindparam("ref"))
    .order_by(accounts.c.created_at, accounts.c.ref)
)
_REPORTED = (
    select(movements.c.payment_id)
    .where(
        movements.c.client == bindparam("client"), movements.c.reference == bindparam("reference")
    )
    .distinct()
)
_BY_ID = select(payments.c.id.label("payment_id")).where(
    payments.c.client == bindparam("client"), payments.c.id == bindparam("reference")
)
_PAYMENTS = select(payments).where(among(payments.c.id, "ids")).order_by(payments.c.id)
_LAST_REPORT = (
    select(movements)
    .where(
        movements.c.payment_id == bindparam("payment_id"),
        movements.c.kind == Kind.HOST_REPORTED.value,
    )
    .order_by(movements.c.position.desc())
    .limit(1)
)
_TALK = select(conversations.c.id).where(
    conversations.c.client == bindparam("client"),
    conversations.c.customer_id == bindparam("customer_id"),
)


class Unreportable(ValueError):
    """The report can't be taken in, and nothing was; the message names what to mend."""


class Report(Struct, frozen=True):
    """A payment that came in `at` an instant; None: now, or when it was said to have come in.

    `id` is the teller's own of this report, if it has one: a repeat of it is no news.
    """

    reference: str
    amount: Money
    at: int | None = None
    source: Source = Source.HOST
    id: str | None = None


class Taken(Struct, frozen=True):
    """What a report came to on one account; `news` is False where it told nothing new."""

    account_ref: str
    payment_id: str
    payment: Payment
    left: Money
    news: bool


async def report(
    tx: Transaction, config: ClientConfig, account_ref: str, given: Report
) -> list[Taken]:
    """A payment on one account. Raises Unreportable."""
    _check(tx, given)
    rows = await tx.fetch(_ACCOUNT, client=config.client, ref=account_ref)
    if not rows:
        raise Unreportable(f"client {config.client} has no account {account_ref!r}")
    await tx.fetch(_LOCK, client=config.client)
    known = await _known(tx, config.client, given.reference)
    if len(known) > 1:
        raise Unreportable(
            f"{given.reference!r} was reported for a customer and spread over {len(known)} "
            "accounts; report a correction under a reference of its own"
        )
    return [await _take(tx, config, rows[0], given, known[0] if known else None)]


async def report_for_customer(
    tx: Transaction, config: ClientConfig, customer_ref: str, given: Report
) -> list[Taken]:
    """A payment that names no account: the one that it is known to be on, or else spread over all
    of the customer's by the client's order, what no debt needs to the first. Raises Unreportable.
    """
    _check(tx, given)
    rows = await tx.fetch(_OF_CUSTOMER, client=config.client, ref=customer_ref)
    if not rows:
        raise Unreportable(f"client {config.client} has no customer {customer_ref!r} with accounts")
    await tx.fetch(_LOCK, client=config.client)
    locked = await lock_accounts(tx, {row.id for row in rows})
    mine = [locked[row.id] for row in rows if row.currency == given.amount.currency]
    if not mine:
        raise Unreportable(f"customer {customer_ref!r} owes nothing in {given.amount.currency}")
    known = await _known(tx, config.client, given.reference)
    if any(row.account_id not in locked for row in known):
        raise Unreportable(f"{given.reference!r} is a payment of another customer")
    if len(known) > 1:
        return await _again(tx, locked, given, known)
    if known:
        return [await _take(tx, config, locked[known[0].account_id], given, known[0])]
    parts = _spread(mine, given.amount, Order(config.allocation))
    if len(parts) == 1:
        return [await _take(tx, config, locked[parts[0][0]], given, None)]
    return [
        await _take(tx, config, locked[account_id], _part(given, amount), None, part=True)
        for account_id, amount in parts
    ]


def _check(tx: Transaction, given: Report) -> None:
    text = given.reference
    if not text or len(text) > LONGEST or text != text.strip() or not text.isprintable():
        raise Unreportable(
            f"the reference {text!r} must be 1 to {LONGEST} printable characters, without blanks "
            "at its ends"
        )
    if given.amount.minor <= 0:
        raise Unreportable("the amount must be more than 0")
    if given.at is not None and given.at > tx.now + SKEW:
        raise Unreportable("the time lies in the future: report a payment once it has come in")


async def _known(tx: Transaction, client: str, reference: str) -> Sequence[Any]:
    """The rows of the payments that were told of by this reference; several where one was spread.

    One of the client's payments by its id, too: that is the reference that the customer sees.
    """
    found = await tx.fetch(_REPORTED, client=client, reference=reference)
    if not found and UUID.fullmatch(reference):
        found = await tx.fetch(_BY_ID, client=client, reference=reference)
    ids = [row.payment_id for row in found]
    return await tx.fetch(_PAYMENTS, ids=ids) if ids else []


async def _take(
    tx: Transaction,
    config: ClientConfig,
    account: Any,
    given: Report,
    row: Any | None,
    *,
    part: bool = False,
) -> Taken:
    if given.amount.currency != account.currency:
        raise Unreportable(f"account {account.ref!r} is in {account.currency}")
    payment_id = row.id if row else await _begin(tx, account, given, part=part)
    last = await tx.fetch(_LAST_REPORT, payment_id=payment_id)
    if last and _repeats(last[0], account.id, given):
        movement_id = last[0].id
    elif given.id:
        movement_id = derive(payment_id, f"report/{given.id}/{account.id}")
    else:
        movement_id = new_id()
    told = Told(
        id=movement_id,
        kind=Kind.HOST_REPORTED,
        at=tx.now if given.at is None else min(given.at, tx.now),
        amount=given.amount,
        source=given.source,
        account_id=account.id,
        customer_id=account.customer_id,
        reference=given.reference,
        details={"part": True} if part else {},
    )
    heard: Heard = await hear(tx, payment_id, told, config)
    return Taken(account.ref, payment_id, heard.after, heard.left, heard.news)


def _repeats(last: Any, account_id: str, given: Report) -> bool:
    """Whether it says what the last one said, and not under an id of its own."""
    if given.id is not None:
        return False
    same = (last.account_id, last.amount_minor, last.currency)
    return same == (account_id, given.amount.minor, given.amount.currency) and (
        given.at in (None, last.occurred_at)
    )


async def _begin(tx: Transaction, account: Any, given: Report, *, part: bool) -> str:
    """The row of a payment that was not known before. The parts of one that is spread are payments
    of their own; a tab, which no reference holds, keeps their names apart."""
    talks = await tx.fetch(_TALK, client=account.client, customer_id=account.customer_id)
    talk = talks[0].id if talks else conversation_with(account.customer_id)
    reference = f"{given.reference}\t{account.id}" if part else given.reference
    row = {
        "id": new_id(),
        "client": account.client,
        "customer_id": account.customer_id,
        "account_id": account.id,
        "conversation_id": talk,
        "amount_minor": given.amount.minor,
        "currency": given.amount.currency,
        "provider": HOST,
        "reference": reference,
        "status": "initiated",
        "created_at": tx.now,
        "updated_at": tx.now,
    }
    await tx.insert(payments, [row])
    return str(row["id"])


def _part(given: Report, amount: Money) -> Report:
    return Report(given.reference, amount, given.at, given.source, given.id)


def _spread(rows: Sequence[Any], amount: Money, order: Order) -> list[tuple[str, Money]]:
    """Account ids with their shares, in the order of paying."""
    found = allocate(amount, [_debt(row) for row in rows], order)
    parts = [(part.debt, part.amount) for part in found.parts]
    if found.credit.minor == 0:
        return parts
    if not parts:
        return [(rows[0].id, amount)]
    first, share = parts[0]
    return [(first, Money(share.minor + found.credit.minor, amount.currency)), *parts[1:]]


def _debt(row: Any) -> Debt:
    left = max(row.balance_minor - row.paid_minor, 0)
    arrears = max((row.arrears_minor or 0) - row.paid_minor, 0)
    since = date.fromisoformat(row.due_date) if row.due_date else moment(row.created_at).date()
    return Debt(row.id, Money(left, row.currency), since, min(arrears, left))


async def _again(
    tx: Transaction, locked: dict[str, Any], given: Report, known: Sequence[Any]
) -> list[Taken]:
    """A payment that was spread before stays as it was spread. Raises Unreportable where it is
    said to be of another amount now."""
    rows = await movements_of(tx, locked)
    ledger = folded(rows)
    told = {
        row.payment_id: row.amount_minor
        for row in rows
        if row.reference == given.reference and (decode(row.details) or {}).get("part")
    }
    if sum(told.values()) != given.amount.minor:
        total = Money(sum(told.values()), given.amount.currency)
        raise Unreportable(
            f"{given.reference!r} was spread over {len(known)} accounts as {total}; report a "
            "correction under a reference of its own"
        )
    return [
        Taken(
            locked[row.account_id].ref,
            row.id,
            ledger.payments[row.id],
            _owed(locked[row.account_id]),
            news=False,
        )
        for row in known
    ]


def _owed(account: Any) -> Money:
    return Money(max(account.balance_minor - account.paid_minor, 0), account.currency)
