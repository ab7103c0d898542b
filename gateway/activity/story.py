"""A conversation read back for people: its activity, with the texts and reasons kept elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import bindparam, exists, func, or_, select, text

from domain.values import ChannelKind, Money
from gateway.activity.query import Event, conversation_events
from gateway.pipeline.identity import conversation_with
from gateway.storage import Transaction, among
from gateway.storage.tables import (
    accounts,
    addresses,
    consent_scopes,
    contacts,
    customers,
    inbound,
    outbound,
)

_PEOPLE = (
    select(
        customers.c.id,
        customers.c.client,
        customers.c.ref,
        customers.c.first_name,
        customers.c.last_name,
        customers.c.date_of_birth,
        customers.c.postcode,
        customers.c.timezone,
        customers.c.language,
        accounts.c.ref.label("account_ref"),
        accounts.c.balance_minor,
        accounts.c.paid_minor,
        accounts.c.currency,
    )
    .select_from(customers.join(accounts, accounts.c.customer_id == customers.c.id))
    .order_by(customers.c.ref, accounts.c.created_at)
)
_CONTACTS = (
    select(
        contacts.c.customer_id,
        contacts.c.channel,
        contacts.c.address,
        addresses.c.opted_out_at,
        addresses.c.invalid_at,
        exists()
        .where(
            consent_scopes.c.customer_id == contacts.c.customer_id,
            or_(
                consent_scopes.c.channel == contacts.c.channel,
                text("consent_scopes.channel = 'all'"),
            ),
            consent_scopes.c.event_position
            > func.coalesce(addresses.c.opted_in_position, text("0")),
        )
        .label("covered"),
    )
    .select_from(
        contacts.outerjoin(
            addresses,
            (addresses.c.client == contacts.c.client)
            & (addresses.c.channel == contacts.c.channel)
            & (addresses.c.address == contacts.c.address),
        )
    )
    .order_by(contacts.c.rank)
)
_PERSON = _PEOPLE.where(customers.c.id == bindparam("customer"))
_CONTACTS_OF = _CONTACTS.where(contacts.c.customer_id == bindparam("customer"))
_INBOUND = select(inbound).where(among(inbound.c.id, "ids"))
_OUTBOUND = select(outbound).where(among(outbound.c.id, "ids"))
_FILES = text(
    "SELECT type, payload, occurred_at, first_seq + ordinal AS seq, activity.client FROM activity"
    " JOIN activity_blocks ON activity_blocks.id = activity.block"
    " WHERE type LIKE 'file.%' OR type LIKE 'record.%' ORDER BY position, ordinal"
)


@dataclass(frozen=True, slots=True)
class Contact:
    channel: ChannelKind
    address: str
    opted_out: bool
    invalid: bool


@dataclass(frozen=True, slots=True)
class Person:
    """A customer with the first of their accounts, check data included: for operators only."""

    id: str
    client: str
    ref: str
    name: str
    date_of_birth: str | None
    postcode: str | None
    timezone: str | None
    language: str | None
    account_ref: str
    balance: Money
    contacts: tuple[Contact, ...]

    @property
    def conversation_id(self) -> str:
        return conversation_with(self.id)

    def contact(self, channel: ChannelKind) -> Contact | None:
        """The preferred one of that channel."""
        return next((c for c in self.contacts if c.channel is channel), None)


@dataclass(frozen=True, slots=True)
class Story:
    """`received` and `written` are rows of inbound and outbound by id."""

    events: Sequence[Event]
    received: Mapping[str, Any]
    written: Mapping[str, Any]


async def people(tx: Transaction) -> list[Person]:
    """Everyone, by ref."""
    reached: dict[str, list[Contact]] = {}
    for row in await tx.fetch(_CONTACTS):
        reached.setdefault(row.customer_id, []).append(_contact(row))
    found: dict[str, Person] = {}
    for row in await tx.fetch(_PEOPLE):
        found.setdefault(row.id, _person(row, reached.get(row.id, [])))
    return list(found.values())


def _contact(row: Any) -> Contact:
    return Contact(
        ChannelKind(row.channel),
        row.address,
        row.opted_out_at is not None or bool(row.covered),
        row.invalid_at is not None,
    )


def _person(row: Any, reached: list[Contact]) -> Person:
    return Person(
        id=row.id,
        client=row.client,
        ref=row.ref,
        name=" ".join(part for part in (row.first_name, row.last_name) if part) or row.ref,
        date_of_birth=row.date_of_birth,
        postcode=row.postcode,
        timezone=row.timezone,
        language=row.language,
        account_ref=row.account_ref,
        balance=Money(max(row.balance_minor - row.paid_minor, 0), row.currency),
        contacts=tuple(reached),
    )


async def story(tx: Transaction, client: str, conversation_id: str) -> Story:
    """Everything recorded of a conversation so far, in the order of recording."""
    events = await conversation_events(tx, client, conversation_id)
    received = await tx.fetch(_INBOUND, ids=_messages(events, "message.received"))
    written = await tx.fetch(_OUTBOUND, ids=_messages(events, "message.queued"))
    return Story(
        events,
        {row.id: row for row in received},
        {row.id: row for row in written},
    )


def _messages(events: Sequence[Event], kind: str) -> list[str]:
    """The ids of the messages that events of one type name."""
    return [msgspec.json.decode(e.payload)["message_id"] for e in events if e.event_type == kind]


async def person_of(tx: Transaction, customer_id: str) -> Person | None:
    """One of them; None where a customer has no account."""
    accounts_of = await tx.fetch(_PERSON, customer=customer_id)
    if not accounts_of:
        return None
    reached = [_contact(row) for row in await tx.fetch(_CONTACTS_OF, customer=customer_id)]
    return _person(accounts_of[0], reached)


async def file_events(tx: Transaction) -> list[Any]:
    """What became of the files that hosts sent: rows of type, payload, occurred_at, seq, client."""
    return await tx.fetch(_FILES)
