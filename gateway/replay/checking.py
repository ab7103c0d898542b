"""Whether a rebuilt conversation says what was really queued then."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from dialogs.scripts.beat import Turned
from domain.commands import Say
from domain.events import TurnFailed
from domain.ids import derive
from gateway.replay.rows import Record
from gateway.replay.then import Assumption
from gateway.storage import decode

EARLIER = "an earlier message of the conversation was another already"
UNEXPLAINED = "not explained by what the record lacks"
NO_ROAD = ("no_address", "no_sender")


@dataclass(slots=True)
class Checked:
    """Of the messages that were queued or rebuilt: how many are the same; why others are not."""

    same: int = 0
    other: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.same + self.other.total()


@dataclass(slots=True)
class Checker:
    """Of one conversation; `off` once a message was another."""

    record: Record
    checked: Checked
    off: bool = False
    unsent: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.unsent = frozenset(
            row.causation_id
            for row in self.record.told
            if row.type == "message.suppressed" and decode(row.payload).get("rule") in NO_ROAD
        )

    def check(self, turned: Turned, assumed: Collection[Assumption]) -> None:
        event = turned.event
        if isinstance(event, TurnFailed):
            return  # it has a message of an id that is not recorded
        say = next((each for each in turned.decision.commands if isinstance(each, Say)), None)
        row = self.record.sent.get(derive(event.id, "say"))
        if say is None and row is None:
            return
        if say is not None and row is None and event.id in self.unsent:
            self.checked.same += 1
            return
        if say is not None and row is not None and _same(say, row):
            self.checked.same += 1
            return
        self.checked.other[self._reason(assumed)] += 1
        self.off = True

    def _reason(self, assumed: Collection[Assumption]) -> str:
        """The nearest: what release was run is only guessed at where nothing else explains it."""
        facts = [each for each in Assumption if each in assumed and each is not Assumption.RELEASE]
        if facts:
            return facts[0].value
        if self.off:
            return EARLIER
        return Assumption.RELEASE.value if Assumption.RELEASE in assumed else UNEXPLAINED


def _same(say: Say, row: Any) -> bool:
    content = say.content
    ours = (say.channel.value, say.response, say.variation, content.text, content.subject)
    return ours == (row.channel, row.response, row.variation, row.text, row.subject)
