"""A request for a person enters the queue: one for each conversation and reason."""

from datetime import date
from typing import Any

from sqlalchemy import bindparam, text, update

from dialogs.sequences import Exit
from domain.handoffs import Urgency, due, urgency_of
from gateway.clients import ClientConfig
from gateway.clock import instant, moment
from gateway.ids import new_id
from gateway.sequences.stopping import Ending, end
from gateway.storage import Transaction
from gateway.storage.tables import alerts, handoffs

ROUTES = ("email", "webhook")
"""By which people are told of what can't wait."""

_SAME = (
    handoffs.c.conversation_id == bindparam("conversation"),
    handoffs.c.reason == bindparam("why"),
    text("closed_at IS NULL"),
)
_COUNT = update(handoffs).where(*_SAME).values(requests=handoffs.c.requests + 1)
_HASTEN = (
    update(handoffs)
    .where(*_SAME, handoffs.c.urgency != Urgency.NOW.value)
    .values(urgency=Urgency.NOW.value, due_at=bindparam("by"))
    .returning(handoffs.c.id)
)


async def ask(
    tx: Transaction,
    config: ClientConfig,
    conversation_id: str,
    reason: str,
    urgent: bool = False,
    deadline: date | None = None,
) -> dict[str, Any] | None:
    """What `handoff.requested` tells of a new request; None where it only counts on an open one.

    An open one that is asked for urgently becomes urgent. Outreach to the customer ends.
    """
    urgency = urgency_of(reason, urgent)
    by = instant(due(urgency, moment(tx.now), config.working_hours, deadline))
    row: dict[str, Any] = {
        "id": new_id(),
        "client": config.client,
        "conversation_id": conversation_id,
        "reason": reason,
        "urgency": urgency.value,
        "created_at": tx.now,
        "due_at": by,
    }
    same = {"conversation": conversation_id, "why": reason}
    while not await tx.insert_new(handoffs, [row]):
        if await tx.execute(_COUNT, **same):
            if urgency is Urgency.NOW:
                for known in await tx.fetch(_HASTEN, **same, by=by):
                    await _alert(tx, config.client, known.id)
            return None
    await end(tx, Ending(Exit.HANDOFF, conversation_id))
    if urgency is Urgency.NOW:
        await _alert(tx, config.client, row["id"])
    return told(row)


def told(row: dict[str, Any]) -> dict[str, Any]:
    """What activity says of an open hand-off."""
    return {
        "handoff_id": row["id"],
        "reason": row["reason"],
        "urgency": row["urgency"],
        "due_at": moment(row["due_at"]).isoformat(),
    }


async def _alert(tx: Transaction, client: str, handoff_id: str) -> None:
    """Its alerts are due at once, and stay until it is closed."""
    given = {"client": client, "handoff_id": handoff_id, "due_at": tx.now}
    await tx.insert_new(alerts, [given | {"route": route} for route in ROUTES], returning="route")
    tx.wake("alert")
