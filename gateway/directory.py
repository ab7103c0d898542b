"""The clients as every process keeps them in memory, refreshed from the store."""

from gateway.clients import ClientConfig, Sender
from gateway.storage import Store
from gateway.storage.clients import all_clients


class Directory:
    """Looks up clients by id and by their own addresses."""

    def __init__(self) -> None:
        self._clients: dict[str, ClientConfig] = {}
        self._owners: dict[tuple[str, str], tuple[ClientConfig, Sender]] = {}

    async def refresh(self, store: Store) -> None:
        self.replace(await store.read(all_clients))

    def replace(self, configs: list[ClientConfig]) -> None:
        self._clients = {config.client: config for config in configs}
        self._owners = {
            (sender.channel.value, sender.address): (config, sender)
            for config in configs
            for sender in config.senders
        }

    def client(self, client: str) -> ClientConfig:
        """Raises KeyError for a client that is not configured."""
        return self._clients[client]

    def owner(self, channel: str, address: str) -> tuple[ClientConfig, Sender] | None:
        """The client and sender of one of our addresses; None where it is nobody's."""
        return self._owners.get((channel, address))

    @property
    def senders(self) -> list[Sender]:
        return [sender for _, sender in self._owners.values()]

    @property
    def clients(self) -> list[ClientConfig]:
        return list(self._clients.values())
