"""What a replay has found so far."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from dialogs.pack import Pack
from dialogs.replaying.summary import Tally
from dialogs.scripts.beat import Turned
from gateway.replay.checking import Checked
from gateway.replay.then import Assumption


class Fate(StrEnum):
    """How far a conversation could be compared."""

    SAME = "same"  # to its end: the customer sees the same
    CHANGED = "changed"  # up to the first other message
    TIME = "time"  # up to where one would have spoken at another time
    ELSEWHERE = "elsewhere"  # it stood where the second pack has no such step, all the time


def _nobody(_pack: Pack, _turned: Turned) -> None:
    """Nobody counts what is passed."""


@dataclass(slots=True)
class Result:
    """`passed` hears of each turn of the second pack. `uncompared` are events after a change, or
    before the second pack could go on; `failed` conversations by why they can't be rebuilt."""

    tally: Tally = field(default_factory=Tally)
    checked: Checked = field(default_factory=Checked)
    fates: Counter[Fate] = field(default_factory=Counter)
    assumed: Counter[Assumption] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    uncompared: int = 0
    seconds: float = 0.0
    passed: Callable[[Pack, Turned], None] = _nobody

    @property
    def conversations(self) -> int:
        return self.fates.total() + self.failed.total()

    @property
    def differs(self) -> bool:
        return bool(self.tally.differing or self.fates[Fate.TIME])
