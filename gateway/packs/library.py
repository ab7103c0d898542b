"""The dialog packs that a process knows: those that are shipped, and what is published since.

What is in force is read before anybody asks for it; an older version that a conversation is pinned
to is read when its turn comes, and a few of those are kept.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

import structlog

from dialogs.findings import PackError
from dialogs.loader import load_shipped
from dialogs.migration import Moves, decode
from dialogs.newest import is_running, with_newest
from dialogs.pack import Pack
from dialogs.state import State
from gateway.clients import ClientConfig
from gateway.packs.compiling import Loaded, compile_row
from gateway.packs.names import Version, number_of, published, version_of
from gateway.storage import Store, Transaction
from gateway.storage.packs import listed, mappings, revisions, whole

log = structlog.get_logger()

KEPT = 32
"""So many versions stay compiled beside those in force."""


class Mapped(NamedTuple):
    """Where the conversations of a version go, and how."""

    to: Version
    moves: Moves


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What is published: whoever looks sees all of one state of things.

    `versions` tells by pack and number whether it is withdrawn; `newest` is by pack the newest
    that is not, where there is one.
    """

    revisions: Mapping[str, int] = field(default_factory=dict)
    versions: Mapping[str, Mapping[int, bool]] = field(default_factory=dict)
    newest: Mapping[str, Version] = field(default_factory=dict)
    moves: Mapping[Version, Mapped] = field(default_factory=dict)


async def _read(tx: Transaction) -> Catalogue:
    now = await revisions(tx)
    names = sorted(now)
    versions: dict[str, dict[int, bool]] = {}
    newest = {}
    for row in await listed(tx, names) if names else ():
        versions.setdefault(row.pack, {})[row.version] = row.withdrawn_at is not None
        if row.withdrawn_at is None:
            newest[row.pack] = Version(row.pack, published(row.version))
    moves = {}
    for row in await mappings(tx, names) if names else ():
        if row.to_version > row.from_version:  # so that no road leads back
            to = Version(row.pack, published(row.to_version))
            moves[Version(row.pack, published(row.from_version))] = Mapped(to, decode(row.moves))
    return Catalogue(now, versions, newest, moves)


async def _row(tx: Transaction, version: Version) -> Any | None:
    return await whole(tx, version.pack, number_of(version) or 0)


class Library:
    """Looks up versions in memory, and reads from the store what is not there yet."""

    def __init__(self, kept: int = KEPT) -> None:
        self.kept = kept
        self.catalogue = Catalogue()
        self._shipped: dict[str, Pack] = {}
        self._loaded: OrderedDict[Version, Loaded | PackError] = OrderedDict()
        self._held: frozenset[Version] = frozenset()
        self._worded: dict[tuple[Version, Version], Pack] = {}
        self._wanted: set[Version] = set()
        self._gone: set[Version] = set()

    # which version

    def shipped(self, name: str) -> Pack:
        """Raises PackError for a pack that is not shipped or not well written."""
        if name not in self._shipped:
            self._shipped[name] = load_shipped(name)
        return self._shipped[name]

    def newest(self, name: str) -> Version:
        """The newest published version that is not withdrawn, else the shipped one. Raises
        PackError where there is neither."""
        return self.catalogue.newest.get(name) or Version(name, self.shipped(name).version)

    def in_force(self, config: ClientConfig) -> Version:
        """What a client's new conversations start on. Raises PackError."""
        if config.pack_version is not None:
            named = Version(config.pack, config.pack_version)
            if self.is_there(named):
                return named
        return self.newest(config.pack)

    def is_there(self, version: Version) -> bool:
        """False where it is withdrawn, or was never published or shipped."""
        number = number_of(version)
        if number is not None:
            return self.catalogue.versions.get(version.pack, {}).get(number) is False
        try:
            return self.shipped(version.pack).version == version.version
        except PackError:
            return False

    def mapping(self, version: Version) -> Mapped | None:
        return self.catalogue.moves.get(version)

    # what it says

    def plain(self, version: Version) -> Pack:
        """A version as it was written. Raises PackError where it can't be read, LookupError where
        it is not in memory."""
        if number_of(version) is None:
            return self.shipped(version.pack)
        found = self._loaded[version]
        self._loaded.move_to_end(version)
        if isinstance(found, PackError):
            raise found
        return found.pack

    def pack(self, version: Version) -> Pack:
        """A version as it is run: what is always the newest in it is. Raises like `plain`."""
        pack = self.plain(version)
        newest = self.newest(version.pack)
        if newest == version:
            return pack
        key = (version, newest)
        if key not in self._worded:
            try:
                self._worded[key] = with_newest(pack, self.plain(newest))
            except PackError:
                return pack  # it was told when it was read; this one has its own
        return self._worded[key]

    def loaded(self, version: Version) -> Loaded | None:
        """A published version that is in memory and can be read."""
        found = self._loaded.get(version)
        return found if isinstance(found, Loaded) else None

    # what a conversation needs

    def is_ready(self, state: State | None, config: ClientConfig) -> bool:
        """False where something is not in memory: `fetch` brings it, and the turn comes then."""
        if not self.catalogue.versions and (state is None or not number_of(version_of(state))):
            return True
        needed = set(self._needed(state, config))
        missing = set(self._missing(needed))
        self._wanted |= missing
        for version in needed & self._loaded.keys():
            self._loaded.move_to_end(version)
        return not missing

    def is_read(self, version: Version) -> bool:
        """False where a version is not in memory: `fetch` brings it. Raises PackError."""
        missing = set(self._missing({version, self.newest(version.pack)}))
        self._wanted |= missing
        return not missing

    def _needed(self, state: State | None, config: ClientConfig) -> Iterator[Version]:
        try:
            yield self.in_force(config)
            yield self.newest(config.pack)
            if state is not None and is_running(state):
                yield from self._road(version_of(state))
                yield self.newest(state.pack)
        except PackError:
            return  # there is no such pack: the turn itself tells so

    def _road(self, version: Version) -> Iterator[Version]:
        """A version and those that mappings lead to from it."""
        yield version
        while (mapped := self.mapping(version)) is not None:
            version = mapped.to
            yield version

    def _missing(self, versions: Iterable[Version]) -> Iterator[Version]:
        for version in versions:
            known = version in self._loaded or version in self._gone
            if number_of(version) is not None and not known:
                yield version

    # reading the store

    @property
    def wants(self) -> bool:
        return bool(self._wanted)

    async def fetch(self, store: Store) -> None:
        """Reads what turns have asked for. Raises StoreError."""
        wanted, self._wanted = self._wanted, set()
        if any(not self._is_listed(version) for version in wanted):
            self._take(await store.read(_read))
        await self._load(store, wanted)

    async def refresh(self, store: Store, configs: Sequence[ClientConfig]) -> bool:
        """Takes over what was published, withdrawn and mapped since; whether there was anything.

        A version that comes into force is read before anybody starts on it. Raises StoreError.
        """
        now: dict[str, int] = await store.read(revisions)
        changed = now != self.catalogue.revisions
        catalogue = await store.read(_read) if changed else self.catalogue
        held = frozenset(self._in_force(catalogue, configs))
        await self._load(store, held)
        self._held = held
        if changed:
            self._take(catalogue)
        self._trim()
        return changed

    def _in_force(self, catalogue: Catalogue, configs: Sequence[ClientConfig]) -> Iterator[Version]:
        for config in configs:
            newest = catalogue.newest.get(config.pack)
            if newest is not None:
                yield newest
            named = Version(config.pack, config.pack_version or "")
            number = number_of(named)
            if number is not None and number in catalogue.versions.get(config.pack, {}):
                yield named

    def _is_listed(self, version: Version) -> bool:
        return number_of(version) in self.catalogue.versions.get(version.pack, {})

    def _take(self, catalogue: Catalogue) -> None:
        """Unless one that was read later is here already."""
        if sum(catalogue.revisions.values()) < sum(self.catalogue.revisions.values()):
            return
        self.catalogue = catalogue
        self._worded = {}
        self._gone = set()

    async def _load(self, store: Store, versions: Iterable[Version]) -> None:
        for version in sorted(self._missing(versions)):
            row = await store.read(partial(_row, version=version))
            if row is None:
                self._gone.add(version)
                log.error("dialogs.version_not_there", pack=version.pack, version=version.version)
                continue
            self._loaded[version] = await asyncio.to_thread(self._compiled, row)
        self._trim()

    def _compiled(self, row: Any) -> Loaded | PackError:
        """A version that can't be read fails the turns that need it, and no others."""
        try:
            return compile_row(row)
        except PackError as error:
            version = published(row.version)
            log.error("dialogs.version_not_read", pack=row.pack, version=version, error=str(error))
            return error

    def _trim(self) -> None:
        spare = [version for version in self._loaded if version not in self._held]
        for version in spare[: max(0, len(spare) - self.kept)]:
            del self._loaded[version]
            self._worded = {k: pack for k, pack in self._worded.items() if version not in k}
