"""Which configuration and which version of a pack was in force at an earlier instant."""

from bisect import bisect_right
from collections import defaultdict
from functools import lru_cache
from typing import Any

import msgspec
from pydantic import ValidationError
from sqlalchemy import select

from dialogs.migration import decode
from dialogs.pack import Pack
from dialogs.state import State
from gateway.clients import ClientConfig
from gateway.packs.library import Catalogue, Library, Mapped
from gateway.packs.names import Version, published, version_of
from gateway.pipeline.dialogue import Dialogues
from gateway.storage import Store, Transaction
from gateway.storage.packs import listed, mappings
from gateway.storage.tables import client_versions

_CONFIGS = select(
    client_versions.c.client, client_versions.c.version, client_versions.c.applied_at,
    client_versions.c.config,
).order_by(client_versions.c.client, client_versions.c.version)  # fmt: skip
_states = msgspec.json.Decoder(State)


class Configs:
    """What each client's configuration was."""

    def __init__(self, rows: list[Any]) -> None:
        self._rows: dict[str, list[Any]] = defaultdict(list)
        for row in rows:
            self._rows[row.client].append(row)
        self._read = lru_cache(maxsize=256)(_config)

    @classmethod
    async def read(cls, store: Store) -> "Configs":
        return cls(await store.read(lambda tx: tx.fetch(_CONFIGS)))

    @property
    def clients(self) -> list[str]:
        return sorted(self._rows)

    def at(self, client: str, now: int) -> tuple[ClientConfig, bool]:
        """The configuration, and whether it is surely the one; the first counts for all time before
        it. Raises LookupError for a client that has none that can be read."""
        rows = self._rows[client]
        place = bisect_right([row.applied_at for row in rows], now)
        found = self._read(rows[max(place - 1, 0)].config)
        if found is not None:
            return found, place > 0
        latest = self._read(rows[-1].config)
        if latest is None:
            raise LookupError(f"the configuration of {client} can't be read by this release")
        return latest, False


def _config(text: str) -> ClientConfig | None:
    try:
        return ClientConfig.model_validate_json(text)
    except ValidationError:
        return None


class PastLibrary(Library):
    """A library that looks back: `look_back` puts in force what was so at an instant."""

    def __init__(self, versions: list[Any], moves: list[Any]) -> None:
        super().__init__()
        self._versions, self._moves = versions, moves
        times = [row.published_at for row in versions] + [row.created_at for row in moves]
        times += [row.withdrawn_at for row in versions if row.withdrawn_at is not None]
        self._epochs = sorted(set(times))
        self._catalogues: dict[int, Catalogue] = {}

    @classmethod
    async def read(cls, store: Store) -> "PastLibrary":
        async def rows(tx: Transaction) -> tuple[list[Any], list[Any]]:
            versions = await listed(tx)
            names = sorted({row.pack for row in versions})
            return versions, await mappings(tx, names) if names else []

        return cls(*await store.read(rows))

    def look_back(self, now: int) -> None:
        place = bisect_right(self._epochs, now)
        if place not in self._catalogues:
            self._catalogues[place] = self._catalogue(self._epochs[place - 1] if place else 0)
        self.catalogue = self._catalogues[place]

    def _catalogue(self, now: int) -> Catalogue:
        versions: dict[str, dict[int, bool]] = defaultdict(dict)
        newest = {}
        for row in self._versions:
            if row.published_at > now:
                continue
            withdrawn = row.withdrawn_at is not None and row.withdrawn_at <= now
            versions[row.pack][row.version] = withdrawn
            if not withdrawn:
                newest[row.pack] = Version(row.pack, published(row.version))
        moves = {}
        for row in self._moves:
            if row.created_at <= now and row.to_version > row.from_version:
                to = Version(row.pack, published(row.to_version))
                origin = Version(row.pack, published(row.from_version))
                moves[origin] = Mapped(to, decode(row.moves))
        return Catalogue({}, dict(versions), newest, moves)

    async def fetch(self, store: Store) -> None:
        """Reads versions alone: what was in force is known already."""
        wanted, self._wanted = self._wanted, set()
        await self._load(store, wanted)


class PastDialogues(Dialogues):
    """Dialogues over a library that looks back."""

    def __init__(self, library: PastLibrary) -> None:
        super().__init__(library)
        self.look_back = library.look_back

    def decides(self, state: State) -> Pack:
        """The pack that decides on a state's next event."""
        version = version_of(state)
        if not self.library.is_there(version):
            version = self.library.newest(state.pack)
        return self.library.pack(version)
