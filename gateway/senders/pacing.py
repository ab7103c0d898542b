"""How much each sender may still send this moment, so that no second holds more than its pace.

What counts is when the provider sees a message: some time between the call and its answer. So a
message takes its segments from before its claim until a second after its answer (`COOL`). Two that
arrive at the provider within one second are then both in the window, however long the claim, the
network or a standstill of this process took; no clock of the provider's is asked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import floor
from typing import NamedTuple, Protocol

from gateway.clients import Sender
from gateway.clock import monotonic
from gateway.ids import new_id

COOL = 1.01
"""Seconds that a message counts after its answer: the second, and a grain of any clock."""


class Grant(NamedTuple):
    """What a sender may send now: `room` segments, or one message of any size where it is `alone`:
    nothing else counts, so that one longer than the pace may go by itself."""

    room: int
    alone: bool


class Slot(NamedTuple):
    """A message's place in its sender's window."""

    sender: Sender
    id: str
    segments: int

    @property
    def cool(self) -> float:
        """Seconds that it counts after its answer; one longer than the pace is waited for."""
        pace = self.sender.pace or self.segments
        return max(COOL, self.segments / pace)


class Grants(NamedTuple):
    """What one claim may send, by address. `token` names it in the windows, where it counts at most
    until the moment `until` (seconds, monotonic); `shared`: in those of all processes."""

    token: str
    until: float
    granted: Mapping[str, Grant]
    shared: bool = False


class Pacing(Protocol):
    """Takes room before a claim, and gives back after it what the claim did not use."""

    async def reserve(self, senders: Sequence[Sender], hold: float) -> Grants:
        """All that these senders (which have a pace) may send now; no entry: nothing. A call that
        it is used for has ended `hold` seconds from now, or is never made."""

    async def settle(self, grants: Grants, slots: Sequence[Slot]) -> None:
        """The claim is over: these messages go, the rest of the room is free again."""

    async def done(self, slot: Slot) -> None:
        """The provider has answered. Without it, a slot counts until its hold is over."""

    async def close(self) -> None: ...


class Allotment:
    """Deals out what was granted, within one run of a claim. Messages keep their order: one that
    does not fit holds up those after it, or a long one might wait for ever."""

    def __init__(self, granted: Mapping[str, Grant]) -> None:
        self._left = dict(granted)

    def take(self, sender: Sender, segments: int) -> bool:
        if sender.pace is None:
            return True
        room, alone = self._left.get(sender.address, Grant(0, False))
        if segments <= room or alone:
            self._left[sender.address] = Grant(max(room - segments, 0), False)
            return True
        self._left[sender.address] = Grant(0, False)
        return False


@dataclass(slots=True)
class Window:
    """One sender's segments that may still count; moments in seconds, monotonic."""

    entries: dict[str, tuple[int, float]] = field(default_factory=dict)

    def room(self, pace: float, now: float) -> Grant:
        self.entries = {name: entry for name, entry in self.entries.items() if entry[1] > now}
        if not self.entries:
            return Grant(max(floor(pace), 1), True)
        return Grant(max(floor(pace - sum(n for n, _ in self.entries.values())), 0), False)

    def put(self, name: str, segments: int, until: float) -> None:
        self.entries[name] = (segments, until)

    def cool(self, slot: Slot, now: float) -> None:
        if slot.id in self.entries:
            self.entries[slot.id] = (slot.segments, now + slot.cool)


class LocalPacing:
    """The windows of this process alone. For a moment after its `start` it sends nothing: a process
    before it may have sent until then."""

    def __init__(self, now: Callable[[], float] = monotonic, start: float | None = None) -> None:
        self._now = now
        self._windows: dict[str, Window] = {}
        self._quiet_until = None if start is None else start + COOL

    async def reserve(self, senders: Sequence[Sender], hold: float) -> Grants:
        return self.grant({sender.address: sender.pace or 0.0 for sender in senders}, hold)

    def grant(self, paces: Mapping[str, float], hold: float) -> Grants:
        """By address; a pace of 0 sends nothing."""
        now, token = self._now(), new_id()
        granted = {}
        quiet = self._quiet_until is not None and now < self._quiet_until
        for address, pace in paces.items():
            window = self._windows.setdefault(address, Window())
            grant = window.room(pace, now)
            if pace and grant.room and not quiet:
                granted[address] = grant
                window.put(token, grant.room, now + hold)
        return Grants(token, now + hold, granted)

    async def settle(self, grants: Grants, slots: Sequence[Slot]) -> None:
        for address in grants.granted:
            self._windows[address].entries.pop(grants.token, None)
        for slot in slots:
            self._windows[slot.sender.address].put(slot.id, slot.segments, grants.until)

    async def done(self, slot: Slot) -> None:
        window = self._windows.get(slot.sender.address)
        if window is not None:
            window.cool(slot, self._now())

    async def close(self) -> None:
        """There is nothing to end."""
