"""The clients as every process keeps them in memory, refreshed from the store."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, NamedTuple

import structlog
from pydantic import ValidationError

from gateway.clients import ClientConfig, ConfigurationError, Sender
from gateway.storage import Store
from gateway.storage.clients import stored_configs, versions_in_force

log = structlog.get_logger()

Prepare = Callable[[ClientConfig], Awaitable[None]]


class _Known(NamedTuple):
    """One state of things: whoever looks sees all of it or all of the one before."""

    clients: Mapping[str, ClientConfig]
    owners: Mapping[tuple[str, str], tuple[ClientConfig, Sender]]


class Directory:
    """Looks up clients by id and by their own addresses.

    A configuration never changes: who has asked for one keeps it to the end of the turn, whatever
    is applied meanwhile.
    """

    def __init__(self) -> None:
        self._known = _Known({}, {})
        self._versions: dict[str, int] = {}

    async def refresh(self, store: Store, prepare: Prepare | None = None) -> bool:
        """Takes over what was applied since; whether there was anything.

        `prepare` is awaited for each new configuration before anybody sees it. One that this
        version can't read leaves the one before in force; at the first time it raises
        ConfigurationError.
        """
        versions: dict[str, int] = await store.read(versions_in_force)
        if versions == self._versions:
            return False
        stale = [name for name, version in versions.items() if self._versions.get(name) != version]
        rows = await store.read(lambda tx: stored_configs(tx, stale)) if stale else []
        known = {name: config for name, config in self._known.clients.items() if name in versions}
        for row in rows:
            versions[row.client] = row.version
            config = self._read(row)
            if config is not None:
                if prepare is not None:
                    await prepare(config)
                known[row.client] = config
        self.replace([known[name] for name in sorted(known)])
        self._versions = versions
        return True

    def _read(self, row: Any) -> ClientConfig | None:
        try:
            return ClientConfig.model_validate_json(row.config)
        except ValidationError as error:
            reason = f"client {row.client}, version {row.version}: {error.errors()[0]['msg']}"
            if not self._versions:
                raise ConfigurationError(
                    f"{reason}; this release can't read what is in force: run the one that applied"
                    " it, or apply the client's file again"
                ) from None
            log.error("clients.version_not_read", client=row.client, error=reason)
            return None

    def replace(self, configs: Iterable[ClientConfig]) -> None:
        clients = {config.client: config for config in configs}
        owners = {
            (sender.channel.value, sender.address): (config, sender)
            for config in clients.values()
            for sender in config.senders
        }
        self._known = _Known(clients, owners)
        self._versions = {}

    def client(self, client: str) -> ClientConfig:
        """Raises KeyError for a client that is not configured."""
        return self._known.clients[client]

    def known(self, client: str) -> ClientConfig | None:
        return self._known.clients.get(client)

    def version(self, client: str) -> int | None:
        """The version of a client that this process goes by."""
        return self._versions.get(client)

    def owner(self, channel: str, address: str) -> tuple[ClientConfig, Sender] | None:
        """The client and sender of one of our addresses; None where it is nobody's."""
        return self._known.owners.get((channel, address))

    @property
    def senders(self) -> list[Sender]:
        return [sender for _, sender in self._known.owners.values()]

    @property
    def clients(self) -> list[ClientConfig]:
        return list(self._known.clients.values())
