"""Client configurations at rest: the version in force, and all that ever were."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Integer, bindparam, select

from domain.activity import Activity
from gateway.clients import ClientConfig
from gateway.clients.differences import differences
from gateway.storage.statements import among
from gateway.storage.store import Transaction, decode
from gateway.storage.tables import client_versions, clients

_ALL = select(clients.c.config).order_by(clients.c.client)
_IN_FORCE = select(clients.c.client, clients.c.version)
_SOME = select(clients.c.client, clients.c.version, clients.c.config).where(
    among(clients.c.client, "names")
)
_LOCK_ALL = select(clients.c.client).order_by(clients.c.client).with_for_update()
_ONE = (
    select(clients.c.config, clients.c.version)
    .where(clients.c.client == bindparam("client"))
    .with_for_update()
)
_VERSIONS = select(client_versions).order_by(client_versions.c.client, client_versions.c.version)
_VERSIONS_OF = _VERSIONS.where(client_versions.c.client == bindparam("client"))
_VERSION = _VERSIONS_OF.where(client_versions.c.version == bindparam("version", type_=Integer))
_LATEST = (
    select(client_versions)
    .join(
        clients,
        (clients.c.client == client_versions.c.client)
        & (clients.c.version == client_versions.c.version),
    )
    .order_by(client_versions.c.client)
)


async def all_clients(tx: Transaction) -> list[ClientConfig]:
    """Every client's configuration that is in force."""
    return [ClientConfig.model_validate_json(row.config) for row in await tx.fetch(_ALL)]


async def lock_clients(tx: Transaction) -> None:
    """Lets one transaction at a time change clients."""
    await tx.fetch(_LOCK_ALL)


async def versions_in_force(tx: Transaction) -> dict[str, int]:
    return {row.client: row.version for row in await tx.fetch(_IN_FORCE)}


async def stored_configs(tx: Transaction, names: Sequence[str]) -> list[Any]:
    """`client`, `version` and `config` (JSON text) of these clients."""
    return await tx.fetch(_SOME, names=list(names))


async def latest_versions(tx: Transaction) -> list[Any]:
    """Every client's version that is in force, with author, note and `applied_at`."""
    return await tx.fetch(_LATEST)


async def versions_of(tx: Transaction, client: str) -> list[Any]:
    """All versions that a client ever had, the oldest first."""
    return await tx.fetch(_VERSIONS_OF, client=client)


async def version_of(tx: Transaction, client: str, version: int) -> Any | None:
    rows = await tx.fetch(_VERSION, client=client, version=version)
    return rows[0] if rows else None


async def apply_client(
    tx: Transaction, config: ClientConfig, author: str = "system", note: str = ""
) -> int | None:
    """Stores a configuration as the client's next version, which it gives back; None where it is
    the one in force already.

    Processes that start at once take turns at the client's row, also where it is new.
    """
    text = config.model_dump_json(exclude_unset=True)
    row: dict[str, Any] = {
        "client": config.client,
        "config": text,
        "version": 1,
        "updated_at": tx.now,
    }
    before: Any = {}
    if not await tx.insert_new(clients, [row], returning="client"):
        [known] = await tx.fetch(_ONE, client=config.client)
        before = decode(known.config)
        if before == decode(text):
            return None
        row["version"] = known.version + 1
        await tx.update(clients, [row], key=("client",))
    version: int = row["version"]
    entry = {"author": author, "note": note, "applied_at": tx.now}
    stored = {"client": config.client, "version": version, "config": text}
    await tx.insert(client_versions, [stored | entry])
    tx.record(_changed(config.client, version, before, decode(text), entry))
    tx.wake("clients")
    return version


def _changed(client: str, version: int, before: Any, after: Any, entry: dict[str, Any]) -> Activity:
    """Names the keys that changed, not their values: some are the client's secret."""
    keys = [change.pointer for change in differences(before, after)] if before else []
    payload = {"version": version, "author": entry["author"], "note": entry["note"]}
    return Activity(
        type="config.changed",
        client=client,
        occurred_at=entry["applied_at"],
        rule_version=str(version),
        payload=payload | {"changed": keys},
    )
