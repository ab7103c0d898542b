"""Customers' replies read back with what was understood of them, for people who improve that."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from sqlalchemy import bindparam, select, text

from domain.understanding import Reply, Understanding
from gateway.directory import Directory
from gateway.pipeline.events import understanding_of
from gateway.pipeline.understand import reply_of
from gateway.storage import Store, Transaction
from gateway.storage.clients import all_clients
from gateway.storage.tables import accounts, conversations, customers, inbound

PAGE = 500
_LAST = "ffffffff-ffff-ffff-ffff-ffffffffffff"
_NEWEST = (
    select(
        inbound.c.id,
        inbound.c.client,
        inbound.c.text,
        inbound.c.channel,
        inbound.c.received_at,
        inbound.c.understanding,
        customers.c.timezone,
        customers.c.language,
        accounts.c.currency,
    )
    .select_from(
        inbound.join(conversations, conversations.c.id == inbound.c.conversation_id)
        .outerjoin(customers, customers.c.id == conversations.c.customer_id)
        .outerjoin(accounts, accounts.c.id == conversations.c.account_id)
    )
    .where(text("inbound.understanding IS NOT NULL"), inbound.c.id < bindparam("before"))
    .order_by(inbound.c.id.desc())
    .limit(bindparam("limit"))
)
_NEWEST_OF_CLIENT = _NEWEST.where(inbound.c.client == bindparam("client"))


@dataclass(frozen=True, slots=True)
class Understood:
    """A reply and what was understood of it. The question that was pending then is not known."""

    client: str
    reply: Reply
    found: Understanding


async def newest(store: Store, client: str | None, most: int) -> AsyncIterator[Understood]:
    """Replies that were understood, newest first, at most so many; of all clients if None."""
    directory = Directory()
    await directory.refresh(store)
    before, left = _LAST, most
    while left > 0:
        rows = await _page(store, client, before, min(left, PAGE))
        for row in rows:
            yield Understood(
                row.client, _reply(row, directory), understanding_of(row.understanding)
            )
        if len(rows) < min(left, PAGE):
            return
        before, left = rows[-1].id, left - len(rows)


async def _page(store: Store, client: str | None, before: str, limit: int) -> list[Any]:
    async def page(tx: Transaction) -> list[Any]:
        if client is None:
            return await tx.fetch(_NEWEST, before=before, limit=limit)
        return await tx.fetch(_NEWEST_OF_CLIENT, before=before, limit=limit, client=client)

    rows: list[Any] = await store.read(page)
    return rows


def _reply(row: Any, directory: Directory) -> Reply:
    try:
        return reply_of(row, directory, None)
    except (ValueError, ZoneInfoNotFoundError):
        return reply_of(row, directory, None, directory.client(row.client).timezone)


async def known_clients(store: Store) -> list[str]:
    return [config.client for config in await store.read(all_clients)]
