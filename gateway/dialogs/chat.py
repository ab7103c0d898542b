"""A terminal phone: what is typed is the customer's, what begins with : is for the phone."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import msgspec

from dialogs.loading.reading import Reader
from dialogs.loading.source import Entry, Place, scalar
from dialogs.pack import Pack
from dialogs.scripts.beat import Message
from dialogs.scripts.cases import (
    Arrival,
    Case,
    Outreach,
    Payment,
    Proof,
    Setting,
    Stimulus,
    Wait,
    Words,
)
from dialogs.scripts.meanings import slashed
from dialogs.scripts.outside import Outside
from dialogs.scripts.performing import Impossible, perform
from dialogs.scripts.player import Player, Scene, begin
from dialogs.scripts.saving import as_case
from dialogs.scripts.settings import standard
from dialogs.scripts.transcript import printable, shown
from dialogs.scripts.world import Circle
from dialogs.scripts.written import amount, duration
from domain.messages import Reason, Status
from domain.values import ChannelKind
from gateway.dialogs.saving import Mistaken, prove, save

START = Place("chat", 1, 1)
LINK = "https://pay.example/p/…"
COMMAND = re.compile(r":(?P<name>[a-z]+)(?:\s+(?P<rest>.*))?", re.DOTALL)
LONGEST = 10_000
"""Characters of a line; the rest is cut, as a channel would."""


class Chat:
    """One conversation. `say` takes a line and gives what the phone then shows."""

    def __init__(self, pack: Pack, setting: Setting, outside: Outside) -> None:
        self.pack = pack
        self.setting = setting
        self.outside = outside
        self.channel = setting.channel  # the next words come by it
        self.ended = False
        self.traced = False
        self.scenes: list[Scene] = []
        self.case = Case("chat", START, setting, {}, {}, ())
        self.world = begin(Player(pack, outside).rehearsal({}), self.case, outside)

    def greet(self) -> Iterator[str]:
        given = self.setting
        yield f"{self.pack.name}, {given.jurisdiction}, {given.locale}: you are the customer."
        yield from self._time()
        yield ":help tells what the phone can do."

    def say(self, line: str) -> Iterator[str]:
        text = line.rstrip("\r\n")[:LONGEST]
        command = COMMAND.fullmatch(text.strip())
        try:
            if command is None:
                yield from self._written(text)
            elif command["name"] in self.COMMANDS:
                yield from self.COMMANDS[command["name"]][2](self, (command["rest"] or "").strip())
            else:
                yield f"no command :{command['name']}; :help tells them all"
        except (Mistaken, Impossible, Circle) as error:
            yield f"! {printable(str(error))}"

    def _written(self, text: str) -> Iterator[str]:
        if not text.strip():
            return
        reader = Reader()
        explicit = slashed(reader, Entry(text, START), self.setting.currency)
        self._sound(reader)
        words, meaning = explicit or (text, None)
        yield from self.happen(Words(words, self.channel, meaning=meaning))

    def happen(self, deed: Stimulus) -> Iterator[str]:
        beat = perform(self.world, deed)
        self.scenes.append(Scene("", deed, beat))
        if self.traced:
            yield from shown(beat)
            return
        for message in beat.sent:
            yield from self._received(message)
        for message in beat.held:
            yield f"  (held back by {message.rule}: {message.say.response})"
        if not beat.sent and not beat.held:
            yield "  (no message)"

    def _received(self, message: Message) -> Iterator[str]:
        if message.at != self.scenes[-1].beat.at:
            yield f"  ({message.at:%a %d %b %H:%M})"
        text = printable(message.text).replace("{link}", LINK)
        for number, line in enumerate(text.splitlines()):
            yield f"{'  ' if number else '< '}{line}"

    def _sound(self, reader: Reader) -> None:
        """Raises Mistaken where what was typed has a finding."""
        if reader.findings:
            first = reader.findings[0]
            raise Mistaken(f"{first.reason}; {first.mend}")

    # the commands

    def _help(self, _: str) -> Iterator[str]:
        yield "What you type is the customer's; /intent{amount: 50, date: P2D} says what it means."
        for name, (more, words, _call) in self.COMMANDS.items():
            yield f"  {f':{name} {more}':<30}{words}"

    def _trace(self, _: str) -> Iterator[str]:
        self.traced = not self.traced
        if self.traced and self.scenes:
            yield from shown(self.scenes[-1].beat)
        yield f"  (trace {'on' if self.traced else 'off'})"

    def _advance(self, rest: str) -> Iterator[str]:
        reader = Reader()
        after = duration(reader, Entry(rest, START))
        self._sound(reader)
        yield from self.happen(Wait(after))
        yield from self._time()

    def _time(self) -> Iterator[str]:
        yield f"  ({self.world.now:%a %d %b %Y %H:%M}, {self.channel.value})"

    def _channel(self, rest: str) -> Iterator[str]:
        if rest not in list(ChannelKind):
            raise Mistaken("one of " + ", ".join(ChannelKind))
        self.channel = ChannelKind(rest)
        yield from self._time()

    def _pay(self, rest: str) -> Iterator[str]:
        yield from self.happen(self._payment(rest, declined=False))

    def _decline(self, rest: str) -> Iterator[str]:
        yield from self.happen(self._payment(rest, declined=True))

    def _payment(self, rest: str, *, declined: bool) -> Payment:
        reader = Reader()
        found = amount(reader, Entry(scalar(rest), START), self.setting.currency)
        self._sound(reader)
        if found is None or found.minor <= 0:
            raise Mistaken("write an amount above nothing, such as :pay 50")
        return Payment(found, declined)

    def _verify(self, _: str) -> Iterator[str]:
        yield from self.happen(Proof())

    def _campaign(self, rest: str) -> Iterator[str]:
        if rest not in self.pack.flows:
            plain = sorted(name for name in self.pack.flows if not name.startswith("pattern_"))
            raise Mistaken("one of " + ", ".join(plain))
        yield from self.happen(Outreach(rest, self.channel))

    def _receipt(self, rest: str) -> Iterator[str]:
        status, _, reason = rest.partition(" ")
        reason = reason.strip() or Reason.UNKNOWN.value
        known = (Status.DELIVERED, Status.UNDELIVERED, Status.FAILED)
        if status not in known or reason not in list(Reason):
            raise Mistaken(f"one of {', '.join(known)}, and why: one of {', '.join(Reason)}")
        yield from self.happen(Arrival(Status(status), reason))

    def _state(self, _: str) -> Iterator[str]:
        state: dict[str, Any] = msgspec.to_builtins(self.world.state)
        for key, value in state.items():
            yield printable(f"  {key}: {json.dumps(value, ensure_ascii=False)}")
        balance = self.world.ledger.balance
        yield f"  balance: {balance or 'no account'}"
        for promise in self.world.ledger.promises:
            yield f"  promise: {promise.amount} on {promise.due}, {promise.state.value}"
        for due, _number, what in sorted(self.world.timers, key=lambda timer: timer[:2]):
            name = what.say.response if isinstance(what, Message) else what.kind
            yield f"  due {due.astimezone(self.world.zone):%a %d %b %H:%M}: {name}"

    def _save(self, rest: str) -> Iterator[str]:
        name, _, title = rest.partition(" ")
        title = title.strip()
        if not name or not title:
            raise Mistaken("write :save FILE and then the name of the case")
        if not self.scenes:
            raise Mistaken("nothing was said yet")
        file = Path(name)
        save(file, as_case(title, self.setting, standard(self.pack), self.scenes), self.pack)
        prove(file, title, Player(self.pack, self.outside))
        yield f"  (saved to {printable(str(file))})"

    def _quit(self, _: str) -> Iterator[str]:
        self.ended = True
        yield from ()

    COMMANDS: ClassVar[Mapping[str, tuple[str, str, Callable[["Chat", str], Iterator[str]]]]] = {
        "trace": ("", "shows why, or no longer", _trace),
        "advance": ("P1D", "lets time pass; timers fire", _advance),
        "channel": ("email", "how the customer writes from now on", _channel),
        "campaign": ("FLOW", "we write first", _campaign),
        "receipt": ("failed bad_address", "what became of our last message", _receipt),
        "pay": ("50", "the customer pays", _pay),
        "decline": ("50", "a payment that does not go through", _decline),
        "verify": ("", "the customer proves who they are", _verify),
        "state": ("", "what the conversation remembers", _state),
        "save": ("FILE NAME", "this conversation as a test case", _save),
        "help": ("", "this list", _help),
        "quit": ("", "ends it", _quit),
    }
    """Each command: what follows it, what it is for, and what it does."""
