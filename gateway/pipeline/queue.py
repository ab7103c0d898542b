"""What waits, for how long, and what was set aside."""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, func, select, text

from gateway.handoffs.queue import closed
from gateway.storage import Transaction, among
from gateway.storage.tables import (
    activity_blocks,
    attempts,
    conversations,
    deliveries,
    handoffs,
    inbound,
    inbox,
    outbound,
    receipts,
    sequence_runs,
    sequence_starts,
)


def _waiting(column: Any, *conditions: Any) -> Any:
    return select(func.count().label("depth"), func.min(column).label("oldest_at")).where(
        *conditions
    )


QUEUES: Mapping[str, Any] = {
    "to_understand": _waiting(inbound.c.received_at, text("understanding IS NULL")),
    "turns_due": _waiting(
        inbox.c.due_at, text("consumed_at IS NULL"), inbox.c.due_at <= bindparam("now")
    ),
    "timers": _waiting(
        inbox.c.due_at, text("consumed_at IS NULL"), inbox.c.due_at > bindparam("now")
    ),
    "to_send": _waiting(
        outbound.c.due_at, text("status = 'queued'"), outbound.c.due_at <= bindparam("now")
    ),
    "deferred": _waiting(
        outbound.c.due_at, text("status = 'queued'"), outbound.c.due_at > bindparam("now")
    ),
    "sequence_starts": _waiting(sequence_starts.c.created_at, text("done_at IS NULL")),
    "sequence_steps": _waiting(
        sequence_runs.c.next_at,
        text("state = 'running'"),
        sequence_runs.c.next_at <= bindparam("now"),
    ),
    "unanswered_attempts": _waiting(attempts.c.started_at, text("ended_at IS NULL")),
    "unmatched_receipts": _waiting(receipts.c.received_at, text("matched_at IS NULL")),
    "unnumbered_activity": _waiting(activity_blocks.c.recorded_at, text("first_seq IS NULL")),
    "webhooks": _waiting(deliveries.c.due_at, text("delivered_at IS NULL")),
}
"""Each with the instant that its oldest row has waited since, or waits for."""

_ASIDE = (
    select(
        conversations.c.id,
        conversations.c.client,
        conversations.c.set_aside_at,
        conversations.c.failures,
        conversations.c.error,
    )
    .where(text("set_aside_at IS NOT NULL"))
    .order_by(conversations.c.set_aside_at)
)
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LOCK_ASIDE = _ASIDE.where(among(conversations.c.id, "ids")).with_for_update()
_LOCK_HANDOFFS = (
    select(handoffs)
    .where(among(handoffs.c.conversation_id, "ids"), text("closed_at IS NULL"))
    .order_by(handoffs.c.conversation_id, handoffs.c.id)
    .with_for_update()
)


async def depths(tx: Transaction) -> dict[str, dict[str, int | None]]:
    """By queue: how many rows, and the age of the oldest in microseconds (negative: due later)."""
    found = {}
    for name, statement in QUEUES.items():
        row = (await tx.fetch(statement, now=tx.now))[0]
        age = None if row.oldest_at is None else tx.now - row.oldest_at
        found[name] = {"depth": row.depth, "age": age}
    return found


async def set_aside(tx: Transaction) -> list[Any]:
    """Conversations whose turn kept failing, the oldest first."""
    return await tx.fetch(_ASIDE)


async def requeue(tx: Transaction, ids: list[str]) -> list[str]:
    """Gives set-aside conversations their turn again; the ids of those that were."""
    rows = await tx.fetch(_LOCK_ASIDE, ids=[given for given in ids if _ID.fullmatch(given)])
    again = [
        {"id": row.id, "set_aside_at": None, "failures": 0, "retry_at": tx.now, "error": None}
        for row in rows
    ]
    await tx.update(conversations, again)
    unclosed = await tx.fetch(_LOCK_HANDOFFS, ids=[row.id for row in rows])
    for handoff in unclosed:
        if handoff.reason == "set_aside":
            same = [one for one in unclosed if one.conversation_id == handoff.conversation_id]
            await closed(tx, handoff, same, {"why": "requeued"}, resume=True)
    tx.wake("turn")
    return [row["id"] for row in again]
