"""An agent's reply goes the road of every reply: an event, a turn, the gate, a sender."""

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct
from sqlalchemy import bindparam, select

from compliance.verdict import Deferred, Suppressed, decode
from domain.ids import derive
from domain.values import ChannelKind, Money
from gateway.clock import moment
from gateway.handoffs.checks import names_debt, written
from gateway.handoffs.queue import NotDone, event_of, taken, tell
from gateway.parties.proving import keep_proof
from gateway.parties.standing import proven_in
from gateway.storage import Transaction
from gateway.storage import decode as json
from gateway.storage.tables import accounts, activity, conversations, inbox, outbound

Stage = Literal["waiting", "queued", "sent", "suppressed", "failed"]

_TALK = select(conversations.c.channel, conversations.c.set_aside_at).where(
    conversations.c.id == bindparam("conversation")
)
_DEBTS = select(
    accounts.c.balance_minor,
    accounts.c.paid_minor,
    accounts.c.arrears_minor,
    accounts.c.minimum_due_minor,
    accounts.c.currency,
).where(accounts.c.customer_id == bindparam("customer"))
_EVENT = select(inbox.c.conversation_id, inbox.c.consumed_at).where(inbox.c.id == bindparam("id"))
_SAID = select(outbound.c.status, outbound.c.reason, outbound.c.due_at, outbound.c.verdict).where(
    outbound.c.id == bindparam("id")
)
_UNSAID = select(activity.c.payload).where(
    activity.c.conversation_id == bindparam("conversation"),
    activity.c.causation_id == bindparam("id"),
    activity.c.type == "message.suppressed",
)
_WAYS: dict[str, Stage] = {
    "queued": "queued",
    "sending": "queued",
    "sent": "sent",
    "delivered": "sent",
    "suppressed": "suppressed",
    "cancelled": "suppressed",
}


class Verdict(Struct, frozen=True):
    """What has become of a reply so far. `rule` is what stopped it or keeps it waiting."""

    stage: Stage
    rule: str | None = None
    why: str | None = None
    until: datetime | None = None

    @property
    def is_final(self) -> bool:
        """Nothing more will come of it soon: it went, won't go, or waits for its hour."""
        return self.stage not in ("waiting", "queued") or self.until is not None


async def reply(tx: Transaction, id: str, text: str, verified_by_me: bool = False) -> str:  # noqa: A002
    """Hands the text to the dialog; the id of the event.

    `verified_by_me`: the agent has checked who reads it; that goes on record where it was needed.
    Raises NotDone, Unwritable.
    """
    row = await taken(tx, id)
    [talk] = await tx.fetch(_TALK, conversation=row.conversation_id)
    if talk.set_aside_at is not None:
        raise NotDone(
            "the conversation is set aside, so nothing is sent; once its cause is mended, say"
            f" `gateway queue requeue {row.conversation_id}`"
        )
    words = written(text, ChannelKind(talk.channel))
    proven = await proven_in(tx, [row.conversation_id])
    if not proven and names_debt(words, await _debts(tx, row.customer_id)):
        if not verified_by_me:
            raise NotDone(
                "the text names what is owed, and the customer has not proved who they are;"
                " leave it out, or check yourself who reads it and add --verified-by-me"
            )
        whose = (row.client, row.conversation_id, row.customer_id)
        await keep_proof(tx, *whose, "agent", row.id)
        payload = {"handoff_id": row.id, "agent": row.agent, "verified_by_agent": True}
        tx.record(event_of(tx, row, "agent.note_added", payload))
    return await tell(tx, row, "agent_said", {"text": words, "agent": row.agent})


async def verdict(tx: Transaction, event_id: str) -> Verdict:
    """Of the reply that was handed over as this event."""
    [event] = await tx.fetch(_EVENT, id=event_id)
    if event.consumed_at is None:
        return Verdict("waiting")
    for message in await tx.fetch(_SAID, id=derive(event_id, "say")):  # the dialog's own id for it
        return _of(message, tx.now)
    for row in await tx.fetch(_UNSAID, conversation=event.conversation_id, id=event_id):
        return Verdict("suppressed", json(row.payload).get("rule"))
    return Verdict("failed", "nothing_said")


def _of(message: Any, now: int) -> Verdict:
    stage = _WAYS.get(message.status, "failed")
    found = None if message.verdict is None else decode(message.verdict)
    match found:
        case Suppressed(rule=rule) | Deferred(rule=rule):
            why = next((one.why for one in found.results if one.rule == rule), None) or None
        case _:
            rule, why = message.reason, None
    if stage == "sent":
        return Verdict(stage)
    waits = stage == "queued" and isinstance(found, Deferred) and message.due_at > now
    return Verdict(stage, rule, why, moment(message.due_at) if waits else None)


async def _debts(tx: Transaction, customer_id: str | None) -> list[Money]:
    """Every figure of what the customer owes."""
    if customer_id is None:
        return []
    found = []
    for row in await tx.fetch(_DEBTS, customer=customer_id):
        left = max(row.balance_minor - row.paid_minor, 0)
        given = (left, row.balance_minor, row.arrears_minor, row.minimum_due_minor)
        found += [Money(minor, row.currency) for minor in given if minor]
    return found
