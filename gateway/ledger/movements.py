"""The rows of `movements` as the events that `domain.ledger.fold` takes, and back.

A payment is named by its row's id, whatever its provider and the host call it. Rows are only ever
added; what they come to is folded anew each time, so it doesn't matter in which order they came.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct
from sqlalchemy import select

from domain.ledger import HostBalance, Kind, Ledger, Movement, fold, shown_balance
from domain.values import Money
from gateway.storage import Transaction, among, encode
from gateway.storage.tables import movements

NAMING = (Kind.INTENT, Kind.HOST_REPORTED)
"""Who begins a payment or reports one names its account; a provider only speaks of the payment."""

_touching = movements.alias("touching")
_OF_ACCOUNTS = (
    select(movements)
    .where(
        movements.c.payment_id.in_(
            select(_touching.c.payment_id).where(among(_touching.c.account_id, "ids"))
        )
    )
    .order_by(movements.c.position)
)


class Source(StrEnum):
    """Who told us."""

    PROVIDER = "provider"
    HOST = "host"
    PERSON = "person"


class Told(Struct, frozen=True):
    """One thing heard of a payment; one `id` is one thing, however often it is told.

    `at` is when it happened, in microseconds since the epoch; `reference` is what the teller calls
    the payment.
    """

    id: str
    kind: Kind
    at: int
    amount: Money
    source: Source
    account_id: str
    customer_id: str
    reference: str
    details: Mapping[str, Any] = {}


async def add(tx: Transaction, client: str, payment_id: str, told: Told) -> bool:
    """Whether it was news."""
    row = {
        "id": told.id,
        "client": client,
        "customer_id": told.customer_id,
        "account_id": told.account_id,
        "payment_id": payment_id,
        "reference": told.reference,
        "kind": told.kind.value,
        "amount_minor": told.amount.minor,
        "currency": told.amount.currency,
        "occurred_at": told.at,
        "recorded_at": tx.now,
        "source": told.source.value,
        "details": encode(told.details) if told.details else None,
    }
    return bool(await tx.insert_new(movements, [row]))


async def movements_of(tx: Transaction, account_ids: Iterable[str]) -> list[Any]:
    """All that was heard of every payment that was ever said to be on one of these accounts."""
    ids = sorted(account_ids)
    return await tx.fetch(_OF_ACCOUNTS, ids=ids) if ids else []


def folded(rows: Sequence[Any], balances: Iterable[HostBalance] = ()) -> Ledger:
    return fold([*map(_movement, rows), *balances])


def _movement(row: Any) -> Movement:
    """Two reports of the host on one instant are in the order of telling: the later one mends the
    earlier. Nothing else that is told goes by its order of arrival."""
    kind = Kind(row.kind)
    return Movement(
        id=f"{row.position:020}" if kind is Kind.HOST_REPORTED else row.id,
        kind=kind,
        at=row.occurred_at,
        reference=row.payment_id,
        amount=Money(row.amount_minor, row.currency),
        account=row.account_id if kind in NAMING else None,
    )


def host_balance(account: Any) -> HostBalance:
    """The host's latest figure of an account, from its row."""
    balance = Money(account.balance_minor, account.currency)
    return HostBalance(account.id, account.balance_at, account.id, balance)


def known_since(ledger: Ledger, account_id: str) -> int:
    """Minor units that came in since the host's figure, less what went back since: below 0 where
    the host has counted money that is gone by now."""
    shown = shown_balance(ledger, account_id)
    return shown.paid.minor - shown.returned.minor if shown else 0


async def known_since_of(tx: Transaction, balances: Mapping[str, HostBalance]) -> Mapping[str, int]:
    """By account, where anything was heard of one. The accounts' rows are locked by the caller."""
    by_payment: dict[str, list[Any]] = {}
    for row in await movements_of(tx, balances):
        by_payment.setdefault(row.payment_id, []).append(row)
    by_account: dict[str, list[Any]] = {}
    for rows in by_payment.values():
        for account_id in {row.account_id for row in rows} & balances.keys():
            by_account.setdefault(account_id, []).extend(rows)
    return {
        account_id: known_since(folded(rows, [balances[account_id]]), account_id)
        for account_id, rows in by_account.items()
    }
