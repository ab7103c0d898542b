"""Messages that wait are taken back, and it goes on record."""

from collections.abc import Sequence
from typing import Any

from domain.activity import Activity
from domain.messages import Status
from domain.values import mask
from gateway.storage import Transaction
from gateway.storage.tables import outbound


async def cancel(tx: Transaction, messages: Sequence[tuple[Any, str, str | None]]) -> None:
    """Locked rows of outbound, each with its reason and the event that led to it."""
    cancelled = Status.CANCELLED.value
    rows = [{"id": row.id, "status": cancelled, "reason": reason} for row, reason, _ in messages]
    await tx.update(outbound, rows)
    for row, reason, cause in messages:
        tx.record(
            Activity(
                type="message.cancelled",
                client=row.client,
                occurred_at=tx.now,
                customer_id=row.customer_id,
                account_id=row.account_id,
                conversation_id=row.conversation_id,
                channel=row.channel,
                masked_address=mask(row.channel, row.address),
                causation_id=cause,
                payload={"message_id": row.id, "reason": reason},
            )
        )
