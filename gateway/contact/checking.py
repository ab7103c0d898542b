"""Whether a message could go to a customer at some time: the gate asked without sending."""

from datetime import datetime
from typing import Any

from msgspec import Struct, to_builtins
from sqlalchemy import bindparam, select

from compliance.explaining import SEEN_IN_TEXT, Origins
from compliance.pack import Book
from domain.messages import Category, Content
from domain.values import ChannelKind, mask
from gateway.clients import ClientConfig, Sender
from gateway.clock import instant
from gateway.contact.explaining import shown
from gateway.ids import new_id
from gateway.pipeline.gate import GateFacts
from gateway.pipeline.identity import conversation_with
from gateway.senders.pools import assigned
from gateway.storage import Transaction
from gateway.storage.tables import accounts, contacts, customers

_PERSON = select(customers.c.id).where(
    customers.c.client == bindparam("client"), customers.c.ref == bindparam("ref")
)
_CONTACTS = (
    select(contacts.c.address)
    .where(contacts.c.customer_id == bindparam("customer"), contacts.c.channel == bindparam("via"))
    .order_by(contacts.c.rank)
)
_ACCOUNTS = (
    select(accounts.c.id, accounts.c.ref)
    .where(accounts.c.customer_id == bindparam("customer"))
    .order_by(accounts.c.created_at, accounts.c.ref)
)


class Unaskable(ValueError):
    """The question names what there is not; the message says what there is."""


class Question(Struct, frozen=True, kw_only=True):
    """`account` is a ref; None: the customer's first. Without a text the rules that look at what
    the message says are not asked. `at` is aware."""

    customer: str
    channel: ChannelKind
    at: datetime
    category: Category = Category.OUTREACH
    account: str | None = None
    text: str | None = None


class Asked(Struct, frozen=True):
    """A message that there is not, as far as the gate looks at its row."""

    id: str
    client: str
    conversation_id: str
    customer_id: str
    account_id: str | None
    channel: str
    address: str
    category: str
    language: str | None = None
    demand: bool | None = None  # nobody said, so it may ask for payment
    neutral: bool = False
    causation_id: str | None = None


async def check_contact(
    tx: Transaction, config: ClientConfig, question: Question, book: Book
) -> list[dict[str, Any]]:
    """The verdict for each address of the customer, the preferred one first, ready for JSON.

    What is on record now is asked about `at`: holds that end and caps that free until then are
    counted so; what will be said, sent or opted out by then nobody knows. Raises Unaskable.
    """
    people = await tx.fetch(_PERSON, client=config.client, ref=question.customer)
    if not people:
        raise Unaskable(f"client {config.client} has no customer {question.customer!r}")
    messages = await _messages(tx, config, question, people[0].id)
    facts = await GateFacts.look(tx, messages, instant(question.at))
    origins = Origins(book, [config.contact.own])
    besides = frozenset() if question.text is not None else SEEN_IN_TEXT
    found = []
    for message in messages:
        sender = _sender(config, message)
        said = Content(question.text or "")
        verdict = await facts.decide(tx, message, config, sender, said, book, besides)
        judged = facts.judged.get(message.id)
        told = shown(verdict, None if judged is None else to_builtins(judged), origins)
        found.append({"address": mask(message.channel, message.address), **told})
    return found


def _sender(config: ClientConfig, message: Asked) -> Sender:
    """The one that would write there; where none may, any of the channel: the gate says why."""
    found = assigned(config, message.channel, message.address, message.customer_id, {})
    return found or config.pool(message.channel)[0]


async def _messages(
    tx: Transaction, config: ClientConfig, question: Question, customer_id: str
) -> list[Asked]:
    channel = question.channel.value
    if not config.pool(channel):
        raise Unaskable(f"client {config.client} has no sender of {channel}: state one in its file")
    places = await tx.fetch(_CONTACTS, customer=customer_id, via=channel)
    if not places:
        raise Unaskable(f"customer {question.customer!r} has no contact of {channel}")
    account_id = await _account(tx, question, customer_id)
    return [
        Asked(
            id=new_id(),
            client=config.client,
            conversation_id=conversation_with(customer_id),
            customer_id=customer_id,
            account_id=account_id,
            channel=channel,
            address=place.address,
            category=question.category.value,
        )
        for place in places
    ]


async def _account(tx: Transaction, question: Question, customer_id: str) -> str | None:
    debts: dict[str, str] = {
        row.ref: row.id for row in await tx.fetch(_ACCOUNTS, customer=customer_id)
    }
    if question.account is None:
        return next(iter(debts.values()), None)
    if question.account not in debts:
        known = ", ".join(debts) or "none"
        raise Unaskable(
            f"customer {question.customer!r} has no account {question.account!r}; it has: {known}"
        )
    return debts[question.account]
