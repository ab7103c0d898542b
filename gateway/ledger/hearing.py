"""One thing heard of a payment: recorded once, with all that follows from it, in one transaction.

The rows of every account that the payment touches are locked first, in the order of their ids, then
the payment's and the promises': so 50 notices at once settle a payment once, and an account's
events go in the order of their commits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from domain.ledger import Kind, Ledger, Payment
from domain.values import Money
from gateway.clients import ClientConfig
from gateway.holds.paid import end_paid, owed, paid_starts
from gateway.holds.starting import By, start_holds
from gateway.ledger import plans
from gateway.ledger.following import News, follow
from gateway.ledger.movements import (
    Told,
    add,
    folded,
    host_balance,
    known_since,
    movements_of,
)
from gateway.ledger.settlements import settled
from gateway.ledger.standing import restate
from gateway.storage import Transaction, among
from gateway.storage.tables import accounts, movements, payments

_NAMED = select(movements.c.account_id).where(movements.c.payment_id == bindparam("payment_id"))
_LOCKED_ACCOUNTS = (
    select(accounts).where(among(accounts.c.id, "ids")).order_by(accounts.c.id).with_for_update()
)
_LOCKED_PAYMENT = select(payments).where(payments.c.id == bindparam("payment_id")).with_for_update()


@dataclass(frozen=True, slots=True)
class Heard:
    """The payment before and after; they are the same where it was told too late to matter.

    `left` is what is owed by now on the payment's account, `news` whether it was told for the
    first time.
    """

    before: Payment | None
    after: Payment
    left: Money
    news: bool

    @property
    def changed(self) -> bool:
        return self.before != self.after


async def lock_accounts(tx: Transaction, ids: set[str]) -> dict[str, Any]:
    """Their rows by id."""
    return {row.id: row for row in await tx.fetch(_LOCKED_ACCOUNTS, ids=sorted(ids))}


async def hear(tx: Transaction, payment_id: str, told: Told, config: ClientConfig) -> Heard:
    """Takes in what was told. The payment has its row."""
    held = await _locked(tx, payment_id, told.account_id)
    (row,) = await tx.fetch(_LOCKED_PAYMENT, payment_id=payment_id)
    balances = [host_balance(account) for account in held.values()]
    earlier = folded(await movements_of(tx, held), balances)
    before = earlier.payments.get(payment_id)
    if not await add(tx, row.client, payment_id, told):
        if before is None:
            raise ValueError(f"movement {told.id} is known of another payment")
        return Heard(before, before, _left(held[row.account_id], earlier), news=False)
    ledger = folded(await movements_of(tx, held), balances)
    after = ledger.payments[payment_id]
    account = held[after.account or row.account_id]
    left = _left(account, ledger)
    await _store_payment(tx, row, after, account)
    await _store_accounts(tx, held, ledger)
    news = News(row, account, told, before, after, left)
    about = await follow(tx, news, config)
    for touched in held.values():
        await restate(tx, touched, (earlier, ledger), config, about)
        await plans.restate(tx, touched, ledger, config, about)
    paid = await settled(tx, held, (earlier, ledger), config, about)
    await _hold_paid(tx, held, payment_id, config, paid)
    return Heard(before, after, left, news=True)


async def _hold_paid(
    tx: Transaction,
    held: Mapping[str, Any],
    payment_id: str,
    config: ClientConfig,
    paid: frozenset[str],
) -> None:
    """The accounts that a payment has settled, or on which something is owed again."""
    rows = await owed(tx, held)
    await end_paid(tx, rows, By.SYSTEM, paid)
    starts = paid_starts(config, rows, By.SYSTEM, paid, source_id=payment_id)
    await start_holds(tx, starts)


async def _locked(tx: Transaction, payment_id: str, named: str) -> Mapping[str, Any]:
    """All accounts that the payment was ever said to be on; looked at again under the lock, since
    another may have been named meanwhile."""
    held: dict[str, Any] = {}
    while True:
        known = {row.account_id for row in await tx.fetch(_NAMED, payment_id=payment_id)}
        if (known | {named}) <= held.keys():
            return held
        held = await lock_accounts(tx, known | {named})


def _left(account: Any, ledger: Ledger) -> Money:
    left = account.balance_minor - known_since(ledger, account.id)
    return Money(max(left, 0), account.currency)


async def _store_payment(tx: Transaction, row: Any, after: Payment, account: Any) -> None:
    changed = {
        "id": row.id,
        "status": status_of(after),
        "account_id": account.id,
        "customer_id": account.customer_id,
        "cleared_at": after.cleared_at,
        "net_minor": after.net.minor,
        "updated_at": tx.now,
    }
    if any(getattr(row, name) != changed[name] for name in changed if name != "updated_at"):
        await tx.update(payments, [changed])


def status_of(payment: Payment) -> str:
    """As rows and pages name it."""
    return "initiated" if payment.status is Kind.INTENT else payment.status.value


async def _store_accounts(tx: Transaction, held: Mapping[str, Any], ledger: Ledger) -> None:
    changed = []
    for account in held.values():
        paid = known_since(ledger, account.id)
        if paid != account.paid_minor:
            changed.append({"id": account.id, "paid_minor": paid, "updated_at": tx.now})
    await tx.update(accounts, changed)
