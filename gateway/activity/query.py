"""Activity read back: the one form in which webhooks, the feed and files give an event."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import BigInteger, bindparam, func, select

from domain.activity import SCHEMA_VERSION
from gateway.clock import moment
from gateway.storage import Transaction, among
from gateway.storage.tables import accounts, activity, customers


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
    activity.c.seq,
    activity.c.client,
    accounts.c.ref.label("account_ref"),
    customers.c.ref.label("customer_ref"),
    activity.c.conversation_id,
    activity.c.occurred_at,
    activity.c.recorded_at,
    activity.c.actor,
    activity.c.channel,
    activity.c.masked_address,
    activity.c.causation_id,
    activity.c.correlation_id,
    activity.c.rule_version,
    activity.c.payload,
)
"""What `event` needs of a row of activity with its account and customer, where it has them."""

_named = activity.outerjoin(accounts, accounts.c.id == activity.c.account_id).outerjoin(
    customers, customers.c.id == activity.c.customer_id
)
_AFTER = (
    select(*COLUMNS)
    .select_from(_named)
    .where(
        activity.c.client == bindparam("client"),
        activity.c.seq > bindparam("after", type_=BigInteger),
    )
    .order_by(activity.c.seq)
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
    .order_by(activity.c.position)
)
_RANGE = select(
    func.min(activity.c.seq).label("first"), func.max(activity.c.seq).label("last")
).where(activity.c.client == bindparam("client"))


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
