"""Messages received: stored with their activity in one transaction before anyone is answered."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import and_, bindparam, select

from dialogs.sequences import Exit
from domain.activity import Activity
from domain.messages import Inbound
from domain.values import mask
from gateway.clock import instant
from gateway.directory import Directory
from gateway.ids import new_id
from gateway.parties.reachable import MISTAKEN
from gateway.pipeline.consent import opt_in_address, opt_out_address
from gateway.pipeline.identity import conversation_at, conversation_with
from gateway.sequences.stopping import Ending, by_opt_outs, end
from gateway.storage import Transaction, among, encode
from gateway.storage.tables import accounts, addresses, contacts, conversations, inbound, inbox
from nlu.keywords import carrier_keyword
from nlu.redaction import redact

_CONTACTS = (
    select(
        contacts.c.client,
        contacts.c.channel,
        contacts.c.address,
        contacts.c.customer_id,
        MISTAKEN.label("mistaken"),
        conversations.c.id.label("conversation_id"),
    )
    .select_from(
        contacts.outerjoin(
            conversations,
            and_(
                conversations.c.client == contacts.c.client,
                conversations.c.customer_id == contacts.c.customer_id,
            ),
        )
    )
    .where(among(contacts.c.client, "clients"), among(contacts.c.address, "addresses"))
)
_LOCK = (
    select(addresses.c.client, addresses.c.channel, addresses.c.address)
    .where(among(addresses.c.client, "clients"), among(addresses.c.address, "addresses"))
    .order_by(addresses.c.client, addresses.c.channel, addresses.c.address)
    .with_for_update()
)
_FIRST_ACCOUNT = (
    select(accounts.c.id)
    .where(accounts.c.customer_id == bindparam("customer_id"))
    .order_by(accounts.c.created_at, accounts.c.ref)
    .limit(1)
)
_KNOWN = select(conversations.c.id).where(conversations.c.id == bindparam("id"))

Key = tuple[str, str, str]  # client, channel, address


class Arrived(Struct, frozen=True):
    """An inbound message with the client that owns the address it came to, and the adapter that
    brought it."""

    client: str
    message: Inbound
    via: str

    @property
    def key(self) -> Key:
        return (self.client, self.message.channel.value, self.message.address)


class Home(Struct, frozen=True):
    """The conversation that a message belongs to; no customer where the address is nobody's."""

    conversation_id: str
    customer_id: str | None


class UnknownSender(LookupError):
    """The message came to an address that no client of ours has with that adapter."""


def arrived(message: Inbound, directory: Directory, via: str) -> Arrived:
    """Raises UnknownSender: one account's provider brings nothing for another's numbers."""
    owner = directory.owner(message.channel, message.sender)
    if owner is None or owner[1].via != via:
        raise UnknownSender(f"no client has the sender {message.sender} via {via}")
    return Arrived(owner[0].client, message, via)


def storable(text: str) -> str:
    """Text as both databases keep it: no NUL, no lone surrogate, no card or identity number."""
    return redact(text.replace("\0", "").encode("utf-8", "replace").decode())


async def store_inbound(tx: Transaction, messages: Sequence[Arrived], settle: int = 0) -> None:
    """Everything that must be durable before the provider hears 2xx; redelivery changes nothing.

    `settle`, in microseconds, is how long a turn waits for more texts of the same burst.
    """
    keys = sorted({message.key for message in messages})
    homes = await _homes(tx, keys, messages)
    rows = [_row(tx, message, homes[message.key].conversation_id) for message in messages]
    new = await tx.insert_new(inbound, rows)
    fresh = [(m, row) for m, row in zip(messages, rows, strict=True) if row["id"] in new]
    if not fresh:
        return
    await tx.insert(inbox, [_event(tx, row, settle) for _, row in fresh])
    keywords = {row["id"]: row["keyword"] or carrier_keyword(row["text"]) for _, row in fresh}
    stopped = [message.key for message, row in fresh if keywords[row["id"]] == "STOP"]
    await _end_runs(tx, stopped, fresh, homes)
    await _touch(tx, sorted({message.key for message, _ in fresh}))
    for message, row in fresh:
        tx.record(_received(message, row, homes[message.key]))
        await _keyword(tx, keywords[row["id"]], message, row, homes[message.key])
    tx.wake("turn")


async def _homes(
    tx: Transaction, keys: Sequence[Key], messages: Sequence[Arrived]
) -> dict[Key, Home]:
    """The conversation of each address: its one customer's, else nobody's; made where missing.
    A customer whose address it is not, as somebody said, does not count beside others."""
    found: dict[Key, list[Any]] = {key: [] for key in keys}
    for row in await tx.fetch(
        _CONTACTS, clients=[k[0] for k in keys], addresses=[k[2] for k in keys]
    ):
        found.get((row.client, row.channel, row.address), []).append(row)
    senders = {m.key: m.message.sender for m in messages}
    homes: dict[Key, Home] = {}
    for key, known in found.items():
        rows = [row for row in known if not row.mistaken] or known
        customer_id = rows[0].customer_id if len(rows) == 1 else None
        if customer_id and rows[0].conversation_id:
            homes[key] = Home(rows[0].conversation_id, customer_id)
        else:
            made = await open_conversation(tx, key, senders[key], customer_id)
            homes[key] = Home(made, customer_id)
    return homes


async def open_conversation(tx: Transaction, key: Key, sender: str, customer_id: str | None) -> str:
    """Makes the conversation unless it is there; its id either way."""
    client, channel, address = key
    made = conversation_with(customer_id) if customer_id else conversation_at(*key)
    if await tx.fetch(_KNOWN, id=made):
        return made
    debts = await tx.fetch(_FIRST_ACCOUNT, customer_id=customer_id) if customer_id else []
    row = {
        "id": made,
        "client": client,
        "customer_id": customer_id,
        "account_id": debts[0].id if debts else None,
        "channel": channel,
        "address": address,
        "sender": sender,
        "senders": encode({channel: sender}),
        "created_at": tx.now,
        "updated_at": tx.now,
    }
    if await tx.insert_new(conversations, [row]):
        tx.record(
            Activity(
                type="conversation.started",
                client=client,
                occurred_at=tx.now,
                customer_id=customer_id,
                conversation_id=made,
                channel=channel,
                masked_address=mask(channel, address),
            )
        )
    return made


def _row(tx: Transaction, arrived: Arrived, conversation_id: str) -> dict[str, Any]:
    message = arrived.message
    return {
        "id": new_id(),
        "client": arrived.client,
        "channel": message.channel.value,
        "via": arrived.via,
        "provider_id": message.provider_id,
        "sender": message.sender,
        "address": message.address,
        "conversation_id": conversation_id,
        "text": storable(message.text),
        "subject": None if message.subject is None else storable(message.subject),
        "keyword": message.keyword,
        "media": encode(message.media) if message.media else None,
        "received_at": tx.now,
    }


def _event(tx: Transaction, row: dict[str, Any], settle: int) -> dict[str, Any]:
    return {
        "id": row["id"],
        "client": row["client"],
        "conversation_id": row["conversation_id"],
        "kind": "said",
        "payload": None,
        "due_at": tx.now + settle,
        "created_at": tx.now,
    }


async def _end_runs(
    tx: Transaction,
    stopped: Sequence[Key],
    fresh: Sequence[tuple[Arrived, dict[str, Any]]],
    homes: dict[Key, Home],
) -> None:
    """Whoever answers is written to by no sequence any more: from this very commit on."""
    endings = await by_opt_outs(tx, stopped)
    for message, row in fresh:
        talk = homes[message.key].conversation_id
        endings.append(Ending(Exit.SAID, talk, causation_id=row["id"]))
    await end(tx, *endings)


async def _touch(tx: Transaction, keys: Sequence[Key]) -> None:
    """Locks the addresses, in one order for all: sends to them are before this, or see it."""
    rows = [
        {"client": client, "channel": channel, "address": address, "updated_at": tx.now}
        for client, channel, address in keys
    ]
    which = {"clients": [k[0] for k in keys], "addresses": [k[2] for k in keys]}
    known = {tuple(row) for row in await tx.fetch(_LOCK, **which)}
    missing = [r for r, key in zip(rows, keys, strict=True) if key not in known]
    if missing:
        await tx.insert_new(addresses, missing, returning="address")
        await tx.fetch(_LOCK, **which)
    seen = [row | {"last_inbound_at": tx.now, "replies": 0} for row in rows]
    await tx.update(addresses, seen, key=("client", "channel", "address"))


async def _keyword(
    tx: Transaction, keyword: str | None, arrived: Arrived, row: dict[str, Any], home: Home
) -> None:
    """Carrier keywords reach the consent ledger here, before anything is understood."""
    who = {
        "conversation_id": home.conversation_id,
        "customer_id": home.customer_id,
        "causation_id": row["id"],
        "evidence": row["text"],
    }
    method = "keyword" if row["keyword"] is None else "provider"
    if keyword == "STOP":
        await opt_out_address(tx, arrived.key, method, **who)
    elif keyword == "START":
        await opt_in_address(tx, arrived.key, method, **who)


def _received(arrived: Arrived, row: dict[str, Any], home: Home) -> Activity:
    message = arrived.message
    media = {"media": len(message.media)} if message.media else {}
    return Activity(
        type="message.received",
        client=arrived.client,
        occurred_at=instant(message.received_at),
        conversation_id=home.conversation_id,
        customer_id=home.customer_id,
        actor="customer",
        channel=message.channel.value,
        masked_address=mask(message.channel, message.address),
        causation_id=row["id"],
        payload={"message_id": row["id"], "truncated": message.truncated} | media,
    )
