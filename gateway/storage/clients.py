"""Client configurations at rest."""

from typing import Any

import msgspec
from sqlalchemy import bindparam, select

from domain.activity import Activity
from gateway.clients import ClientConfig
from gateway.storage.store import Transaction
from gateway.storage.tables import clients

_ALL = select(clients.c.config).order_by(clients.c.client)
_ONE = (
    select(clients.c.config, clients.c.version)
    .where(clients.c.client == bindparam("client"))
    .with_for_update()
)


async def all_clients(tx: Transaction) -> list[ClientConfig]:
    return [ClientConfig.model_validate_json(row.config) for row in await tx.fetch(_ALL)]


async def apply_client(tx: Transaction, config: ClientConfig) -> bool:
    """Stores a configuration; False where it is already the one in force."""
    text = config.model_dump_json()
    known = await tx.fetch(_ONE, client=config.client)
    if known and msgspec.json.decode(known[0].config) == msgspec.json.decode(text):
        return False
    version = known[0].version + 1 if known else 1
    row: dict[str, Any] = {
        "client": config.client,
        "config": text,
        "version": version,
        "updated_at": tx.now,
    }
    if known:
        await tx.update(clients, [row], key=("client",))
    else:
        await tx.insert(clients, [row])
    tx.record(
        Activity(
            type="config.changed",
            client=config.client,
            occurred_at=tx.now,
            payload={"version": version},
        )
    )
    return True
