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
    """Stores a configuration; False where it is already the one in force.

    Processes that start at once take turns at the client's row, also where it is new.
    """
    row: dict[str, Any] = {
        "client": config.client,
        "config": config.model_dump_json(),
        "version": 1,
        "updated_at": tx.now,
    }
    if not await tx.insert_new(clients, [row], returning="client"):
        [known] = await tx.fetch(_ONE, client=config.client)
        if msgspec.json.decode(known.config) == msgspec.json.decode(row["config"]):
            return False
        row["version"] = known.version + 1
        await tx.update(clients, [row], key=("client",))
    tx.record(
        Activity(
            type="config.changed",
            client=config.client,
            occurred_at=tx.now,
            payload={"version": row["version"]},
        )
    )
    return True
