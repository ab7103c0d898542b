"""The conversation that a message belongs to.

By its sender's address; a mail also by what it names, where its sender is the customer's own. From
is what its writer says it is, so that a conversation's customer is never proven by it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import and_, bindparam, select, text

from domain.activity import Activity
from domain.values import mask
from gateway.mail.about import By
from gateway.parties.reachable import MISTAKEN
from gateway.pipeline.arriving import Arrived, Key
from gateway.pipeline.identity import conversation_at, conversation_with
from gateway.storage import Transaction, among, encode
from gateway.storage.tables import accounts, contacts, conversations, wrong_parties

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
_WRONG = select(
    wrong_parties.c.client,
    wrong_parties.c.channel,
    wrong_parties.c.address,
    wrong_parties.c.customer_id,
).where(
    among(wrong_parties.c.client, "clients"),
    among(wrong_parties.c.address, "addresses"),
    text("lifted_at IS NULL"),
)
_FIRST_ACCOUNT = (
    select(accounts.c.id)
    .where(accounts.c.customer_id == bindparam("customer_id"))
    .order_by(accounts.c.created_at, accounts.c.ref)
    .limit(1)
)
_KNOWN = select(conversations.c.id).where(conversations.c.id == bindparam("id"))


class Home(Struct, frozen=True):
    """No customer where the address is nobody's. `by` is what a mail named it by; `elsewhere`: it
    named a conversation of somebody else's, whom we wrote to and who has handed our mail on."""

    conversation_id: str | None
    customer_id: str | None
    by: By | None = None
    elsewhere: bool = False


class Homes:
    """Where the messages of one group belong, as the rows of this moment tell."""

    def __init__(self, known: Mapping[Key, Sequence[Any]], wrong: frozenset[Any]) -> None:
        self._known = known
        self._wrong = wrong
        self._made: dict[Key, Home] = {}

    @classmethod
    async def read(cls, tx: Transaction, messages: Sequence[Arrived]) -> "Homes":
        keys = sorted({message.key for message in messages})
        where = {"clients": [k[0] for k in keys], "addresses": [k[2] for k in keys]}
        known: dict[Key, list[Any]] = {key: [] for key in keys}
        for row in await tx.fetch(_CONTACTS, **where):
            known.get((row.client, row.channel, row.address), []).append(row)
        wrong: frozenset[Any] = frozenset()
        if any(message.mail and message.mail.about for message in messages):
            wrong = frozenset(map(tuple, await tx.fetch(_WRONG, **where)))
        return cls(known, wrong)

    async def made(self, tx: Transaction, arrived: Arrived) -> Home:
        """A person's: where there is no conversation yet, it is opened."""
        found = self.named(arrived)
        if found is not None:
            return found
        home = self._made.get(arrived.key)
        if home is None:
            conversation, customer = self._owner(arrived.key)
            if conversation is None:
                sender = arrived.message.sender
                conversation = await open_conversation(tx, arrived.key, sender, customer)
            home = self._made[arrived.key] = Home(conversation, customer)
        return _of_address(arrived, home.conversation_id, home.customer_id)

    def known(self, arrived: Arrived) -> Home:
        """A machine's: none is opened for it."""
        found = self.named(arrived)
        if found is not None:
            return found
        return _of_address(arrived, *self._owner(arrived.key))

    def named(self, arrived: Arrived) -> Home | None:
        """By the surest message of ours that it names and whose customer its sender may be."""
        for about in arrived.mail.about if arrived.mail else ():
            customer = about.customer_id
            if customer is None or (*arrived.key, customer) in self._wrong:
                continue
            owners = {row.customer_id for row in self._known[arrived.key]}
            # An address that is nobody's any more is still the one that we wrote to; one that is
            # another customer's now says nothing of who reads there.
            if customer in owners or (not owners and about.went_to(arrived.message.address)):
                return Home(about.conversation_id, customer, about.by)
        return None

    def _owner(self, key: Key) -> tuple[str | None, str | None]:
        """The conversation, where there is one already, and the customer: its only one. A customer
        whose address it is not, as somebody said, does not count beside others."""
        rows = [row for row in self._known[key] if not row.mistaken] or self._known[key]
        if len(rows) != 1:
            return None, None
        return rows[0].conversation_id, rows[0].customer_id


def _of_address(arrived: Arrived, conversation: str | None, customer: str | None) -> Home:
    others = (
        about.customer_id is not None and about.conversation_id != conversation
        for about in (arrived.mail.about if arrived.mail else ())
    )
    return Home(conversation, customer, elsewhere=any(others))


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
