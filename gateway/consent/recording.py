"""What people of the client record: what a customer told them, with the evidence that they name."""

from typing import Literal

from msgspec import Struct
from sqlalchemy import bindparam, select

from gateway.consent.cancelling import Key
from gateway.consent.ledger import Origin, addresses_of, opt_in, opt_out, opt_out_widely
from gateway.ids import new_id
from gateway.pipeline.identity import conversation_with
from gateway.sequences.stopping import by_opt_outs, end
from gateway.storage import Transaction, among, encode
from gateway.storage.tables import contacts, conversations, inbox

Scope = Literal["address", "channel", "everything"]

_OWNERS = (
    select(contacts.c.customer_id)
    .where(
        contacts.c.client == bindparam("client"),
        contacts.c.channel == bindparam("channel"),
        contacts.c.address == bindparam("address"),
    )
    .order_by(contacts.c.customer_id)
)
_TALKS = select(conversations.c.id).where(among(conversations.c.id, "ids"))


class Record(Struct, frozen=True):
    """`at`, in microseconds, is when the customer said so; None: now."""

    agent: str
    evidence: str
    at: int | None = None


class Nobody(LookupError):
    """No customer is known by this address, so that nothing wider than it can be stopped."""


async def owners_of(tx: Transaction, key: Key) -> list[str]:
    """The customers who have this address."""
    client, channel, address = key
    found = await tx.fetch(_OWNERS, client=client, channel=channel, address=address)
    return [row.customer_id for row in found]


async def record_opt_out(tx: Transaction, key: Key, scope: Scope, record: Record) -> None:
    """Raises Nobody. Runs of sequences end first: they are locked before addresses everywhere."""
    client, channel, _ = key
    owners = await owners_of(tx, key)
    if scope != "address" and not owners:
        raise Nobody
    channels = [channel] if scope == "channel" else None
    wide = {
        owner: await addresses_of(tx, client, owner, channels)
        for owner in owners
        if scope != "address"
    }
    await end(tx, *await by_opt_outs(tx, [key, *(each for keys in wide.values() for each in keys)]))
    said = new_id()  # what all rows of this record have in common
    for owner, keys in wide.items():
        await opt_out_widely(tx, client, channels, keys, _origin(record, owner, said))
    if not wide:
        only = owners[0] if len(owners) == 1 else None
        await opt_out(tx, [(key, _origin(record, only, said))])


async def record_opt_in(tx: Transaction, key: Key, record: Record) -> bool:
    """False where nothing kept us from writing there, or a later opt-out still does. The dialogs
    of its owners hear of it: they had gone silent on that channel."""
    owners = await owners_of(tx, key)
    only = owners[0] if len(owners) == 1 else None
    if not await opt_in(tx, key, _origin(record, only, new_id())):
        return False
    talks = await tx.fetch(_TALKS, ids=[conversation_with(owner) for owner in owners])
    rows = [
        {
            "id": new_id(),
            "client": key[0],
            "conversation_id": talk.id,
            "kind": "opted_in",
            "payload": encode({"channel": key[1]}),
            "due_at": tx.now,
            "created_at": tx.now,
        }
        for talk in talks
    ]
    await tx.insert(inbox, rows)
    if rows:
        tx.wake("turn")
    return True


def _origin(record: Record, customer_id: str | None, said: str) -> Origin:
    return Origin(
        method="agent",
        actor="agent",
        customer_id=customer_id,
        agent=record.agent,
        evidence=record.evidence,
        occurred_at=record.at,
        correlation_id=said,
    )
