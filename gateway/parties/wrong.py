"""Addresses that are not a customer's: said by whoever reads there, by the host or by a person of
ours, and lifted only by the last two."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select, text

from domain.activity import Activity
from domain.values import ChannelKind, EmailAddress, Phone, mask
from gateway.clock import moment
from gateway.ids import new_id
from gateway.links.ending import revoke_of_customer
from gateway.pipeline.consent import ensure_address
from gateway.storage import Transaction, encode
from gateway.storage.tables import (
    addresses,
    conversations,
    customers,
    inbox,
    outbound,
    wrong_parties,
)

Key = tuple[str, str, str]  # client, channel, address

_LOCK = (
    select(addresses.c.address)
    .where(
        addresses.c.client == bindparam("client"),
        addresses.c.channel == bindparam("channel"),
        addresses.c.address == bindparam("address"),
    )
    .with_for_update()
)
_STANDING = select(wrong_parties).where(
    wrong_parties.c.client == bindparam("client"),
    wrong_parties.c.channel == bindparam("channel"),
    wrong_parties.c.address == bindparam("address"),
    wrong_parties.c.customer_id == bindparam("customer"),
    text("lifted_at IS NULL"),
)
_OF_CLIENT = (
    select(wrong_parties, customers.c.ref)
    .select_from(wrong_parties.join(customers, customers.c.id == wrong_parties.c.customer_id))
    .where(wrong_parties.c.client == bindparam("client"))
    .order_by(wrong_parties.c.marked_at, wrong_parties.c.id)
)
_CUSTOMER = select(customers.c.id).where(
    customers.c.client == bindparam("client"), customers.c.ref == bindparam("ref")
)
_QUEUED = (
    select(outbound.c.id, outbound.c.conversation_id, outbound.c.account_id)
    .where(
        outbound.c.customer_id == bindparam("customer"),
        outbound.c.channel == bindparam("channel"),
        outbound.c.address == bindparam("address"),
        text("status = 'queued' AND category IN ('outreach', 'reply')"),
    )
    .order_by(outbound.c.id)
    .with_for_update()
)
_TALK = select(conversations.c.id).where(conversations.c.customer_id == bindparam("customer"))


class UnknownCustomer(LookupError):
    """No customer of the client has that ref."""


def place_of(channel: ChannelKind, address: str, country: str) -> str:
    """The address as it is kept; numbers are read by the country. Raises Invalid."""
    if channel is ChannelKind.SMS:
        return str(Phone.parse(address, country))
    return str(EmailAddress.parse(address))


async def customer_of(tx: Transaction, client: str, ref: str) -> str:
    """Raises UnknownCustomer."""
    rows = await tx.fetch(_CUSTOMER, client=client, ref=ref)
    if not rows:
        raise UnknownCustomer(f"client {client!r} has no customer {ref!r}")
    return str(rows[0].id)


async def mark(
    tx: Transaction,
    key: Key,
    customer_id: str,
    by: str,
    *,
    reason: str | None = None,
    source_id: str | None = None,
) -> bool:
    """Nothing about the customer goes there from now on, whatever is queued: the gate looks here.
    False where that was said before.

    The address is locked first, as by whoever sends to it: a message is before the mark, or after.
    """
    client, channel, address = key
    where = {"client": client, "channel": channel, "address": address}
    await ensure_address(tx, key)
    await tx.fetch(_LOCK, **where)
    if await tx.fetch(_STANDING, **where, customer=customer_id):
        return False
    row = {
        **where,
        "id": new_id(),
        "customer_id": customer_id,
        "marked_at": tx.now,
        "marked_by": by,
        "reason": reason,
        "source_id": source_id,
    }
    await tx.insert(wrong_parties, [row])
    return True


async def _cancel(tx: Transaction, key: Key, customer_id: str) -> None:
    _, channel, address = key
    rows = await tx.fetch(_QUEUED, customer=customer_id, channel=channel, address=address)
    changed = [{"id": row.id, "status": "cancelled", "reason": "wrong_party"} for row in rows]
    await tx.update(outbound, changed)
    for row in rows:
        payload = {"message_id": row.id, "reason": "wrong_party"}
        talk, account = row.conversation_id, row.account_id
        tx.record(_event(tx, "message.cancelled", key, customer_id, payload, talk, account))


async def mark_by_hand(tx: Transaction, key: Key, customer_id: str, by: str, reason: str) -> bool:
    """As a person or the host says it, on record as an outcome. What is queued is cancelled, before
    the address is locked: messages are locked before addresses everywhere."""
    await _cancel(tx, key, customer_id)
    if not await mark(tx, key, customer_id, by, reason=reason):
        return False
    await revoke_of_customer(tx, customer_id, "wrong_party")
    payload = {"by": by, "reason": reason}
    tx.record(_event(tx, "contact.wrong_party", key, customer_id, payload))
    return True


async def lift(tx: Transaction, key: Key, customer_id: str, by: str, reason: str) -> bool:
    """The address is the customer's after all, as `by` answers for; False where nobody said that it
    is not. Proofs from before do not count any more."""
    client, channel, address = key
    where = {"client": client, "channel": channel, "address": address}
    await tx.fetch(_LOCK, **where)
    rows = await tx.fetch(_STANDING, **where, customer=customer_id)
    if not rows:
        return False
    lifted = {"lifted_at": tx.now, "lifted_by": by, "lift_reason": reason}
    await tx.update(wrong_parties, [{"id": row.id, **lifted} for row in rows])
    talks = await tx.fetch(_TALK, customer=customer_id)
    await tx.insert(inbox, [_heard_again(tx, client, talk.id, channel) for talk in talks])
    payload = {"by": by, "reason": reason}
    tx.record(_event(tx, "contact.wrong_party_lifted", key, customer_id, payload))
    tx.wake("turn")
    return True


def _heard_again(tx: Transaction, client: str, talk: str, channel: str) -> dict[str, Any]:
    """The dialog is silent on the channel until it learns of it."""
    return {
        "id": new_id(),
        "client": client,
        "conversation_id": talk,
        "kind": "party_cleared",
        "payload": encode({"channel": channel}),
        "due_at": tx.now,
        "created_at": tx.now,
    }


async def marks(tx: Transaction, client: str) -> Sequence[Any]:
    """All of a client's, lifted ones too, the oldest first; with the customer's `ref`."""
    return await tx.fetch(_OF_CLIENT, client=client)


def shown(row: Any) -> dict[str, Any]:
    """A row of `marks`, for people and for JSON."""
    return {
        "channel": row.channel,
        "address": row.address,
        "customer_ref": row.ref,
        "marked_at": moment(row.marked_at).isoformat(),
        "marked_by": row.marked_by,
        "reason": row.reason,
        "lifted_at": None if row.lifted_at is None else moment(row.lifted_at).isoformat(),
        "lifted_by": row.lifted_by,
        "lift_reason": row.lift_reason,
    }


def _event(
    tx: Transaction,
    kind: str,
    key: Key,
    customer_id: str,
    payload: dict[str, Any],
    conversation_id: str | None = None,
    account_id: str | None = None,
) -> Activity:
    client, channel, address = key
    return Activity(
        type=kind,
        client=client,
        occurred_at=tx.now,
        customer_id=customer_id,
        account_id=account_id,
        conversation_id=conversation_id,
        actor="agent" if kind.startswith("contact.") else "system",
        channel=channel,
        masked_address=mask(ChannelKind(channel), address),
        payload=payload,
    )
