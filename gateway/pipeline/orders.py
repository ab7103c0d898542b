"""The commands that need a look at the store: opt-outs, hand-offs, cancellations."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, text

from domain.commands import CancelQueued, Handoff, OptIn, OptOut
from domain.messages import ALWAYS, Category, Status
from domain.values import mask
from gateway.consent.cancelling import Key
from gateway.consent.ledger import Origin, addresses_of, opt_in, opt_out, opt_out_widely
from gateway.handoffs.asking import ask
from gateway.parties.wrong import mark
from gateway.storage import Transaction, among
from gateway.storage.tables import inbound, outbound

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
_SAID = select(inbound.c.text, inbound.c.received_at, inbound.c.unproven).where(
    inbound.c.id == bindparam("id")
)
UNPROVEN = "opt_in_unproven"
"""Why a person is asked for: a mail says that it is from somebody who wants mails again."""

Order = OptOut | OptIn | Handoff


async def carry_out(tx: Transaction, effects: "Effects", turn: "Turn", order: Order) -> None:
    match order:
        case OptOut():
            await _opt_out(tx, effects, turn, order)
        case OptIn():
            await _opt_in(tx, effects, turn, order)
        case Handoff():
            await _handoff(tx, effects, turn, order)


def key_of(turn: "Turn") -> Key:
    """Of the address that was last heard from."""
    return (turn.client.client, turn.channel, turn.address)


async def keys_of(tx: Transaction, turn: "Turn", order: OptOut) -> list[Key]:
    """The addresses that an opt-out is about."""
    if turn.customer_id is None or not (order.everything or order.channels):
        return [key_of(turn)]
    client = turn.client.client
    keys = await addresses_of(tx, client, turn.customer_id, _channels(order))
    return sorted({*keys, key_of(turn)}) if order.everything else keys


def _channels(order: OptOut) -> list[str] | None:
    return None if order.everything else [channel.value for channel in order.channels]


async def _origin(tx: Transaction, turn: "Turn", method: str) -> Origin:
    """With the customer's words and when they came, where a message of theirs said so."""
    found = await tx.fetch(_SAID, id=turn.causation_id) if turn.causation_id else []
    return Origin(
        method=method,
        actor="provider" if method == "provider" else "customer",
        answered=method == "provider",
        customer_id=turn.customer_id,
        conversation_id=turn.conversation_id,
        causation_id=turn.causation_id,
        evidence=found[0].text if found else None,
        occurred_at=found[0].received_at if found else None,
    )


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
    origin, keys = await _origin(tx, turn, order.method), await keys_of(tx, turn, order)
    if turn.customer_id is not None and (order.everything or order.channels):
        await opt_out_widely(tx, turn.client.client, _channels(order), keys, origin)
    else:
        await opt_out(tx, [(key, origin) for key in keys])
    if order.everything:
        effects.log(turn, "consent.cease_all", {"method": order.method}, actor="customer")


async def _opt_in(tx: Transaction, effects: "Effects", turn: "Turn", order: OptIn) -> None:
    """Whoever forges a sender must not let us write again to who asked us not to."""
    said = await tx.fetch(_SAID, id=turn.causation_id) if turn.causation_id else []
    if said and said[0].unproven:
        await _handoff(tx, effects, turn, Handoff(reason=UNPROVEN))
        return
    await opt_in(tx, key_of(turn), await _origin(tx, turn, order.method))


async def wrong_party(tx: Transaction, turn: "Turn") -> None:
    """Whoever reads there says that it is not the customer's."""
    if turn.customer_id is not None:
        await mark(tx, key_of(turn), turn.customer_id, "customer", source_id=turn.causation_id)


async def _handoff(tx: Transaction, effects: "Effects", turn: "Turn", order: Handoff) -> None:
    where = (turn.client, turn.conversation_id)
    told = await ask(tx, *where, order.reason, order.urgent, order.by)
    if told is not None:
        effects.log(turn, "handoff.requested", told)
