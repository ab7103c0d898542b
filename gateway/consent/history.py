"""The whole history of one address: all that was said of it, and what was sent or not sent then."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, select, text

from domain.values import mask
from gateway.consent.cancelling import Key
from gateway.consent.standing import Stand, Standing
from gateway.pipeline.identity import conversation_at, conversation_with
from gateway.storage import Transaction, among, decode
from gateway.storage.tables import (
    activity,
    activity_blocks,
    addresses,
    consent_events,
    contacts,
    customers,
    outbound,
)

_IS = {"client": "client", "channel": "channel", "address": "address"}


def _here(table: Any) -> list[Any]:
    return [table.c[name] == bindparam(given) for name, given in _IS.items()]


_ADDRESS = select(addresses).where(*_here(addresses))
_OWNERS = (
    select(customers.c.id, customers.c.ref)
    .select_from(customers.join(contacts, contacts.c.customer_id == customers.c.id))
    .where(*_here(contacts))
    .order_by(customers.c.ref)
)
_SAID = (
    select(consent_events)
    .where(*_here(consent_events), text("address IS NOT NULL"))
    .order_by(consent_events.c.position)
)
_SAID_WIDELY = (
    select(consent_events)
    .where(
        consent_events.c.client == bindparam("client"),
        among(consent_events.c.customer_id, "people"),
        text("address IS NULL"),
        (consent_events.c.channel == bindparam("channel")) | consent_events.c.channel.is_(None),
    )
    .order_by(consent_events.c.position)
)
_MESSAGES = select(
    outbound.c.id, outbound.c.conversation_id, outbound.c.category, outbound.c.response
).where(*_here(outbound))
_OTHERS = select(outbound.c.id).where(among(outbound.c.id, "ids"))
_HAPPENED = (
    select(
        activity.c.type,
        activity.c.occurred_at,
        activity.c.actor,
        activity.c.channel,
        activity.c.masked_address,
        activity.c.payload,
    )
    .select_from(activity.join(activity_blocks, activity_blocks.c.id == activity.c.block))
    .where(
        activity.c.client == bindparam("client"),
        among(activity.c.conversation_id, "conversations"),
        text("activity.type LIKE 'message.%' AND activity.type <> 'message.received'"),
    )
    .order_by(activity_blocks.c.position, activity.c.ordinal)
)


_TOLD = (
    "scope", "purpose", "channel", "address", "method", "actor", "agent", "basis", "source",
    "evidence", "occurred_at", "causation_id", "correlation_id", "position",
)  # fmt: skip


class Owner(Struct, frozen=True):
    """A customer who has the address, and where consent stands there for them."""

    ref: str
    stand: Stand


class Entry(Struct, frozen=True):
    """`what` is a type of activity, or consent. and a kind of the ledger."""

    at: int
    what: str
    details: dict[str, Any]


class History(Struct, frozen=True):
    """`row` is the address's own; None where nothing is known of it. Entries stand in order."""

    key: Key
    at: int
    row: Any
    owners: tuple[Owner, ...]
    nobody: Stand
    entries: tuple[Entry, ...]


async def history(tx: Transaction, key: Key) -> History:
    client, channel, address = key
    given = {"client": client, "channel": channel, "address": address}
    rows = await tx.fetch(_ADDRESS, **given)
    row = rows[0] if rows else None
    owners = await tx.fetch(_OWNERS, **given)
    standing = await Standing.read(tx, [owner.id for owner in owners])
    said = await tx.fetch(_SAID, **given)
    people = sorted({o.id for o in owners} | {e.customer_id for e in said if e.customer_id})
    said += await tx.fetch(_SAID_WIDELY, client=client, channel=channel, people=people)
    entries = [_said(event) for event in sorted(said, key=lambda event: event.position)]
    entries += await _messages(tx, key, people)
    return History(
        key,
        tx.now,
        row,
        tuple(Owner(o.ref, standing.of(o.id, channel, address, row)) for o in owners),
        standing.of(None, channel, address, row),
        tuple(sorted(entries, key=lambda entry: entry.at)),
    )


def _said(event: Any) -> Entry:
    details = {name: getattr(event, name) for name in _TOLD if getattr(event, name) is not None}
    return Entry(event.recorded_at, f"consent.{event.kind}", details)


async def _messages(tx: Transaction, key: Key, people: Sequence[str]) -> list[Entry]:
    """From the append-only activity. What is pruned of the messages themselves is known by its
    channel and masked address there."""
    client, channel, address = key
    given = {"client": client, "channel": channel, "address": address}
    mine = {row.id: row for row in await tx.fetch(_MESSAGES, **given)}
    talks = {conversation_at(*key), *map(conversation_with, people)}
    talks |= {row.conversation_id for row in mine.values()}
    happened = await tx.fetch(_HAPPENED, client=client, conversations=sorted(talks))
    told = [(event, decode(event.payload)) for event in happened]
    unknown = sorted({p["message_id"] for _, p in told if p.get("message_id")} - mine.keys())
    others = {row.id for row in await tx.fetch(_OTHERS, ids=unknown)}
    return [
        _entry(event, payload, mine.get(payload["message_id"]))
        for event, payload in told
        if (message := payload.get("message_id")) is not None
        and (message in mine or (message not in others and _looks_like(event, key)))
    ]


def _looks_like(event: Any, key: Key) -> bool:
    _, channel, address = key
    return bool(event.channel == channel and event.masked_address == mask(channel, address))


def _entry(event: Any, payload: dict[str, Any], message: Any) -> Entry:
    more = {"category": message.category, "response": message.response} if message else {}
    return Entry(event.occurred_at, event.type, payload | more)
