"""What a pack made of one event: its path, its messages and its outcomes, to be compared."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import msgspec
from msgspec import Struct

from dialogs.scripts.beat import Turned
from dialogs.turn import MEANING
from domain.commands import (
    CancelQueued,
    Command,
    Handoff,
    Hold,
    IssueLink,
    KeepTimes,
    Log,
    OptIn,
    OptOut,
    RecordPlan,
    RecordPromise,
    Say,
    SetTimer,
)
from domain.events import Event, Said


class Message(Struct, frozen=True):
    """A message to the customer; a link stands in it as LINK_MARK."""

    channel: str
    response: str
    variation: str
    text: str
    subject: str | None = None
    html: str | None = None

    @property
    def seen(self) -> tuple[str, str, str | None, str | None]:
        """What the customer sees of it."""
        return self.channel, self.text, self.subject, self.html


class Told(Struct, frozen=True):
    """`path` are the steps passed, "flow / step"; `outcomes` say by kind what exactly was done."""

    path: tuple[str, ...]
    messages: tuple[Message, ...]
    outcomes: Mapping[str, str]
    trace: tuple[str, ...] = ()

    @property
    def wording(self) -> tuple[str, ...]:
        return tuple(f"{each.response} ({each.variation})" for each in self.messages)


class Meaning(Struct, frozen=True):
    """How a reply was understood; for an event that nobody said, its kind."""

    intent: str
    intents: tuple[str, ...] = ()


def told(turned: Turned) -> Told:
    messages = tuple(map(message, _said(turned)))
    outcomes: dict[str, list[str]] = {}
    for command in turned.decision.commands:
        for kind, details in _outcome(command):
            outcomes.setdefault(kind, []).append(details)
    shown = {kind: "; ".join(sorted(found)) for kind, found in sorted(outcomes.items())}
    return Told(tuple(_path(turned)), messages, shown, turned.decision.trace)


def message(say: Say) -> Message:
    content = say.content
    return Message(
        say.channel.value, say.response, say.variation, content.text, content.subject, content.html
    )


def meaning(event: Event) -> Meaning:
    if isinstance(event, Said):
        heard = event.understanding
        return Meaning(heard.intent, tuple(sorted(score.name for score in heard.intents)))
    name = type(event).__name__
    return Meaning("".join(f" {c.lower()}" if c.isupper() else c for c in name).strip())


def _said(turned: Turned) -> Iterator[Say]:
    return (each for each in turned.decision.commands if isinstance(each, Say))


def _path(turned: Turned) -> Iterator[str]:
    """Steps in the order in which they are left, and the one where it waits now."""
    for item in turned.passed:
        if item.kind == "edge":
            yield f"{item.flow} / {item.step}"
        elif item.kind == "rejection":
            yield f"{item.flow} / {item.step} {item.words}"
    after = turned.decision.state
    if after.stack and after.question is not None and after.question != turned.before.question:
        yield f"{after.stack[-1].flow} / {after.stack[-1].step} waits"


def _outcome(command: Command) -> Iterator[tuple[str, str]]:
    """Its kind, as tables name it, and what exactly it is; ids say nothing, they are derived."""
    match command:
        case RecordPromise(amount=amount, due_date=due):
            yield "promise", f"{amount.decimal} {amount.currency} on {due.isoformat()}"
        case RecordPlan(schedule=plan):
            parts = ", ".join(
                f"{each.amount.decimal} on {each.due.isoformat()}" for each in plan.instalments
            )
            yield "plan", f"{plan.frequency.value}, {plan.total.currency}: {parts}"
        case Hold(kind=kind, scope=scope, days=days):
            yield f"hold: {kind}", f"{scope.value}, " + (f"{days} days" if days else "until lifted")
        case Handoff(reason=reason, urgent=urgent, by=by):
            urgency = "urgent" if urgent else "not urgent"
            yield f"hand-off: {reason}", urgency + (f", by {by.isoformat()}" if by else "")
        case OptOut(everything=everything, channels=channels, method=method):
            what = "everything" if everything else " and ".join(channels) or "this address"
            yield "opt-out", f"{what}, {method}"
        case OptIn(method=method):
            yield "opt-in", method
        case IssueLink(purpose=purpose):
            yield "link", purpose
        case SetTimer(kind=kind, after=after):
            yield f"timer: {kind}", _length(after)
        case CancelQueued(reason=reason, all=everything):
            yield f"cancels: {reason}", "all that is queued" if everything else "outreach"
        case KeepTimes(windows=windows, here=here):
            yield "times", "; ".join(map(str, windows)) + (", here only" if here else "")
        case Log(type=kind, payload=payload) if kind != MEANING:
            yield kind, _figures(payload)


def _length(after: timedelta) -> str:
    hours, rest = divmod(int(after.total_seconds()), 3600)
    return f"{hours} h" + (f" {rest} s" if rest else "")


def _figures(payload: Mapping[str, Any]) -> str:
    return msgspec.json.encode(payload, order="sorted").decode()
