"""A conversation played in tests: events in, decisions out, the clock and ids by hand."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
from msgspec import structs

from dialogs.decide import Decision, decide
from dialogs.pack import Pack
from dialogs.state import State
from domain.commands import (
    Handoff,
    Hold,
    Log,
    OptIn,
    OptOut,
    RecordPromise,
    Say,
    SetTimer,
)
from domain.context import Brand, Context
from domain.customers import Account, Customer
from domain.events import Event, LinkOpened, Said, TimerDue
from domain.ids import uuid7
from domain.promise import History, PromiseRules
from domain.understanding import Instalment, Score, Understanding
from domain.values import ChannelKind, Money

START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # a Monday
TODAY = START.date()
FRIDAY = date(2026, 11, 27)
BALANCE = Money(43_219, "USD")
NAME = "Wilhelmina"


def usd(major: int | str) -> Money:
    return Money.of(str(major), "USD")


def a_context(**changes: Any) -> Context:
    context = Context(
        conversation_id="0198c000-0000-7000-8000-000000000001",
        client="harbor",
        brand=Brand("Harbor Recovery", "800-555-0100", "harbor.example"),
        jurisdiction="US",
        locale="en-US",
        currency="USD",
        customer=Customer("c1", "C-1", NAME, "Quizzenbury"),
        account=Account("a1", "A-1", BALANCE, minimum_due=usd(77), creditor="Zebra Bank"),
        channel=ChannelKind.SMS,
        rules=PromiseRules(),
        history=History(),
        today=TODAY,
        link_base="https://pay.example/p/",
        introduced=True,
    )
    return structs.replace(context, **changes)


def meant(
    *intents: str | tuple[str, float],
    amount: Money | None = None,
    on: date | None = None,
    instalment: Instalment | None = None,
    choice: int | None = None,
) -> Understanding:
    scores = tuple(
        Score(item, 0.95) if isinstance(item, str) else Score(*item)
        for item in intents or ("out_of_scope",)
    )
    first = scores[0]
    return Understanding(
        first.name, first.confidence, scores, "test", amount, on, instalment, choice
    )


@dataclass
class Play:
    """Holds the state; every decision passes through JSON, as the gateway stores it."""

    pack: Pack
    context: Context = field(default_factory=a_context)
    state: State | None = None
    at: datetime = START
    number: int = 0
    decision: Decision | None = None

    def __post_init__(self) -> None:
        self.state = self.state or State.fresh(self.pack, self.context.locale)

    def next_id(self) -> str:
        self.number += 1
        return uuid7(int(self.at.timestamp() * 1000), self.number)

    def happens(self, event: Event) -> Decision:
        assert self.state is not None
        if isinstance(event, LinkOpened):
            self._proven(True)
        decision = decide(self.pack, self.state, event, self.context)
        again = msgspec.json.decode(msgspec.json.encode(decision.state), type=State)
        assert again == decision.state
        self.state, self.decision = again, decision
        if any(hold.kind == "wrong_party" for hold in of(decision, Hold)):
            self._proven(False)
        return decision

    def _proven(self, verified: bool) -> None:
        """As the store tells the next turn."""
        customer = msgspec.structs.replace(self.context.customer, verified=verified)
        self.context = msgspec.structs.replace(self.context, customer=customer)

    def says(
        self,
        text: str,
        *intents: str | tuple[str, float],
        amount: Money | None = None,
        on: date | None = None,
        keyword: str | None = None,
        instalment: Instalment | None = None,
        choice: int | None = None,
        channel: ChannelKind = ChannelKind.SMS,
    ) -> Decision:
        self.at += timedelta(minutes=1)
        address = "+14155550123" if channel is ChannelKind.SMS else "w@example.org"
        return self.happens(
            Said(
                id=self.next_id(), at=self.at, channel=channel, address=address, text=text,
                understanding=meant(
                    *intents, amount=amount, on=on, instalment=instalment, choice=choice
                ),
                keyword=keyword,
            )
        )  # fmt: skip

    def event(self, event: type[Event], /, **fields: Any) -> Decision:
        self.at += timedelta(minutes=1)
        return self.happens(event(id=self.next_id(), at=self.at, **fields))

    def waits(self) -> Decision:
        """The no-reply timer of the last turn comes due."""
        assert self.decision is not None
        timer = next(t for t in timers(self.decision) if t.kind == "no_reply")
        self.at += timer.after
        return self.event(TimerDue, kind=timer.kind, version=timer.version)


def of(decision: Decision, kind: type) -> list[Any]:
    return [command for command in decision.commands if isinstance(command, kind)]


def text(decision: Decision) -> str:
    says = of(decision, Say)
    assert len(says) <= 1
    return says[0].content.text if says else ""


def responses(decision: Decision) -> list[str]:
    return [name for say in of(decision, Say) for name in say.response.split("+")]


def logged(decision: Decision) -> list[str]:
    return [log.type for log in of(decision, Log)]


def timers(decision: Decision) -> list[SetTimer]:
    return of(decision, SetTimer)


def handoffs(decision: Decision) -> list[str]:
    return [handoff.reason for handoff in of(decision, Handoff)]


def promises(decision: Decision) -> list[RecordPromise]:
    return of(decision, RecordPromise)


def stops(decision: Decision) -> list[OptOut | OptIn]:
    return of(decision, OptOut) + of(decision, OptIn)
