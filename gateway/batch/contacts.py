"""Contact points, their consent and the host's opt-outs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, text, update

from domain.activity import Activity
from domain.values import mask
from gateway.batch.checks import PlacedContact
from gateway.batch.source import At, Source, details
from gateway.clock import instant
from gateway.storage import Transaction, among
from gateway.storage.tables import addresses, contacts

_CONTACTS = select(
    contacts.c.channel,
    contacts.c.address,
    contacts.c.customer_id,
    contacts.c.consent_basis,
    contacts.c.consent_at,
    contacts.c.reassigned_at,
    contacts.c.employer_provided,
).where(contacts.c.client == bindparam("client"), among(contacts.c.customer_id, "ids"))
_OPT_OUT = (
    update(addresses)
    .where(
        addresses.c.client == bindparam("in_client"),
        addresses.c.channel == bindparam("in_channel"),
        addresses.c.address == bindparam("in_address"),
        text("opted_out_at IS NULL"),
    )
    .values(opted_out_at=bindparam("at"), opt_out_method="host", updated_at=bindparam("now"))
)


_OPTED_OUT = select(addresses.c.channel, addresses.c.address).where(
    addresses.c.client == bindparam("client"),
    among(addresses.c.address, "addresses"),
    text("opted_out_at IS NOT NULL"),
)


async def newly_opted_out(
    tx: Transaction, source: Source, records: Sequence[At]
) -> set[tuple[str, str, str]]:
    """Addresses (client, channel, address) that the records opt out and the ledger does not yet."""
    client = source.config.client
    said = {
        (client, contact.channel.value, contact.address)
        for at in records
        for contact in at.placed.contacts
        if contact.part.opted_out_at is not None
    }
    if not said:
        return said
    named = sorted({address for _, _, address in said})
    known = await tx.fetch(_OPTED_OUT, client=client, addresses=named)
    return said - {(client, row.channel, row.address) for row in known}


async def store_contacts(tx: Transaction, source: Source, records: Sequence[At]) -> None:
    """A file adds contacts and states them anew; those that it leaves out stay."""
    ids = sorted({at.customer_id for at in records})
    found = await tx.fetch(_CONTACTS, client=source.config.client, ids=ids)
    known = {(row.channel, row.address, row.customer_id): row for row in found}
    changed, new = {}, {}
    for at in records:
        for rank, contact in enumerate(at.placed.contacts):
            key = (contact.channel.value, contact.address, at.customer_id)
            before = known.get(key)
            row = _contact(source, at.customer_id, contact, rank) | _kept(contact, before)
            if key in known:
                changed[key] = row
            else:
                new[key] = row
            if row["consent_basis"] and (
                before is None
                or (before.consent_basis, before.consent_at)
                != (row["consent_basis"], row["consent_at"])
            ):
                tx.record(_captured(tx, source, at, contact))
    await tx.update(
        contacts, list(changed.values()), key=("client", "channel", "address", "customer_id")
    )
    await tx.insert(contacts, list(new.values()))


def _contact(source: Source, customer_id: str, contact: PlacedContact, rank: int) -> dict[str, Any]:
    part = contact.part
    return {
        "client": source.config.client,
        "channel": contact.channel.value,
        "address": contact.address,
        "customer_id": customer_id,
        "rank": rank,
        "consent_basis": part.consent_basis,
        "consent_at": part.consent_at and instant(part.consent_at),
        "reassigned_check_at": part.reassigned_check_at and instant(part.reassigned_check_at),
        "details": details(source=part.source),
    }


def _kept(contact: PlacedContact, before: Any) -> dict[str, Any]:
    """What bars an address stays until a file says otherwise: leaving it out lifts nothing."""
    part = contact.part
    reassigned = part.reassigned_at and instant(part.reassigned_at)
    employer = None if part.employer_provided is None else int(part.employer_provided)
    if before is not None:
        reassigned = max((at for at in (reassigned, before.reassigned_at) if at), default=None)
        employer = before.employer_provided if employer is None else employer
    return {"reassigned_at": reassigned, "employer_provided": employer}


def _captured(tx: Transaction, source: Source, at: At, contact: PlacedContact) -> Activity:
    part = contact.part
    return Activity(
        type="consent.captured",
        client=source.config.client,
        occurred_at=instant(part.consent_at) if part.consent_at else tx.now,
        customer_id=at.customer_id,
        actor="host",
        channel=contact.channel.value,
        masked_address=mask(contact.channel, contact.address),
        correlation_id=source.correlation_id,
        payload={"basis": part.consent_basis, "source": part.source},
    )


async def store_addresses(tx: Transaction, source: Source, records: Sequence[At]) -> None:
    """Every address gets its row; the host's opt-outs join the ledger and none is lifted."""
    client = source.config.client
    keys = sorted({(c.channel.value, c.address) for at in records for c in at.placed.contacts})
    rows = [
        {"client": client, "channel": channel, "address": address, "updated_at": tx.now}
        for channel, address in keys
    ]
    await tx.insert_new(addresses, rows, returning="address")
    for at in records:
        for contact in at.placed.contacts:
            if contact.part.opted_out_at is not None:
                await _opt_out(tx, source, at, contact, contact.part.opted_out_at)


async def _opt_out(
    tx: Transaction, source: Source, at: At, contact: PlacedContact, when: datetime
) -> None:
    client, channel = source.config.client, contact.channel.value
    where = {"in_client": client, "in_channel": channel, "in_address": contact.address}
    if await tx.execute(_OPT_OUT, **where, at=instant(when), now=tx.now):
        tx.record(
            Activity(
                type="consent.opted_out",
                client=client,
                occurred_at=instant(when),
                customer_id=at.customer_id,
                actor="host",
                channel=channel,
                masked_address=mask(channel, contact.address),
                correlation_id=source.correlation_id,
                payload={"method": "host"},
            )
        )
