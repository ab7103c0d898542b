"""One turn in the making: what is remembered, done and said until the decision is closed."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import takewhile

import msgspec
from msgspec import Struct

from dialogs.names import FACTS
from dialogs.pack import Flow, Pack, Rung
from dialogs.rendering import Rendered, Unsayable, join, render
from dialogs.state import (
    MAX_STACK,
    Kept,
    Question,
    State,
    keep,
    recall,
)
from domain.commands import (
    Command,
    Handoff,
    IssueLink,
    Log,
    Say,
    SetTimer,
)
from domain.comparison import Value
from domain.context import Context
from domain.events import Event, Said
from domain.ids import derive
from domain.links import DEMANDS, Purpose
from domain.messages import ALWAYS, LINK_MARK, Category, Content
from domain.values import ChannelKind, Money

MEANING = "conversation.intent_detected"
"""The activity that says how a reply was understood."""
LATELY = timedelta(hours=24)
"""So long we remember what was talked about, so as not to say the same twice."""


class Decision(Struct, frozen=True):
    """The new state, what the gateway is to do, in that order, and why, in words."""

    state: State
    commands: tuple[Command, ...]
    trace: tuple[str, ...]


class Turn:
    """Mutable only while `decide` runs; `close` makes the Decision of it."""

    __slots__ = (
        "abuse", "address", "answered", "beside", "category", "channel", "commands", "context",
        "corrected", "demand", "ended", "event", "event_amount", "event_change", "event_code",
        "event_date", "failed", "kept", "locale", "met", "misses", "neutral", "nudges", "old",
        "opted_out",
        "options", "outreach", "pack", "person", "person_at", "purpose", "question", "rejected",
        "secrets", "slots", "spoken", "stack", "stranger", "suspended", "told_at", "trace", "tries",
        "unanswered", "unsayable", "verified", "wrong_party",
    )  # fmt: skip

    def __init__(self, pack: Pack, state: State, event: Event, context: Context) -> None:
        self.pack = pack
        self.old = state
        self.event = event
        self.context = context
        self.channel: ChannelKind = context.channel
        self.address: str | None = None
        self.locale = state.locale if state.locale in pack.responses else pack.locale
        self.stack = list(state.stack)
        self.kept: dict[str, Kept] = dict(state.slots)
        self.slots: dict[str, Value] = {n: recall(kept) for n, kept in state.slots.items()}
        self.question = state.question
        self.options: tuple[str, ...] = ()
        self.tries = dict(state.tries)
        self.misses = state.misses
        self.abuse = state.abuse
        self.nudges = state.nudges
        self.opted_out = state.opted_out
        self.wrong_party = state.wrong_party
        self.suspended = state.suspended
        self.stranger = not context.customer.known
        self.verified = not self.stranger and context.customer.verified
        self.neutral = self.stranger  # somebody else than the customer may read what is said
        self.told_at = state.told_at
        self.unanswered = state.unanswered
        self.ended = dict(state.ended)
        self.person_at = state.person_at
        self.person = state.person
        self.met = state.met
        self.failed = state.failed
        self.outreach = state.outreach
        self.secrets = set(state.secrets)
        self.event_amount: Money | None = None
        self.event_date: date | None = None
        self.event_change: str | None = None
        self.event_code: str | None = None
        self.corrected: tuple[str, ...] = ()
        self.beside = False  # what runs now leaves what is going on as it was
        self.category = Category.REPLY
        self.demand = False
        self.purpose = Purpose.PAY  # of a link whose text does not say
        self.answered: set[str] = set()
        self.rejected: set[str] = set()
        self.commands: list[Command] = []
        self.spoken: list[Rendered] = []
        self.unsayable: Unsayable | None = None
        self.trace: list[str] = []
        if self.secrets and not self.verified:
            self._forget(self.secrets)

    # what flows and conditions ask

    def lookup(self, name: str) -> Value:
        """A slots.x or context.y name; conditions are checked, so that every name is known."""
        fact = FACTS.get(name)
        return self.slots.get(name[6:]) if fact is None else fact.read(self)

    def is_secret(self, name: str) -> bool:
        """True for debt facts and personal data, and for slots that were filled from them."""
        return name[6:] in self.secrets if name.startswith("slots.") else FACTS[name].secret

    @property
    def asking(self) -> bool:
        return self.question is not None

    @property
    def speaks(self) -> bool:
        """False where the customer asked us to be quiet on this channel, or is someone else."""
        return self.channel not in self.opted_out and self.channel not in self.wrong_party

    @property
    def held(self) -> str | None:
        """Why nothing may be asked for: what was heard in this conversation, or a hold in force."""
        return self.suspended or self.context.held

    @property
    def flow(self) -> Flow | None:
        """The flow that runs."""
        return self.pack.flows.get(self.stack[-1].flow) if self.stack else None

    @property
    def again(self) -> bool:
        """True where the flow that runs has ended once already, a short while before."""
        return bool(self.stack) and self.lately(self.stack[-1].flow)

    @property
    def person_asked(self) -> bool:
        """True where a person was asked for in an earlier turn, a short while before."""
        return self._is_recent(self.old.person_at)

    def may_start(self, flow: Flow) -> bool:
        """True where the flow's guard holds, or it has none."""
        if flow.guard is None or flow.guard.holds(self.lookup):
            return True
        self.note(f"flow {flow.name} does not start: its guard fails: {flow.guard.text}")
        return False

    def lately(self, flow: str) -> bool:
        """True where that flow ended in an earlier turn, a short while before."""
        return self._is_recent(self.old.ended.get(flow))

    def _is_recent(self, at: int | None) -> bool:
        return at is not None and self.event.at.timestamp() - at < LATELY.total_seconds()

    # what they do

    def note(self, words: str) -> None:
        self.trace.append(words)

    def command(self, command: Command) -> None:
        if command not in self.commands:
            self.commands.append(command)

    def hand_off(self, reason: str, urgent: bool = False, by: date | None = None) -> None:
        self.note(f"a person is asked for: {reason}")
        self.command(Handoff(reason, urgent, by))
        self.person_at = int(self.event.at.timestamp())

    def end(self, flow: str) -> None:
        """Remembers a flow that the customer's words led to, and forgets those of long ago."""
        if not isinstance(self.event, Said):
            return
        now = int(self.event.at.timestamp())
        recent = {name: at for name, at in self.ended.items() if self._is_recent(at)}
        self.ended = {**recent, flow: now}

    def set_slot(self, name: str, value: Value, is_secret: bool = False) -> None:
        self.secrets.discard(name)
        kept = keep(value)
        if kept is None:
            self.slots.pop(name, None)
            self.kept.pop(name, None)
            return
        # As it is read again: what is told of it now is as long as what is remembered.
        self.slots[name], self.kept[name] = recall(kept), kept
        if is_secret:
            self.secrets.add(name)

    def reset_slots(self, names: Iterable[str]) -> None:
        """Back to their initial values."""
        for name in names:
            slot = self.pack.slots.get(name)
            initial = slot.initial if slot else None
            if initial is not None or name in self.slots:
                self.set_slot(name, initial)

    def drop_flows(self) -> None:
        """Nothing runs and nothing is asked any more."""
        for frame in self.stack:
            self.forget(self.pack.flows.get(frame.flow))
        self.stack, self.question = [], None
        self.tries, self.nudges = {}, 0

    def drop_oldest(self) -> None:
        """The flow at the bottom ends, with those that it called: they have no way back."""
        called = takewhile(lambda frame: frame.called, self.stack[1:-1])
        for frame in (self.stack[0], *called):
            self.forget(self.pack.flows.get(frame.flow))
            del self.stack[0]

    def drop_interrupted(self) -> None:
        """Only the flow on top goes on."""
        for frame in self.stack[:-1]:
            self.forget(self.pack.flows.get(frame.flow))
        self.stack = self.stack[-1:]

    def forget(self, flow: Flow | None, but: Flow | None = None) -> None:
        """A flow ends: its slots are reset, `but` what persists or the next flow uses."""
        if flow is not None:
            self.reset_slots(flow.own - flow.persisted - (but.own if but else frozenset()))

    def _forget(self, names: Iterable[str]) -> None:
        for name in tuple(names):
            self.set_slot(name, None)

    def say(self, response: str) -> None:
        """Adds a response to the turn's message, or makes the turn unsayable."""
        if not self.speaks and self.category not in ALWAYS:
            self.note(f"{response} stays unsaid: this channel was asked to be quiet")
            return
        try:
            rendered = render(self, response, len(self.options) + 1)
        except Unsayable as error:
            self.unsayable = self.unsayable or error
            return
        self.note(f"says {response}, variation {rendered.variation}{rendered.why}")
        self.spoken.append(rendered)
        self.neutral = self.neutral or (self.flow is not None and self.flow.for_others)
        self.options += rendered.options
        self.demand = self.demand or (self.flow is not None and self.flow.may_demand)

    # the end of it

    def close(self) -> Decision:
        link = self._speak()
        if not self.stack:
            self.question, self.tries, self.nudges = None, {}, 0
        while len(self.stack) > MAX_STACK:
            self.drop_oldest()
        state = self._state()
        self._log_meaning(link)
        if self._waits(state):
            timer = derive(self.event.id, "timer:no_reply")
            wait = timedelta(hours=self.rung.hours)
            self.commands.append(SetTimer(timer, "no_reply", wait, state.version))
        return Decision(state, tuple(self.commands), tuple(self.trace))

    def _waits(self, state: State) -> bool:
        """True where a question is out anew; while a person has the conversation, they wait."""
        moved = state.version != self.old.version
        return state.question is not None and moved and state.person is None

    @property
    def rung(self) -> Rung:
        """The wait that goes on."""
        ladder = self.pack.settings.no_reply
        return ladder[min(self.nudges, len(ladder) - 1)]

    def _log_meaning(self, link: str | None) -> None:
        for at, command in enumerate(self.commands):
            if link and isinstance(command, Log) and command.type == MEANING:
                self.commands[at] = Log(MEANING, {**command.payload, "link_id": link})
                return

    def _speak(self) -> str | None:
        """Turns what was said into one message, or several of a long one; returns the id of their
        link, if they have one."""
        if self.unsayable is None and self.spoken:
            try:
                said = join(self, self.spoken, self.category in self.pack.settings.closing_on)
            except Unsayable as error:
                self.unsayable = error
            else:
                self.met = True
                purpose, link = self._issued(said)
                self.demand = self.demand or purpose in DEMANDS
                for number, content in enumerate(said, 1):
                    self._queue(content, "say" if number == 1 else f"say:{number}", link)
                return link
        if self.unsayable is not None:
            self._suppress(self.unsayable)
        return None

    def _issued(self, said: Sequence[Content]) -> tuple[Purpose | None, str | None]:
        """The link that the messages hold, of the first purpose that is spoken of: a live one, or a
        new one."""
        if not any(map(_holds_link, said)):
            return None, None
        purpose = next((part.link for part in self.spoken if part.link), self.purpose)
        link = self.context.links.get(purpose)
        if link is None:
            link = derive(self.event.id, "link")
            self.commands.append(IssueLink(link, purpose))
        return purpose, link

    def _queue(self, content: Content, name: str, link: str | None) -> None:
        self.commands.append(
            Say(
                id=derive(self.event.id, name),
                response="+".join(part.response for part in self.spoken),
                variation="+".join(part.variation for part in self.spoken),
                content=content,
                category=self.category,
                channel=self.channel,
                demand=self.demand,
                address=self.address,
                link_id=link if _holds_link(content) else None,
                language=self.locale,
                neutral=self.neutral,
            )
        )

    def _suppress(self, error: Unsayable) -> None:
        """Says nothing, and lets a person take over."""
        self.note(f"nothing is said: {error.rule} {error.variable or ''} in {error.response}")
        payload = {"rule": error.rule, "response": error.response, "variable": error.variable}
        self.commands.append(Log("message.suppressed", payload))
        self.commands.append(Handoff(error.rule))
        self.options = ()
        self.drop_flows()

    def _state(self) -> State:
        version = self.old.version + 1
        if self.question is not None and not self._asked_before():
            self.question = Question(self.question.slot, version)
        state = State(
            pack=self.pack.name,
            pack_version=self.pack.version,
            locale=self.locale,
            version=self.old.version,
            stack=tuple(self.stack),
            slots=self.kept,
            question=self.question,
            options=self.options,
            tries=self.tries,
            misses=self.misses,
            abuse=self.abuse,
            nudges=self.nudges,
            opted_out=self.opted_out,
            wrong_party=self.wrong_party,
            suspended=self.suspended,
            outreach=self.outreach,
            secrets=tuple(sorted(self.secrets)),
            told_at=self.told_at,
            unanswered=self.unanswered,
            ended=self.ended,
            person_at=self.person_at,
            person=self.person,
            met=self.met,
            failed=self.failed,
        )
        if state != self.old:
            msgspec.structs.force_setattr(state, "version", version)  # nobody has seen it yet
        return state

    def _asked_before(self) -> bool:
        """True where the question stands as it was, and was not put again in this turn."""
        return self.question is self.old.question


def _holds_link(content: Content) -> bool:
    return LINK_MARK in content.text or LINK_MARK in (content.html or "")
