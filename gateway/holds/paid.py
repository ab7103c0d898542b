"""An account on which nothing is owed is held as paid; one that is owed on again is not."""

from collections.abc import Container, Iterable, Sequence
from typing import Any

from sqlalchemy import select, text

from gateway.clients import ClientConfig
from gateway.holds.ending import end_rows
from gateway.holds.starting import By, Start, Subject
from gateway.storage import Transaction, among
from gateway.storage.tables import accounts, holds

PAID = "paid"
OWING = "owing"
"""Why such a hold ends."""

_OWED = select(accounts).where(among(accounts.c.id, "ids"))
_HELD = (
    select(holds)
    .where(among(holds.c.customer_id, "people"), text("ended_at IS NULL"), text("kind = 'paid'"))
    .order_by(holds.c.id)
    .with_for_update()
)


async def owed(tx: Transaction, ids: Iterable[str]) -> list[Any]:
    """The rows of these accounts as they are by now."""
    found: list[Any] = await tx.fetch(_OWED, ids=sorted(ids))
    return found


def paid_starts(
    config: ClientConfig,
    rows: Iterable[Any],
    by: By,
    settled: Container[str] = (),
    **more: Any,
) -> list[Start]:
    """The holds that these accounts' balances begin; those that are `settled` owe nothing either,
    whatever their balance is."""
    return [
        Start(
            config=config,
            kind=PAID,
            subject=Subject(config.client, row.customer_id, row.id),
            by=by,
            **more,
        )
        for row in rows
        if row.id in settled or not _is_owing(row)
    ]


async def end_paid(
    tx: Transaction, rows: Sequence[Any], by: By, settled: Container[str] = ()
) -> None:
    """Ends what holds those of these accounts as paid that are owed on."""
    owing = {row.id: row.customer_id for row in rows if row.id not in settled and _is_owing(row)}
    if owing:
        found = await tx.fetch(_HELD, people=sorted(set(owing.values())))
        await end_rows(tx, [row for row in found if row.account_id in owing], OWING, by)


def _is_owing(row: Any) -> bool:
    return bool(row.balance_minor > row.paid_minor)
