"""What a file says of consent, for the ledger; and what the host is told of it in return."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import bindparam, select, text

from compliance.loading import shipped_book
from compliance.pack import NoRules
from compliance.places import Where
from compliance.resolving import rules_for
from domain.ids import derive
from gateway.batch.checks import PlacedContact
from gateway.batch.findings import Code, Finding
from gateway.batch.source import At, Source
from gateway.clock import instant, moment
from gateway.consent.cancelling import Key
from gateway.consent.ledger import HERE, Origin, row_of
from gateway.consent.standing import Standing
from gateway.storage import Transaction, among
from gateway.storage.tables import addresses, consent_events

_TOLD = select(
    consent_events.c.channel, consent_events.c.address, consent_events.c.occurred_at
).where(
    consent_events.c.client == bindparam("client"),
    among(consent_events.c.address, "addresses"),
    text("address IS NOT NULL AND kind = 'opted_out' AND actor = 'host'"),
)
_ADDRESSES = select(addresses).where(
    addresses.c.client == bindparam("client"), among(addresses.c.address, "addresses")
)

_STANDS = (
    "consent is on record, and the customer's opt-out stands: no file lifts one, but their own"
    " START does, or an opt-in that an agent records with its evidence"
)
_LIFTED = "the customer has opted in again since this opt-out, which came in an earlier file"


async def opt_outs_told(
    tx: Transaction, source: Source, records: Sequence[At]
) -> list[tuple[Key, Origin]]:
    """The opt-outs of the records that no earlier file has told: hosts state them again for ever,
    and a customer may have opted in meanwhile."""
    said = [
        (at, contact, instant(contact.part.opted_out_at))
        for at in records
        for contact in at.placed.contacts
        if contact.part.opted_out_at is not None
    ]
    if not said:
        return []
    client = source.config.client
    named = sorted({contact.address for _, contact, _ in said})
    found = await tx.fetch(_TOLD, client=client, addresses=named)
    known = {(row.channel, row.address, row.occurred_at) for row in found}
    every = _revokes_all(tx, source)
    told = {}
    for at, contact, when in said:
        key = (contact.channel.value, contact.address, when)
        if key not in known:
            told[key] = ((client, *key[:2]), _origin(source, at, contact, when, every))
    return list(told.values())


def _revokes_all(tx: Transaction, source: Source) -> bool:
    """By the rules in force now where the client is, and its own; yes where there are none."""
    config = source.config
    where = Where(country=config.jurisdiction, zones=(config.timezone,))
    own = config.contact.own
    try:
        rules = rules_for(shipped_book(), config.jurisdiction, where, moment(tx.now), own)
    except NoRules:
        return True
    return rules.terms.opt_out.revoke_all


def _origin(source: Source, at: At, contact: PlacedContact, when: int, every: bool) -> Origin:
    """`every`: an opt-out of one purpose covers all of them."""
    part = contact.part
    purpose = "all" if every or part.purpose is None else part.purpose
    return Origin(
        method="host",
        actor="host",
        purpose=purpose,
        customer_id=at.customer_id,
        basis=f"revoked for {part.purpose}" if purpose != (part.purpose or "all") else None,
        source=part.source,
        correlation_id=source.correlation_id,
        occurred_at=when,
    )


def concern_us(told: Sequence[tuple[Key, Origin]]) -> set[Key]:
    """The addresses that are not to be written to any more."""
    return {key for key, origin in told if origin.purpose in HERE}


def captures(
    tx: Transaction, source: Source, at: At, contact: PlacedContact
) -> Iterator[dict[str, Any]]:
    """Rows of the ledger for the consent and the check that a record states; the same statement
    has the same id, whichever file it comes in."""
    part, (channel, address) = contact.part, (contact.channel.value, contact.address)
    purpose = part.purpose or "collections"
    for kind, basis, when in (
        ("captured", part.consent_basis, part.consent_at),
        ("checked", None, part.reassigned_check_at),
    ):
        if basis is None and when is None:
            continue
        origin = Origin(
            method="host",
            actor="host",
            purpose=purpose,
            customer_id=at.customer_id,
            basis=basis,
            source=part.source,
            correlation_id=source.correlation_id,
            occurred_at=None if when is None else instant(when),
        )
        row = row_of(tx, kind, origin, source.config.client, channel, address)
        label = f"{kind}:{channel}:{address}:{purpose}:{basis}:{origin.occurred_at}"
        yield row | {"id": derive(at.customer_id, label)}


async def warnings_of(tx: Transaction, source: Source, records: Sequence[At]) -> list[Finding]:
    """Where a host believes that it may write and the ledger says no, or the other way about."""
    stated = [
        (at, contact)
        for at in records
        for contact in at.placed.contacts
        if contact.part.opted_out_at is not None or _consents(contact)
    ]
    if not stated:
        return []
    named = sorted({contact.address for _, contact in stated})
    found = await tx.fetch(_ADDRESSES, client=source.config.client, addresses=named)
    rows = {(row.channel, row.address): row for row in found}
    standing = await Standing.read(tx, sorted({at.customer_id for at, _ in stated}))
    warnings = []
    for at, contact in stated:
        row = rows[contact.channel.value, contact.address]
        is_out = standing.of(at.customer_id, row.channel, row.address, row).is_out
        if contact.part.opted_out_at is None and is_out:
            warnings.append(_warning(at, contact, Code.OPTED_OUT, _STANDS))
        elif contact.part.opted_out_at is not None and not is_out and row.opted_in_at is not None:
            warnings.append(_warning(at, contact, Code.OPTED_IN_SINCE, _LIFTED))
    return warnings


def _consents(contact: PlacedContact) -> bool:
    return contact.part.consent_basis is not None or contact.part.consent_at is not None


def _warning(at: At, contact: PlacedContact, code: Code, message: str) -> Finding:
    number = at.placed.number
    return Finding(f"/records/{number - 1}/contacts/{contact.place}", code, message, number)
