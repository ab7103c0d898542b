"""What must hold after every decision, by an account of its own of what was said and asked."""

import re
from typing import NamedTuple

import msgspec

from dialogs.decide import Decision
from dialogs.lint.jurisdictions import JURISDICTIONS, OPT_OUT
from dialogs.pack import LOCKED, PATTERNS, Pack, SlotType
from dialogs.payloads import meaning
from dialogs.rendering import MOST_MESSAGES
from dialogs.replies import spoken
from dialogs.state import MAX_STACK, State
from domain.activity import TYPES
from domain.commands import (
    CancelQueued,
    IssueLink,
    Log,
    OptIn,
    OptOut,
    RecordPlan,
    RecordPromise,
    Say,
    SetTimer,
)
from domain.context import Context
from domain.events import (
    AgentSaid,
    Chosen,
    Event,
    HandedBack,
    LinkOpened,
    PersonTook,
    PortalDone,
    PromiseSettled,
    Said,
    SendFailed,
    TimerDue,
    TurnFailed,
)
from domain.ids import derive
from domain.messages import LINK_MARK, LONGEST, Category
from domain.promise import Accepted, evaluate
from domain.values import ChannelKind, Money
from tests.dialogs.play import of
from tests.dialogs.walk.circumstances import SECRETS

ALWAYS = (Category.CONFIRMATION, Category.CRISIS, Category.HELP)
SAFETY = frozenset({
    "self_harm_risk", "deceased", "bankruptcy", "attorney_represented", "identity_theft",
    "dispute", "debt_validation", "vulnerability",
})  # fmt: skip
UNRENDERED = ("None", "{", "}", "null", "Money(", "Decimal(", "slots.", "context.")
MAX_STATE = 8_000
"""Bytes of JSON: some twenty slots of 300 characters at the very most."""
_FIGURE = re.compile(r"\d[\d.,\u00a0\u202f]*[.,]\d{2}(?!\d)")


class Broken(Exception):
    """`rule` did not hold; `detail` says how."""

    def __init__(self, rule: str, detail: object) -> None:
        super().__init__(f"{rule}: {detail}")
        self.rule = rule
        self.detail = str(detail)


class Turned(NamedTuple):
    event: Event
    before: State
    decision: Decision
    context: Context

    @property
    def heard(self) -> Said | None:
        """The words, or what a pressed button stands for."""
        match self.event:
            case Said() as said:
                return said
            case Chosen() as chosen:
                return spoken(chosen)
        return None

    @property
    def stranger(self) -> bool:
        heard = self.heard
        gone = heard is not None and heard.channel in self.before.wrong_party
        return gone or not self.context.customer.known

    @property
    def intents(self) -> frozenset[str]:
        return (
            frozenset(s.name for s in self.heard.understanding.intents)
            if self.heard
            else frozenset()
        )


def must(holds: bool, rule: str, detail: object) -> None:
    if not holds:
        raise Broken(rule, detail)


class Watch:
    """`quiet` are channels that asked for silence, `named` the figures that are the customer's own,
    `suspended` whether a safety intent stands."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.quiet: set[ChannelKind] = set()
        self.confirmed: set[ChannelKind] = set()
        self.named: set[str] = set()
        self.suspended = False
        self.opened = False
        self.person = False
        self.timer: SetTimer | None = None

    def expect(self, event: Event, context: Context) -> None:
        """What is known before the decision: who has the conversation, what the customer names."""
        match event:
            case PersonTook() | AgentSaid():
                self.person = True
            case HandedBack():
                self.person = False
            case LinkOpened() if context.customer.known:
                self.opened = True
            case TimerDue(kind="hold_end") if context.customer.known:
                self.suspended = False
            case SendFailed(reason="opted_out", channel=channel):
                self.quiet.add(channel)
            case PromiseSettled(amount=amount) | PortalDone(amount=amount):
                self._name(amount)
            case Chosen(payload=payload):
                self._name_payload(payload)
            case Said(understanding=found):
                self._name(found.amount)
                self._name(found.instalment.amount if found.instalment else None)
        self._name(context.history.active_amount)

    def _name(self, amount: Money | None) -> None:
        if amount is not None:
            self.named |= {_digits(str(amount.decimal)), _digits(f"{amount.decimal:.2f}")}

    def _name_payload(self, payload: str) -> None:
        found = meaning(payload)
        for _, value in () if found is None or isinstance(found, str) else found:
            self.named |= {_digits(value), _digits(f"{value}.00")}

    def check(self, turned: Turned) -> None:
        """Raises Broken."""
        decision = turned.decision
        says = of(decision, Say)
        long = sum(len(say.content.text) for say in says) > LONGEST[ChannelKind.SMS]
        must(len(says) <= (MOST_MESSAGES if long else 1), "one message, unless it is long", says)
        self._safety(turned)
        for say in says:
            self._silence(turned, say)
            self._secrets(turned, say)
            self._rendered(say)
            self._links(turned, say)
            self._closing(say)
            self._with_person(turned, say)
        self._money(turned, says)
        self._ids(turned)
        self._order(decision)
        self._logs(decision)
        self._remember(turned, says)
        self._waits(decision)
        self._bounds(decision.state)

    # what is said

    def _silence(self, turned: Turned, say: Say) -> None:
        if say.channel not in self.quiet or of(turned.decision, OptIn):
            return
        must(say.category in ALWAYS, "silence after an opt-out", say)
        if say.category is Category.CONFIRMATION:
            must(say.channel not in self.confirmed, "one confirmation of an opt-out", say)

    def _secrets(self, turned: Turned, say: Say) -> None:
        if say.response == "agent":
            return
        verified = self.opened or turned.context.customer.verified
        if verified and not turned.stranger:
            return
        text = _everything(say)
        for secret in SECRETS:
            must(secret not in text, "no debt fact before verification", f"{secret} in {say}")
        for figure in _FIGURE.findall(text):
            known = turned.context.customer.known and _digits(figure) in self.named
            must(known, "no figure but the customer's own before verification", f"{figure}: {say}")

    def _rendered(self, say: Say) -> None:
        text = _everything(say)
        for broken in UNRENDERED if say.response != "agent" else ():
            must(broken not in text, "no template left unrendered", say)
        must(bool(say.content.text.strip()), "no empty message", say)

    def _links(self, turned: Turned, say: Say) -> None:
        text = _everything(say)
        must((LINK_MARK in text) == (say.link_id is not None), "a link mark where a link goes", say)
        must(LINK_MARK not in (say.content.subject or ""), "no link in a subject", say)
        known = {link.id for link in of(turned.decision, IssueLink)} | {
            *turned.context.links.values()
        }
        must(say.link_id is None or say.link_id in known, "a link that there is", say)
        must(say.link_id is None or not turned.stranger, "no link for a stranger", say)

    def _closing(self, say: Say) -> None:
        for place in self.pack.jurisdictions:
            if place in JURISDICTIONS and say.category in JURISDICTIONS[place].opt_out:
                for text in (say.content.text, say.content.html):
                    must(text is None or OPT_OUT.search(text) is not None, "a way to opt out", say)

    def _with_person(self, turned: Turned, say: Say) -> None:
        """While a person has the conversation, flows are silent."""
        if not self.person or say.response == "agent" or isinstance(turned.event, TurnFailed):
            return
        alone = bool(turned.intents & {"opt_in", "wrong_person"}) or turned.stranger
        must(say.category in ALWAYS or alone, "silence while a person writes", say)

    # what is asked

    def _safety(self, turned: Turned) -> None:
        """A grave word suspends, however unsure; a number may be the choice of something else."""
        heard = turned.heard
        if heard is None or turned.stranger or heard.keyword is not None:
            return
        found = heard.understanding
        if found.intent in SAFETY and found.choice is None and not heard.text.strip().isdigit():
            must(turned.decision.state.suspended is not None, "a grave word suspends", heard)
            self.suspended = True

    def _money(self, turned: Turned, says: list[Say]) -> None:
        if not self.suspended:
            return
        decision = turned.decision
        recorded = of(decision, RecordPromise) + of(decision, RecordPlan)
        must(not recorded, "no promise or plan after a safety intent", recorded)
        for say in says:
            must(
                say.link_id is None or not say.demand or say.response == "agent",
                "no link to pay after a safety intent",
                say,
            )
        question = decision.state.question
        if question is not None:
            kind = self.pack.slots[question.slot].type
            must(
                kind is not SlotType.MONEY, "no question for money after a safety intent", question
            )
        for frame in decision.state.stack:
            flow = self.pack.flows[frame.flow]
            fine = flow.while_suspended or flow.name in PATTERNS
            must(fine, "no flow that may ask for money after a safety intent", frame)

    def _promises(self, turned: Turned) -> None:
        context = turned.context
        for promise in of(turned.decision, RecordPromise):
            must(context.account is not None, "a promise on an account", promise)
            found = evaluate(
                promise.amount, promise.due_date, context.account.balance, context.today,
                context.rules, context.history,
            )  # fmt: skip
            wanted = Accepted(promise.amount, promise.due_date)
            must(found == wanted, "a promise that the rules accept", (promise, found))

    # what follows

    def _ids(self, turned: Turned) -> None:
        event, decision = turned.event, turned.decision
        kinds = (Say, IssueLink, RecordPromise, RecordPlan, SetTimer)
        ids = [command.id for command in decision.commands if isinstance(command, kinds)]
        must(len(ids) == len(set(ids)), "each id once", ids)
        derived = {Say: ["say", "say:2", "say:3"], IssueLink: ["link"], RecordPlan: ["plan"]}
        for kind, names in derived.items():
            wanted = [derive(event.id, name) for name in names]
            found = [command.id for command in of(decision, kind)]
            must(found == wanted[: len(found)], "ids that are derived", found)

    @staticmethod
    def _order(decision: Decision) -> None:
        """Cancelling what is queued must not cancel what this turn queues."""
        said = [at for at, each in enumerate(decision.commands) if isinstance(each, Say)]
        first = [
            at
            for at, each in enumerate(decision.commands)
            if isinstance(each, CancelQueued | IssueLink)
        ]
        fine = not said or max(first, default=-1) < said[0]
        must(fine, "cancel before queueing", decision.commands)

    @staticmethod
    def _logs(decision: Decision) -> None:
        for log in of(decision, Log):
            must(log.type in TYPES, "a known type of activity", log)
            must(len(msgspec.json.encode(log.payload)) < 1_500, "a small activity", log)

    def _remember(self, turned: Turned, says: list[Say]) -> None:
        decision, heard = turned.decision, turned.heard
        self._promises(turned)
        self.confirmed |= {say.channel for say in says if say.category is Category.CONFIRMATION}
        for command in decision.commands:
            match command:
                case OptOut(everything=everything, channels=named) if heard is not None:
                    self.quiet |= set(ChannelKind if everything else named or (heard.channel,))
                case OptIn() if heard is not None:
                    self.quiet.discard(heard.channel)
                    self.confirmed.discard(heard.channel)
                case Log(type="contact.wrong_party") if heard is not None:
                    self.quiet.add(heard.channel)
                    self.opened = False
                case SetTimer(kind="no_reply"):
                    self.timer = command

    def _waits(self, decision: Decision) -> None:
        """No dead end: it is over, a timer is set, or a person has it."""
        state = decision.state
        must((state.person is not None) == self.person, "who has the conversation", state.person)
        if self.person:
            waits = [timer for timer in of(decision, SetTimer) if timer.kind == "no_reply"]
            must(not waits, "no wait while a person has it", waits)
        elif state.question is None:
            must(not state.stack, "nothing on the stack where nothing is asked", state.stack)
        else:
            fine = bool(state.stack) and self.timer is not None
            fine = fine and self.timer.version == state.version
            must(fine, "a question waits with a timer", (state.question, self.timer, state.version))

    def _bounds(self, state: State) -> None:
        must(len(state.stack) <= MAX_STACK, "a bounded stack", state.stack)
        size = len(msgspec.json.encode(state))
        must(size < MAX_STATE, "a bounded state", size)
        must(set(state.slots) <= set(self.pack.slots), "slots of the pack", set(state.slots))
        for frame in state.stack:
            flow = self.pack.flows.get(frame.flow)
            known = flow is not None and frame.step in flow.index and flow.name not in LOCKED
            must(known, "a step that there is", frame)


def _everything(say: Say) -> str:
    return "\n".join(filter(None, (say.content.text, say.content.subject, say.content.html)))


def _digits(text: str) -> str:
    """Figures as all locales write them: 1,234.50 and 1.234,50 are the same."""
    return "".join(char for char in text if char.isdigit()).lstrip("0")
