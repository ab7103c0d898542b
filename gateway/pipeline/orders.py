"""The commands that need a look at the store: opt-outs, hand-offs, cancellations."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, text

from domain.commands import CancelQueued, Handoff, OptIn, OptOut
from domain.messages import ALWAYS, Category, Status
from domain.values import mask
from gateway.handoffs.asking import ask
from gateway.pipeline.consent import ensure_address, opt_in_address, opt_out_address
from gateway.storage import Transaction, among
from gateway.storage.tables import contacts, outbound

if TYPE_CHECKING:
    from gateway.pipeline.effects import Effects, Turn

_QUEUED = (
    select(
        outbound.c.id,
        outbound.c.conversation_id,
        outbound.c.channel,
        outbound.c.address,
        outbound.c.category,
    )
    .where(
        among(outbound.c.conversation_id, "conversations"),
        text("status IN ('queued', 'sending')"),
        text("status = 'queued'"),
    )
    .order_by(outbound.c.id)
    .with_for_update()
)
_CONTACTS = select(contacts.c.channel, contacts.c.address).where(
    contacts.c.customer_id == bindparam("customer")
)

Order = OptOut | OptIn | Handoff


async def carry_out(tx: Transaction, effects: "Effects", turn: "Turn", order: Order) -> None:
    match order:
        case OptOut():
            await _opt_out(tx, effects, turn, order)
        case OptIn():
            await ensure_address(tx, key_of(turn))
            await opt_in_address(tx, key_of(turn), order.method, **_who(turn))
        case Handoff():
            await _handoff(tx, effects, turn, order)


def key_of(turn: "Turn") -> tuple[str, str, str]:
    """Of the address that was last heard from."""
    return (turn.client.client, turn.channel, turn.address)


def _who(turn: "Turn") -> dict[str, str | None]:
    return {
        "conversation_id": turn.conversation_id,
        "customer_id": turn.customer_id,
        "causation_id": turn.causation_id,
    }


async def cancel_queued(
    tx: Transaction, effects: "Effects", orders: Sequence[tuple["Turn", CancelQueued]]
) -> None:
    """All cancellations of a batch. What is being sent meanwhile is past cancelling."""
    if not orders:
        return
    wanted = {turn.conversation_id: (turn, order) for turn, order in orders}
    everything = {turn.conversation_id for turn, order in orders if order.all}
    rows = []
    for row in await tx.fetch(_QUEUED, conversations=sorted(wanted)):
        unsolicited = row.category == Category.OUTREACH
        if row.category in ALWAYS or not (unsolicited or row.conversation_id in everything):
            continue
        turn, order = wanted[row.conversation_id]
        rows.append({"id": row.id, "status": Status.CANCELLED.value, "reason": order.reason})
        effects.log(
            turn,
            "message.cancelled",
            {"message_id": row.id, "reason": order.reason},
            channel=row.channel,
            masked_address=mask(row.channel, row.address),
        )
    await tx.update(outbound, rows)


async def _opt_out(tx: Transaction, effects: "Effects", turn: "Turn", order: OptOut) -> None:
    keys = {key_of(turn)}
    if order.everything and turn.customer_id:
        found = await tx.fetch(_CONTACTS, customer=turn.customer_id)
        keys |= {(turn.client.client, row.channel, row.address) for row in found}
    for key in sorted(keys):
        await ensure_address(tx, key)
        await opt_out_address(tx, key, order.method, **_who(turn))
    if order.everything:
        effects.log(turn, "consent.cease_all", {"method": order.method}, actor="customer")


async def _handoff(tx: Transaction, effects: "Effects", turn: "Turn", order: Handoff) -> None:
    where = (turn.client, turn.conversation_id)
    told = await ask(tx, *where, order.reason, order.urgent, order.by)
    if told is not None:
        effects.log(turn, "handoff.requested", told)
