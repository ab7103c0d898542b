"""The dialog engine as the pipeline uses it: the version of a pack that each conversation runs on,
states as text."""

import msgspec

from dialogs.decide import decide, pending_slot
from dialogs.migration import migrated
from dialogs.newest import is_running, moved
from dialogs.pack import Pack
from dialogs.state import State
from dialogs.turn import Decision
from domain.context import Context
from domain.events import Event
from gateway.clients import ClientConfig
from gateway.packs.compiling import Loaded
from gateway.packs.library import Library
from gateway.packs.names import Version, version_of
from gateway.storage import Store

_states = msgspec.json.Decoder(State)


class Dialogues:
    """A running conversation keeps the version that it started with; an idle one moves on."""

    def __init__(self, library: Library | None = None) -> None:
        self.library = library or Library()

    def pack(self, config: ClientConfig) -> Pack:
        """What a client's new conversations start on. Raises PackError, and LookupError before
        the library was refreshed."""
        return self.library.pack(self.library.in_force(config))

    def started_on(self, name: str, version: str) -> Pack | None:
        """The version that something started on, the newest where that one is gone; None where it
        is still to be fetched. Raises PackError."""
        wanted = Version(name, version)
        if not self.library.is_there(wanted):
            wanted = self.library.newest(name)
        return self.library.pack(wanted) if self.library.is_read(wanted) else None

    def is_ready(self, stored: str | None, config: ClientConfig) -> bool:
        """False where the conversation's version is still to be fetched."""
        return self.library.is_ready(_decoded(stored), config)

    async def fetch(self, store: Store) -> bool:
        """Reads the versions that were not ready; whether there were any. Raises StoreError."""
        wanted = self.library.wants
        if wanted:
            await self.library.fetch(store)
        return wanted

    def state(self, stored: str | None, config: ClientConfig, language: str | None) -> State:
        """Raises PackError for a version that can't be read."""
        if stored is None:
            return State.fresh(self.pack(config), language or config.locale)
        state = _states.decode(stored)
        if is_running(state):
            return self._pinned(state, config)
        goal = self.library.in_force(config)
        return state if version_of(state) == goal else moved(state, self.library.plain(goal))

    def _pinned(self, state: State, config: ClientConfig) -> State:
        """On its own version, or where mappings lead. One that is gone is a stranger's to every
        pack, and `decide` hands it to a person."""
        library = self.library
        while (mapped := library.mapping(version_of(state))) is not None:
            there = migrated(state, mapped.moves, library.plain(mapped.to))
            if there is None:
                break
            state = there
        if library.is_there(version_of(state)):
            return state
        gone = f"{state.pack}@{state.pack_version}"
        return msgspec.structs.replace(state, pack=config.pack, pack_version=gone)

    def decide(self, state: State, event: Event, context: Context) -> Decision:
        version = version_of(state)
        if not self.library.is_there(version):
            version = self.library.newest(state.pack)
        return decide(self.library.pack(version), state, event, context)

    def encode(self, state: State) -> str:
        return msgspec.json.encode(state).decode()

    def pending(self, stored: str | None) -> str | None:
        """The slot that a stored state has just asked for."""
        return None if stored is None else pending_slot(_states.decode(stored))

    def published(self, stored: str | None, config: ClientConfig) -> Loaded | None:
        """The published version that a reply is read with; None where it is a shipped one, or is
        not in memory or can't be read."""
        state = _decoded(stored)
        if state is not None and is_running(state):
            return self.library.loaded(version_of(self._pinned(state, config)))
        return self.library.loaded(self.library.in_force(config))


def _decoded(stored: str | None) -> State | None:
    """None as well for a state that can't be read: its turn tells so, and holds up no other."""
    try:
        return None if stored is None else _states.decode(stored)
    except (ValueError, msgspec.DecodeError):
        return None
