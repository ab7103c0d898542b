"""Keeping a proof of the right party."""

from typing import Literal

from gateway.ids import new_id
from gateway.storage import Transaction
from gateway.storage.tables import proofs

Method = Literal["portal", "agent"]


async def keep_proof(
    tx: Transaction,
    client: str,
    conversation_id: str,
    customer_id: str,
    method: Method,
    source_id: str | None,
) -> None:
    """`source_id` is the link behind which it was given, or the hand-off whose agent asked."""
    row = {
        "id": new_id(),
        "client": client,
        "conversation_id": conversation_id,
        "customer_id": customer_id,
        "method": method,
        "source_id": source_id,
        "proven_at": tx.now,
    }
    await tx.insert(proofs, [row])
