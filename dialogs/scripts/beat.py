"""What one step of a script brought about."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from dialogs.scripts.ledger import Recorded
from dialogs.scripts.rehearsal import Item, ends
from dialogs.state import State
from dialogs.turn import Decision
from domain.commands import Say
from domain.events import Event
from domain.messages import LINK_MARK, Status


@dataclass(slots=True)
class Message:
    """A message on its way; `rule` is what refused it or put it off."""

    say: Say
    at: datetime
    status: Status = Status.QUEUED
    rule: str | None = None

    @property
    def text(self) -> str:
        """As tests show it: the link as {link}, which no other message can hold."""
        content = self.say.content
        subject = f"Subject: {content.subject}\n\n" if content.subject else ""
        return (subject + content.text).replace(LINK_MARK, "{link}")

    @property
    def responses(self) -> list[str]:
        return self.say.response.split("+")


class Turned(NamedTuple):
    """One event and what was decided on it."""

    event: Event
    before: State
    decision: Decision
    passed: tuple[Item, ...]

    @property
    def running(self) -> frozenset[str]:
        """Flows that ran at some moment of the turn."""
        frames = (*self.before.stack, *self.decision.state.stack)
        return frozenset([frame.flow for frame in frames] + [item.flow for item in self.passed])

    @property
    def touched(self) -> frozenset[str]:
        """Flows that did something in this turn, or now wait."""
        waits = [frame.flow for frame in self.decision.state.stack]
        steps = [item.flow for item in self.passed if item.kind in ("edge", "rejection")]
        return frozenset(waits + steps)

    def started(self) -> frozenset[str]:
        return self.touched - {frame.flow for frame in self.before.stack}

    def completed(self) -> dict[str, str]:
        """By flow, the step that ended it."""
        left = {frame.flow for frame in self.decision.state.stack}
        return {i.flow: i.step for i in self.passed if ends(i) and i.flow not in left}

    def cancelled(self) -> dict[str, str]:
        """By flow, the step it stood at when it was dropped."""
        left = {frame.flow for frame in self.decision.state.stack}
        gone = {f.flow: f.step for f in self.before.stack if f.flow not in left}
        done = self.completed()
        return {flow: step for flow, step in gone.items() if flow not in done}


@dataclass(slots=True)
class Beat:
    """Between one step and the next. `said` are responses not yet spoken of by the script."""

    at: datetime
    turns: list[Turned] = field(default_factory=list)
    sent: list[Message] = field(default_factory=list)
    held: list[Message] = field(default_factory=list)
    recorded: list[Recorded] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def blocked(self) -> list[str]:
        """The rules, of the gate or of the engine, that kept a message back."""
        found = [message.rule for message in self.held if message.rule]
        for kind, payload in self.recorded:
            if kind == "message.suppressed" and isinstance(payload.get("rule"), str):
                found.append(payload["rule"])
        return list(dict.fromkeys(found))

    def record(self, kind: str, payload: dict[str, Any]) -> None:
        self.recorded.append((kind, payload))
