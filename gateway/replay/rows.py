"""The rows that conversations are rebuilt from, read by the batch and never written.

Rows of the inbox have no index by conversation, and none is worth its cost on the road of every
message. So one sweep in the order of their keys notes where each conversation's rows are: some
tens of bytes for each; batches are read by key afterwards.
"""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, Integer, String, bindparam, or_, select, text

from domain.ids import derive
from gateway.ledger.movements import movements_of
from gateway.storage import Store, Transaction, among
from gateway.storage.tables import (
    accounts,
    activity,
    activity_blocks,
    contacts,
    conversations,
    customers,
    holds,
    inbound,
    inbox,
    links,
    look_ups,
    outbound,
    plans,
    promises,
)

WINDOW = 5000

_SWEEP = (
    select(inbox.c.position, inbox.c.conversation_id, inbox.c.consumed_at)
    .select_from(inbox.join(conversations, conversations.c.id == inbox.c.conversation_id))
    .where(
        inbox.c.position > bindparam("after", type_=BigInteger),
        inbox.c.consumed_at < bindparam("until", type_=BigInteger),
        conversations.c.updated_at >= bindparam("since", type_=BigInteger),
        # A wait that the conversation has moved past never came due.
        or_(inbox.c.kind != "wait", inbox.c.due_at <= inbox.c.consumed_at),
    )
    .order_by(inbox.c.position)
    .limit(bindparam("limit", type_=Integer))
)
_SWEEP_CLIENT = _SWEEP.where(conversations.c.client == bindparam("client", type_=String))
_EVENTS = (
    select(
        inbox.c.id,
        inbox.c.conversation_id,
        inbox.c.kind,
        inbox.c.payload,
        inbox.c.due_at,
        inbox.c.created_at,
        inbox.c.consumed_at,
        inbound.c.channel,
        inbound.c.sender,
        inbound.c.address,
        inbound.c.text,
        inbound.c.media,
        inbound.c.keyword,
        inbound.c.received_at,
        inbound.c.understanding,
    )
    .select_from(inbox.outerjoin(inbound, inbound.c.id == inbox.c.id))
    .where(among(inbox.c.position, "positions"))
    .order_by(inbox.c.position)
)
_TALKS = select(conversations).where(among(conversations.c.id, "ids"))
_CUSTOMERS = select(customers).where(among(customers.c.id, "ids"))
_ACCOUNTS = (
    select(accounts)
    .where(among(accounts.c.customer_id, "ids"))
    .order_by(accounts.c.created_at, accounts.c.ref)
)
_CONTACTS = select(contacts.c.customer_id, contacts.c.address).where(
    among(contacts.c.customer_id, "ids")
)
_HOLDS = select(holds).where(among(holds.c.customer_id, "ids"))
_PROMISES = (
    select(promises).where(among(promises.c.account_id, "ids")).order_by(promises.c.created_at)
)
_PLANS = (
    select(plans).where(among(plans.c.account_id, "ids")).order_by(plans.c.created_at, plans.c.id)
)
_LOOK_UPS = select(look_ups).where(among(look_ups.c.account_id, "ids"))
_LINKS = select(links).where(among(links.c.conversation_id, "ids")).order_by(links.c.created_at)
_SENT = select(
    outbound.c.id,
    outbound.c.channel,
    outbound.c.response,
    outbound.c.variation,
    outbound.c.text,
    outbound.c.subject,
).where(among(outbound.c.id, "ids"))
_TOLD = (
    select(
        activity.c.id,
        activity.c.conversation_id,
        activity.c.type,
        activity.c.occurred_at,
        activity.c.channel,
        activity.c.causation_id,
        activity.c.payload,
    )
    .select_from(activity.join(activity_blocks, activity_blocks.c.id == activity.c.block))
    .where(
        among(activity.c.conversation_id, "ids"),
        text(
            "(activity.type LIKE 'promise.%' OR activity.type LIKE 'plan.%' OR activity.type IN"
            " ('conversation.started', 'conversation.set_aside', 'message.suppressed'))"
        ),
    )
    .order_by(activity_blocks.c.position, activity.c.ordinal)
)


@dataclass(slots=True)
class Index:
    """By conversation, the keys of its rows in the inbox; those in `concerned` had an event in the
    window, with when the last one was."""

    positions: dict[str, "array[int]"] = field(default_factory=dict)
    concerned: dict[str, int] = field(default_factory=dict)

    def chosen(self, most: int | None) -> list[str]:
        """By id, or those that something happened to last."""
        if most is None or most >= len(self.concerned):
            return sorted(self.concerned)
        latest = sorted(self.concerned, key=lambda each: (-self.concerned[each], each))
        return sorted(latest[:most])


async def sweep(
    store: Store,
    since: int,
    until: int,
    client: str | None = None,
    seen: Callable[[int], None] = lambda _: None,
) -> Index:
    """`seen` hears how many rows were swept."""
    index, after, count = Index(), 0, 0
    given: dict[str, Any] = {"since": since, "until": until, "limit": WINDOW}
    statement = _SWEEP
    if client is not None:
        statement, given = _SWEEP_CLIENT, given | {"client": client}

    async def window(tx: Transaction, after: int) -> list[Any]:
        return await tx.fetch(statement, after=after, **given)

    while True:
        rows = await store.read(partial(window, after=after))
        for row in rows:
            known = index.positions.get(row.conversation_id)
            if known is None:
                known = index.positions[row.conversation_id] = array("q")
            known.append(row.position)
            if row.consumed_at >= since:
                last = index.concerned.get(row.conversation_id, 0)
                index.concerned[row.conversation_id] = max(last, row.consumed_at)
        count += len(rows)
        seen(count)
        if len(rows) < WINDOW:
            return index
        after = rows[-1].position


@dataclass(slots=True)
class Record:
    """All that is stored of one conversation; rows in the order of their making."""

    talk: Any
    events: list[Any] = field(default_factory=list)
    customer: Any | None = None
    accounts: list[Any] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    holds: list[Any] = field(default_factory=list)
    promises: list[Any] = field(default_factory=list)
    plans: list[Any] = field(default_factory=list)
    links: list[Any] = field(default_factory=list)
    movements: list[Any] = field(default_factory=list)
    look_ups: dict[str, Any] = field(default_factory=dict)
    told: list[Any] = field(default_factory=list)
    sent: dict[str, Any] = field(default_factory=dict)


async def records(store: Store, index: Index, ids: Sequence[str]) -> list[Record]:
    """Of these conversations, as one snapshot; those that are gone meanwhile are left out."""
    found: list[Record] = await store.read(lambda tx: _read(tx, index, ids))
    return found


async def _read(tx: Transaction, index: Index, ids: Sequence[str]) -> list[Record]:
    made = {row.id: Record(row) for row in await tx.fetch(_TALKS, ids=list(ids))}
    positions = [at for each in ids for at in index.positions[each]]
    says = {}
    for row in await tx.fetch(_EVENTS, positions=positions):
        if row.conversation_id in made:
            made[row.conversation_id].events.append(row)
            says[derive(row.id, "say")] = row.conversation_id
    for row in await tx.fetch(_SENT, ids=list(says)):
        made[says[row.id]].sent[row.id] = row
    for row in await tx.fetch(_TOLD, ids=list(made)):
        made[row.conversation_id].told.append(row)
    for row in await tx.fetch(_LINKS, ids=list(made)):
        made[row.conversation_id].links.append(row)
    await _people(tx, {r.talk.customer_id: r for r in made.values() if r.talk.customer_id})
    return list(made.values())


async def _people(tx: Transaction, made: Mapping[str, Record]) -> None:
    """There is one conversation with each customer."""
    who = list(made)
    if not who:
        return
    for row in await tx.fetch(_CUSTOMERS, ids=who):
        made[row.id].customer = row
    for row in await tx.fetch(_CONTACTS, ids=who):
        made[row.customer_id].addresses.append(row.address)
    for row in await tx.fetch(_HOLDS, ids=who):
        made[row.customer_id].holds.append(row)
    owners = {}
    for row in await tx.fetch(_ACCOUNTS, ids=who):
        made[row.customer_id].accounts.append(row)
        owners[row.id] = row.customer_id
    if owners:
        await _debts(tx, {account: made[customer] for account, customer in owners.items()})


async def _debts(tx: Transaction, made: Mapping[str, Record]) -> None:
    of = list(made)
    for row in await tx.fetch(_PROMISES, ids=of):
        made[row.account_id].promises.append(row)
    for row in await tx.fetch(_PLANS, ids=of):
        made[row.account_id].plans.append(row)
    for row in await tx.fetch(_LOOK_UPS, ids=of):
        made[row.account_id].look_ups[row.account_id] = row
    for payment in _by_payment(await movements_of(tx, of)):
        # A payment that was told of several accounts belongs to each of them until it is clear.
        named = {row.account_id for row in payment} & made.keys()
        concerned = [made[account] for account in sorted(named)]
        for record in {id(each): each for each in concerned}.values():
            record.movements += payment


def _by_payment(rows: Iterable[Any]) -> list[list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.payment_id].append(row)
    return list(found.values())
