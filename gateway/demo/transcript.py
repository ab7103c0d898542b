"""The demo's transcript: what is stored of a conversation, laid out for people to read.

Every line comes from the store (activity, messages in and out, their understanding and verdict),
but for the host's, which are what the host's own receiver verified.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import wrap
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from channels.fit import CONCATENATED, SINGLE, fit
from compliance.verdict import Outcome, RuleResult, decode
from domain.messages import LINK_MARK
from domain.values import ChannelKind, Money
from gateway.activity.query import Event
from gateway.activity.story import Story
from gateway.clock import moment
from gateway.demo.host import Taken
from gateway.demo.words import DETAILS, spoken
from gateway.pipeline.events import understanding_of

NAMES = {"sms": "SMS", "email": "Email"}
RECEIPT_NOTES = {"repeated": "which was known", "late": "too late to change anything"}
RECEIPTS = frozenset({"message.sent", "message.delivered", "message.undelivered", "message.failed"})
HELD_BACK = frozenset({"message.deferred", "message.suppressed"})
HIDDEN = frozenset({
    "message_id", "attempt_id", "link_id", "payment_id", "promise_id", "superseded_by", "trace",
    "truncated", "client",
})  # fmt: skip
"""Ids and what is shown in words elsewhere."""

NAME = re.compile(r"[a-z]+(_[a-z]+)+")
AMOUNTS = ("amount", "amount_minor")

INDENT = 21  # columns of the time and the label


class Line(NamedTuple):
    """`mark` says what kind of line it is: in, out, heard, why, gate, receipt, fact, host."""

    mark: str
    label: str
    text: str


STYLES = {
    "in": "bold cyan",
    "out": "bold green",
    "heard": "cyan",
    "why": "default",
    "gate": "default",
    "receipt": "dim",
    "fact": "yellow",
    "host": "magenta",
}


@dataclass(frozen=True, slots=True)
class Teller:
    """Turns events into lines. `link` gives the secret URL of a link's id, as it was sent."""

    link: Callable[[str], str]
    link_length: int

    def lines(self, event: Event, told: Story) -> Iterator[Line]:
        given = payload(event)
        message_id = given.get("message_id", "")
        written, received = told.written.get(message_id), told.received.get(message_id)
        match event.event_type:
            case "message.received" if received is not None:
                yield from _received(event, received)
            case "conversation.intent_detected" if received is not None and received.understanding:
                yield Line("heard", "understood", _understood(received.understanding))
                yield Line("why", "decided", "\n".join(given.get("trace", ())))
            case "message.queued" if written is not None:
                yield Line("why", "wording", _chosen(written))
            case "message.sending" if written is not None:
                yield from self._sending(event, written)
            case "message.sent" if event.actor != "provider":
                yield Line("receipt", "provider", "has taken the message")
            case kind if kind in RECEIPTS:
                yield Line("receipt", "receipt", _receipt(kind, given))
            case kind:
                yield Line("fact", "recorded", _fact(kind, given, event.seq))
                if written is not None and kind in HELD_BACK:
                    yield from _because(written, given.get("rule", ""))

    def _sending(self, event: Event, written: Any) -> Iterator[Line]:
        channel = ChannelKind(written.channel)
        said = written.text
        if written.link_id:
            said = said.replace(LINK_MARK, self.link(written.link_id))
        if written.subject:
            said = f"Subject: {written.subject}\n\n{said}"
        yield Line("out", f"{NAMES[channel]} out", f"to {event.masked_address}\n{quoted(said)}")
        if channel is ChannelKind.SMS:
            yield Line("gate", "segments", self._segments(written.text))
        if written.verdict:
            yield from _verdict(decode(written.verdict).results)

    def _segments(self, text: str) -> str:
        fitted = fit(text, ChannelKind.SMS, self.link_length)
        room = (SINGLE if fitted.segments == 1 else CONCATENATED)[fitted.encoding]
        encoding = {"gsm7": "GSM-7", "ucs2": "UCS-2"}[fitted.encoding]
        return f"{fitted.segments} ({encoding}, {fitted.units} of {fitted.segments * room})"


def payload(event: Event) -> dict[str, Any]:
    given: dict[str, Any] = msgspec.json.decode(bytes(event.payload))
    return given


def quoted(text: str) -> str:
    return "\n".join(f"| {line}" for line in printable(text).splitlines() or [""])


def printable(text: str) -> str:
    """Without what would steer a terminal."""
    return "".join(char if char.isprintable() or char == "\n" else "\ufffd" for char in text)


def _received(event: Event, received: Any) -> Iterator[Line]:
    name = NAMES[received.channel]
    yield Line("in", f"{name} in", f"from {event.masked_address}\n{quoted(received.text)}")


def _understood(text: str) -> str:
    heard = understanding_of(text)
    others = [score.name for score in heard.intents if score.name != heard.intent]
    parts = [f"{heard.intent}, confidence {heard.confidence:.2f}, by {heard.decided_by}"]
    if heard.amount:
        parts.append(f"amount {heard.amount}")
    if heard.date:
        parts.append(f"date {heard.date:%A} {heard.date.isoformat()}")
    if others:
        parts.append("also " + ", ".join(others))
    return "; ".join(parts)


def _chosen(written: Any) -> str:
    kind = {"outreach": "a message of our own accord", "reply": "an answer"}
    sort = kind.get(written.category, f"a message of the kind {written.category}")
    return f"{written.response}, variation {written.variation}, {sort}"


def _verdict(results: Sequence[RuleResult]) -> Iterator[Line]:
    groups: dict[str, list[str]] = {}
    for result in results:
        groups.setdefault(result.outcome.value, []).append(result.rule)
    version = results[0].version if results else "no rules"
    words = [f"{outcome} {', '.join(rules)}" for outcome, rules in groups.items()]
    yield Line("gate", "rules", f"{version}: " + "; ".join(words))


def _because(written: Any, rule: str) -> Iterator[Line]:
    """Why a rule held the message back, as long as its latest verdict still says so."""
    for result in reasons(written):
        if result.rule == rule:
            yield Line("gate", "because", f"{rule}: {result.why}".replace("_", " "))


def reasons(written: Any) -> Sequence[RuleResult]:
    """The rules that hold a message back now, in the order of their table."""
    if not written.verdict:
        return ()
    held = (Outcome.DEFERRED, Outcome.SUPPRESSED)
    return [result for result in decode(written.verdict).results if result.outcome in held]


def _receipt(kind: str, given: Mapping[str, Any]) -> str:
    told = kind.partition(".")[2]
    notes = [words for name, words in RECEIPT_NOTES.items() if given.get(name)]
    notes += [str(given[name]) for name in ("reason", "code") if given.get(name)]
    return told + (f" ({', '.join(notes)})" if notes else "")


def _fact(kind: str, given: Mapping[str, Any], number: int | None) -> str:
    hidden = HIDDEN | ({"currency"} if any(name in given for name in AMOUNTS) else set())
    told = [name for name, value in given.items() if name not in hidden and value is not None]
    shown = ", ".join(_detail(name, given) for name in told)
    return spoken(kind) + (f": {shown}" if shown else "") + f" [{kind} #{number or '-'}]"


def _detail(name: str, given: Mapping[str, Any]) -> str:
    value, currency = given[name], given.get("currency")
    if name.endswith("_minor") and currency:
        return f"{name.removesuffix('_minor')} {Money(value, currency)}"
    if name == "amount" and currency:
        return f"amount {value} {currency}"
    if name == "until":
        value = f"{_instant(value):%A %d %B, %H:%M} UTC"
    if isinstance(value, dict):
        value = " ".join(str(part) for part in value.values())
    if isinstance(value, bool):
        value = "yes" if value else "no"
    several = value if isinstance(value, list) else [value]
    shown = ", ".join(_readable(str(part)) for part in several)
    return printable(f"{DETAILS.get(name, name).replace('_', ' ')} {shown}")


def _readable(value: str) -> str:
    """Names are spelled with spaces; references and other values stay as they are."""
    return value.replace("_", " ") if NAME.fullmatch(value) else value


def _instant(value: int | str) -> datetime:
    """From microseconds since the epoch, or ISO 8601."""
    return moment(value) if isinstance(value, int) else datetime.fromisoformat(value)


def by_host(taken: Taken) -> Line:
    """A webhook whose signature the host has verified."""
    event = taken.event
    what = f"{event['event_type']} #{event['seq']}"
    return Line("host", "host", f"verified {what}, signed webhook {taken.webhook_id}")


class Transcript:
    """Prints what is new of a conversation each time it is told of it."""

    def __init__(self, console: Console, teller: Teller) -> None:
        self._console = console
        self._teller = teller
        self._events: set[str] = set()
        self._taken: set[str] = set()

    def scene(self, title: str) -> None:
        self._console.print()
        self._console.print(Rule(Text(title, style="bold"), align="left"))

    def note(self, text: str) -> None:
        self._console.print(Text(text))

    def tell(self, told: Story, taken: Iterable[Taken], zone: str) -> None:
        """The events that were not told before, then what the host has verified of them."""
        for event in told.events:
            if event.event_id not in self._events:
                self._events.add(event.event_id)
                at = moment_of(event).astimezone(ZoneInfo(zone))
                self._print(f"{at:%H:%M:%S}", self._teller.lines(event, told))
        for one in taken:
            if one.webhook_id not in self._taken:
                self._taken.add(one.webhook_id)
                self._print(f"{one.at.astimezone(ZoneInfo(zone)):%H:%M:%S}", [by_host(one)])

    def _print(self, at: str, lines: Iterable[Line]) -> None:
        for line in lines:
            if line.mark in ("in", "out"):
                self._console.print()
            style = STYLES[line.mark]
            label = [(f"{at:8} ", "dim"), (f"{line.label:11} ", style)]
            for part in _wrapped(line.text, self._console.width - INDENT):
                self._console.print(Text.assemble(*label, part), soft_wrap=True)
                label = [(" " * INDENT, style)]
            at = ""


def _wrapped(text: str, width: int) -> Iterator[str]:
    """Lines that fit, but for words (links) that don't; quotes stay quotes."""
    for line in text.split("\n"):
        mark = "| " if line.startswith("| ") else ""
        parts = wrap(
            line.removeprefix(mark),
            max(width, INDENT),
            initial_indent=mark,
            subsequent_indent=mark,
            break_long_words=False,
            break_on_hyphens=False,
        )
        yield from parts or [mark]


def moment_of(event: Event) -> datetime:
    return datetime.fromisoformat(event.recorded_at)
