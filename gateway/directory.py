"""The clients as every process keeps them in memory, refreshed from the store."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple

import structlog
from pydantic import ValidationError

from gateway.clients import ClientConfig, ConfigurationError, Sender
from gateway.metrics import senders_paused
from gateway.senders.pausing import paused
from gateway.senders.pools import Place, place
from gateway.storage import Store, Transaction
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
        self._paused: Mapping[Place, Any] = {}
        self._spent: dict[Place, int] = {}

    async def refresh(self, store: Store, prepare: Prepare | None = None) -> bool:
        """Takes over what was applied, paused and resumed since; whether anything was applied.

        `prepare` is awaited for each new configuration before anybody sees it. One that this
        version can't read leaves the one before in force; at the first time it raises
        ConfigurationError.
        """
        versions, now_paused = await store.read(_in_force)
        self._take_over(now_paused)
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

    def _take_over(self, now_paused: Mapping[Place, Any]) -> None:
        for where in sorted(now_paused.keys() - self._paused.keys()):
            row = now_paused[where]
            log.error(
                "sender.paused", client=row.client, sender=row.sender, reason=row.reason,
                note=row.note, mend="gateway senders resume, once the cause is mended",
            )  # fmt: skip
        for where in sorted(self._paused.keys() - now_paused.keys()):
            log.warning("sender.resumed", client=self._paused[where].client, sender=where[1])
        self._paused = now_paused

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
            place(sender): (config, sender)
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

    def own(self, client: str, channel: str, address: str) -> Sender | None:
        """The client's own sender of that address; None where it has none (any more)."""
        owner = self._known.owners.get((channel, address))
        return None if owner is None or owner[0].client != client else owner[1]

    @property
    def senders(self) -> list[Sender]:
        return [sender for _, sender in self._known.owners.values()]

    @property
    def paused(self) -> Collection[Place]:
        """Senders that send nothing until they are resumed: as of the last refresh."""
        return self._paused.keys()

    def measure(self) -> None:
        """Sets the gauge of paused senders."""
        senders_paused.clear()
        for row in self._paused.values():
            senders_paused.labels(row.client, row.reason).inc()

    def spend(self, where: Place, until: int) -> None:
        """The cap of a sender's day leaves no room; until when (an instant)."""
        self._spent[where] = until

    def spent(self, now: int) -> Mapping[Place, int]:
        """Until when each sender rests whose day's cap this process has found used up."""
        self._spent = {where: until for where, until in self._spent.items() if until > now}
        return self._spent

    @property
    def clients(self) -> list[ClientConfig]:
        return list(self._known.clients.values())


async def _in_force(tx: Transaction) -> tuple[dict[str, int], dict[Place, Any]]:
    return await versions_in_force(tx), await paused(tx)
