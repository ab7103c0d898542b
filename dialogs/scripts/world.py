"""The gateway around a played conversation: its clock, timers, account, messages and consent."""

import heapq
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from dialogs.decide import decide
from dialogs.scripts.beat import Beat, Message, Turned
from dialogs.scripts.cases import ELSEWHERE, Setting, on
from dialogs.scripts.consequences import carry_out
from dialogs.scripts.ledger import Ledger, Promised
from dialogs.scripts.outside import Outside, Own, Proposal
from dialogs.scripts.rehearsal import Rehearsal
from dialogs.state import State
from domain.business_days import Calendar
from domain.commands import (
    Command,
    Say,
    SetTimer,
)
from domain.context import Context
from domain.customers import Account, Customer
from domain.events import Event, PromiseSettled, TimerDue
from domain.ids import uuid7
from domain.links import Purpose
from domain.messages import LINK_MARK, Category, Status
from domain.options import Attributes, Situation, Terms
from domain.options import History as Past
from domain.plan import PlanRules
from domain.values import ChannelKind
from domain.windows import Statement

LINK_BASE = "https://pay.example/p/"
LINK = LINK_BASE + "Ab3dEf6hIj9k"
"""As long as a real one, for counting and for the gate."""
PHONES: Mapping[str, str] = {"US": "+12025550143", "GB": "+447700900143"}
MAILBOX = "alex@example.org"
MAX_FIRED = 500
"""More timers than this in one wait turn in a circle."""


def command_name(kind: type) -> str:
    """RecordPromise is spoken of as record_promise."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


COMMANDS: Mapping[type, str] = {kind: command_name(kind) for kind in get_args(Command)}


class World:
    """Mutable while a conversation is played. `now` is aware, in the customer's zone."""

    def __init__(self, rehearsal: Rehearsal, setting: Setting, outside: Outside) -> None:
        self.rehearsal = rehearsal
        self.setting = setting
        self.outside = outside
        self.zone = ZoneInfo(setting.timezone)
        self.now = setting.at.replace(tzinfo=self.zone)
        self.number = 0
        self.channel = setting.channel
        self.links: dict[Purpose, str] = {}
        self.ledger = self._ledger()
        self.timers: list[tuple[datetime, int, SetTimer | Message]] = []
        self.messages: list[Message] = []
        self.holds: list[tuple[str, datetime | None]] = [(kind, None) for kind in setting.holds]
        self.times: list[tuple[ChannelKind | None, Statement]] = []
        self.opted_out: dict[ChannelKind, datetime] = {}
        self.confirmed: set[ChannelKind] = set()
        self.invalid: set[ChannelKind] = set()
        self.heard: dict[ChannelKind, datetime] = {}
        self.replies: dict[ChannelKind, int] = {}
        self.verified, self.introduced = setting.verified, setting.introduced
        self.own = Own()
        self.state = State.fresh(rehearsal.pack, setting.locale)
        self.beat = Beat(self.now)

    def _ledger(self) -> Ledger:
        given = self.setting
        ledger = Ledger(
            given.rules, self.zone, given.balance, given.broken_in_a_row, given.reschedules
        )
        if given.promise is not None:
            amount, day = given.promise
            due = on(day, self.today) or self.today
            ledger.promises.append(Promised(self.next_id(), amount, due))
        return ledger

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def last_link(self) -> str:
        return next(reversed(self.links.values()), "link")

    def next_id(self) -> str:
        self.number += 1
        return uuid7(int(self.now.timestamp() * 1000), self.number)

    def address(self, channel: ChannelKind) -> str:
        if channel is ChannelKind.EMAIL:
            return MAILBOX
        return PHONES.get(self.setting.jurisdiction, PHONES["US"])

    def context(self) -> Context:
        given = self.setting
        return Context(
            conversation_id="0198c000-0000-7000-8000-000000000001",
            client=given.client,
            brand=given.brand,
            jurisdiction=given.jurisdiction,
            locale=given.locale,
            currency=given.currency,
            customer=Customer(
                "customer", "C-1", given.first_name, given.last_name, verified=self.verified,
                known=given.known,
            ),
            account=self._account(),
            channel=self.channel,
            rules=given.rules,
            history=self.ledger.history(),
            today=self.today,
            link_base=LINK_BASE,
            links=dict(self.links),
            facts=given.facts,
            situation=self._situation(),
            introduced=self.introduced,
        )  # fmt: skip

    def _situation(self) -> Situation | None:
        """What plans are judged by."""
        given, account = self.setting, self._account()
        if account is None or given.jurisdiction == ELSEWHERE:
            return None
        known = Attributes(account.ref, account.balance, given.jurisdiction)
        rules = PlanRules() if given.plans else None
        terms = Terms(Calendar.named(given.jurisdiction), given.rules, rules)
        return Situation(known, terms, Past(self.ledger.history(), self.ledger.plan))

    def _account(self) -> Account | None:
        given, balance = self.setting, self.ledger.balance
        if balance is None:
            return None
        return Account(
            "account", "A-1", balance, given.minimum_due, given.arrears,
            on(given.due_date, self.today), given.creditor, given.product, given.segment,
        )  # fmt: skip

    # time

    def wait(self, after: timedelta) -> None:
        """Lets time pass: timers fire in the order in which they come due."""
        until = self.now.astimezone(UTC) + after
        fired = 0
        while self.timers and self.timers[0][0] <= until:
            due, _, what = heapq.heappop(self.timers)
            self.now = max(due, self.now.astimezone(UTC)).astimezone(self.zone)
            self._fire(what)
            fired += 1
            if fired > MAX_FIRED:
                raise Circle(f"over {MAX_FIRED} timers fired in one wait")
        self.now = until.astimezone(self.zone)

    def later(self, after: timedelta, what: SetTimer | Message) -> None:
        self.number += 1
        heapq.heappush(self.timers, (self.now.astimezone(UTC) + after, self.number, what))

    def _fire(self, what: SetTimer | Message) -> None:
        if isinstance(what, Message):
            if what.status is Status.QUEUED:
                self.send(Message(what.say, self.now))  # what was told of the first stays told
        elif what.kind == "promise_due":
            self._judge(what)
        else:
            self.happen(
                TimerDue(
                    id=self.next_id(), at=self.now, kind=what.kind, version=what.version,
                    subject=what.subject,
                )
            )  # fmt: skip

    def _judge(self, timer: SetTimer) -> None:
        judged = self.ledger.judge(timer.subject, self.now)
        if judged is None:
            return
        promise, recorded = judged
        self.beat.recorded.append(recorded)
        self.happen(
            PromiseSettled(
                id=self.next_id(), at=self.now, promise_id=promise.id,
                kept=promise.state == "kept", amount=promise.amount, due_date=promise.due,
            )
        )  # fmt: skip

    # turns

    def happen(self, event: Event) -> None:
        """Decides on an event and carries out what follows; messages go last, as after a commit."""
        before = self.state
        self.rehearsal.hits.clear()
        decision = decide(self.rehearsal.pack, before, event, self.context())
        turned = Turned(event, before, decision, tuple(self.rehearsal.take()))
        self.state = decision.state
        self.beat.turns.append(turned)
        self._act(turned)
        for command in decision.commands:
            carry_out(self, command)
        for command in decision.commands:
            if isinstance(command, Say):
                self.send(Message(command, self.now))

    def _act(self, turned: Turned) -> None:
        names = self.rehearsal.actions
        for item in turned.passed:
            if item.kind == "edge" and (item.flow, item.step) in names:
                self.beat.actions.append(names[item.flow, item.step])
        for command in turned.decision.commands:
            name = COMMANDS.get(type(command), command_name(type(command)))
            if name not in self.beat.actions:
                self.beat.actions.append(name)

    # messages

    def send(self, message: Message) -> None:
        """Asks the gate; what is put off is asked again at its time."""
        ruling = self.outside.gate(self._proposal(message))
        message.at = self.now
        if ruling.rule is None:
            message.status = Status.SENT
            self.beat.sent.append(message)
            self.beat.said += message.responses
            self.messages.append(message)
            self._count(message)
            self.introduced = self.introduced or ruling.introduces
            return
        message.rule = ruling.rule
        self.beat.held.append(message)
        if ruling.until is None:
            message.status = Status.SUPPRESSED
        else:
            self.later(max(ruling.until - self.now, timedelta(seconds=1)), message)
        kind = "message.suppressed" if ruling.until is None else "message.deferred"
        self.beat.record(kind, {"rule": ruling.rule, "response": message.say.response})

    def _count(self, message: Message) -> None:
        channel = message.say.channel
        if message.say.category is Category.CONFIRMATION:
            self.confirmed.add(channel)
        elif message.say.category is Category.REPLY:
            self.replies[channel] = self.replies.get(channel, 0) + 1

    def _proposal(self, message: Message) -> Proposal:
        say, channel = message.say, message.say.channel
        return Proposal(
            at=self.now,
            category=say.category,
            channel=channel,
            address=say.address or self.address(channel),
            text=say.content.text.replace(LINK_MARK, LINK),
            jurisdiction=self.setting.jurisdiction,
            timezone=self.setting.timezone,
            demand=say.demand,
            opted_out_at=self.opted_out.get(channel),
            confirmed=channel in self.confirmed,
            address_valid=channel not in self.invalid,
            holds=tuple(self.holds),
            own_windows=tuple(said for place, said in self.times if place in (None, channel)),
            outreach=tuple(m.at for m in self.messages if m.say.category is Category.OUTREACH),
            last_inbound_at=self.heard.get(channel),
            replies=self.replies.get(channel, 0),
            subject=say.content.subject,
            html=say.content.html,
            language=say.language,
            neutral=say.neutral,
            introduced=self.introduced,
            context=self.context(),
            own=self._own(),
        )

    def _own(self) -> Own:
        """What the customer wrote, with the promises they made."""
        promised = self.ledger.promises
        return Own(
            self.own.words,
            self.own.money | {promise.amount for promise in promised},
            self.own.days | {promise.due for promise in promised},
        )


class Circle(Exception):
    """A conversation that wakes itself for ever."""
