"""Made-up clients and customers, placed straight into the tables."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Table, select

from gateway.clients import ClientConfig
from gateway.clock import DAY
from gateway.ids import new_id
from gateway.storage import Store, Transaction, decode
from gateway.storage.tables import (
    accounts,
    activity,
    activity_blocks,
    conversations,
    customers,
    inbox,
    links,
)
from gateway.storage.tables import promises as promises_table
from payment_links.tokens import token_for, token_hash

SECRET = b"a server secret for tests, 32 bytes or more"
NOW = 1_795_532_400_000_000  # 2026-11-24 15:00 UTC

both_stores = pytest.mark.parametrize("store_url", ["sqlite", "postgres"], indirect=True)

paid_elsewhere = pytest.mark.parametrize("site", ["fake"], indirect=True)


@dataclass
class Clock:
    now: int = NOW

    def __call__(self) -> int:
        return self.now


def config(
    client: str, jurisdiction: str, locales: list[str], currency: str, zone: str
) -> ClientConfig:
    return ClientConfig.model_validate(
        {
            "client": client,
            "brand": {"name": f"Brand of {client}", "phone": "+44 20 7946 0958"},
            "jurisdictions": [jurisdiction],
            "locales": locales,
            "currency": currency,
            "timezone": zone,
            "pack": "collections-uk",
            "senders": [{"channel": "sms", "address": "+447700900100", "via": "simulator"}],
        }
    )


CLIENTS = {
    "water": config("water", "GB", ["en-GB"], "GBP", "Europe/London"),
    "agency": config("agency", "US", ["en-US", "es-US"], "USD", "America/New_York"),
}


def with_parts(config: ClientConfig, **parts: Any) -> ClientConfig:
    """A copy with other parts, which remembers nothing of what was worked out of the old ones."""
    made = config.model_copy(update=parts)
    for name in made.__dict__.keys() - ClientConfig.model_fields.keys():
        del made.__dict__[name]
    return made


@dataclass(frozen=True)
class Person:
    """A placed customer with one account and one link."""

    client: str
    customer_id: str
    account_id: str
    conversation_id: str
    link_id: str
    token: str

    @property
    def path(self) -> str:
        return f"/p/{self.token}"


FACTS = {"day": "14", "month": "3", "year": "1985", "postcode": "sw1a1aa"}
"""What the made-up customers know of themselves."""


async def place(store: Store, client: str = "water", **given: Any) -> Person:
    """`given` overrides columns of the customer, account or link by their names."""
    ids = [new_id() for _ in range(4)]
    customer_id, account_id, conversation_id, link_id = ids
    token = token_for(SECRET, link_id)
    at = store.clock()
    times = {"created_at": at, "updated_at": at}
    usd = CLIENTS[client].currency
    rows: list[tuple[Table, dict[str, Any]]] = [
        (
            customers,
            {
                "id": customer_id,
                "client": client,
                "ref": f"C-{customer_id}",
                "date_of_birth": "1985-03-14",
                "postcode": "SW1A 1AA",
                "timezone": None,
                "language": None,
            }
            | times,
        ),
        (
            accounts,
            {
                "id": account_id,
                "client": client,
                "customer_id": customer_id,
                "ref": f"{account_id}-7788",
                "balance_minor": 12_345,
                "currency": usd,
                "creditor": "Original Creditor plc",
                "paid_minor": 0,
            }
            | times,
        ),
        (
            conversations,
            {
                "id": conversation_id,
                "client": client,
                "customer_id": customer_id,
                "account_id": account_id,
                "channel": "sms",
                "address": "+447700900999",
                "sender": "+447700900100",
            }
            | times,
        ),
        (
            links,
            {
                "id": link_id,
                "client": client,
                "customer_id": customer_id,
                "account_id": account_id,
                "conversation_id": conversation_id,
                "purpose": "pay",
                "token_hash": token_hash(token),
                "created_at": at,
                "expires_at": at + 7 * DAY,
                "revoked_at": None,
            },
        ),
    ]

    async def work(tx: Transaction) -> None:
        for table, row in rows:
            own = {name: value for name, value in given.items() if name in row}
            await tx.insert(table, [row | own])

    await store.transact("place", work)
    return Person(client, customer_id, account_id, conversation_id, link_id, token.secret)


async def promise(store: Store, person: Person, amount: int, due: str, **given: Any) -> str:
    row = {
        "id": new_id(),
        "client": person.client,
        "customer_id": person.customer_id,
        "account_id": person.account_id,
        "conversation_id": person.conversation_id,
        "amount_minor": amount,
        "paid_minor": 0,
        "currency": CLIENTS[person.client].currency,
        "due_date": due,
        "state": "pending",
        "version": 1,
        "created_at": store.clock(),
        "updated_at": store.clock(),
    } | given

    async def work(tx: Transaction) -> None:
        await tx.insert(promises_table, [row])

    await store.transact("promise", work)
    return str(row["id"])


async def rows_of(store: Store, table: Table) -> list[Any]:
    async def work(tx: Transaction) -> list[Any]:
        return await tx.fetch(select(table))

    found: list[Any] = await store.read(work)
    return found


async def events(store: Store, *types: str) -> list[tuple[str, dict[str, Any]]]:
    """Activity in order: type and payload; of these types alone where some are named."""
    at = {row.id: row.position for row in await rows_of(store, activity_blocks)}
    rows = sorted(await rows_of(store, activity), key=lambda row: (at[row.block], row.ordinal))
    return [(row.type, decode(row.payload)) for row in rows if not types or row.type in types]


async def told(store: Store) -> list[tuple[str, dict[str, Any]]]:
    """What was put before conversations, in order."""
    rows = sorted(await rows_of(store, inbox), key=lambda row: row.position)
    return [(row.kind, decode(row.payload)) for row in rows]


async def change(store: Store, table: Table, **row: Any) -> None:
    """Sets columns of the row that has this `id`."""

    async def work(tx: Transaction) -> None:
        await tx.update(table, [row])

    await store.transact("change", work)
