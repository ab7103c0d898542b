"""Activity read back: the one form in which webhooks, the feed and files give an event."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import BigInteger, ColumnElement, and_, bindparam, func, select

from domain.activity import SCHEMA_VERSION
from gateway.clock import moment
from gateway.storage import Transaction, among
from gateway.storage.tables import accounts, activity, activity_blocks, customers

seq = activity_blocks.c.first_seq + activity.c.ordinal
"""An event's number; null until its block has one."""

numbered = activity.join(activity_blocks, activity_blocks.c.id == activity.c.block)


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """An event as hosts get it. `seq` rises by one within a client; None until it is numbered.

    `occurred_at` and `recorded_at` are RFC 3339 in UTC with microseconds.
    """

    event_id: str
    event_type: str
    schema_version: int
    seq: int | None
    client: str
    account_ref: str | None
    customer_ref: str | None
    conversation_id: str | None
    occurred_at: str
    recorded_at: str
    actor: str
    channel: str | None
    masked_address: str | None
    causation_id: str | None
    correlation_id: str | None
    rule_version: str | None
    payload: msgspec.Raw


COLUMNS = (
    activity.c.id,
    activity.c.type,
    seq.label("seq"),
    activity.c.client,
    accounts.c.ref.label("account_ref"),
    customers.c.ref.label("customer_ref"),
    activity.c.conversation_id,
    activity.c.occurred_at,
    activity_blocks.c.recorded_at,
    activity.c.actor,
    activity.c.channel,
    activity.c.masked_address,
    activity.c.causation_id,
    activity.c.correlation_id,
    activity.c.rule_version,
    activity.c.payload,
)
"""What `event` needs of a row of activity with its account and customer, where it has them."""

_named = numbered.outerjoin(accounts, accounts.c.id == activity.c.account_id).outerjoin(
    customers, customers.c.id == activity.c.customer_id
)


def beyond(client: ColumnElement[str], after: ColumnElement[int]) -> ColumnElement[bool]:
    """Of `numbered`: the client's events whose number is above `after`.

    The block that holds the first of them is the last to begin at or before it: that is what an
    index can find.
    """
    block, earlier = activity_blocks.c, activity_blocks.alias("earlier").c
    begins = select(func.max(earlier.first_seq)).where(
        earlier.client == client, earlier.first_seq <= after + 1
    )
    return and_(
        block.client == client,
        block.first_seq >= func.coalesce(begins.scalar_subquery(), 0),
        seq > after,
    )


_AFTER = (
    select(*COLUMNS)
    .select_from(_named)
    .where(beyond(bindparam("client"), bindparam("after", type_=BigInteger)))
    .order_by(activity_blocks.c.first_seq, activity.c.ordinal)
    .limit(bindparam("limit"))
)
_AFTER_OF_TYPES = _AFTER.where(among(activity.c.type, "types"))
_CONVERSATION = (
    select(*COLUMNS)
    .select_from(_named)
    .where(
        activity.c.client == bindparam("client"),
        activity.c.conversation_id == bindparam("conversation"),
    )
    .order_by(activity_blocks.c.position, activity.c.ordinal)
)
_RANGE = select(
    func.min(activity_blocks.c.first_seq).label("first"),
    func.max(activity_blocks.c.first_seq + activity_blocks.c.size - 1).label("last"),
).where(activity_blocks.c.client == bindparam("client"))


def event(row: Any) -> Event:
    """The event of a row that has COLUMNS."""
    return Event(
        event_id=row.id,
        event_type=row.type,
        schema_version=SCHEMA_VERSION,
        seq=row.seq,
        client=row.client,
        account_ref=row.account_ref,
        customer_ref=row.customer_ref,
        conversation_id=row.conversation_id,
        occurred_at=rfc3339(row.occurred_at),
        recorded_at=rfc3339(row.recorded_at),
        actor=row.actor,
        channel=row.channel,
        masked_address=row.masked_address,
        causation_id=row.causation_id,
        correlation_id=row.correlation_id,
        rule_version=row.rule_version,
        payload=msgspec.Raw(row.payload.encode()),
    )


def rfc3339(at: int) -> str:
    """An instant as hosts get it."""
    return moment(at).isoformat(timespec="microseconds")[:-6] + "Z"


async def events_after(
    tx: Transaction, client: str, after: int, limit: int, types: Sequence[str] | None = None
) -> list[Event]:
    """Numbered events of a client with a number above `after`, in order; of all types if None."""
    if types is None:
        rows = await tx.fetch(_AFTER, client=client, after=after, limit=limit)
    else:
        rows = await tx.fetch(
            _AFTER_OF_TYPES, client=client, after=after, limit=limit, types=list(types)
        )
    return [event(row) for row in rows]


async def conversation_events(tx: Transaction, client: str, conversation_id: str) -> list[Event]:
    """Everything recorded of a conversation so far, numbered or not, in the order of recording."""
    rows = await tx.fetch(_CONVERSATION, client=client, conversation=conversation_id)
    return [event(row) for row in rows]


async def numbers(tx: Transaction, client: str) -> tuple[int, int]:
    """The first and last numbers at hand; (1, 0) where there are none."""
    [row] = await tx.fetch(_RANGE, client=client)
    return (row.first or 1, row.last or 0)
