"""One conversation, led by two packs through the same events up to the first other message."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import NamedTuple

from msgspec import structs

from dialogs.decide import decide
from dialogs.replaying.comparing import Pair
from dialogs.replaying.telling import meaning, told
from dialogs.scripts.beat import Turned
from dialogs.scripts.rehearsal import Rehearsal
from dialogs.state import State
from domain.commands import SetTimer
from domain.context import Context
from domain.events import Event, TimerDue

MICROSECOND = timedelta(microseconds=1)
NO_REPLY = "no_reply"


class Timer(NamedTuple):
    """Set by a decision: `due` in microseconds since the epoch, `version` the state's own."""

    due: int
    version: int
    kind: str = NO_REPLY


@dataclass(slots=True)
class Arm:
    """A pack's side of a conversation. `timers` are those that it has set, by id; `wait` names the
    one for a reply that still stands."""

    state: State
    timers: dict[str, Timer] = field(default_factory=dict)
    wait: str | None = None

    def decide(self, pack: Rehearsal, event: Event, context: Context, now: int) -> Turned:
        """`now` is the instant of the turn."""
        before = self.state
        pack.hits.clear()
        decision = decide(pack.pack, before, self._own(event), context)
        turned = Turned(event, before, decision, tuple(pack.take()))
        self.state = decision.state
        if decision.state.version != before.version:
            self.wait = None
        for command in decision.commands:
            if isinstance(command, SetTimer):
                self._set(command, now)
        return turned

    def _set(self, timer: SetTimer, now: int) -> None:
        """There is at most one wait: a new one takes the place of the last."""
        if timer.kind == NO_REPLY:
            for known in [each for each, old in self.timers.items() if old.kind == NO_REPLY]:
                del self.timers[known]
            self.wait = timer.id
        due = now + timer.after // MICROSECOND
        self.timers[timer.id] = Timer(due, timer.version, timer.kind)

    def _own(self, event: Event) -> Event:
        """A wait names the version of the state that set it: this side's may be another number."""
        timer = self.timers.get(event.id)
        if isinstance(event, TimerDue) and event.kind == NO_REPLY and timer is not None:
            return structs.replace(event, version=timer.version)
        return event

    def copy(self, state: State) -> "Arm":
        return replace(self, state=state, timers=dict(self.timers))


def parted(first: Arm, second: Arm, now: int, timers: tuple[str, ...]) -> bool:
    """True where the two would have spoken at other times before `now`: `timers` are those that ran
    out now, as the record has them."""
    if any(_due(first, each) != _due(second, each) for each in timers):
        return True
    if first.timers != second.timers and _one_rang(first, second, now):
        return True
    waits = [_due(arm, arm.wait) for arm in (first, second)]
    open_ones = [due for due in waits if due is not None]
    return waits[0] != waits[1] and min(open_ones) < now


def _one_rang(first: Arm, second: Arm, now: int) -> bool:
    """True where a timer other than a wait, of one of the two alone, has run out."""
    rung = [
        {(each, timer.due) for each, timer in arm.timers.items() if timer.kind != NO_REPLY}
        for arm in (first, second)
    ]
    return any(due < now for _, due in rung[0] ^ rung[1])


def _due(arm: Arm, timer: str | None) -> int | None:
    found = arm.timers.get(timer) if timer is not None else None
    return found and found.due


class Happened(NamedTuple):
    """An event with what each pack understands of it; the same where nothing was read anew."""

    first: Event
    second: Event


def compare(
    arms: tuple[Arm, Arm],
    packs: tuple[Rehearsal, Rehearsal],
    event: Happened,
    context: Context,
    now: int,
) -> tuple[Pair, Turned, Turned]:
    """What differs, and the turn of each."""
    turns = [
        arm.decide(pack, each, context, now)
        for arm, pack, each in zip(arms, packs, event, strict=True)
    ]
    pair = Pair((meaning(event.first), meaning(event.second)), (told(turns[0]), told(turns[1])))
    return pair, turns[0], turns[1]
