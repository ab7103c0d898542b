"""The dialog engine as the pipeline uses it: the client's pack, states as text."""

from dataclasses import dataclass, field

import msgspec

from dialogs.decide import decide, pending_slot
from dialogs.loader import load_shipped
from dialogs.pack import Pack
from dialogs.state import State
from dialogs.turn import Decision
from domain.context import Context
from domain.events import Event
from gateway.clients import ClientConfig

_states = msgspec.json.Decoder(State)


@dataclass(slots=True)
class Dialogues:
    """Keeps each pack once; a state remembers the pack that it started with."""

    packs: dict[str, Pack] = field(default_factory=dict)

    def pack(self, name: str) -> Pack:
        """Raises dialogs.PackError for a pack that is not shipped or not well written."""
        if name not in self.packs:
            self.packs[name] = load_shipped(name)
        return self.packs[name]

    def state(self, stored: str | None, config: ClientConfig, language: str | None) -> State:
        if stored is not None:
            return _states.decode(stored)
        return State.fresh(self.pack(config.pack), language or config.locale)

    def decide(self, state: State, event: Event, context: Context) -> Decision:
        return decide(self.pack(state.pack), state, event, context)

    def encode(self, state: State) -> str:
        return msgspec.json.encode(state).decode()

    def pending(self, stored: str | None) -> str | None:
        """The slot that a stored state has just asked for."""
        return None if stored is None else pending_slot(_states.decode(stored))
