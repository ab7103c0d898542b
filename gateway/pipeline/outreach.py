"""Outreach: puts a campaign before the conversations of a client's customers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from domain.ids import derive
from gateway.clients import ClientConfig
from gateway.parties.reachable import UNASKED
from gateway.pipeline.homes import open_conversation
from gateway.senders.pools import assigned, usable
from gateway.storage import Transaction, among, encode
from gateway.storage.tables import contacts, customers, inbox

_CONTACTS = (
    select(customers.c.id, customers.c.ref, contacts.c.channel, contacts.c.address)
    .select_from(
        customers.outerjoin(contacts, (contacts.c.customer_id == customers.c.id) & UNASKED)
    )
    .where(customers.c.client == bindparam("client"))
    .order_by(customers.c.ref, contacts.c.rank)
)
_NAMED = _CONTACTS.where(among(customers.c.ref, "refs"))


@dataclass(frozen=True, slots=True)
class Outreach:
    """Which flow of the pack opens it. `name` makes it one: started again, it changes nothing."""

    name: str
    flow: str
    channel: str | None = None  # None: each customer's first contact


async def start_outreach(
    tx: Transaction, config: ClientConfig, outreach: Outreach, refs: Sequence[str] | None = None
) -> dict[str, str]:
    """By customer ref: started, already_started, no_contact or unknown. None means everyone.

    The contact gate still decides on each message.
    """
    if refs is None:
        rows = await tx.fetch(_CONTACTS, client=config.client)
    else:
        rows = await tx.fetch(_NAMED, client=config.client, refs=list(refs))
    chosen: dict[str, Any] = {}
    for row in rows:
        wanted = row.channel is not None and outreach.channel in (None, row.channel)
        if wanted and usable(config, row.channel, row.address):
            chosen.setdefault(row.ref, row)
    results = dict.fromkeys(refs or (), "unknown") | {row.ref: "no_contact" for row in rows}
    for ref, row in chosen.items():
        results[ref] = await _start(tx, config, outreach, row)
    tx.wake("turn")
    return results


async def _start(tx: Transaction, config: ClientConfig, outreach: Outreach, row: Any) -> str:
    sender = assigned(config, row.channel, row.address, row.id, {})
    if sender is None:
        return "no_contact"
    key = (config.client, row.channel, row.address)
    conversation_id = await open_conversation(tx, key, sender.address, row.id)
    event = {
        "id": derive(row.id, f"outreach:{outreach.name}"),
        "client": config.client,
        "conversation_id": conversation_id,
        "kind": "campaign",
        "payload": encode({"channel": row.channel, "flow": outreach.flow}),
        "due_at": tx.now,
        "created_at": tx.now,
    }
    return "started" if await tx.insert_new(inbox, [event]) else "already_started"
