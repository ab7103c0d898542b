"""Telling a customer, days before, that an instalment will be taken.

It goes the way of every message: an event before the conversation, the pack's words, the gate. What
became of the messages that the event led to is what became of the announcement.
"""

from collections.abc import Sequence
from datetime import date, tzinfo
from typing import Any

from sqlalchemy import bindparam, select, text

from domain.charging import Announcement
from domain.events import PlanStep
from domain.ids import derive
from domain.messages import Status
from domain.plan_news import News
from gateway.clients import ClientConfig
from gateway.clock import moment
from gateway.storage import Transaction, encode
from gateway.storage.charging_tables import dues, mandates
from gateway.storage.tables import inbox, outbound

_MANDATE = select(mandates.c.id).where(
    mandates.c.plan_id == bindparam("plan_id"), text("ended_at IS NULL")
)
_DUE = select(dues.c.id).where(
    dues.c.mandate_id == bindparam("mandate_id"),
    dues.c.number == bindparam("number"),
    text("state = 'open'"),
)
_CONSUMED = select(inbox.c.consumed_at).where(inbox.c.id == bindparam("id"))
_MESSAGES = select(outbound.c.status, outbound.c.sent_at).where(
    outbound.c.customer_id == bindparam("customer_id"),
    text("category = 'outreach'"),
    outbound.c.causation_id == bindparam("id"),
)
ON_ITS_WAY = (Status.QUEUED, Status.SENDING)
ARRIVED = (Status.SENT, Status.DELIVERED)


async def recall_days(tx: Transaction, plan_id: str, config: ClientConfig) -> int:
    """So many days before its day an instalment of this plan is spoken of first."""
    charging = config.payments.charging
    if charging is not None and await tx.fetch(_MANDATE, plan_id=plan_id):
        return charging.announce_days
    return max(config.promise.reminder_days, default=0)


async def announce(tx: Transaction, plan: Any, news: Sequence[News]) -> list[News]:
    """Of what there is to tell of a plan, what is told in the usual way: that an instalment is near
    is an announcement, where it will be taken."""
    return [
        each for each in news if each.step != PlanStep.DUE or not await _announced(tx, plan, each)
    ]


async def _announced(tx: Transaction, plan: Any, each: News) -> bool:
    number = each.instalment.number if each.instalment else 0
    found = [
        due
        for mandate in await tx.fetch(_MANDATE, plan_id=plan.id)
        for due in await tx.fetch(_DUE, mandate_id=mandate.id, number=number)
    ]
    for due in found:
        row = {
            "id": derive(due.id, "announcement"),
            "client": plan.client,
            "conversation_id": plan.conversation_id,
            "kind": "plan_moved",
            "payload": encode(figures(plan.id, each) | {"step": PlanStep.CHARGE.value}),
            "due_at": tx.now,
            "created_at": tx.now,
        }
        await tx.insert_new(inbox, [row])
        await tx.update(dues, [{"id": due.id, "announcement_id": row["id"]}])
        tx.wake("turn")
    return bool(found)


def figures(plan_id: str, each: News) -> dict[str, Any]:
    """What is told of an instalment; amounts in minor units."""
    found: dict[str, Any] = {"plan_id": plan_id}
    part = each.instalment
    if part is not None:
        found |= {"number": part.number, "due_date": part.due.isoformat()}
        found |= {"amount_minor": part.amount.minor, "currency": part.amount.currency}
    return found


async def announcement_of(
    tx: Transaction, due: Any, zone: tzinfo
) -> tuple[Announcement, date | None]:
    """What became of it, and the day on which it was sent."""
    if due.announcement_id is None:
        return Announcement.NONE, None
    where = {"customer_id": due.customer_id, "id": due.announcement_id}
    messages = await tx.fetch(_MESSAGES, **where)
    sent = [row for row in messages if row.status in ARRIVED and row.sent_at is not None]
    if sent:
        return Announcement.SENT, moment(sent[-1].sent_at).astimezone(zone).date()
    if any(row.status in ON_ITS_WAY for row in messages):
        return Announcement.WAITING, None
    if messages:
        return Announcement.REFUSED, None
    events = await tx.fetch(_CONSUMED, id=due.announcement_id)
    waiting = any(row.consumed_at is None for row in events)
    return (Announcement.WAITING if waiting else Announcement.REFUSED), None
